"""Exact values as JSON keeps them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from webapp.calculations.engine.units import HOURS_MIXED, PERCENT_UNITS, find_unit
from webapp.calculations.engine.values import Quantity, Units, Value
from webapp.calculations.rules.packing import pack_value, unpack_value


def _units(**exponents: int) -> Units:
    found = ((find_unit(name), exponent) for name, exponent in exponents.items())
    return tuple((unit, exponent) for unit, exponent in found if unit is not None)


@pytest.mark.parametrize(
    "value",
    [
        Quantity(Fraction(-6069, 16)),
        Quantity(Fraction(10) ** 300, _units(EUR=1, h=-1)),
        Quantity(Fraction(15, 4), HOURS_MIXED),
        Quantity(Decimal("1.414213562373095048801688724209698"), _units(km=2)),
        Quantity(Fraction(1, 3), PERCENT_UNITS),
    ],
)
def test_a_quantity_comes_back_with_every_digit_and_the_same_units(value: Quantity) -> None:
    back = unpack_value(json.loads(json.dumps(pack_value(value))))

    assert isinstance(back, Quantity)
    assert (type(back.number), back.number) == (type(value.number), value.number)
    assert [
        (unit is other, exponent) for (unit, exponent), (other, _) in zip(back.units, value.units, strict=True)
    ] == [(True, exponent) for _, exponent in value.units]


@pytest.mark.parametrize("value", [True, False, date(2026, 11, 20)])
def test_truths_and_days_come_back(value: Value) -> None:
    back = unpack_value(json.loads(json.dumps(pack_value(value))))

    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize(
    "packed",
    [{}, {"number": "1/0", "units": []}, {"number": "≈NaN", "units": []}, {"number": "1", "units": [["florin", 1]]}],
)
def test_what_is_no_value_is_refused(packed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"There is no|This is no"):
        unpack_value(packed)
