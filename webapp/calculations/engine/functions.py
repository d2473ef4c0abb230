"""
The functions and constants that everybody has: one literal table of name → what it is.

The reference page shows their examples and the tests run them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from webapp.calculations.engine import arithmetic
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.limits import MOST_OPERANDS
from webapp.calculations.engine.settings import Settings
from webapp.calculations.engine.values import Quantity, Value


class BuiltIn(NamedTuple):
    """
    A function by name: what it is called, how it is read, how many arguments it takes, and what it makes of them.

    `examples` are pairs of what is typed and what is answered, in the number format `1234.5` and in radians.
    """

    name: str
    label: str
    reading: str
    fewest: int
    most: int
    work_out: Callable[[Sequence[Value], Settings], Value]
    examples: tuple[tuple[str, str], ...]

    def apply(self, arguments: Sequence[Value], settings: Settings) -> Value:
        """
        Return what the function makes of its arguments.

        :raises CalculationError: without a place, when there is no answer, or the arguments do not fit
        """
        if not self.fewest <= len(arguments) <= self.most:
            raise CalculationError(
                Code.ARGUMENTS,
                f"{self.name} takes {_count(self.fewest, self.most)}, not {len(arguments)}.",
                hint=f"Write it as “{self.reading}”.",
            )
        return self.work_out(arguments, settings)


class Constant(NamedTuple):
    """A number by name."""

    name: str
    label: str
    value: Quantity


def _count(fewest: int, most: int) -> str:
    if fewest == most:
        return f"{fewest} value{'s' if fewest != 1 else ''}"
    return f"{fewest} or {most} values" if most == fewest + 1 else f"{fewest} to {most} values"


def _quantity(value: Value, name: str) -> Quantity:
    if isinstance(value, Quantity):
        return value
    kind = "true or false" if isinstance(value, bool) else "a day"
    raise CalculationError(Code.WRONG_KIND, f"{name} takes numbers, and this is {kind}.")


def _absolute(arguments: Sequence[Value], settings: Settings) -> Value:
    quantity = _quantity(arguments[0], "abs")
    number = quantity.number
    return Quantity(number.copy_abs() if isinstance(number, Decimal) else abs(number), quantity.units)


def _least(arguments: Sequence[Value], settings: Settings) -> Value:
    return min(arguments, key=lambda each: _quantity(each, "min").number)


def _most(arguments: Sequence[Value], settings: Settings) -> Value:
    return max(arguments, key=lambda each: _quantity(each, "max").number)


def _square_root(arguments: Sequence[Value], settings: Settings) -> Value:
    return arithmetic.root(_quantity(arguments[0], "sqrt"), Quantity(Fraction(2)))


FUNCTIONS: dict[str, BuiltIn] = {
    each.name: each
    for each in (
        BuiltIn("abs", "Absolute value", "abs(a)", 1, 1, _absolute, (("abs(-5)", "5"),)),
        BuiltIn("min", "Least", "min(a; b; …)", 1, MOST_OPERANDS, _least, (("min(3; 1; 2)", "1"),)),
        BuiltIn("max", "Most", "max(a; b; …)", 1, MOST_OPERANDS, _most, (("max(3; 1; 2)", "3"),)),
        BuiltIn("sqrt", "Square root", "sqrt(a)", 1, 1, _square_root, (("sqrt(4/9)", "0.666666666666666…"),)),
    )
}

CONSTANTS: dict[str, Constant] = {
    each.name: each
    for each in (
        Constant("pi", "Half a turn in radians", Quantity(Decimal("3.141592653589793238462643383279503"))),
        Constant("e", "The base of natural logarithms", Quantity(Decimal("2.718281828459045235360287471352662"))),
        Constant("tau", "A full turn in radians", Quantity(Decimal("6.283185307179586476925286766559006"))),
    )
}
