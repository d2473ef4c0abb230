"""Work, its state, and the time spent on it (an entry has no meaning without its task)."""
