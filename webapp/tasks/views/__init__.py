"""Pages of tasks, and of the time spent on them."""
