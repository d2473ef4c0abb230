"""What the address of a timesheet asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from webapp.errors import InvalidInput
from webapp.tasks.rules.timesheet import choose_period
from webapp.values.period import Period
from webapp.web.fields import read_day


def read_period(arguments: Mapping[str, str], *, today: date, week_start: int) -> Period:
    """
    Read `from` and `to` (days, both included).

    :raises InvalidInput: for what is no day, or no period
    """
    return choose_period(
        first=_read_end(arguments, "from"), last=_read_end(arguments, "to"), today=today, week_start=week_start
    )


def address_of(period: Period) -> dict[str, str]:
    """Return what `read_period` reads as this period."""
    return {"from": period.start.isoformat(), "to": period.last.isoformat()}


def _read_end(arguments: Mapping[str, str], name: str) -> date | None:
    typed = arguments.get(name, "").strip()
    if not typed:
        return None
    try:
        return read_day(typed)
    except ValueError as error:
        raise InvalidInput(str(error), field=name) from None
