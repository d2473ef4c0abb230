"""Which days and whose numbers an address asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from webapp.metrics.rules.scope import Who
from webapp.values.period import LONGEST_PERIOD_DAYS, PERIOD_NAMES, Period, named_period
from webapp.web.fields import read_day

DEFAULT_PERIOD = "30d"


@dataclass(frozen=True)
class PeriodForm:
    """
    What was asked for, as it was typed, and what it means.

    `period` is None when something was wrong; `errors` then has a sentence by the name of the field. `name` is the
    named period in use, if it is one. `who` is None when nobody was chosen.
    """

    name: str | None
    first: str
    last: str
    period: Period | None
    who: Who | None
    errors: Mapping[str, str]

    @property
    def kept(self) -> dict[str, str]:
        """The parameters of an address with the same days and people."""
        days = {"period": self.name} if self.name else {"from": self.first, "to": self.last}
        return days | self.kept_who

    @property
    def kept_who(self) -> dict[str, str]:
        """The parameter of an address with the same people."""
        return {"who": self.who.value} if self.who else {}

    @property
    def kept_span(self) -> dict[str, str]:
        """The parameters that name the first and the last day, however they were chosen."""
        return {"from": self.first, "to": self.last}

    def up_to(self, day: date) -> dict[str, str]:
        """The parameters of the year that ends on a day, with the same people."""
        return {"from": (day - timedelta(days=364)).isoformat(), "to": day.isoformat()} | self.kept_who

    @property
    def kept_days(self) -> dict[str, str]:
        """The parameters of an address with the same days."""
        return {key: value for key, value in self.kept.items() if key != "who"}


def read_period_form(values: Mapping[str, str], *, today: date, week_start: int) -> PeriodForm:
    """Read `from` and `to` (both days belong to the period), or `period`, and `who`; nothing at all means 30 days."""
    errors: dict[str, str] = {}
    who = _read_who(values.get("who", ""), errors)
    first, last = values.get("from", "").strip(), values.get("to", "").strip()
    if first or last:
        period = _read_days(first, last, errors)
        return PeriodForm(None, first, last, None if errors else period, who, errors)
    name = values.get("period", "").strip() or DEFAULT_PERIOD
    if name not in PERIOD_NAMES:
        errors["period"] = f"“{name[:40]}” is not a period. Choose one above, or two days."
        return PeriodForm(None, "", "", None, who, errors)
    period = named_period(name, today=today, week_start=week_start)
    return PeriodForm(name, period.start.isoformat(), period.last.isoformat(), None if errors else period, who, errors)


def _read_who(typed: str, errors: dict[str, str]) -> Who | None:
    if not typed:
        return None
    try:
        return Who(typed)
    except ValueError:
        errors["who"] = f"“{typed[:40]}” is not one of the choices: me or all."
        return None


def _read_days(first: str, last: str, errors: dict[str, str]) -> Period | None:
    days: dict[str, date] = {}
    for name, typed in (("from", first), ("to", last)):
        try:
            if not typed:
                raise ValueError("Choose both days: the first and the last.")
            days[name] = read_day(typed)
        except ValueError as error:
            errors[name] = str(error)
    if errors.keys() & {"from", "to"}:
        return None
    if days["to"] < days["from"]:
        errors["to"] = "The last day lies before the first. Choose a later one."
        return None
    if (days["to"] - days["from"]).days >= LONGEST_PERIOD_DAYS:
        errors["to"] = f"That is more than ten years. Choose at most {LONGEST_PERIOD_DAYS:,} days."
        return None
    return Period(days["from"], days["to"] + timedelta(days=1))
