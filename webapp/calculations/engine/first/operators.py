"""The operations: one class each, all with the same shape."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, Inexact, localcontext
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from webapp.calculations.engine.first.answers import (
    DECIMALS,
    MOST_OPERANDS,
    ROUNDED_DIGITS,
    TOO_LARGE,
    TOO_SMALL,
    WHOLE_DIGITS,
    Answer,
    Refusal,
    context_of,
    exact_context,
    exponent_of,
    settle,
    whole_coefficient,
)
from webapp.calculations.engine.first.roots import endless_root, find_exact_root

HIGHEST_ROOT = 1_000
DIVISION_BY_ZERO = "Nothing can be divided by zero. Enter another number."

# A power whose digits times exponent stay below this is computed exactly. Above it the exact result could not be kept
# anyway: 1,000 digits of powers of two need an exponent of 3,322.
_EXACT_POWER_SIZE = 5_000
# A number of at most 1,000 digits other than a power of ten is no perfect power of a higher degree than this.
_HIGHEST_PERFECT_ROOT = 3_330
# Two numbers of at most 1,000 digits whose quotient has an end: it has fewer digits than this.
_QUOTIENT_DIGITS = 4_000
_ESTIMATE_DIGITS = ROUNDED_DIGITS + 30


class Operation(StrEnum):
    """What can be done with numbers; the value stands in forms, in the API and in the database."""

    ADD = "add"
    SUBTRACT = "subtract"
    MULTIPLY = "multiply"
    DIVIDE = "divide"
    POWER = "power"
    ROOT = "root"
    MODULUS = "modulus"
    INTEGER_DIVIDE = "integer_divide"
    PERCENT_OF = "percent_of"
    ABSOLUTE_DIFFERENCE = "absolute_difference"


class Operator(Protocol):
    """One way to make a number of several."""

    label: str
    # How it is read, in the letters of the form's fields: “a ÷ b”.
    reading: str
    # Two, or any number from two.
    most_operands: int

    def work_out(self, operands: Sequence[Decimal]) -> Answer:
        """
        Return the result of as many operands as it takes, each within the limits of `answers`.

        :raises Refusal: when there is none, or it is too long
        """
        ...

    def write(self, operands: Sequence[str]) -> str:
        """Write the calculation on one line, with numbers already written."""
        ...


class Add:
    """The sum of two or more numbers."""

    label = "Add"
    reading = "a + b + …"
    most_operands = MOST_OPERANDS

    def work_out(self, operands: Sequence[Decimal]) -> Answer:
        with localcontext(exact_context()):
            return settle(sum(operands, Decimal(0)))

    def write(self, operands: Sequence[str]) -> str:
        return _join(operands, "+")


class Subtract:
    """The first number less the second."""

    label = "Subtract"
    reading = "a − b"
    most_operands = 2

    def work_out(self, operands: Sequence[Decimal]) -> Answer:
        first, second = operands
        return settle(exact_context().subtract(first, second))

    def write(self, operands: Sequence[str]) -> str:
        return _join(operands, "−")


class Multiply:
    """The product of two or more numbers."""

    label = "Multiply"
    reading = "a × b × …"
    most_operands = MOST_OPERANDS

    def work_out(self, operands: Sequence[Decimal]) -> Answer:
        context = exact_context()
        product = Decimal(1)
        for operand in operands:
            product = context.multiply(product, operand)
        return settle(product)

    def write(self, operands: Sequence[str]) -> str:
        return _join(operands, "×")


class Divide:
    """The first number divided by the second; rounded where the quotient has no end."""

    label = "Divide"
    reading = "a ÷ b"
    most_operands = 2

    def work_out(self, operands: Sequence[Decimal]) -> Answer:
        first, second = operands
        if not second:
            raise Refusal(DIVISION_BY_ZERO, operand=1)
        return _quotient(first, second)

    def write(self, operands: Sequence[str]) -> str:
        return _join(operands, "÷")


class Power:
    """
    The first number to the power of the second.

    Anything to the power of 0 is 1, also 0 itself, as in algebra. A negative number has a power with decimals only
    where it has an odd root: (−32) ^ 0.2 is the fifth root, −2.
    """

    label = "Power"
    reading = "a to the power of b"
    most_operands = 2

    def work_out(self, operands: Sequence[Decimal]) -> Answer:
        base, power = (exact_context().normalize(operand) for operand in operands)
        if not power:
            return Answer(Decimal(1), is_exact=True)
        if not base:
            if power < 0:
                raise Refusal("Zero has no negative power: that would divide by zero.", operand=1)
            return Answer(Decimal(0), is_exact=True)
        ratio = Fraction(power)
        if base < 0 and ratio.denominator % 2 == 0:
            raise Refusal("A negative number has no even root, and so no such power. Enter another number.", operand=1)
        is_negative = base < 0 and ratio.numerator % 2 == 1
        answer = self._of_positive(base.copy_abs(), power, ratio)
        return Answer(answer.value.copy_negate(), answer.is_exact) if is_negative else answer

    def _of_positive(self, base: Decimal, power: Decimal, ratio: Fraction) -> Answer:
        if base == 1:
            return Answer(Decimal(1), is_exact=True)
        # Before anything is computed: how large would it be? 9 ^ 999999999 stops here.
        context = context_of(_ESTIMATE_DIGITS)
        magnitude = context.multiply(context.log10(base), power)
        if magnitude > WHOLE_DIGITS + 1:
            raise Refusal(TOO_LARGE)
        if magnitude < -DECIMALS - 1:
            raise Refusal(TOO_SMALL)
        if ratio.denominator <= _HIGHEST_PERFECT_ROOT:
            root = find_exact_root(base, ratio.denominator)
            if root is not None and abs(ratio.numerator) * _count_digits(root) <= _EXACT_POWER_SIZE:
                return _whole_power(root, ratio.numerator)
        estimate = context.exp(context.multiply(context.ln(base), power))
        return settle(estimate, is_exact=False)

    def write(self, operands: Sequence[str]) -> str:
        return _join(operands, "^")


class Root:
    """The root of the first number: 2 as the second number is the square root, 3 the cube root."""

    label = "Root"
    reading = "b-th root of a"
    most_operands = 2

    def work_out(self, operands: Sequence[Decimal]) -> Answer:
        number, degree = operands
        if degree != degree.to_integral_value() or not 1 <= degree <= HIGHEST_ROOT:
            raise Refusal(
                f"Which root? Enter a whole number from 1 to {HIGHEST_ROOT:,}, 2 for the square root.", operand=1
            )
        if number < 0 and int(degree) % 2 == 0:
            raise Refusal("A negative number has no even root. Enter a number of 0 or more.", operand=0)
        size = number.copy_abs()
        exact = find_exact_root(size, int(degree))
        value = endless_root(size, int(degree)) if exact is None else exact
        return settle(value.copy_sign(number), is_exact=exact is not None)

    def write(self, operands: Sequence[str]) -> str:
        return f"root {operands[1]} of {operands[0]}"


class Modulus:
    """
    What is left of the first number after whole steps of the second.

    As in mathematics it lies between 0 and the divisor and has the divisor's sign: −7 mod 3 is 2, 7 mod −3 is −2.
    """

    label = "Modulus"
    reading = "what a ÷ b leaves over"
    most_operands = 2

    def work_out(self, operands: Sequence[Decimal]) -> Answer:
        _steps, rest = _floor_divide(operands)
        return settle(rest)

    def write(self, operands: Sequence[str]) -> str:
        return _join(operands, "mod")


class IntegerDivide:
    """How many whole steps of the second number reach the first, rounded down: −7 by 3 is −3."""

    label = "Integer divide"
    reading = "a ÷ b, rounded down"
    most_operands = 2

    def work_out(self, operands: Sequence[Decimal]) -> Answer:
        steps, _rest = _floor_divide(operands)
        return settle(steps)

    def write(self, operands: Sequence[str]) -> str:
        return f"⌊{_join(operands, '÷')}⌋"


class PercentOf:
    """So many hundredths of the second number."""

    label = "Percent of"
    reading = "a % of b"
    most_operands = 2

    def work_out(self, operands: Sequence[Decimal]) -> Answer:
        percent, whole = operands
        context = exact_context()
        return settle(context.scaleb(context.multiply(percent, whole), -2))

    def write(self, operands: Sequence[str]) -> str:
        return f"{operands[0]} % of {operands[1]}"


class AbsoluteDifference:
    """How far apart two numbers are."""

    label = "Absolute difference"
    reading = "how far a and b are apart"
    most_operands = 2

    def work_out(self, operands: Sequence[Decimal]) -> Answer:
        first, second = operands
        return settle(exact_context().subtract(first, second).copy_abs())

    def write(self, operands: Sequence[str]) -> str:
        return f"|{_join(operands, '−')}|"


def _quotient(first: Decimal, second: Decimal) -> Answer:
    context = context_of(_QUOTIENT_DIGITS)
    quotient = context.divide(first, second)
    return settle(quotient, is_exact=not context.flags[Inexact])


def _whole_power(base: Decimal, power: int) -> Answer:
    coefficient, exponent = whole_coefficient(base)
    product = exact_context().scaleb(Decimal(coefficient ** abs(power)), exponent * abs(power))
    if power > 0:
        return settle(product)
    context = context_of(_EXACT_POWER_SIZE * 4)
    quotient = context.divide(Decimal(1), product)
    return settle(quotient, is_exact=not context.flags[Inexact])


def _floor_divide(operands: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    first, second = operands
    if not second:
        raise Refusal(DIVISION_BY_ZERO, operand=1)
    # In units of the smaller last digit both are whole numbers, and Python's divmod rounds down.
    unit = min(exponent_of(first), exponent_of(second))
    context = exact_context()
    steps, rest = divmod(int(context.scaleb(first, -unit)), int(context.scaleb(second, -unit)))
    return Decimal(steps), context.scaleb(Decimal(rest), unit)


def _count_digits(value: Decimal) -> int:
    return len(value.as_tuple().digits)


def _join(operands: Sequence[str], sign: str) -> str:
    first, *others = operands
    rest = (f"({number})" if number.startswith(("−", "-")) else number for number in others)
    if sign == "^" and first.startswith(("−", "-")):
        first = f"({first})"
    return f" {sign} ".join([first, *rest])
