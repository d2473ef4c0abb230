"""Changes by imports, stage by stage: a file and its reading, taking it in, taking it back. And the sample work."""
