"""Tracked time and finished tasks over a period, day by day or, when it is long, week by week."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from webapp.metrics.rules.facts import DayFinished
from webapp.metrics.rules.spans import Week
from webapp.metrics.rules.trends import Direction, find_direction
from webapp.values.period import Period

MOST_DAYS = 92
MEAN_DAYS = 7
LEAST_DRAWN = 3


@dataclass(frozen=True)
class Step:
    """One day or week; `is_open` while it is not over."""

    start: date
    seconds: int
    finished: int
    is_open: bool


@dataclass(frozen=True)
class WeekdayMean:
    """The mean seconds of one weekday, 0 is Monday; None where the period has none."""

    weekday: int
    seconds: int | None


@dataclass(frozen=True)
class MonthTotal:
    """The sum of the days of one month that lie in the period, and how many of them have any time."""

    first: date
    seconds: int
    working_days: int


@dataclass(frozen=True)
class Productivity:
    """
    The steps of a period, oldest first, and where both series go.

    Steps are days (`is_daily`) up to `MOST_DAYS`, else whole weeks. The directions leave out the step that is not over
    and what lies before the first record. `days` has the seconds of every day that has begun.
    """

    is_daily: bool
    steps: list[Step]
    tracked: Direction
    finished: Direction
    days: Mapping[date, int]
    week_start: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not any(step.seconds or step.finished for step in self.steps)

    @property
    def is_worth_drawing(self) -> bool:
        """Whether there is a course to be seen: three steps with anything in them."""
        return sum(1 for step in self.steps if step.seconds or step.finished) >= LEAST_DRAWN

    @property
    def working_days(self) -> int:
        """How many days have any tracked time."""
        return sum(1 for seconds in self.days.values() if seconds)

    @property
    def full_day_seconds(self) -> int:
        """What a full day has: three of four working days have no more, in whole hours; at least one hour."""
        worked = sorted(seconds for seconds in self.days.values() if seconds)
        return max(1, math.ceil(worked[len(worked) * 3 // 4] / 3600)) * 3600 if worked else 3600

    def weekdays(self) -> list[WeekdayMean]:
        """Return the mean of each weekday, the person's first day of the week first."""
        order = [(self.week_start + offset) % 7 for offset in range(7)]
        values = {weekday: [s for day, s in self.days.items() if day.weekday() == weekday] for weekday in order}
        return [WeekdayMean(weekday, sum(found) // len(found) if found else None) for weekday, found in values.items()]

    def months(self) -> list[MonthTotal]:
        """Return the sum of each month that the days touch, oldest first."""
        months: dict[date, list[int]] = {}
        for day, seconds in self.days.items():
            months.setdefault(day.replace(day=1), []).append(seconds)
        return [
            MonthTotal(first, sum(found), sum(1 for seconds in found if seconds)) for first, found in months.items()
        ]

    def moving_means(self) -> list[float | None]:
        """Return for each day the mean seconds of it and the six before; None where there are not six before."""
        return [
            sum(step.seconds for step in self.steps[index - MEAN_DAYS + 1 : index + 1]) / MEAN_DAYS
            if index >= MEAN_DAYS - 1
            else None
            for index in range(len(self.steps))
        ]


def follow(
    *,
    period: Period,
    weeks: list[Week],
    today: date,
    seconds: Mapping[date, int],
    finished: Iterable[DayFinished],
) -> Productivity:
    """
    Follow the period up to today.

    :param weeks: the whole weeks that the period touches; used where the period is long
    :param seconds: also of days before the period: where there are any, empty first days count as days without work
    """
    counts = {row.day: row.finished for row in finished}
    if period.length_days <= MOST_DAYS:
        days = [day for day in period.days() if day <= today]
        steps = [Step(day, seconds.get(day, 0), counts.get(day, 0), day == today) for day in days]
    else:
        steps = [
            Step(
                week.start,
                sum(seconds.get(day, 0) for day in _days(week)),
                sum(counts.get(day, 0) for day in _days(week)),
                not week.is_over,
            )
            for week in weeks
        ]
    begins = min([*seconds, *counts], default=today)
    is_daily = period.length_days <= MOST_DAYS
    length = timedelta(days=1 if is_daily else 7)
    judged = [step for step in steps if not step.is_open and step.start + length > begins]
    seasons = 7 if is_daily else 1
    return Productivity(
        is_daily=is_daily,
        steps=steps,
        tracked=find_direction([step.seconds for step in judged], seasons=seasons),
        finished=find_direction([step.finished for step in judged], seasons=seasons),
        days={day: seconds.get(day, 0) for day in period.days() if day <= today},
        week_start=weeks[0].start.weekday(),
    )


def _days(week: Week) -> list[date]:
    return [week.start + timedelta(days=offset) for offset in range(7)]
