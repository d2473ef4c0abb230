"""What the rules are told: sums the database has added up, and the few rows of which a middle is taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from webapp.values.status import Status


@dataclass(frozen=True)
class CategoryName:
    """A category as it is shown."""

    id: int
    name: str
    hue: int


@dataclass(frozen=True)
class CreatedCount:
    """How many tasks of one status and category were created in the period, and in the one before."""

    status: Status
    category_id: int | None
    now: int
    before: int


@dataclass(frozen=True)
class DayFinished:
    """
    What was finished on one day.

    `with_due` of them had a due day or time and `on_time` kept it; `with_both` have an estimate and tracked time, and
    `within` of these took between 75 and 125 % of the estimate.
    """

    day: date
    finished: int = 0
    with_due: int = 0
    on_time: int = 0
    with_both: int = 0
    within: int = 0
    estimated_minutes: int = 0
    actual_seconds: int = 0


@dataclass(frozen=True)
class CategoryFinished:
    """What was finished of one category; estimate and actual are those of the `with_both` tasks that have both."""

    category_id: int | None
    finished: int
    with_both: int
    estimated_minutes: int
    actual_seconds: int


@dataclass(frozen=True)
class Pair:
    """A finished task with an estimate and tracked time, both above nought."""

    task_id: int
    title: str
    category_id: int | None
    finished_on: date
    estimated_minutes: int
    actual_seconds: int

    @property
    def ratio(self) -> float:
        """How many times the estimate it took."""
        return self.actual_seconds / (60 * self.estimated_minutes)

    @property
    def is_within(self) -> bool:
        """Whether it took between 75 and 125 % of the estimate."""
        return is_within(self.estimated_minutes, self.actual_seconds)


@dataclass(frozen=True)
class Planned:
    """Tasks due on one day and finished on one day (or not at all), with the sum of their estimates."""

    due_on: date
    finished_on: date | None
    estimated_minutes: int


def is_within(estimated_minutes: int, actual_seconds: int) -> bool:
    """Tell whether an actual time lies between 75 and 125 % of an estimate, both ends included."""
    # In whole numbers, so that SQL can ask the same question and gets the same answer.
    return 180 * estimated_minutes <= 4 * actual_seconds <= 300 * estimated_minutes
