"""Pages about calculations and worksheets."""
