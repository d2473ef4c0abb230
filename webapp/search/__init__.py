"""
One search over tasks, calculations and customers.

Reads only; what matches is decided by the feature that owns it.
"""
