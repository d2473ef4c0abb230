"""
Arithmetic on numbers: exact while they stay within the limit, 34 digits beyond it. Never NaN, never infinite.

Two fractions within the limit make a sum or a product of at most twice the bits, in microseconds; so these are worked
out, reduced, and then judged. A power is judged by its logarithm before anything is computed.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from fractions import Fraction
from math import isqrt, log, log2

from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.limits import EXACT_BITS, INEXACT_DIGITS, MAGNITUDE
from webapp.calculations.engine.values import Number

BY_ZERO = "Nothing can be divided by zero."

_TRAPS = [InvalidOperation, DivisionByZero, Overflow]
# More digits than are kept, so that the last one kept is right.
_WORKING = Context(prec=INEXACT_DIGITS + 6, rounding=ROUND_HALF_EVEN, Emin=-999_999, Emax=999_999, traps=_TRAPS)
_KEPT = Context(prec=INEXACT_DIGITS, rounding=ROUND_HALF_EVEN, Emin=-999_999, Emax=999_999, traps=_TRAPS)
# Enough for each fraction within the limit whose decimals end.
_ALL_DIGITS = Context(prec=40_000, Emin=-999_999, Emax=999_999, traps=_TRAPS)
# For what is worked out on the way to a power.
_PRECISE = Context(prec=80, rounding=ROUND_HALF_EVEN, Emin=-999_999, Emax=999_999, traps=_TRAPS)
_LONG_BITS = 1_000
_SHORT_BITS = 1_000
_SLIGHTLY_MORE = 1 + 1e-9
_CLOSE = Fraction(1, 10**20)
# The natural logarithm of the largest number, and some; `keep` draws the line.
_MOST_LOGARITHM = Decimal((MAGNITUDE + 1) * 2.302_585_092_994_046)
_ZERO = Fraction(0)
_ONE = Fraction(1)
_HALF = Fraction(1, 2)


def add(left: Number, right: Number) -> Number:
    """Return the sum."""
    if type(left) is Fraction and type(right) is Fraction:
        return within(left + right)
    return keep(_WORKING.add(to_decimal(left), to_decimal(right)))


def subtract(left: Number, right: Number) -> Number:
    """Return the difference."""
    if type(left) is Fraction and type(right) is Fraction:
        return within(left - right)
    return keep(_WORKING.subtract(to_decimal(left), to_decimal(right)))


def multiply(left: Number, right: Number) -> Number:
    """Return the product. Exactly nothing times an inexact number is exactly nothing."""
    if type(left) is Fraction and type(right) is Fraction:
        return within(left * right)
    if _is_nothing(left) or _is_nothing(right):
        return _ZERO
    return keep(_WORKING.multiply(to_decimal(left), to_decimal(right)))


def divide(left: Number, right: Number) -> Number:
    """
    Return the quotient.

    :raises CalculationError: on division by zero
    """
    if not right:
        raise division_by_zero()
    if type(left) is Fraction and type(right) is Fraction:
        return within(left / right)
    if _is_nothing(left):
        return _ZERO
    return keep(_WORKING.divide(to_decimal(left), to_decimal(right)))


def negate(number: Number) -> Number:
    """Return it with the other sign. (`-Decimal` would round to the thread's context.)"""
    return number.copy_negate() if isinstance(number, Decimal) else -number


def floor(number: Number) -> int:
    """Return the largest whole number that is not above it."""
    return number.__floor__() if type(number) is Fraction else _exact(number).__floor__()


def modulus(left: Number, right: Number) -> Number:
    """Return what whole steps of the second leave of the first; it has the sign of the second, or is 0."""
    if not right:
        raise division_by_zero()
    if type(left) is Fraction and type(right) is Fraction:
        return within(left % right)
    return _inexactly(_exact(left) % _exact(right))


def floor_divide(left: Number, right: Number) -> Number:
    """Return how many whole steps of the second reach the first, rounded down."""
    if not right:
        raise division_by_zero()
    whole = Fraction(_exact(left) // _exact(right))
    return within(whole) if type(left) is Fraction and type(right) is Fraction else _inexactly(whole)


def compare(left: Number, right: Number) -> int:
    """Return -1, 0 or 1 as the first is less than, equal to or more than the second."""
    if type(left) is not type(right):
        one, other = _exact(left), _exact(right)
        return (one > other) - (one < other)
    return (left > right) - (left < right)


def power(base: Number, exponent: Number) -> Number:
    """
    Return the power: exact where it is and fits, else 34 digits.

    Anything to the power of 0 is 1, also 0 itself. A negative number has a broken power only where that is an odd root.

    :raises CalculationError: 0 to a negative power, an even root of a negative number, or what is too large
    """
    if not exponent:
        return _ONE
    if not base:
        if exponent < 0:
            raise CalculationError(
                Code.DIVISION_BY_ZERO,
                "Zero has no negative power: that would divide by zero.",
                hint="Use a power of 0 or more.",
            )
        return base
    if isinstance(exponent, Decimal):
        return _real_power(base, exponent)
    if exponent.denominator == 1:
        return _whole_power(base, exponent.numerator)
    return _broken_power(base, exponent)


def root(number: Number, degree: int) -> Number:
    """
    Return the real root: exact where it is, else 34 digits.

    :raises CalculationError: for an even root of a negative number
    """
    return power(number, Fraction(1, degree))


def division_by_zero() -> CalculationError:
    """Return the error of a division by zero, without its place."""
    return CalculationError(Code.DIVISION_BY_ZERO, BY_ZERO, hint="Divide by a number other than 0.")


def to_decimal(number: Number) -> Decimal:
    """Return it with at least 34 right digits."""
    return to_digits(number, _WORKING)


def within(number: Fraction) -> Number:
    """Return an exact result as it is when it is short enough to be kept, else as 34 digits."""
    if number.numerator.bit_length() <= EXACT_BITS and number.denominator.bit_length() <= EXACT_BITS:
        return number
    return _inexactly(number)


def keep(number: Decimal) -> Decimal:
    """
    Return an inexact result with as many digits as are kept.

    :raises CalculationError: when it is too far from 1
    """
    if number and abs(number.adjusted()) > MAGNITUDE:
        raise too_large(is_small=number.adjusted() < 0)
    return _KEPT.plus(number)


def too_large(*, is_small: bool = False) -> CalculationError:
    """Return the error of a result that is further from 1 than numbers go here, without its place."""
    if is_small:
        return CalculationError(
            Code.TOO_LARGE,
            f"The result is closer to zero than 10^-{MAGNITUDE}, the smallest number that can be kept.",
            hint="Use larger numbers.",
        )
    return CalculationError(
        Code.TOO_LARGE,
        f"The result is larger than 10^{MAGNITUDE}, the largest number that can be kept.",
        hint="Use smaller numbers.",
    )


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
    if degree >= number.bit_length():
        return 1
    # Newton's method from above, on whole numbers. From far above it takes as many steps as the degree: a short root is
    # begun at what its logarithm says, which is right to twelve digits.
    guess = 1 << -(-number.bit_length() // degree)
    if guess.bit_length() < _SHORT_BITS:
        guess = min(guess, int(2 ** (log2(number) / degree) * _SLIGHTLY_MORE) + 1)
    while True:
        better = ((degree - 1) * guess + number // guess ** (degree - 1)) // degree
        if better >= guess:
            return guess
        guess = better


def _inexactly(number: Fraction) -> Decimal:
    return keep(to_digits(number, _WORKING))


def _exact(number: Number) -> Fraction:
    return number if isinstance(number, Fraction) else Fraction(number)


def _is_nothing(number: Number) -> bool:
    return type(number) is Fraction and not number


def _whole_power(base: Number, exponent: int) -> Number:
    if isinstance(base, Fraction):
        size = abs(exponent)
        if base in _POWERS_OF_THEMSELVES:
            return base if size % 2 else _ONE
        if max(base.numerator.bit_length(), base.denominator.bit_length()) * size <= EXACT_BITS + size:
            return within(base**exponent)
    is_negative = base < 0 and exponent % 2 == 1
    size_of_it = _power_of_positive(negate(base) if base < 0 else base, Fraction(exponent))
    return negate(size_of_it) if is_negative else size_of_it


_POWERS_OF_THEMSELVES = (_ONE, -_ONE)


def _broken_power(base: Number, exponent: Fraction) -> Number:
    if base < 0:
        if exponent.denominator % 2 == 0:
            raise CalculationError(
                Code.OUT_OF_DOMAIN, "A negative number has no even root.", hint="Use a number of 0 or more."
            )
        size = _broken_power(negate(base), exponent)
        return negate(size) if exponent.numerator % 2 else size
    if isinstance(base, Fraction):
        exact = _exact_root(base, exponent.denominator)
        if exact is not None:
            return _whole_power(exact, exponent.numerator)
    return _power_of_positive(base, exponent)


def _exact_root(number: Fraction, degree: int) -> Fraction | None:
    parts = []
    for part in (number.numerator, number.denominator):
        found = whole_root(part, degree)
        if found**degree != part:
            return None
        parts.append(found)
    return Fraction(*parts)


def _real_power(base: Number, exponent: Decimal) -> Number:
    if base < 0:
        raise CalculationError(
            Code.OUT_OF_DOMAIN,
            "A negative number has no such power: it would be an even root.",
            hint="Use a number of 0 or more, or a whole power.",
        )
    return _power_of_positive(base, exponent)


def _power_of_positive(base: Number, exponent: Number) -> Number:
    """Return an inexact power, judged by its logarithm before it is worked out."""
    if base == 1:
        return _ONE if isinstance(base, Fraction) else base
    if exponent == _HALF:
        # Ten times as fast.
        return keep(_WORKING.sqrt(to_digits(base, _WORKING)))
    product = _PRECISE.multiply(_precise_ln(base), to_digits(exponent, _PRECISE))
    if product.copy_abs() > _MOST_LOGARITHM:
        raise too_large(is_small=product < 0)
    return keep(_WORKING.exp(product))


def _precise_ln(number: Number) -> Decimal:
    """Return the natural logarithm of a number above 0 to 50 digits, of one close to 1, too: it may be multiplied."""
    beyond = (number if isinstance(number, Fraction) else Fraction(number)) - 1
    if abs(beyond) >= _CLOSE:
        return _PRECISE.ln(to_digits(number, _PRECISE))
    # ln(1 + x) = x - x^2/2 + x^3/3 - x^4/4 …
    x = to_digits(beyond, _PRECISE)
    total = Decimal(0)
    for divisor in (4, 3, 2, 1):
        total = _PRECISE.multiply(x, _PRECISE.subtract(_PRECISE.divide(Decimal(1), Decimal(divisor)), total))
    return total


def to_digits(number: Number, context: Context) -> Decimal:
    """Return an exact number as a context rounds it, which it notes in its flags; one that is not exact as it is."""
    if isinstance(number, Decimal):
        return number
    above, below = abs(number.numerator), number.denominator
    if above.bit_length() + below.bit_length() < _LONG_BITS:
        return context.divide(Decimal(number.numerator), Decimal(below))
    # A long whole number becomes a decimal slowly: so many digits as count are divided out first.
    places = context.prec + 3 - (above.bit_length() - below.bit_length()) * 30_103 // 100_000
    if places >= 0:
        digits, rest = divmod(above * 10**places, below)
    else:
        digits, rest = divmod(above, below * 10**-places)
    # What is left out is not nothing, and no tie either.
    size = context.scaleb(Decimal(digits * 10 + bool(rest)), -places - 1)
    return context.plus(size if number > 0 else size.copy_negate())


def write_decimal(number: Number) -> Decimal:
    """Return it as a decimal: all digits where it is exact and they end, no more than a whole number has; else 34."""
    if isinstance(number, Decimal):
        return number
    others = number.denominator
    twos = (others & -others).bit_length() - 1
    others >>= twos
    fives = _power_of_five(others)
    if fives is None:
        return _KEPT.plus(to_decimal(number))
    places = max(twos, fives)
    # As many bits, or one less, as what is written without its point.
    if number.numerator.bit_length() - number.denominator.bit_length() + places * 33_219 // 10_000 > EXACT_BITS:
        return _KEPT.plus(to_decimal(number))
    whole = number.numerator * 10**places // number.denominator
    return Decimal(whole).scaleb(-places, _ALL_DIGITS)


def _power_of_five(number: int) -> int | None:
    """Return which power of 5 a number is; None where it is none. Dividing by 5 again and again would take long."""
    exponent = round(log(number, 5))
    return exponent if 5**exponent == number else None
