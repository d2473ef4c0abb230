"""Changes to tasks, their categories, and the time spent on them."""
