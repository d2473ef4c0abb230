"""Questions about tasks that come again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import false, select
from sqlalchemy.orm import selectinload

from webapp.storage.db import db
from webapp.tasks.models import Series, Task
from webapp.tasks.rules.recurrence import (
    Occurrence,
    Repeat,
    Rule,
    Schedule,
    Scope,
    SeriesEdit,
    checked,
    checked_due,
    describe,
    normal,
)
from webapp.values.actor import Actor
from webapp.values.status import Status


@dataclass(frozen=True)
class Repetition:
    """
    How one task repeats, as its page shows it; `words` begin a sentence.

    `dates` are the next ones, from when this task is done; none where a newer task of the series is there already
    (`newest_task_id`), or where it ends with this one. `skipped` are dates that were, oldest first.
    """

    repeat: Repeat
    words: str
    clock: time | None
    dates: tuple[date, ...]
    skipped: tuple[date, ...]
    newest_task_id: int | None

    @property
    def can_skip(self) -> bool:
        """Tell whether the task can move on to the next date."""
        return bool(self.dates)


def find_repetition(task: Task, *, now: datetime, actor: Actor) -> Repetition | None:
    """Return how a task that the actor may see repeats; None when it does not."""
    if task.series_id is None:
        return None
    series = db.session.scalar(select(Series).where(Series.id == task.series_id))
    if series is None or series.stopped_at is not None:
        return None
    is_newest = task.occurrence == series.newest_n
    schedule = schedule_of(series)
    dates = schedule.upcoming(newest_of(series), now=now, today=now.astimezone(actor.zone).date()) if is_newest else []
    return Repetition(
        repeat=schedule.repeat,
        words=_sentence(schedule.repeat),
        clock=schedule.clock,
        dates=tuple(dates) if task.status is not Status.DONE else (),
        skipped=tuple(date.fromisoformat(day) for day in series.skipped),
        newest_task_id=None if is_newest else _newest_task_id(series),
    )


def find_repeat(task: Task) -> Repeat | None:
    """Return the rule that a task repeats by, or None."""
    series = db.session.get(Series, task.series_id) if task.series_id is not None else None
    return repeat_of(series) if series is not None and series.stopped_at is None else None


@dataclass(frozen=True)
class Preview:
    """A rule in words that begin a sentence, and the next dates after the task it is set on."""

    words: str
    dates: tuple[date, ...]


def preview(
    *, edit: SeriesEdit, day: date | None, clock: time | None, task: Task | None, now: datetime, actor: Actor
) -> Preview | None:
    """
    Return what saving a task would lead to, or None when it would not repeat.

    :param day: the day it would be due on, at `clock` where it lives
    :param task: as it is now; None for a new one
    :raises InvalidInput: naming the field that cannot be accepted
    """
    if edit.repeat is None:
        return None
    day = checked_due(day)
    repeat = normal(edit.repeat)
    series = db.session.get(Series, task.series_id) if task is not None and task.series_id is not None else None
    n = task.occurrence or 0 if task is not None else 0
    if series is not None and edit.scope is Scope.ONE and repeat == repeat_of(series):
        # Wherever this one is moved to, the newest is followed by what it would be followed by anyway.
        schedule, current = schedule_of(series), newest_of(series)
    else:
        schedule = Schedule(checked(repeat, due=day), anchor=day, anchor_n=n, zone=actor.zone, clock=clock)
        current = Occurrence(n, day)
    dates = schedule.upcoming(current, now=now, today=now.astimezone(actor.zone).date())
    return Preview(_sentence(repeat), tuple(dates))


def _sentence(repeat: Repeat) -> str:
    words = describe(repeat)
    return words[0].upper() + words[1:]


def lock_series(*, series_id: int | None) -> Series | None:
    """Return a series as it is now, held until the transaction ends; None when it is stopped."""
    if series_id is None:
        return None
    series = db.session.scalar(
        select(Series)
        .where(Series.id == series_id)
        .options(selectinload(Series.tags))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return series if series is not None and series.stopped_at is None else None


def list_waking_ids(*, now: datetime, limit: int) -> list[int]:
    """Return the ids of series that have a date whose day has begun, those that wait longest first."""
    return list(
        db.session.scalars(
            select(Series.id).where(Series.wakes_at <= now).order_by(Series.wakes_at, Series.id).limit(limit)
        )
    )


def repeat_of(series: Series) -> Repeat:
    """Return the rule that is kept in a series."""
    rule = Rule(
        unit=series.unit,
        every=series.every,
        weekdays=tuple(int(digit) for digit in series.weekdays),
        nth=series.nth,
        is_last_day=series.is_last_day,
    )
    return Repeat(rule, basis=series.basis, until=series.until_on, count=series.times, missed=series.missed)


def schedule_of(series: Series) -> Schedule:
    """Return all the dates of a series."""
    return Schedule(
        repeat=repeat_of(series),
        anchor=series.anchor_on,
        anchor_n=series.anchor_n,
        zone=ZoneInfo(series.zone),
        clock=time.fromisoformat(series.clock) if series.clock else None,
    )


def newest_of(series: Series) -> Occurrence:
    """Return the newest date of a series that has a task."""
    return Occurrence(series.newest_n, series.newest_on)


def _newest_task_id(series: Series) -> int | None:
    found: int | None = db.session.scalar(
        select(Task.id).where(
            Task.series_id == series.id, Task.occurrence == series.newest_n, Task.is_deleted == false()
        )
    )
    return found
