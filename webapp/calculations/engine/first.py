"""
Engine version 1: two or more decimal numbers and one operation. Frozen.

What was worked out with it is worked out again with it when the record is checked; nothing else uses it. Every result
of it was kept by the limits below, so they stay, too: whatever has been written into a row since ends soon.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Clamped, Context, Decimal, Inexact, Rounded
from fractions import Fraction
from math import isqrt
from typing import Final, NamedTuple

# The longest number there is, before and after the point.
WHOLE_DIGITS = 500
DECIMALS = 500
# What is kept of a result that has no end: the 34 digits of IEEE 754's decimal128.
ROUNDED_DIGITS = 34
MOST_OPERANDS = 50
HIGHEST_ROOT = 1_000

# Room for the product of the most and longest numbers, MOST_OPERANDS × (WHOLE_DIGITS + DECIMALS) digits, so that
# nothing is rounded before `_settle` looks at it.
_EXACT_DIGITS = 60_000
# A power whose digits times exponent stay below this is computed exactly. Above it the exact result could not be kept
# anyway: 1,000 digits of powers of two need an exponent of 3,322.
_EXACT_POWER_SIZE = 5_000
# A number of at most 1,000 digits other than a power of ten is no perfect power of a higher degree than this.
_HIGHEST_PERFECT_ROOT = 3_330
# Two numbers of at most 1,000 digits whose quotient has an end: it has fewer digits than this.
_QUOTIENT_DIGITS = 4_000
_ESTIMATE_DIGITS = ROUNDED_DIGITS + 30
# What the last kept digit of a root is decided by.
_GUARD_DIGITS = 3


class NoAnswer(ValueError):
    """There is no such result, or it is too long; the message says why."""


class Answer(NamedTuple):
    """A result without trailing zeros. It is exact, or rounded to `ROUNDED_DIGITS` digits, half to even."""

    value: Decimal
    is_exact: bool


def work_out(operation: str, operands: Sequence[Decimal]) -> Answer:
    """
    Return the result of an operation, by the name that stands in the record.

    :raises NoAnswer: when there are too few or too many operands, no such result, or one that is too long
    """
    most = MOST_OPERANDS if operation in ("add", "multiply") else 2
    if operation not in _OPERATIONS or not 2 <= len(operands) <= most:
        raise NoAnswer(f"“{operation}” of {len(operands)} numbers is unknown")
    return _OPERATIONS[operation](operands)


def _add(operands: Sequence[Decimal]) -> Answer:
    context, total = _exact_context(), Decimal(0)
    for operand in operands:
        total = context.add(total, operand)
    return _settle(total)


def _subtract(operands: Sequence[Decimal]) -> Answer:
    return _settle(_exact_context().subtract(*operands))


def _multiply(operands: Sequence[Decimal]) -> Answer:
    context, product = _exact_context(), Decimal(1)
    for operand in operands:
        product = context.multiply(product, operand)
    return _settle(product)


def _divide(operands: Sequence[Decimal]) -> Answer:
    first, second = operands
    if not second:
        raise NoAnswer("divided by zero")
    return _quotient(first, second, _QUOTIENT_DIGITS)


def _power(operands: Sequence[Decimal]) -> Answer:
    base, power = (_exact_context().normalize(operand) for operand in operands)
    if not power:
        return Answer(Decimal(1), is_exact=True)
    if not base:
        if power < 0:
            raise NoAnswer("divided by zero")
        return Answer(Decimal(0), is_exact=True)
    ratio = Fraction(power)
    if base < 0 and ratio.denominator % 2 == 0:
        raise NoAnswer("an even root of a negative number")
    is_negative = base < 0 and ratio.numerator % 2 == 1
    answer = _power_of_positive(base.copy_abs(), power, ratio)
    return Answer(answer.value.copy_negate(), answer.is_exact) if is_negative else answer


def _power_of_positive(base: Decimal, power: Decimal, ratio: Fraction) -> Answer:
    if base == 1:
        return Answer(Decimal(1), is_exact=True)
    # Before anything is computed: how large would it be? 9 ^ 999999999 stops here.
    context = _context_of(_ESTIMATE_DIGITS)
    magnitude = context.multiply(context.log10(base), power)
    if not -DECIMALS - 1 <= magnitude <= WHOLE_DIGITS + 1:
        raise NoAnswer("too large" if magnitude > 0 else "too close to zero")
    if ratio.denominator <= _HIGHEST_PERFECT_ROOT:
        root = _find_exact_root(base, ratio.denominator)
        if root is not None and abs(ratio.numerator) * len(root.as_tuple().digits) <= _EXACT_POWER_SIZE:
            return _whole_power(root, ratio.numerator)
    return _settle(context.exp(context.multiply(context.ln(base), power)), is_exact=False)


def _whole_power(base: Decimal, power: int) -> Answer:
    coefficient, exponent = _whole_coefficient(base)
    product = _exact_context().scaleb(Decimal(coefficient ** abs(power)), exponent * abs(power))
    return _settle(product) if power > 0 else _quotient(Decimal(1), product, _EXACT_POWER_SIZE * 4)


def _root(operands: Sequence[Decimal]) -> Answer:
    number, degree = operands
    if degree != degree.to_integral_value() or not 1 <= degree <= HIGHEST_ROOT:
        raise NoAnswer(f"a root is from 1 to {HIGHEST_ROOT}")
    if number < 0 and int(degree) % 2 == 0:
        raise NoAnswer("an even root of a negative number")
    size = number.copy_abs()
    exact = _find_exact_root(size, int(degree))
    value = _endless_root(size, int(degree)) if exact is None else exact
    return _settle(value.copy_sign(number), is_exact=exact is not None)


def _modulus(operands: Sequence[Decimal]) -> Answer:
    return _settle(_floor_divide(operands)[1])


def _integer_divide(operands: Sequence[Decimal]) -> Answer:
    return _settle(_floor_divide(operands)[0])


def _floor_divide(operands: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    first, second = operands
    if not second:
        raise NoAnswer("divided by zero")
    # In units of the smaller last digit both are whole numbers, and Python's divmod rounds down.
    unit = min(_exponent_of(first), _exponent_of(second))
    context = _exact_context()
    steps, rest = divmod(int(context.scaleb(first, -unit)), int(context.scaleb(second, -unit)))
    return Decimal(steps), context.scaleb(Decimal(rest), unit)


def _percent_of(operands: Sequence[Decimal]) -> Answer:
    context = _exact_context()
    return _settle(context.scaleb(context.multiply(*operands), -2))


def _absolute_difference(operands: Sequence[Decimal]) -> Answer:
    return _settle(_exact_context().subtract(*operands).copy_abs())


_OPERATIONS: Final[dict[str, Callable[[Sequence[Decimal]], Answer]]] = {
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": _divide,
    "power": _power,
    "root": _root,
    "modulus": _modulus,
    "integer_divide": _integer_divide,
    "percent_of": _percent_of,
    "absolute_difference": _absolute_difference,
}


def _exact_context() -> Context:
    """Return a context of its own in which sums, differences and products are never rounded."""
    return _context_of(_EXACT_DIGITS)


def _context_of(digits: int) -> Context:
    """Return a context of its own that keeps so many digits, half to even, and has no limits of size."""
    context = Context(prec=digits, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX, clamp=0)
    context.clear_traps()
    for signal in set(context.traps) - {Inexact, Rounded, Clamped}:
        context.traps[signal] = True
    return context


def _settle(value: Decimal, *, is_exact: bool = True) -> Answer:
    """
    Make an answer of a computed value: rounded when it is not exact, or has more decimals than can be kept.

    :param value: the true result, or, when it is not exact, so much of it that rounding cannot go wrong
    """
    if not value:
        return Answer(Decimal(0), is_exact)
    if value.adjusted() >= WHOLE_DIGITS:
        raise NoAnswer("too large")
    kept = _exact_context().normalize(value)
    if not is_exact or -_exponent_of(kept) > DECIMALS:
        is_exact = False
        kept = _context_of(ROUNDED_DIGITS).normalize(value)
    if -_exponent_of(kept) > DECIMALS:
        raise NoAnswer("too close to zero")
    if kept.adjusted() >= WHOLE_DIGITS:
        # 999… was rounded up to one digit more.
        raise NoAnswer("too large")
    return Answer(kept, is_exact)


def _quotient(first: Decimal, second: Decimal, digits: int) -> Answer:
    context = _context_of(digits)
    quotient = context.divide(first, second)
    return _settle(quotient, is_exact=not context.flags[Inexact])


def _exponent_of(value: Decimal) -> int:
    """Return the power of ten that a finite number's digits are multiplied by."""
    return int(value.as_tuple().exponent)


def _whole_coefficient(value: Decimal) -> tuple[int, int]:
    """Return the signed whole number `c` and the exponent `e` of a finite number that is `c × 10**e`."""
    exponent = _exponent_of(value)
    return int(_exact_context().scaleb(value, -exponent)), exponent


def _find_exact_root(value: Decimal, degree: int) -> Decimal | None:
    """
    Return the root of a number of 0 or more if it has an end, else None.

    A number with an end has a root with an end exactly when its digits, followed by so many zeros that the exponent
    can be divided by the degree, are a perfect power.
    """
    coefficient, exponent = _whole_coefficient(value)
    zeros = exponent % degree
    coefficient *= 10**zeros
    root = _whole_root(coefficient, degree)
    if root**degree != coefficient:
        return None
    return _exact_context().scaleb(Decimal(root), (exponent - zeros) // degree)


def _endless_root(value: Decimal, degree: int) -> Decimal:
    """Return so much of the root of a number above 0, one that has no end, that rounding it cannot go wrong."""
    coefficient, exponent = _whole_coefficient(value)
    zeros = exponent % degree
    coefficient *= 10**zeros
    root_digits = len(str(_whole_root(coefficient, degree)))
    more = max(0, ROUNDED_DIGITS + _GUARD_DIGITS - root_digits)
    root = _whole_root(coefficient * 10 ** (more * degree), degree)
    # It goes on without an end. A last digit 1 says so, and no rounding half-way mistakes it for a tie.
    return _exact_context().scaleb(Decimal(root * 10 + 1), (exponent - zeros) // degree - more - 1)


def _whole_root(number: int, degree: int) -> int:
    """Return the largest whole number whose power `degree`, 1 or more, is not above `number`, 0 or more."""
    if number < 2 or degree == 1:
        return number
    if degree == 2:
        return isqrt(number)
    context = _context_of(number.bit_length() // (3 * degree) + 20)
    # The logarithm gives all digits of it but for the last; comparing powers makes sure of that one.
    root = int(context.exp(context.divide(context.ln(Decimal(number)), Decimal(degree))))
    while root**degree > number:
        root -= 1
    while (root + 1) ** degree <= number:
        root += 1
    return root
