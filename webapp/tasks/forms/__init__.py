"""Shape of what people type about tasks, and about the time spent on them."""
