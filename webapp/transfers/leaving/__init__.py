"""Leaving with everything: the export of what a person has here, and the end of their account."""
