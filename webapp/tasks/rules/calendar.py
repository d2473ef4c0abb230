"""Which days a calendar shows, and what becomes of a due moment that is moved to another day. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from webapp.tasks.rules.due import EARLIEST_YEAR, LATEST_YEAR, local_instant
from webapp.values.period import Period


class SpanKind(StrEnum):
    """How much a calendar shows at once."""

    MONTH = "month"
    WEEK = "week"


@dataclass(frozen=True)
class Span:
    """A month or a week, and the whole weeks it is `shown` in."""

    kind: SpanKind
    period: Period
    shown: Period

    @property
    def weeks(self) -> list[list[date]]:
        """The days that are shown, a list a week."""
        days = list(self.shown.days())
        return [days[first : first + 7] for first in range(0, len(days), 7)]

    @property
    def word(self) -> str:
        """The span as an address names it: `2026-11`, or the first day of a week."""
        return f"{self.period.start:%Y-%m}" if self.kind is SpanKind.MONTH else self.period.start.isoformat()

    @property
    def address(self) -> dict[str, str]:
        """The parameter that asks for this span."""
        return {self.kind.value: self.word}

    def before(self) -> Span | None:
        """The span before this one; None before the first year that is kept."""
        return _within(self._around(self.period.start - timedelta(days=1)))

    def after(self) -> Span | None:
        """The span after this one; None after the last year that is kept."""
        return _within(self._around(self.period.end))

    def _around(self, day: date) -> Span:
        week_start = self.shown.start.weekday()
        return month_of(day, week_start) if self.kind is SpanKind.MONTH else week_of(day, week_start)


def month_of(day: date, week_start: int) -> Span:
    """Return the month of a day. `week_start`: 0 is Monday and 6 is Sunday."""
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    shown = Period(_week_start_of(first, week_start), _week_start_of(after - timedelta(days=1), week_start) + _WEEK)
    return Span(SpanKind.MONTH, Period(first, after), shown)


def week_of(day: date, week_start: int) -> Span:
    """Return the week of a day. `week_start`: 0 is Monday and 6 is Sunday."""
    first = _week_start_of(day, week_start)
    return Span(SpanKind.WEEK, Period(first, first + _WEEK), Period(first, first + _WEEK))


def moved_due(
    *, due_on: date | None, due_at: datetime | None, day: date, zone: ZoneInfo
) -> tuple[date | None, datetime | None]:
    """
    Return the due day and the due instant of a task that is moved to `day`: a time stays the same on the clocks there.

    :raises InvalidInput: when the clocks skip that time on that day
    """
    if due_at is None:
        return day, None
    there = due_at.astimezone(zone)
    if there.date() == day:
        return None, due_at
    return None, local_instant(datetime.combine(day, there.time()), zone=zone)


def is_kept(day: date) -> bool:
    """Whether a task may be due on a day."""
    return EARLIEST_YEAR <= day.year <= LATEST_YEAR


_WEEK = timedelta(days=7)


def _week_start_of(day: date, week_start: int) -> date:
    return day - timedelta(days=(day.weekday() - week_start) % 7)


def _within(span: Span) -> Span | None:
    return span if is_kept(span.period.start) and is_kept(span.period.last) else None
