"""
What was changed, by whom, and the way back.

The record itself is the journal's (`storage.journal`), kept by the operation that makes a change. This feature shows
it and undoes it, across all other features.
"""
