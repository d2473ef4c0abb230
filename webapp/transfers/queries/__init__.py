"""Questions about imports, stage by stage: what lines mean here, what would become of a file, how far it came."""
