"""Stories from end to end: the site as `bin/run` starts it, in a real browser."""
