"""What is decided about calculations on paper: no database, no clock."""
