"""One value of many: the least, the greatest, the sum, the average, the median."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import cmp_to_key

from webapp.calculations.engine import numerics, units
from webapp.calculations.engine.arguments import of_one_kind, quantity_at, refuse
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.settings import Settings
from webapp.calculations.engine.values import Number, Quantity, Value


def least(arguments: Sequence[Value], settings: Settings) -> Value:
    """Return the least of amounts or the earliest of days, as it was given."""
    return _furthest(arguments, "min", -1)


def greatest(arguments: Sequence[Value], settings: Settings) -> Value:
    """Return the greatest of amounts or the latest of days, as it was given."""
    return _furthest(arguments, "max", 1)


def _furthest(arguments: Sequence[Value], name: str, direction: int) -> Value:
    if isinstance(arguments[0], date):
        found = arguments[0]
        for place, value in enumerate(arguments):
            if not isinstance(value, date):
                raise refuse(
                    Code.WRONG_KIND,
                    f"{name} takes days or numbers, not both.",
                    place,
                    "Use days only, or numbers only.",
                )
            if (value > found) - (value < found) == direction:
                found = value
        return found
    best = quantity_at(arguments, 0, name)
    for place in range(1, len(arguments)):
        quantity = quantity_at(arguments, place, name)
        try:
            order = units.compare(quantity, best)
        except CalculationError as error:
            error.argument = place
            raise
        if order == direction:
            best = quantity
    return best


def total(arguments: Sequence[Value], settings: Settings) -> Value:
    """Return the sum, in the units of the first."""
    first, *others = of_one_kind(arguments, "sum")
    for quantity in others:
        first = units.add(first, quantity)
    return first


def average(arguments: Sequence[Value], settings: Settings) -> Value:
    """Return the average, in the units of the first; also of temperatures, which have no sum."""
    quantities = of_one_kind(arguments, "avg")
    return Quantity(_average([quantity.number for quantity in quantities]), quantities[0].units)


def median(arguments: Sequence[Value], settings: Settings) -> Value:
    """Return the middle one by size, or the average of the middle two, in the units of the first."""
    quantities = of_one_kind(arguments, "median")
    ordered = sorted((quantity.number for quantity in quantities), key=cmp_to_key(numerics.compare))
    half = (len(ordered) - 1) // 2
    return Quantity(_average(ordered[half : len(ordered) - half]), quantities[0].units)


def _average(numbers: Sequence[Number]) -> Number:
    total = numbers[0]
    for number in numbers[1:]:
        total = numerics.add(total, number)
    return numerics.divide(total, Fraction(len(numbers)))
