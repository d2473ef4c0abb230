"""Amounts of money and the currencies they are in. Pure; exact to the cent."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel.core import get_global
from babel.numbers import get_currency_name, get_territory_currencies

HOUR_SECONDS = 3600
CENT = Decimal("0.01")
# The currencies that are money somewhere on this day: of those that ever were, many are gone.
_AS_OF = date(2026, 1, 1)


@cache
def currencies() -> dict[str, str]:
    """Return the names of the currencies in use by their ISO 4217 codes, in the order of the codes."""
    in_use = {
        code
        for territory in get_global("territory_currencies")
        for code in get_territory_currencies(territory, start_date=_AS_OF)
    }
    return {code: get_currency_name(code, locale="en") for code in sorted(in_use)}


def cost_of(seconds: int, *, hourly_rate: Decimal) -> Decimal:
    """Return what so much time costs, to the cent, half a cent up."""
    return (hourly_rate * seconds / HOUR_SECONDS).quantize(CENT, ROUND_HALF_UP)
