"""Which days a timesheet shows, and how the time of those days is laid out. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from webapp.errors import InvalidInput
from webapp.values.period import Period, named_period

WEEK_DAYS = 7
LONGEST_DAYS = 92
# Days in a week table, or bars in a row, that still fit beside each other.
MOST_COLUMNS = 7
# A bar as high as the row stands for at least this much, so that a quiet week does not look like a full one.
FULL_DAY_SECONDS = 8 * 3600


@dataclass(frozen=True)
class TaskDay:
    """What was spent on one task on one day."""

    task_id: int
    title: str
    category: str | None
    day: date
    seconds: int


@dataclass(frozen=True)
class SheetEntry:
    """What one time entry adds to one day. One that passed midnight is shown on each of its days, with its part."""

    entry_id: int
    task_id: int
    title: str
    day: date
    seconds: int
    whole_seconds: int
    started_at: datetime | None
    ended_at: datetime | None
    note: str
    is_running: bool = False

    @property
    def is_part(self) -> bool:
        """Whether the rest of it is on another day."""
        return self.seconds != self.whole_seconds


@dataclass(frozen=True)
class SheetDay:
    """One day: what was spent, entry by entry, the newest first. `bar` is its height, 0 to 100."""

    day: date
    seconds: int
    bar: int
    entries: tuple[SheetEntry, ...]


@dataclass(frozen=True)
class SheetTask:
    """One task: what was spent on each day of the period, in order, and altogether."""

    task_id: int
    title: str
    category: str | None
    days: tuple[tuple[date, int], ...]
    seconds: int
    is_running: bool


@dataclass(frozen=True)
class Sheet:
    """A timesheet: days oldest first, tasks with the most time first. It adds up to the same either way."""

    period: Period
    seconds: int
    days: tuple[SheetDay, ...]
    tasks: tuple[SheetTask, ...]
    # Whether there are older entries than those listed; the totals count them all the same.
    is_cut: bool

    @property
    def has_table(self) -> bool:
        """Whether the days fit beside each other."""
        return self.period.length_days <= MOST_COLUMNS


def choose_period(*, first: date | None, last: date | None, today: date, week_start: int) -> Period:
    """
    Return the days asked for, both included; this week where nothing is asked, a week where one end is.

    :param week_start: the first day of the week, 0 is Monday
    :raises InvalidInput: for a period that ends before it starts or is longer than a quarter
    """
    if first is None and last is None:
        return named_period("this-week", today=today, week_start=week_start)
    if first is None:
        first = (last or today) - timedelta(days=WEEK_DAYS - 1)
    if last is None:
        last = first + timedelta(days=WEEK_DAYS - 1)
    if last < first:
        raise InvalidInput("The last day is before the first.", field="to")
    if (last - first).days >= LONGEST_DAYS:
        raise InvalidInput(f"A timesheet shows {LONGEST_DAYS} days at most. Choose days closer together.", field="to")
    return Period(first, last + timedelta(days=1))


def lay_out(
    *, period: Period, task_days: Iterable[TaskDay], entries: Iterable[SheetEntry], is_cut: bool = False
) -> Sheet:
    """
    Build a timesheet from what each task took on each day, and the entries that are listed.

    :param task_days: several for the same task and day are added up
    """
    by_task: dict[int, dict[date, int]] = {}
    named: dict[int, TaskDay] = {}
    by_day: dict[date, int] = dict.fromkeys(period.days(), 0)
    for share in task_days:
        named.setdefault(share.task_id, share)
        days = by_task.setdefault(share.task_id, {})
        days[share.day] = days.get(share.day, 0) + share.seconds
        by_day[share.day] += share.seconds
    listed: dict[date, list[SheetEntry]] = {}
    for entry in entries:
        listed.setdefault(entry.day, []).append(entry)
    running = {entry.task_id for rows in listed.values() for entry in rows if entry.is_running}

    tallest = max(FULL_DAY_SECONDS, *by_day.values())
    tasks = [
        SheetTask(
            task_id=task_id,
            title=named[task_id].title,
            category=named[task_id].category,
            days=tuple((day, days.get(day, 0)) for day in by_day),
            seconds=sum(days.values()),
            is_running=task_id in running,
        )
        for task_id, days in by_task.items()
    ]
    return Sheet(
        period=period,
        seconds=sum(by_day.values()),
        days=tuple(
            SheetDay(
                day, seconds, round(100 * seconds / tallest), tuple(sorted(listed.get(day, []), key=_newest_first))
            )
            for day, seconds in by_day.items()
        ),
        tasks=tuple(sorted(tasks, key=lambda task: (-task.seconds, task.title, task.task_id))),
        is_cut=is_cut,
    )


def _newest_first(entry: SheetEntry) -> tuple[bool, bool, float, int]:
    clock = -entry.started_at.timestamp() if entry.started_at else 0.0
    return (not entry.is_running, entry.started_at is None, clock, -entry.entry_id)
