"""Which days a dashboard looks at: the period before, and the weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from webapp.values.period import Period

LEAST_WEEKS = 8
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Week:
    """Seven days from the person's first day of the week; `days_so_far` of them have begun."""

    start: date
    days_so_far: int

    @property
    def end(self) -> date:
        """The first day after it."""
        return self.start + 7 * _DAY

    @property
    def last(self) -> date:
        """Its last day."""
        return self.start + 6 * _DAY

    @property
    def is_over(self) -> bool:
        """Whether all of it lies before today."""
        return self.days_so_far == 8


def elapsed(period: Period, today: date) -> Period | None:
    """Return the part of the period up to and including today; None when it has not begun."""
    if period.start > today:
        return None
    return Period(period.start, min(period.end, today + _DAY))


def period_before(period: Period, today: date) -> Period:
    """
    Return what the period is compared with: as many days as have passed of it, from the start of the one before.

    Before a whole month or year comes the month or year before it, before all else as many days directly before.
    """
    before = period.before()
    if period.start.day == 1 and period.end.day == 1:
        months = 12 * (period.end.year - period.start.year) + period.end.month - period.start.month
        before = Period(_months_earlier(period.start, months), period.start)
    passed = elapsed(period, today)
    if passed is None or passed == period:
        return before
    return Period(before.start, min(before.start + timedelta(days=passed.length_days), before.end))


def weeks_of(period: Period, *, today: date, week_start: int) -> list[Week]:
    """
    Return the whole weeks that the period touches and that have begun, oldest first.

    Where these are fewer than `LEAST_WEEKS`, earlier weeks are put in front: one week alone shows no course.
    """
    last_day = min(period.last, today)
    first = _week_start_of(min(period.start, last_day), week_start)
    last = _week_start_of(last_day, week_start)
    first = min(first, last - timedelta(days=7 * (LEAST_WEEKS - 1)))
    # A week that is over counts eight: today is not one of its days.
    return [
        Week(start, min(8, (today - start).days + 1))
        for start in (first + timedelta(days=7 * index) for index in range((last - first).days // 7 + 1))
    ]


def _week_start_of(day: date, week_start: int) -> date:
    return day - timedelta(days=(day.weekday() - week_start) % 7)


def _months_earlier(day: date, months: int) -> date:
    index = 12 * day.year + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)
