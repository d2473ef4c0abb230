"""Exact values as JSON keeps them, and back again: nothing is lost on the way, neither digits nor units."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from webapp.calculations.engine.units import HMS, find_unit
from webapp.calculations.engine.values import Number, Quantity, Unit, Value

# Hours that are written as the sum of whole units share their name with plain ones.
_MIXED_HOURS = "h:min"


def pack_value(value: Value) -> dict[str, Any]:
    """Return a value as JSON can hold it: texts, truths and whole exponents."""
    if isinstance(value, bool):
        return {"truth": value}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    units = [[_MIXED_HOURS if unit is HMS else unit.name, exponent] for unit, exponent in value.units]
    return {"number": pack_number(value.number), "units": units}


def unpack_value(packed: dict[str, Any]) -> Value:
    """
    Return the value that `pack_value` made this of.

    :raises ValueError: when it is none, or names a unit that there is not
    """
    match packed:
        case {"truth": bool(truth)}:
            return truth
        case {"day": str(day)}:
            return date.fromisoformat(day)
        case {"number": str(number), "units": list(units)}:
            return Quantity(unpack_number(number), tuple((_unit(name), int(exponent)) for name, exponent in units))
    raise ValueError("This is no value.")


def pack_number(number: Number) -> str:
    """Return `15/4` for what is exact, and digits after `≈` for what is not."""
    if isinstance(number, Decimal):
        return f"≈{number}"
    return str(number.numerator) if number.denominator == 1 else f"{number.numerator}/{number.denominator}"


def unpack_number(packed: str) -> Number:
    """
    Return the number that `pack_number` made this of.

    :raises ValueError: when it is none
    """
    try:
        if packed.startswith("≈"):
            number = Decimal(packed[1:])
            if number.is_finite():
                return number
        else:
            return Fraction(packed)
    except (ArithmeticError, ValueError):
        pass
    raise ValueError("This is no number.")


def _unit(name: str) -> Unit:
    unit = HMS if name == _MIXED_HOURS else find_unit(name)
    if unit is None:
        raise ValueError(f"There is no unit “{name}”.")
    return unit
