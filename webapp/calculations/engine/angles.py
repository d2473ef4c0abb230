"""
Sines and tangents, and the angles that have them: exact where that is possible, else right to 34 digits.

A Decimal is itself only known to its last digit. So what lies within two of those of a zero or a pole of sin, cos or
tan is taken to be there: the sine of 3.14159… with 34 digits is 0, and its tangent at half of that has no value.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.limits import INEXACT_DIGITS
from webapp.calculations.engine.numerics import keep
from webapp.calculations.engine.precision import (
    D0,
    D1,
    D2,
    WORK,
    WORKING_DIGITS,
    add,
    context_of,
    divide,
    multiply,
    one_like,
    pi,
    series,
    sine_series,
    subtract,
    to_decimal,
    zero_like,
)
from webapp.calculations.engine.settings import Angle
from webapp.calculations.engine.values import Number

_ZERO = Fraction(0)
_ONE = Fraction(1)
_HALF = Fraction(1, 2)
# As far beyond 1 as a number may have come that was rounded.
_NEARLY_ONE = add(D1, divide(D2, Decimal(10) ** (INEXACT_DIGITS - 1)))


def sin(number: Number, angle: Angle = Angle.RADIANS) -> Number:
    """
    Return the sine of an angle.

    :raises CalculationError: when it is not exact and so large that nothing is known of its place on the circle
    """
    quarter, rest = _reduce(number, angle)
    if angle is Angle.DEGREES and isinstance(number, Fraction):
        exact = _RATIONAL_SINES.get(number % 360)
        if exact is not None:
            return exact
    if not number:
        return number
    return keep(_sine_of_quarter(quarter, rest))


def cos(number: Number, angle: Angle = Angle.RADIANS) -> Number:
    """
    Return the cosine of an angle.

    :raises CalculationError: as `sin`
    """
    quarter, rest = _reduce(number, angle)
    if angle is Angle.DEGREES and isinstance(number, Fraction):
        exact = _RATIONAL_SINES.get((number + 90) % 360)
        if exact is not None:
            return exact
    if not number:
        return one_like(number)
    return keep(_sine_of_quarter(quarter + 1, rest))


def tan(number: Number, angle: Angle = Angle.RADIANS) -> Number:
    """
    Return the tangent of an angle.

    :raises CalculationError: as `sin`, and where it has none
    """
    quarter, rest = _reduce(number, angle)
    if not rest and quarter % 2:
        raise CalculationError(
            Code.OUT_OF_DOMAIN,
            "The tangent of a quarter turn (90 deg, 270 deg …) does not exist: it would divide by zero.",
            hint="Use another angle.",
        )
    if angle is Angle.DEGREES and isinstance(number, Fraction) and not number % 45:
        return Fraction((0, 1, 0, -1)[int(number / 45) % 4])
    if not number:
        return number
    return keep(divide(_sine_of_quarter(quarter, rest), _sine_of_quarter(quarter + 1, rest)))


def asin(number: Number, angle: Angle = Angle.RADIANS) -> Number:
    """
    Return the angle from -90 to 90 degrees that has this sine.

    :raises CalculationError: beyond -1 and 1
    """
    number = _between_ones(number, "asin")
    exact = _find_rational_angle(number, angle, _ANGLES_OF_SINES)
    if exact is not None:
        return exact
    return keep(_in_angle(_asin(number), angle))


def acos(number: Number, angle: Angle = Angle.RADIANS) -> Number:
    """
    Return the angle from 0 to 180 degrees that has this cosine.

    :raises CalculationError: beyond -1 and 1
    """
    number = _between_ones(number, "acos")
    if number == 1:
        return zero_like(number)
    if isinstance(number, Fraction) and angle is Angle.DEGREES:
        exact = _ANGLES_OF_SINES.get(number)
        if exact is not None:
            return 90 - exact
    if number == -1:
        return keep(_in_angle(pi(), angle))
    # Half of it has this tangent, which is right also where the angle is close to 0.
    exactly = Fraction(number)
    half = _atan(WORK.sqrt(to_decimal((1 - exactly) / (1 + exactly))))
    return keep(_in_angle(multiply(D2, half), angle))


def atan(number: Number, angle: Angle = Angle.RADIANS) -> Number:
    """Return the angle between -90 and 90 degrees that has this tangent."""
    exact = _find_rational_angle(number, angle, _ANGLES_OF_TANGENTS)
    if exact is not None:
        return exact
    return keep(_in_angle(_atan(to_decimal(number)), angle))


# No others are rational where the angle is a whole part of the circle (Niven's theorem).
_RATIONAL_SINES = {
    Fraction(0): _ZERO,
    Fraction(30): _HALF,
    Fraction(90): _ONE,
    Fraction(150): _HALF,
    Fraction(180): _ZERO,
    Fraction(210): -_HALF,
    Fraction(270): -_ONE,
    Fraction(330): -_HALF,
}
_ANGLES_OF_SINES = {
    -_ONE: Fraction(-90),
    -_HALF: Fraction(-30),
    _ZERO: _ZERO,
    _HALF: Fraction(30),
    _ONE: Fraction(90),
}
_ANGLES_OF_TANGENTS = {-_ONE: Fraction(-45), _ZERO: _ZERO, _ONE: Fraction(45)}


def _find_rational_angle(number: Number, angle: Angle, angles: dict[Fraction, Fraction]) -> Number | None:
    if not number:
        return number
    return angles.get(number) if isinstance(number, Fraction) and angle is Angle.DEGREES else None


def _between_ones(number: Number, name: str) -> Number:
    if -1 <= number <= 1:
        return number
    if isinstance(number, Decimal) and number.copy_abs() <= _NEARLY_ONE:
        return D1.copy_sign(number)
    raise CalculationError(
        Code.OUT_OF_DOMAIN,
        f"{name} is defined for numbers from -1 to 1 only.",
        hint="Use a number from -1 to 1.",
    )


def _reduce(number: Number, angle: Angle) -> tuple[int, Decimal]:
    """Return how many quarter turns there are in an angle, to the nearest, and what is left, in radians."""
    blur = _ZERO
    if isinstance(number, Decimal):
        if number.adjusted() >= INEXACT_DIGITS - 1:
            raise CalculationError(
                Code.OUT_OF_DOMAIN,
                f"This angle is known to {INEXACT_DIGITS} digits only, which do not reach to its point.",
                hint="Use a smaller angle.",
            )
        if number.adjusted() < -WORKING_DIGITS:
            return 0, number if angle is Angle.RADIANS else divide(multiply(number, pi()), Decimal(180))
        blur = Fraction(Decimal((0, (2,), number.adjusted() - INEXACT_DIGITS + 1)))
    if angle is Angle.DEGREES:
        degrees = Fraction(number)
        quarter = round(degrees / 90)
        left = degrees - 90 * quarter
        if quarter and abs(left) <= blur:
            return quarter, D0
        return quarter, divide(multiply(to_decimal(left), pi()), Decimal(180))
    quarter, rest = _reduce_radians(number)
    if quarter and blur and rest.copy_abs() <= to_decimal(blur):
        return quarter, D0
    return quarter, rest


def _reduce_radians(number: Number) -> tuple[int, Decimal]:
    # What is left is right to the working digits: those of π go as far as the number is long, and on by as much as
    # cancels out where it is close to a multiple of a quarter turn.
    if -_HALF < number < _HALF:
        return 0, to_decimal(number)
    exactly = Fraction(number)
    whole_digits = int((exactly.numerator.bit_length() - exactly.denominator.bit_length() + 1) * 0.30103) + 2
    digits = WORKING_DIGITS + max(whole_digits, 0)
    while True:
        context = context_of(digits)
        half_pi = context.divide(pi(digits), D2)
        turned = context.divide(Decimal(exactly.numerator), Decimal(exactly.denominator))
        quarter = int(context.divide(turned, half_pi).to_integral_value(ROUND_HALF_EVEN))
        rest = context.subtract(turned, context.multiply(Decimal(quarter), half_pi))
        lost = max(whole_digits, 0) - rest.adjusted() if rest else digits
        if digits - lost >= WORKING_DIGITS - 12:
            return quarter, WORK.plus(rest)
        digits += lost


def _sine_of_quarter(quarter: int, rest: Decimal) -> Decimal:
    """Return the sine of so many quarter turns and a rest of at most an eighth of a turn."""
    value = _cosine_series(rest) if quarter % 2 else sine_series(rest, -1)
    return value.copy_negate() if quarter % 4 > 1 else value


def _cosine_series(rest: Decimal) -> Decimal:
    return series(D1, multiply(rest, rest).copy_negate(), 0)


def _asin(number: Number) -> Decimal:
    if number in (1, -1):
        return divide(pi(), D2).copy_sign(number if isinstance(number, Decimal) else Decimal(number.numerator))
    # The exact 1 - x² loses nothing where x is close to 1.
    exactly = Fraction(number)
    return _atan(divide(to_decimal(number), WORK.sqrt(to_decimal(1 - exactly * exactly))))


def _atan(tangent: Decimal) -> Decimal:
    size = tangent.copy_abs()
    if size > 1:
        return subtract(divide(pi(), D2), _atan(divide(D1, size))).copy_sign(tangent)
    # Half the angle three times, so that the series is short.
    halvings = 0
    while size > Decimal("0.1"):
        size = divide(size, add(D1, WORK.sqrt(add(D1, multiply(size, size)))))
        halvings += 1
    total, power, divisor = size, size, 1
    step = multiply(size, size).copy_negate()
    least = size.adjusted() - WORKING_DIGITS
    while power and power.adjusted() > least:
        power = multiply(power, step)
        divisor += 2
        total = add(total, divide(power, Decimal(divisor)))
    return multiply(total, Decimal(1 << halvings)).copy_sign(tangent)


def _in_angle(radians: Decimal, angle: Angle) -> Decimal:
    return radians if angle is Angle.RADIANS else divide(multiply(radians, Decimal(180)), pi())
