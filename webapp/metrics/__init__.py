"""Numbers about everything else. Reads only."""
