"""The forms of a calculation: a line, or an operation and two or more numbers."""
