"""What one person's days were spent on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, false, func, select

from webapp.storage.db import db
from webapp.tasks.models import Category, EntryDay, Task, TimeEntry
from webapp.tasks.rules import timesheet as rules
from webapp.tasks.rules.entries import seconds_by_day
from webapp.tasks.rules.timesheet import Sheet, SheetEntry, TaskDay
from webapp.values.actor import Actor
from webapp.values.period import Period

MOST_LISTED = 1000
MOST_TO_CHOOSE_FROM = 50


def get_timesheet(*, period: Period, actor: Actor, now: datetime) -> Sheet:
    """
    Return what the actor spent in this workspace on the days of `period`, with what runs counted up to `now`.

    Time on tasks in the trash is left out. Of very many entries the newest thousand are listed; totals count all.
    """
    task_days = _list_task_days(period=period, actor=actor)
    entries = _list_entries(period=period, actor=actor)
    running = list(_running(period=period, actor=actor, now=now))
    return rules.lay_out(
        period=period,
        task_days=[*task_days, *(task_day for task_day, _ in running)],
        entries=[*entries[:MOST_LISTED], *(entry for _, entry in running)],
        is_cut=len(entries) > MOST_LISTED,
    )


def list_tasks_to_choose(*, actor: Actor) -> list[tuple[int, str]]:
    """Return id and title of the tasks that were touched last, the newest first."""
    rows = db.session.execute(
        select(Task.id, Task.title)
        .where(Task.workspace_id == actor.workspace_id, Task.is_deleted == false())
        .order_by(Task.updated_at.desc(), Task.id.desc())
        .limit(MOST_TO_CHOOSE_FROM)
    )
    return [(row.id, row.title) for row in rows]


def _in_period(period: Period, actor: Actor) -> Iterable[ColumnElement[bool]]:
    return (
        EntryDay.workspace_id == actor.workspace_id,
        EntryDay.day >= period.start,
        EntryDay.day < period.end,
        EntryDay.user_id == actor.user_id,
        Task.is_deleted == false(),
    )


def _list_task_days(*, period: Period, actor: Actor) -> list[TaskDay]:
    rows = db.session.execute(
        select(EntryDay.task_id, Task.title, Category.name, EntryDay.day, func.sum(EntryDay.seconds))
        .join(Task, Task.id == EntryDay.task_id)
        .outerjoin(Category, Category.id == Task.category_id)
        .where(*_in_period(period, actor))
        .group_by(EntryDay.task_id, Task.title, Category.name, EntryDay.day)
    )
    # MySQL returns SUM as Decimal and SQLite as int.
    return [TaskDay(task_id, title, category, day, int(seconds)) for task_id, title, category, day, seconds in rows]


def _list_entries(*, period: Period, actor: Actor) -> list[SheetEntry]:
    rows = db.session.execute(
        select(
            EntryDay.entry_id,
            EntryDay.task_id,
            Task.title,
            EntryDay.day,
            EntryDay.seconds,
            TimeEntry.seconds.label("whole_seconds"),
            TimeEntry.started_at,
            TimeEntry.ended_at,
            TimeEntry.note,
        )
        .join(TimeEntry, TimeEntry.id == EntryDay.entry_id)
        .join(Task, Task.id == EntryDay.task_id)
        .where(*_in_period(period, actor))
        .order_by(EntryDay.day.desc(), EntryDay.entry_id.desc())
        .limit(MOST_LISTED + 1)
    )
    return [SheetEntry(**row._mapping) for row in rows]


def _running(*, period: Period, actor: Actor, now: datetime) -> Iterator[tuple[TaskDay, SheetEntry]]:
    row = db.session.execute(
        select(
            TimeEntry.id,
            TimeEntry.task_id,
            Task.title,
            Category.name,
            TimeEntry.started_at,
            TimeEntry.zone,
            TimeEntry.note,
        )
        .join(Task, Task.id == TimeEntry.task_id)
        .outerjoin(Category, Category.id == Task.category_id)
        .where(
            TimeEntry.running_user_id == actor.user_id,
            TimeEntry.workspace_id == actor.workspace_id,
            Task.is_deleted == false(),
        )
    ).one_or_none()
    if row is None:
        return
    shares = seconds_by_day(row.started_at, now, ZoneInfo(row.zone)) or {
        row.started_at.astimezone(ZoneInfo(row.zone)).date(): 0
    }
    for day, seconds in shares.items():
        if period.start <= day < period.end:
            yield (
                TaskDay(row.task_id, row.title, row.name, day, seconds),
                SheetEntry(
                    entry_id=row.id,
                    task_id=row.task_id,
                    title=row.title,
                    day=day,
                    seconds=seconds,
                    whole_seconds=sum(shares.values()),
                    started_at=row.started_at,
                    ended_at=None,
                    note=row.note,
                    is_running=True,
                ),
            )
