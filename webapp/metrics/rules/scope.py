"""Whose numbers, of which days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from webapp.metrics.rules.spans import Week, period_before, weeks_of
from webapp.values.period import Period


class Who(StrEnum):
    """Whose time and tasks are counted."""

    ME = "me"
    ALL = "all"


@dataclass(frozen=True)
class Scope:
    """
    What a dashboard is about.

    `before` is the period it is compared with, `weeks` are the whole weeks it shows. `can_choose` tells whether there
    is anybody else in the workspace, `is_running` whether a timer runs whose time up to now is counted.
    """

    who: Who
    can_choose: bool
    period: Period
    before: Period
    weeks: list[Week]
    today: date
    is_running: bool = False

    @property
    def span(self) -> Period:
        """All the days that are looked at."""
        start = min(self.period.start, self.before.start, self.weeks[0].start)
        return Period(start, max(self.period.end, self.weeks[-1].end))


def settle(*, who: Who | None, others: int, guests: int, period: Period, today: date, week_start: int) -> Scope:
    """
    Decide what to show where the viewer has not said.

    Beside others who can log in they see their own numbers first; alone, everything: then people whom an imported file
    named (`guests`) are part of the record they keep.
    """
    return Scope(
        who=who or (Who.ME if others else Who.ALL),
        can_choose=bool(others or guests),
        period=period,
        before=period_before(period, today),
        weeks=weeks_of(period, today=today, week_start=week_start),
        today=today,
    )
