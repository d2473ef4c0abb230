"""
Engine version 1: two or more decimal numbers and one operation. Frozen.

What was worked out with it is worked out again with it when the record is checked; nothing else uses it.
"""
