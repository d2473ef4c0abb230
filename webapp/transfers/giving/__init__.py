"""Giving out: tasks and time as files in our own formats."""
