"""Roots of whole and decimal numbers, exact where they are."""

from __future__ import annotations

from decimal import Decimal
from math import isqrt

from webapp.calculations.engine.first.answers import ROUNDED_DIGITS, context_of, exact_context, whole_coefficient

# What the last kept digit is decided by.
_GUARD_DIGITS = 3


def whole_root(number: int, degree: int) -> int:
    """
    Return the largest whole number whose power `degree` is not above `number`.

    :param number: 0 or more
    :param degree: 1 or more
    """
    if number < 2 or degree == 1:
        return number
    if degree == 2:
        return isqrt(number)
    digits = number.bit_length() // (3 * degree) + 20
    context = context_of(digits)
    # The logarithm gives all digits of it but for the last; comparing powers makes sure of that one.
    estimate = context.exp(context.divide(context.ln(Decimal(number)), Decimal(degree)))
    root = int(estimate)
    while root**degree > number:
        root -= 1
    while (root + 1) ** degree <= number:
        root += 1
    return root


def find_exact_root(value: Decimal, degree: int) -> Decimal | None:
    """
    Return the root of a number of 0 or more if it has an end, else None.

    A number with an end has a root with an end exactly when its digits, followed by so many zeros that the exponent
    can be divided by the degree, are a perfect power.
    """
    coefficient, exponent = whole_coefficient(value)
    zeros = exponent % degree
    coefficient *= 10**zeros
    root = whole_root(coefficient, degree)
    if root**degree != coefficient:
        return None
    return exact_context().scaleb(Decimal(root), (exponent - zeros) // degree)


def endless_root(value: Decimal, degree: int) -> Decimal:
    """Return so much of the root of a number above 0, one that has no end, that rounding it cannot go wrong."""
    coefficient, exponent = whole_coefficient(value)
    zeros = exponent % degree
    coefficient *= 10**zeros
    root_digits = len(str(whole_root(coefficient, degree)))
    more = max(0, ROUNDED_DIGITS + _GUARD_DIGITS - root_digits)
    root = whole_root(coefficient * 10 ** (more * degree), degree)
    # It goes on without an end. A last digit 1 says so, and no rounding half-way mistakes it for a tie.
    return exact_context().scaleb(Decimal(root * 10 + 1), (exponent - zeros) // degree - more - 1)
