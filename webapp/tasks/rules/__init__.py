"""Pure decisions about tasks, and about the time spent on them."""
