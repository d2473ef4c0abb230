"""What a result is: how long it may be, when it is exact, how it is rounded, and how one is refused."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Clamped, Context, Decimal, Inexact, Rounded

from webapp.errors import InvalidInput

# The longest number there is, before and after the point. Typed numbers and results keep to the same limits, so that
# every result can be used again.
WHOLE_DIGITS = 500
DECIMALS = 500
# What is kept of a result that has no end: the 34 digits of IEEE 754's decimal128.
ROUNDED_DIGITS = 34
MOST_OPERANDS = 50

TOO_LARGE = f"The result is too large: it has more than {WHOLE_DIGITS} digits before the point."
TOO_SMALL = f"The result is too close to zero to be written with {DECIMALS} digits after the point."

# Room for the product of the most and longest numbers, MOST_OPERANDS × (WHOLE_DIGITS + DECIMALS) digits, so that
# nothing is rounded before `settle` looks at it.
_EXACT_DIGITS = 60_000


class Refusal(InvalidInput):
    """
    There is no such result; the message says why.

    `operand` is the position (from 0) of the number to look at, or None where it is the result that is refused.
    """

    def __init__(self, message: str, *, operand: int | None = None) -> None:
        super().__init__(message, field="operands" if operand is None else f"operands-{operand}")
        self.operand = operand


@dataclass(frozen=True)
class Answer:
    """A result without trailing zeros. It is exact, or rounded to `ROUNDED_DIGITS` digits, half to even."""

    value: Decimal
    is_exact: bool


def exact_context() -> Context:
    """Return a context of its own in which sums, differences and products are never rounded."""
    return context_of(_EXACT_DIGITS)


def context_of(digits: int) -> Context:
    """Return a context of its own that keeps so many digits, half to even, and has no limits of size."""
    context = Context(prec=digits, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX, clamp=0)
    context.clear_traps()
    for signal in set(context.traps) - {Inexact, Rounded, Clamped}:
        context.traps[signal] = True
    return context


def settle(value: Decimal, *, is_exact: bool = True) -> Answer:
    """
    Make an answer of a computed value.

    It is rounded when it is not exact, or when it has more decimals than can be kept.

    :param value: the true result, or, when it is not exact, so much of it that rounding cannot go wrong
    :raises Refusal: when it is too large or too close to zero
    """
    if not value:
        return Answer(Decimal(0), is_exact)
    if value.adjusted() >= WHOLE_DIGITS:
        raise Refusal(TOO_LARGE)
    kept = exact_context().normalize(value)
    if not is_exact or count_decimals(kept) > DECIMALS:
        is_exact = False
        kept = context_of(ROUNDED_DIGITS).normalize(value)
    if count_decimals(kept) > DECIMALS:
        raise Refusal(TOO_SMALL)
    if kept.adjusted() >= WHOLE_DIGITS:
        # 999… was rounded up to one digit more.
        raise Refusal(TOO_LARGE)
    return Answer(kept, is_exact)


def count_decimals(value: Decimal) -> int:
    """Return how many digits stand after the point when the number is written in full."""
    return max(0, -exponent_of(value))


def exponent_of(value: Decimal) -> int:
    """Return the power of ten that a finite number's digits are multiplied by."""
    return int(value.as_tuple().exponent)


def whole_coefficient(value: Decimal) -> tuple[int, int]:
    """Return the signed whole number `c` and the exponent `e` of a finite number that is `c × 10**e`."""
    exponent = exponent_of(value)
    return int(exact_context().scaleb(value, -exponent)), exponent
