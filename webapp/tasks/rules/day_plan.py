"""What of today's work still fits into today. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from statistics import median
from zoneinfo import ZoneInfo

from webapp.values.local_time import instant_of

# A day that ends before this hour is the day before it, and a late one.
LATEST_NIGHT = time(5)
# From fewer finished tasks nobody can tell what is usual.
FEWEST_FOR_USUAL = 3


class Fit(StrEnum):
    """Whether a task fits into what is left of the day."""

    FITS = "fits"
    TOO_LONG = "too long"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Work:
    """
    A task as a plan sees it.

    :param usual_seconds: what tasks of its kind took this person, for one without an estimate; None when nobody knows
    """

    task_id: int
    estimated_minutes: int | None
    tracked_seconds: int
    usual_seconds: int | None = None


@dataclass(frozen=True)
class Planned:
    """One task of a plan: what is left of it (None: nobody knows), whether by habit, and whether it fits."""

    fit: Fit
    left_seconds: int | None
    is_by_habit: bool


@dataclass(frozen=True)
class Plan:
    """
    What fits until `ends_at`, by task.

    `fitting_seconds` is what those that fit take together, out of `left_seconds`; both are 0 when the day has ended.
    """

    ends_at: datetime
    left_seconds: int
    fitting_seconds: int
    tasks: Mapping[int, Planned]

    @property
    def has_ended(self) -> bool:
        """Whether the day is over."""
        return self.left_seconds == 0

    def count(self, fit: Fit) -> int:
        """Return how many tasks fit, are too long, or are unknown."""
        return sum(planned.fit == fit for planned in self.tasks.values())


def make_plan(works: Sequence[Work], *, ends_at: datetime, now: datetime) -> Plan:
    """
    Fill what is left of the day with `works`, the most pressing first.

    One that is too long for what is left by then is passed over: what comes after it may fit.
    """
    left_seconds = max(0, int((ends_at - now).total_seconds()))
    free, tasks = left_seconds, {}
    for work in works:
        length, is_by_habit = _left_of(work)
        if length is None:
            fit = Fit.UNKNOWN
        elif length <= free:
            fit, free = Fit.FITS, free - length
        else:
            fit = Fit.TOO_LONG
        tasks[work.task_id] = Planned(fit, length, is_by_habit)
    return Plan(ends_at, left_seconds, left_seconds - free, tasks)


def end_of_day(day_end: time, *, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant at which the working day ends that `now` belongs to, for somebody who lives in `zone`."""
    there = now.astimezone(zone)
    is_tomorrow = day_end < LATEST_NIGHT <= there.time()
    return instant_of(there.date() + timedelta(days=is_tomorrow), day_end, zone)


def usual_lengths(finished: Iterable[tuple[int | None, int]]) -> dict[int | None, int]:
    """
    Return the median of what finished tasks took, in seconds, by category.

    :param finished: category and tracked seconds of each; categories with too few are left out
    """
    lengths: dict[int | None, list[int]] = {}
    for category_id, seconds in finished:
        if seconds > 0:
            lengths.setdefault(category_id, []).append(seconds)
    return {
        category_id: int(median(seconds))
        for category_id, seconds in lengths.items()
        if len(seconds) >= FEWEST_FOR_USUAL
    }


def _left_of(work: Work) -> tuple[int | None, bool]:
    """Return what is left of a task, and whether that is by habit; None when it took longer than anybody thought."""
    is_by_habit = work.estimated_minutes is None
    whole = work.usual_seconds if work.estimated_minutes is None else work.estimated_minutes * 60
    if whole is None or whole <= work.tracked_seconds:
        return None, is_by_habit
    return whole - work.tracked_seconds, is_by_habit
