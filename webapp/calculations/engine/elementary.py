"""
Exponentials, logarithms, angles and their like: exact where that is possible, else right to 34 digits.

A Fraction goes in and comes out where the result is rational; all else is a Decimal whose error is at most half of its
last digit, give or take a millionth of that. Everything is worked out with the standard library's decimal numbers,
with so many more digits than are kept that what cancels out is not missed.

A Decimal is itself only known to its last digit. So what lies within two of those of a zero or a pole of sin, cos or
tan is taken to be there: the sine of 3.14159… with 34 digits is 0, and its tangent at half of that has no value.
"""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.limits import EXACT_BITS, INEXACT_DIGITS
from webapp.calculations.engine.numerics import keep, too_large
from webapp.calculations.engine.settings import Angle
from webapp.calculations.engine.values import Number

_WORKING_DIGITS = INEXACT_DIGITS + 30


def _context(digits: int) -> Context:
    return Context(prec=digits, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX)


_WORK = _context(_WORKING_DIGITS)
_add, _subtract, _multiply, _divide = _WORK.add, _WORK.subtract, _WORK.multiply, _WORK.divide

_ZERO = Fraction(0)
_ONE = Fraction(1)
_HALF = Fraction(1, 2)
_D0 = Decimal(0)
_D1 = Decimal(1)
_D2 = Decimal(2)
# As far beyond 1 as a number may have come that was rounded.
_NEARLY_ONE = _add(_D1, _divide(_D2, Decimal(10) ** (INEXACT_DIGITS - 1)))
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
        return _one_like(number)
    return keep(_exp(number))


def ln(number: Number) -> Number:
    """
    Return the natural logarithm.

    :raises CalculationError: of 0 and less
    """
    _require_positive(number, "ln")
    if number == 1:
        return _zero_like(number)
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
        return _zero_like(number)
    quotient = _divide(_ln(number), _ln(base))
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
    return _WORK.exp(_to_decimal(number))


def _ln(number: Number) -> Decimal:
    """Return the logarithm of a number above 0, also right where the number is close to 1."""
    if _HALF < number < 2:
        return _ln_of_one_and(_to_decimal(Fraction(number) - 1))
    return _WORK.ln(_to_decimal(number))


def _ln_of_one_and(more: Decimal) -> Decimal:
    """Return the logarithm of 1 + more, where more is above -1."""
    if more.copy_abs() > _SMALL:
        return _WORK.ln(_context(2 * _WORKING_DIGITS).add(_D1, more))
    total, power = more, more
    for term in range(2, 7):
        power = _multiply(power, more.copy_negate())
        total = _add(total, _divide(power, Decimal(term)))
    return total


def _require_positive(number: Number, name: str) -> None:
    if number <= 0:
        raise CalculationError(
            Code.OUT_OF_DOMAIN,
            f"{name} is defined for numbers above 0 only.",
            hint="Use a number above 0.",
        )


# --- Angles ---


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
        return _one_like(number)
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
    return keep(_divide(_sine_of_quarter(quarter, rest), _sine_of_quarter(quarter + 1, rest)))


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
        return _zero_like(number)
    if isinstance(number, Fraction) and angle is Angle.DEGREES:
        exact = _ANGLES_OF_SINES.get(number)
        if exact is not None:
            return 90 - exact
    if number == -1:
        return keep(_in_angle(_pi(), angle))
    # Half of it has this tangent, which is right also where the angle is close to 0.
    exactly = Fraction(number)
    half = _atan(_WORK.sqrt(_to_decimal((1 - exactly) / (1 + exactly))))
    return keep(_in_angle(_multiply(_D2, half), angle))


def atan(number: Number, angle: Angle = Angle.RADIANS) -> Number:
    """Return the angle between -90 and 90 degrees that has this tangent."""
    exact = _find_rational_angle(number, angle, _ANGLES_OF_TANGENTS)
    if exact is not None:
        return exact
    return keep(_in_angle(_atan(_to_decimal(number)), angle))


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
        return _D1.copy_sign(number)
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
        if number.adjusted() < -_WORKING_DIGITS:
            return 0, number if angle is Angle.RADIANS else _divide(_multiply(number, _pi()), Decimal(180))
        blur = Fraction(Decimal((0, (2,), number.adjusted() - INEXACT_DIGITS + 1)))
    if angle is Angle.DEGREES:
        degrees = Fraction(number)
        quarter = round(degrees / 90)
        left = degrees - 90 * quarter
        if quarter and abs(left) <= blur:
            return quarter, _D0
        return quarter, _divide(_multiply(_to_decimal(left), _pi()), Decimal(180))
    quarter, rest = _reduce_radians(number)
    if quarter and blur and rest.copy_abs() <= _to_decimal(blur):
        return quarter, _D0
    return quarter, rest


def _reduce_radians(number: Number) -> tuple[int, Decimal]:
    # What is left is right to the working digits: those of π go as far as the number is long, and on by as much as
    # cancels out where it is close to a multiple of a quarter turn.
    if -_HALF < number < _HALF:
        return 0, _to_decimal(number)
    exactly = Fraction(number)
    whole_digits = int((exactly.numerator.bit_length() - exactly.denominator.bit_length() + 1) * 0.30103) + 2
    digits = _WORKING_DIGITS + max(whole_digits, 0)
    while True:
        context = _context(digits)
        half_pi = context.divide(_pi(digits), _D2)
        turned = context.divide(Decimal(exactly.numerator), Decimal(exactly.denominator))
        quarter = int(context.divide(turned, half_pi).to_integral_value(ROUND_HALF_EVEN))
        rest = context.subtract(turned, context.multiply(Decimal(quarter), half_pi))
        lost = max(whole_digits, 0) - rest.adjusted() if rest else digits
        if digits - lost >= _WORKING_DIGITS - 12:
            return quarter, _WORK.plus(rest)
        digits += lost


def _sine_of_quarter(quarter: int, rest: Decimal) -> Decimal:
    """Return the sine of so many quarter turns and a rest of at most an eighth of a turn."""
    value = _cosine_series(rest) if quarter % 2 else _sine_series(rest, -1)
    return value.copy_negate() if quarter % 4 > 1 else value


def _sine_series(rest: Decimal, sign: int) -> Decimal:
    """Return the sine (sign -1) or hyperbolic sine (1) of a small number."""
    return _series(rest, _multiply(rest, rest) if sign > 0 else _multiply(rest, rest).copy_negate(), 1)


def _cosine_series(rest: Decimal) -> Decimal:
    return _series(_D1, _multiply(rest, rest).copy_negate(), 0)


def _series(first: Decimal, step: Decimal, count: int) -> Decimal:
    """Return first × (1 + step/((count + 1)(count + 2)) + …)."""
    total, term = first, first
    if not term:
        return total
    least = total.adjusted() - _WORKING_DIGITS
    while term and term.adjusted() > least:
        term = _divide(_multiply(term, step), Decimal((count + 1) * (count + 2)))
        total = _add(total, term)
        count += 2
    return total


def _asin(number: Number) -> Decimal:
    if number in (1, -1):
        return _divide(_pi(), _D2).copy_sign(number if isinstance(number, Decimal) else Decimal(number.numerator))
    # The exact 1 - x² loses nothing where x is close to 1.
    exactly = Fraction(number)
    return _atan(_divide(_to_decimal(number), _WORK.sqrt(_to_decimal(1 - exactly * exactly))))


def _atan(tangent: Decimal) -> Decimal:
    size = tangent.copy_abs()
    if size > 1:
        return _subtract(_divide(_pi(), _D2), _atan(_divide(_D1, size))).copy_sign(tangent)
    # Half the angle three times, so that the series is short.
    halvings = 0
    while size > Decimal("0.1"):
        size = _divide(size, _add(_D1, _WORK.sqrt(_add(_D1, _multiply(size, size)))))
        halvings += 1
    total, power, divisor = size, size, 1
    step = _multiply(size, size).copy_negate()
    least = size.adjusted() - _WORKING_DIGITS
    while power and power.adjusted() > least:
        power = _multiply(power, step)
        divisor += 2
        total = _add(total, _divide(power, Decimal(divisor)))
    return _multiply(total, Decimal(1 << halvings)).copy_sign(tangent)


def _in_angle(radians: Decimal, angle: Angle) -> Decimal:
    return radians if angle is Angle.RADIANS else _divide(_multiply(radians, Decimal(180)), _pi())


# --- Hyperbolic functions ---


def sinh(number: Number) -> Number:
    """
    Return the hyperbolic sine.

    :raises CalculationError: when it is too large
    """
    if not number:
        return number
    if -_HALF < number < _HALF:
        return keep(_sine_series(_to_decimal(number), 1))
    up = _exp_of_size(number)
    size = _divide(_subtract(up, _divide(_D1, up)), _D2)
    return keep(size.copy_negate() if number < 0 else size)


def cosh(number: Number) -> Number:
    """
    Return the hyperbolic cosine.

    :raises CalculationError: when it is too large
    """
    if not number:
        return _one_like(number)
    up = _exp_of_size(number)
    return keep(_divide(_add(up, _divide(_D1, up)), _D2))


def tanh(number: Number) -> Number:
    """Return the hyperbolic tangent."""
    if not number:
        return number
    size = _to_decimal(number).copy_abs()
    if size > _LEAST_FLAT:
        result = _D1
    elif size < Decimal("0.5"):
        sine = _sine_series(size, 1)
        result = _divide(sine, _WORK.sqrt(_add(_D1, _multiply(sine, sine))))
    else:
        twice = _WORK.exp(_multiply(_D2, size))
        result = _divide(_subtract(twice, _D1), _add(twice, _D1))
    return keep(result.copy_negate() if number < 0 else result)


def asinh(number: Number) -> Number:
    """Return the number that has this hyperbolic sine."""
    if not number:
        return number
    size = _to_decimal(number).copy_abs()
    square = _multiply(size, size)
    # x + √(1 + x²) without 1, where nothing cancels out.
    more = _add(size, _divide(square, _add(_D1, _WORK.sqrt(_add(_D1, square)))))
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
        return _zero_like(number)
    above = _to_decimal(Fraction(number) - 1)
    return keep(_ln_of_one_and(_add(above, _WORK.sqrt(_multiply(above, _add(above, _D2))))))


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
    result = _divide(_ln_of_one_and(_to_decimal(2 * exactly / (1 - exactly))), _D2)
    return keep(result.copy_negate() if number < 0 else result)


def _exp_of_size(number: Number) -> Decimal:
    if not -_MOST_EXPONENT < number < _MOST_EXPONENT:
        raise too_large()
    return _WORK.exp(_to_decimal(number).copy_abs())


# --- What they share ---


def _to_decimal(number: Number) -> Decimal:
    """Return it with the working digits."""
    if isinstance(number, Decimal):
        return number
    return _divide(Decimal(number.numerator), Decimal(number.denominator))


def _zero_like(number: Number) -> Number:
    return _ZERO if isinstance(number, Fraction) else _D0


def _one_like(number: Number) -> Number:
    return _ONE if isinstance(number, Fraction) else _D1


# π by the number of digits that were asked for; few, as they go in steps.
_PIS: dict[int, Decimal] = {}
_PI_STEP = 500
_PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798")


def _pi(digits: int = _WORKING_DIGITS) -> Decimal:
    """Return π to at least so many digits."""
    if digits <= _WORKING_DIGITS + 30:
        return _PI
    digits = -(-digits // _PI_STEP) * _PI_STEP
    found = _PIS.get(digits)
    if found is None:
        # Machin's formula, on whole numbers with ten digits to spare.
        one = 10 ** (digits + 10)
        whole = 4 * (4 * _whole_atan(5, one) - _whole_atan(239, one))
        found = _PIS[digits] = Decimal(whole).scaleb(-(digits + 10), _context(digits + 20))
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
