"""
Exponentials, logarithms and hyperbolic functions: exact where that is possible, else right to 34 digits.

A Fraction goes in and comes out where the result is rational; all else is a Decimal whose error is at most half of its
last digit, give or take a millionth of that. Everything is worked out with the standard library's decimal numbers,
with so many more digits than are kept that what cancels out is not missed. `angles` holds to the same.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.limits import EXACT_BITS, INEXACT_DIGITS
from webapp.calculations.engine.numerics import keep, too_large
from webapp.calculations.engine.precision import (
    D1,
    D2,
    WORK,
    WORKING_DIGITS,
    add,
    context_of,
    divide,
    multiply,
    one_like,
    sine_series,
    subtract,
    to_decimal,
    zero_like,
)
from webapp.calculations.engine.values import Number

_HALF = Fraction(1, 2)
# Below it, a few terms of a series give all digits; above it, a logarithm of 1 and so much more loses few.
_SMALL = Decimal("1E-12")
# e to the power of it is 10^9999; the exact bound is checked on the result.
_MOST_EXPONENT = 23_030
# From here on the hyperbolic tangent differs from 1 in no digit that is kept.
_LEAST_FLAT = 100
# The highest root that is looked for where a logarithm may be rational: log(8; 4) is 3/2.
_HIGHEST_ROOT = 64


# --- Powers of e, and logarithms ---


def exp(number: Number) -> Number:
    """
    Return e to the power of a number.

    :raises CalculationError: when it is too large, or too close to zero
    """
    if not number:
        return one_like(number)
    return keep(_exp(number))


def ln(number: Number) -> Number:
    """
    Return the natural logarithm.

    :raises CalculationError: of 0 and less
    """
    _require_positive(number, "ln")
    if number == 1:
        return zero_like(number)
    return keep(_ln(number))


def log(number: Number, base: Number = Fraction(10)) -> Number:
    """
    Return the logarithm to a base; exactly where it is rational.

    :raises CalculationError: of 0 and less, and to a base that is 1 or not above 0
    """
    _require_positive(number, "log")
    if base <= 0 or base == 1:
        raise CalculationError(
            Code.OUT_OF_DOMAIN,
            "The base of a logarithm is a number above 0 other than 1.",
            hint="Use the base 10 or 2: “log(8; 2)”.",
            repairs=("10", "2"),
        )
    if number == 1:
        return zero_like(number)
    quotient = divide(_ln(number), _ln(base))
    if isinstance(number, Fraction) and isinstance(base, Fraction):
        exact = _find_rational_logarithm(number, base, quotient)
        if exact is not None:
            return exact
    return keep(quotient)


def _find_rational_logarithm(number: Fraction, base: Fraction, about: Decimal) -> Fraction | None:
    candidate = Fraction(about).limit_denominator(_HIGHEST_ROOT)
    if abs(candidate - Fraction(about)) > Fraction(1, 10**INEXACT_DIGITS):
        return None
    # Both sides are worked out only if they are short enough; one that is longer is no equal of a number that we hold.
    size = max(base.numerator.bit_length(), base.denominator.bit_length()) * abs(candidate.numerator)
    if size > (EXACT_BITS + 1) * _HIGHEST_ROOT:
        return None
    return candidate if base**candidate.numerator == number**candidate.denominator else None


def _exp(number: Number) -> Decimal:
    if not -_MOST_EXPONENT < number < _MOST_EXPONENT:
        raise too_large(is_small=number < 0)
    return WORK.exp(to_decimal(number))


def _ln(number: Number) -> Decimal:
    """Return the logarithm of a number above 0, also right where the number is close to 1."""
    if _HALF < number < 2:
        return _ln_of_one_and(to_decimal(Fraction(number) - 1))
    return WORK.ln(to_decimal(number))


def _ln_of_one_and(more: Decimal) -> Decimal:
    """Return the logarithm of 1 + more, where more is above -1."""
    if more.copy_abs() > _SMALL:
        return WORK.ln(context_of(2 * WORKING_DIGITS).add(D1, more))
    total, power = more, more
    for term in range(2, 7):
        power = multiply(power, more.copy_negate())
        total = add(total, divide(power, Decimal(term)))
    return total


def _require_positive(number: Number, name: str) -> None:
    if number <= 0:
        raise CalculationError(
            Code.OUT_OF_DOMAIN,
            f"{name} is defined for numbers above 0 only.",
            hint="Use a number above 0.",
        )


# --- Hyperbolic functions ---


def sinh(number: Number) -> Number:
    """
    Return the hyperbolic sine.

    :raises CalculationError: when it is too large
    """
    if not number:
        return number
    if -_HALF < number < _HALF:
        return keep(sine_series(to_decimal(number), 1))
    up = _exp_of_size(number)
    size = divide(subtract(up, divide(D1, up)), D2)
    return keep(size.copy_negate() if number < 0 else size)


def cosh(number: Number) -> Number:
    """
    Return the hyperbolic cosine.

    :raises CalculationError: when it is too large
    """
    if not number:
        return one_like(number)
    up = _exp_of_size(number)
    return keep(divide(add(up, divide(D1, up)), D2))


def tanh(number: Number) -> Number:
    """Return the hyperbolic tangent."""
    if not number:
        return number
    size = to_decimal(number).copy_abs()
    if size > _LEAST_FLAT:
        result = D1
    elif size < Decimal("0.5"):
        sine = sine_series(size, 1)
        result = divide(sine, WORK.sqrt(add(D1, multiply(sine, sine))))
    else:
        twice = WORK.exp(multiply(D2, size))
        result = divide(subtract(twice, D1), add(twice, D1))
    return keep(result.copy_negate() if number < 0 else result)


def asinh(number: Number) -> Number:
    """Return the number that has this hyperbolic sine."""
    if not number:
        return number
    size = to_decimal(number).copy_abs()
    square = multiply(size, size)
    # x + √(1 + x²) without 1, where nothing cancels out.
    more = add(size, divide(square, add(D1, WORK.sqrt(add(D1, square)))))
    result = _ln_of_one_and(more)
    return keep(result.copy_negate() if number < 0 else result)


def acosh(number: Number) -> Number:
    """
    Return the number of 0 or more that has this hyperbolic cosine.

    :raises CalculationError: of less than 1
    """
    if number < 1:
        raise CalculationError(
            Code.OUT_OF_DOMAIN, "acosh is defined for numbers of 1 and more only.", hint="Use a number of 1 or more."
        )
    if number == 1:
        return zero_like(number)
    above = to_decimal(Fraction(number) - 1)
    return keep(_ln_of_one_and(add(above, WORK.sqrt(multiply(above, add(above, D2))))))


def atanh(number: Number) -> Number:
    """
    Return the number that has this hyperbolic tangent.

    :raises CalculationError: unless it is between -1 and 1
    """
    if not -1 < number < 1:
        raise CalculationError(
            Code.OUT_OF_DOMAIN,
            "atanh is defined for numbers between -1 and 1 only.",
            hint="Use a number between -1 and 1.",
        )
    if not number:
        return number
    exactly = abs(Fraction(number))
    result = divide(_ln_of_one_and(to_decimal(2 * exactly / (1 - exactly))), D2)
    return keep(result.copy_negate() if number < 0 else result)


def _exp_of_size(number: Number) -> Decimal:
    if not -_MOST_EXPONENT < number < _MOST_EXPONENT:
        raise too_large()
    return WORK.exp(to_decimal(number).copy_abs())
