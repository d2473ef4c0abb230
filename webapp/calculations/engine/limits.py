"""How much of everything there may be; each limit is checked before the work is done."""

from __future__ import annotations

LINE_CHARACTERS = 2_000
SHEET_LINES = 500
SHEET_BYTES = 20_000
DEPTH = 64
# How deep a line may be with the bodies of the functions it calls; a level takes up to three of Python's frames.
EVALUATION_DEPTH = 200
LITERAL_DIGITS = 100
LITERAL_EXPONENT = 999
# An exact result has at most so many bits in its numerator and its denominator; beyond it is an inexact decimal.
EXACT_BITS = 14_000
FACTORIAL = 1_000
NODES = 20_000
SECONDS = 0.2
MOST_OPERANDS = 50

# What is kept of a number that cannot be exact: the digits of IEEE 754's decimal128.
INEXACT_DIGITS = 34
# What is shown of a number that has no short exact form.
SHOWN_DIGITS = 15
# No number is further from 1 than so many powers of ten, in either direction.
MAGNITUDE = 9_999
