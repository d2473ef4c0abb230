"""What the arguments of a function must be; what is not is refused by the function's name and at its place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from webapp.calculations.engine import numerics, units
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.limits import INEXACT_DIGITS
from webapp.calculations.engine.values import Number, Quantity, Value


def count_of(fewest: int, most: int) -> str:
    """Say how many values a function takes: “one value”, “1 or 2 values”, “1 to 50 values”."""
    if fewest == most:
        return "one value" if fewest == 1 else f"{fewest} values"
    return f"{fewest} or {most} values" if most == fewest + 1 else f"{fewest} to {most} values"


def refuse(
    code: Code, message: str, argument: int | None, hint: str | None = None, repairs: tuple[str, ...] = ()
) -> CalculationError:
    """Return the error about an argument, counted from 0; None is all of them."""
    return CalculationError(code, message, hint=hint, repairs=repairs, argument=argument)


def kind_of(value: Value) -> str:
    """Say what a value is: “a mass”, “a day”, “true or false”."""
    if isinstance(value, Quantity):
        return units.describe(units.dimension_of(value.units))
    return "true or false" if isinstance(value, bool) else "a day"


def quantity_at(arguments: Sequence[Value], place: int, name: str) -> Quantity:
    """Return an argument that must be a number, with units or without."""
    value = arguments[place]
    if isinstance(value, Quantity):
        return value
    raise refuse(Code.WRONG_KIND, f"{name} takes numbers, and this is {kind_of(value)}.", place, "Use a number.")


def number_at(arguments: Sequence[Value], place: int, name: str) -> Number:
    """Return an argument that must be a number without unit; a percentage is one."""
    quantity = quantity_at(arguments, place, name)
    if not quantity.units:
        return quantity.number
    number = units.plain_number(quantity)
    if number is None:
        unit = units.write_units(quantity.units)
        raise refuse(
            Code.WRONG_KIND,
            f"{name} takes a plain number, and this is {kind_of(quantity)}.",
            place,
            f"Divide it by its unit: “/ (1 {unit})”.",
        )
    return number


def whole_at(arguments: Sequence[Value], place: int, name: str) -> int:
    """Return an argument that must be a whole number."""
    number = number_at(arguments, place, name)
    if isinstance(number, Fraction):
        if number.denominator == 1:
            return number.numerator
    elif number.adjusted() < INEXACT_DIGITS and number == number.to_integral_value():
        # Of one with more digits than are kept nobody knows whether it is whole.
        return int(number)
    raise refuse(
        Code.NOT_WHOLE,
        f"{name} takes whole numbers, and this is not one.",
        place,
        "Round it first, with “round(…)”.",
    )


def exact_as(number: int | Fraction, arguments: Sequence[Value]) -> Quantity:
    """Return a number, exact if all the arguments are."""
    if any(isinstance(each, Quantity) and isinstance(each.number, Decimal) for each in arguments):
        return Quantity(numerics.keep(numerics.to_decimal(Fraction(number))))
    return Quantity(numerics.within(Fraction(number)))


_METRES_HINT = "“m” alone is metres: write “min” for minutes."


def _are_metres_for_minutes(first: Quantity, other: Quantity) -> bool:
    return units.dimension_of(first.units) == units.HOUR.dimension and units.write_units(other.units) == "m"


def of_one_kind(arguments: Sequence[Value], name: str) -> list[Quantity]:
    """
    Return arguments that must be amounts of one kind, all in the units of the first; times in hours and minutes if
    any of them is.

    Percentages go with each other only: what a percentage would be of is not known here.
    """
    first = quantity_at(arguments, 0, name)
    found = [first]
    is_percent = first.units == units.PERCENT_UNITS
    is_mixed = False
    for place in range(1, len(arguments)):
        quantity = quantity_at(arguments, place, name)
        if quantity.units != first.units:
            if units.dimension_of(quantity.units) != units.dimension_of(first.units):
                raise refuse(
                    Code.UNIT_MISMATCH,
                    f"{name} takes values of one kind: the first is {kind_of(first)}, this is {kind_of(quantity)}.",
                    place,
                    _METRES_HINT if _are_metres_for_minutes(first, quantity) else "Convert it first, or leave it out.",
                )
            if is_percent != (quantity.units == units.PERCENT_UNITS):
                raise refuse(
                    Code.UNIT_MISMATCH,
                    f"{name} takes percentages or plain numbers, not both: of what would the percentage be?",
                    place,
                    "Write percentages as 0.1 here, or add them with +: “200 + 10%”.",
                )
            is_mixed |= quantity.units == units.HOURS_MIXED
            quantity = units.convert(quantity, first.units)
        found.append(quantity)
    return [units.convert(quantity, units.HOURS_MIXED) for quantity in found] if is_mixed else found


def day_at(arguments: Sequence[Value], place: int, name: str) -> date:
    """Return an argument that must be a day."""
    value = arguments[place]
    if isinstance(value, date):
        return value
    raise refuse(
        Code.WRONG_KIND,
        f"{name} takes days, and this is {kind_of(value)}.",
        place,
        "Write a day as “2026-11-20”, or “today”.",
    )
