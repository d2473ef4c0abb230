"""Rounding of amounts: to a whole number, to digits, or to steps such as 15 minutes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

from webapp.calculations.engine import numerics, units
from webapp.calculations.engine.arguments import quantity_at, refuse
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.settings import Settings
from webapp.calculations.engine.values import Number, Quantity, Value

_MOST_DIGITS = 999
_ONE = Fraction(1)


def to_nearest(arguments: Sequence[Value], settings: Settings) -> Value:
    """Return the nearest whole amount, digit or step; halves go away from zero, as taught at school."""
    return _step(arguments, "round", _round_half_up)


def down(arguments: Sequence[Value], settings: Settings) -> Value:
    """Return the next whole amount, digit or step that is not above it."""
    return _step(arguments, "floor", math.floor)


def up(arguments: Sequence[Value], settings: Settings) -> Value:
    """Return the next whole amount, digit or step that is not below it."""
    return _step(arguments, "ceil", math.ceil)


def _round_half_up(number: Fraction) -> int:
    size = math.floor(abs(number) + Fraction(1, 2))
    return -size if number < 0 else size


def _step(arguments: Sequence[Value], name: str, rounded: Callable[[Fraction], int]) -> Value:
    quantity = quantity_at(arguments, 0, name)
    step = _read_step(arguments, name, quantity) if len(arguments) > 1 else _ONE
    number = quantity.number
    if isinstance(number, Fraction) and isinstance(step, Fraction):
        return Quantity(numerics.within(rounded(number / step) * step), quantity.units)
    # What is not exact may be as far from 1 as any number; what is tiny against the step is 0 or one step.
    size = Fraction(step)
    return Quantity(numerics.keep(numerics.to_decimal(rounded(Fraction(number) / size) * size)), quantity.units)


def _read_step(arguments: Sequence[Value], name: str, quantity: Quantity) -> Number:
    """Return the step to which is rounded, in the units of what is rounded."""
    second = quantity_at(arguments, 1, name)
    if second.units:
        try:
            step = units.convert(second, quantity.units).number
        except CalculationError as error:
            error.argument = 1
            raise
        if step <= 0:
            raise refuse(
                Code.OUT_OF_DOMAIN,
                f"{name} takes steps above zero.",
                1,
                "Round to “15 min” or “0.05 EUR”, for example.",
            )
        return step
    digits = second.number
    if not isinstance(digits, Fraction) or digits.denominator != 1:
        raise refuse(
            Code.NOT_WHOLE,
            f"The second value of {name} is a whole number of digits after the point, or a step with a unit.",
            1,
            f"Write “{name}(2.345; 2)” for two digits, or “{name}(3h 47m; 15 min)” for steps.",
        )
    if abs(digits) > _MOST_DIGITS:
        raise refuse(Code.TOO_LARGE, f"{name} rounds to at most {_MOST_DIGITS} digits.", 1, "Use fewer digits.")
    return Fraction(10) ** -digits.numerator
