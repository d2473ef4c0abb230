"""
The algebra of quantities: what becomes of the units when amounts are added, multiplied or converted.

Everything is exact but what passes through radians. Units of one dimension are brought to the one that stands first;
where all cancel out, a plain number is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import lru_cache

from webapp.calculations.engine import numerics
from webapp.calculations.engine.currencies import currency_of, find_currency
from webapp.calculations.engine.dimensions import describe, dimension_of, scale_of, write_units
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.unit_names import (
    DAY,
    DEGREE,
    HMS,
    HOUR,
    HOURS_MIXED,
    KELVIN,
    PERCENT,
    PERCENT_UNITS,
    RADIAN,
    WEEK,
    WORKDAY,
    UnitEntry,
    coherent_units,
    find_unit,
    suggest_units,
    unit_groups,
)
from webapp.calculations.engine.unit_products import (
    MOST_EXPONENT,
    has_offset,
    join_units,
    multiply_units,
    offset_error,
    raise_units,
    root_units,
)
from webapp.calculations.engine.values import Number, Quantity, Units

__all__ = [
    "DAY",
    "DEGREE",
    "HMS",
    "HOUR",
    "HOURS_MIXED",
    "KELVIN",
    "MOST_EXPONENT",
    "PERCENT",
    "PERCENT_UNITS",
    "RADIAN",
    "WEEK",
    "WORKDAY",
    "UnitEntry",
    "add",
    "compare",
    "convert",
    "currencies_between",
    "describe",
    "dimension_of",
    "divide",
    "find_unit",
    "join_units",
    "multiply",
    "plain_number",
    "power",
    "root_units",
    "scale_of",
    "subtract",
    "suggest_units",
    "sum_parts",
    "unit_groups",
    "write_units",
]

_ONE = Fraction(1)


def multiply(left: Quantity, right: Quantity) -> Quantity:
    """Return the product. A percentage of something is of its kind; percent times percent is percent."""
    if not left.units and not right.units:
        return Quantity(numerics.multiply(left.number, right.number))
    factor, units = multiply_units(left.units, right.units, 1)
    number = numerics.multiply(left.number, right.number)
    return Quantity(number if factor == 1 else numerics.multiply(number, factor), units)


def divide(left: Quantity, right: Quantity) -> Quantity:
    """
    Return the quotient.

    :raises CalculationError: on division by zero
    """
    if not left.units and not right.units:
        return Quantity(numerics.divide(left.number, right.number))
    factor, units = multiply_units(left.units, right.units, -1)
    number = numerics.divide(left.number, right.number)
    return Quantity(number if factor == 1 else numerics.multiply(number, factor), units)


def power(quantity: Quantity, exponent: int) -> Quantity:
    """Return a whole power; also of the units."""
    if exponent == 1:
        return quantity
    number = numerics.power(quantity.number, Fraction(exponent))
    if not quantity.units or not exponent:
        return Quantity(number)
    factor, units = raise_units(quantity.units, exponent)
    return Quantity(number if factor == 1 else numerics.multiply(number, factor), units)


def add(left: Quantity, right: Quantity) -> Quantity:
    """
    Return the sum in the left one's units, of times in hours and minutes if either is.

    A percentage added to something else is a percentage of that; what is added to a percentage is added to its number.
    """
    return _sum(left, right, numerics.add, "added")


def subtract(left: Quantity, right: Quantity) -> Quantity:
    """Return the difference in the units that `add` would have; that of two temperatures is in kelvin."""
    if left.units and has_offset(left.units) and has_offset(right.units):
        return Quantity(numerics.subtract(_in_kelvins(left), _in_kelvins(right)), ((KELVIN, 1),))
    return _sum(left, right, numerics.subtract, "subtracted")


def _sum(left: Quantity, right: Quantity, combine: Callable[[Number, Number], Number], done: str) -> Quantity:
    units = left.units
    if not units and not right.units:
        return Quantity(combine(left.number, right.number))
    ratio = _ratio_in_sums(units, right.units)
    if ratio is not None and right.units == HOURS_MIXED != units:
        return _sum(convert(left, HOURS_MIXED), right, combine, done)
    if ratio is _ONE:
        return Quantity(combine(left.number, right.number), units)
    if ratio is not None:
        return Quantity(combine(left.number, numerics.multiply(right.number, ratio)), units)
    if right.units == PERCENT_UNITS and not has_offset(units):
        return Quantity(combine(left.number, _share(left, right)), units)
    if _is_share_and_number(left, right):
        return _sum(convert(left, right.units), right, combine, done)
    raise _refusal(left, right, done)


def compare(left: Quantity, right: Quantity) -> int:
    """Return -1, 0 or 1 as the left is less than, equal to or more than the right, whatever their units."""
    if left.units == right.units:
        return numerics.compare(left.number, right.number)
    if dimension_of(left.units) != dimension_of(right.units):
        raise _mismatch(left, right, "compared")
    return numerics.compare(left.number, convert(right, left.units).number)


@lru_cache(maxsize=4096)
def _ratio_in_sums(left: Units, right: Units) -> Number | None:
    """Return what brings the right side of a sum to the left one's units, or None where there is more to it."""
    if has_offset(left) or has_offset(right) or dimension_of(left) != dimension_of(right):
        return None
    if (left == PERCENT_UNITS) != (right == PERCENT_UNITS):
        return None
    ratio = _ratio(right, left)
    return _ONE if ratio == 1 else ratio


def _is_share_and_number(left: Quantity, right: Quantity) -> bool:
    """Say whether this is `3% + 5`: of nothing yet, so that the percentage is the number that it is."""
    return left.units == PERCENT_UNITS and not dimension_of(right.units)


def _share(whole: Quantity, percentage: Quantity) -> Number:
    return numerics.multiply(whole.number, numerics.multiply(percentage.number, PERCENT.factor))


def _in_kelvins(temperature: Quantity) -> Number:
    return convert(temperature, ((KELVIN, 1),)).number


@lru_cache(maxsize=2048)
def _ratio(source: Units, target: Units) -> Number:
    return numerics.divide(scale_of(source), scale_of(target))


def currencies_between(source: Units, target: Units) -> tuple[str, str] | None:
    """Return from which currency to which a conversion leads, or None if it needs no rate."""
    apart = _apart(source, target)
    return None if apart is None else (apart[0], apart[1])


@lru_cache(maxsize=512)
def _apart(source: Units, target: Units) -> tuple[str, str, int] | None:
    """Return the two currencies in which these differ, and their exponent."""
    one, other = dict(dimension_of(source)), dict(dimension_of(target))
    ours = [base for base in one if base not in other]
    theirs = [base for base in other if base not in one]
    if len(ours) != 1 or len(theirs) != 1 or not find_currency(ours[0]) or not find_currency(theirs[0]):
        return None
    exponent = one.pop(ours[0])
    return (ours[0], theirs[0], exponent) if other.pop(theirs[0]) == exponent and one == other else None


def convert(quantity: Quantity, target: Units, rate: Number | None = None) -> Quantity:
    """
    Return the same amount in other units.

    :param rate: how much of the target's currency one of the source's is
    :raises CalculationError: if the dimensions differ, or the currencies without a rate
    """
    source = quantity.units
    number = quantity.number
    if source == target:
        return Quantity(number, target)
    if dimension_of(source) != dimension_of(target):
        apart = _apart(source, target)
        if apart is None:
            raise _cannot_convert(quantity, target)
        if rate is None:
            raise CalculationError(
                Code.NO_RATE,
                f"There is no rate from {apart[0]} to {apart[1]}.",
                hint=f"State one with its day: “100 {apart[0]} to {apart[1]} at 1.08 on 2026-11-20”.",
            )
        number = numerics.multiply(number, numerics.power(rate, Fraction(apart[2])))
    if has_offset(source) or has_offset(target):
        begin = numerics.subtract(_offset_of(source), _offset_of(target))
        number = numerics.add(numerics.multiply(number, scale_of(source)), begin)
        return Quantity(numerics.divide(number, scale_of(target)), target)
    ratio = _ratio(source, target)
    return Quantity(number if ratio == 1 else numerics.multiply(number, ratio), target)


def _offset_of(units: Units) -> Fraction:
    return units[0][0].offset if has_offset(units) else Fraction(0)


def plain_number(quantity: Quantity) -> Number | None:
    """Return the number that it is without any unit (10% is 0.1), or None if it has a dimension."""
    if not quantity.units:
        return quantity.number
    if dimension_of(quantity.units):
        return None
    return numerics.multiply(quantity.number, scale_of(quantity.units))


def sum_parts(parts: Iterable[Quantity]) -> Quantity:
    """
    Return the sum of what is written as one amount in several units: `3h 45m` in hours, `5 ft 3 in` in feet.

    A time that begins with months or years stays in these: nobody counts them in hours.
    """
    quantities = iter(parts)
    whole = next(quantities)
    first = whole.units[0][0]
    if first.dimension == HMS.dimension and first.factor <= WEEK.factor:
        whole = convert(whole, HOURS_MIXED)
    for part in quantities:
        whole = add(whole, part)
    return whole


def _refusal(left: Quantity, right: Quantity, done: str) -> CalculationError:
    is_share = right.units == PERCENT_UNITS
    if not is_share and dimension_of(left.units) != dimension_of(right.units):
        return _mismatch(left, right, done)
    scaled = left if is_share or has_offset(left.units) else right
    return offset_error(scaled.units[0][0], "part of a sum or a percentage")


def _mismatch(left: Quantity, right: Quantity, done: str) -> CalculationError:
    ours, theirs = _short_text(left), _short_text(right)
    if ours is None or theirs is None:
        ours, theirs = "The left side", "the right side"
    message = (
        f"{ours} is {describe(dimension_of(left.units))}, {theirs} is {describe(dimension_of(right.units))}:"
        f" they cannot be {done}."
    )
    return CalculationError(Code.UNIT_MISMATCH, message, hint=_repair(left, right))


def _cannot_convert(quantity: Quantity, target: Units) -> CalculationError:
    dimension = dimension_of(quantity.units)
    kind = describe(dimension_of(target))
    if {write_units(quantity.units), write_units(target)} <= {"F", "C", "°F", "°C", "K"}:
        return CalculationError(
            Code.UNIT_MISMATCH,
            "“F” and “C” alone are the farad and the coulomb.",
            hint="Write degrees with their sign: “98.6 °F to °C”.",
        )
    units = f"{write_units(target)}, which is for {kind}" if target else kind
    return CalculationError(
        Code.UNIT_MISMATCH,
        f"{_short_text(quantity) or 'This'} is {describe(dimension)}: it cannot be converted to {units}.",
        hint=f"Convert it to a unit of its kind: “to {write_units(coherent_units(dimension))}”."
        if dimension
        else f"Give it a unit first: “3 {write_units(target)}”.",
    )


def _short_text(quantity: Quantity) -> str | None:
    """Return how a quantity is written in every format of numbers, or None if they differ."""
    number = quantity.number
    if not isinstance(number, Fraction) or number.denominator != 1 or not 0 <= number < 1_000:
        return None
    text = "" if quantity.units == PERCENT_UNITS else " "
    return f"{number}{text}{write_units(quantity.units)}".rstrip()


def _repair(left: Quantity, right: Quantity) -> str:
    if left.units == PERCENT_UNITS:
        return "Write the percentage after what it is of: “200 + 10%”, or “10% on 200”."
    if not left.units or not right.units:
        number = _short_text(right if left.units else left) or "3"
        if HMS.dimension == dimension_of(left.units or right.units):
            return f"Give the plain number a unit, too: “{number} h” or “{number} min”."
        return f"Give the plain number a unit, too: “{number} {write_units(left.units or right.units)}”."
    times = [dimension_of(side.units) == HMS.dimension for side in (left, right)]
    if any(times) and "m" in (write_units(left.units), write_units(right.units)):
        return "Minutes alone are written “min”: “8 h - 45 min”."
    ours, theirs = currency_of(left.units), currency_of(right.units)
    if ours and theirs:
        return f"Convert one of them by a rate: “100 {theirs.name} to {ours.name} at 1.08 on 2026-11-20”."
    if WORKDAY in (left.units[0][0], right.units[0][0]):
        return "Workdays count from a day: “2026-11-20 + 5 workdays”."
    return f"Give both sides the same kind of unit, such as “{write_units(left.units)}”."
