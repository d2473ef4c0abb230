"""A stretch of whole days, end exclusive, and the words that name one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST_PERIOD_DAYS = 3660

PERIOD_NAMES = {
    "7d": "7 days",
    "30d": "30 days",
    "90d": "90 days",
    "this-week": "This week",
    "last-week": "Last week",
    "this-month": "This month",
    "last-month": "Last month",
    "year": "Year",
}


@dataclass(frozen=True)
class Period:
    """The days from `start` up to but not including `end`; at least one day."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("A period ends after it starts.")

    @classmethod
    def of_day(cls, day: date) -> Period:
        """Return the period of this one day."""
        return cls(day, day + timedelta(days=1))

    @property
    def last(self) -> date:
        """The last day that belongs to the period."""
        return self.end - timedelta(days=1)

    @property
    def length_days(self) -> int:
        """How many days there are."""
        return (self.end - self.start).days

    def days(self) -> Iterator[date]:
        """Each day in turn, oldest first."""
        for offset in range(self.length_days):
            yield self.start + timedelta(days=offset)

    def before(self) -> Period:
        """The period of the same length that ends where this one starts."""
        return Period(self.start - timedelta(days=self.length_days), self.start)

    def after(self) -> Period:
        """The period of the same length that starts where this one ends."""
        return Period(self.end, self.end + timedelta(days=self.length_days))

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The first instant of the period and the first one after it, in UTC, for somebody who lives in `zone`."""
        return day_start(self.start, zone), day_start(self.end, zone)


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """
    The instant at which `day` begins in `zone`, aware, in UTC.

    Where the clocks skip midnight the day begins at the first instant that exists.
    """
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def named_period(name: str, *, today: date, week_start: int = 0) -> Period:
    """
    Return the period that `name` (a key of `PERIOD_NAMES`) means on `today`; all but `last-…` include today.

    :param week_start: the first day of the week, 0 is Monday and 6 is Sunday
    :raises ValueError: for a name that is not known
    """
    tomorrow = today + timedelta(days=1)
    if name in ("7d", "30d", "90d"):
        return Period(tomorrow - timedelta(days=int(name[:-1])), tomorrow)
    if name in ("this-week", "last-week"):
        first = today - timedelta(days=(today.weekday() - week_start) % 7)
        first -= timedelta(days=7 if name == "last-week" else 0)
        return Period(first, first + timedelta(days=7))
    if name == "this-month":
        return Period(today.replace(day=1), _next_month(today))
    if name == "last-month":
        last = today.replace(day=1) - timedelta(days=1)
        return Period(last.replace(day=1), _next_month(last))
    if name == "year":
        return Period(date(today.year, 1, 1), date(today.year + 1, 1, 1))
    raise ValueError(f"“{name}” is not a period. Use one of {', '.join(PERIOD_NAMES)}.")


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
