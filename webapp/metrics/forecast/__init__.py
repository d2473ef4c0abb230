"""How long work is likely to take. Pure."""
