"""
What elementary functions are worked out with: decimal numbers of thirty digits more than are kept, π, and a series.
"""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from webapp.calculations.engine.limits import INEXACT_DIGITS
from webapp.calculations.engine.values import Number

WORKING_DIGITS = INEXACT_DIGITS + 30


def context_of(digits: int) -> Context:
    """Return a context of its own that keeps so many digits, half to even."""
    return Context(prec=digits, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX)


WORK = context_of(WORKING_DIGITS)
add, subtract, multiply, divide = WORK.add, WORK.subtract, WORK.multiply, WORK.divide

D0 = Decimal(0)
D1 = Decimal(1)
D2 = Decimal(2)


def to_decimal(number: Number) -> Decimal:
    """Return it with the working digits."""
    if isinstance(number, Decimal):
        return number
    return divide(Decimal(number.numerator), Decimal(number.denominator))


def zero_like(number: Number) -> Number:
    """Return 0, exact or not as the number is."""
    return Fraction(0) if isinstance(number, Fraction) else D0


def one_like(number: Number) -> Number:
    """Return 1, exact or not as the number is."""
    return Fraction(1) if isinstance(number, Fraction) else D1


# π by the number of digits that were asked for; few, as they go in steps.
_PIS: dict[int, Decimal] = {}
_PI_STEP = 500
_PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798")


def pi(digits: int = WORKING_DIGITS) -> Decimal:
    """Return π to at least so many digits."""
    if digits <= WORKING_DIGITS + 30:
        return _PI
    digits = -(-digits // _PI_STEP) * _PI_STEP
    found = _PIS.get(digits)
    if found is None:
        # Machin's formula, on whole numbers with ten digits to spare.
        one = 10 ** (digits + 10)
        whole = 4 * (4 * _whole_atan(5, one) - _whole_atan(239, one))
        found = _PIS[digits] = Decimal(whole).scaleb(-(digits + 10), context_of(digits + 20))
    return found


def _whole_atan(divisor: int, one: int) -> int:
    """Return the angle with the tangent 1 ÷ divisor, times `one`."""
    power = one // divisor
    total, square, count, sign = power, divisor * divisor, 1, 1
    while power:
        power //= square
        count += 2
        sign = -sign
        total += sign * (power // count)
    return total


def sine_series(rest: Decimal, sign: int) -> Decimal:
    """Return the sine (sign -1) or hyperbolic sine (1) of a small number."""
    return series(rest, multiply(rest, rest) if sign > 0 else multiply(rest, rest).copy_negate(), 1)


def series(first: Decimal, step: Decimal, count: int) -> Decimal:
    """Return first × (1 + step/((count + 1)(count + 2)) + …)."""
    total, term = first, first
    if not term:
        return total
    least = total.adjusted() - WORKING_DIGITS
    while term and term.adjusted() > least:
        term = divide(multiply(term, step), Decimal((count + 1) * (count + 2)))
        total = add(total, term)
        count += 2
    return total
