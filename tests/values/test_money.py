"""Money is exact to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest

from webapp.values.money import cost_of, currencies


@pytest.mark.parametrize(
    "seconds, rate, cost",
    [
        (0, "80.00", "0.00"),
        (3600, "80.50", "80.50"),
        (6300, "80.50", "140.88"),
        (1, "0.01", "0.00"),
        (1800, "0.01", "0.01"),
        (10**10, "1000000.00", "2777777777777.78"),
    ],
)
def test_time_costs_its_share_of_an_hour(seconds: int, rate: str, cost: str) -> None:
    assert str(cost_of(seconds, hourly_rate=Decimal(rate))) == cost


def test_currencies_are_those_in_use() -> None:
    assert currencies()["EUR"] == "Euro"
    assert {"USD", "JPY", "PLN", "KWD"} <= set(currencies())
    assert not {"DEM", "ITL", "XAU", "XXX"} & set(currencies())
