"""What one person's days were spent on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, false, func, select

from webapp.storage.db import db
from webapp.tasks.models import Category, EntryDay, Task, TimeEntry
from webapp.tasks.rules import timesheet as rules
from webapp.tasks.rules.entries import Attribution, seconds_by_day
from webapp.tasks.rules.timesheet import Sheet, SheetEntry, TaskDay
from webapp.values.actor import Actor
from webapp.values.period import Period

MOST_LISTED = 1000
MOST_TO_CHOOSE_FROM = 50


def get_timesheet(*, period: Period, actor: Actor, now: datetime, by: Attribution = Attribution.CLIPPED) -> Sheet:
    """
    Return what the actor spent in this workspace on the days of `period`, with what runs counted up to `now`.

    Time on tasks in the trash is left out. Of very many entries the newest thousand are listed; totals count all.

    :param by: on which days time counts that passed midnight
    """
    task_days = _list_task_days(period=period, actor=actor, by=by)
    entries = _list_entries(period=period, actor=actor, by=by)
    running = list(_running(period=period, actor=actor, now=now, by=by))
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


def _counted_in(by: Attribution) -> type[EntryDay] | type[TimeEntry]:
    """Return the table whose `day` and `seconds` count: entries know the day they began on, and their whole length."""
    return EntryDay if by is Attribution.CLIPPED else TimeEntry


def _in_period(
    counted: type[EntryDay] | type[TimeEntry], period: Period, actor: Actor
) -> Iterable[ColumnElement[bool]]:
    yield counted.workspace_id == actor.workspace_id
    yield counted.day >= period.start
    yield counted.day < period.end
    yield counted.user_id == actor.user_id
    yield Task.is_deleted == false()
    if counted is TimeEntry:
        # Neither deleted nor running: those have no rows of days.
        yield TimeEntry.deleted_at.is_(None)
        yield TimeEntry.seconds > 0


def _list_task_days(*, period: Period, actor: Actor, by: Attribution) -> list[TaskDay]:
    counted = _counted_in(by)
    rows = db.session.execute(
        select(counted.task_id, Task.title, Category.name, counted.day, func.sum(counted.seconds))
        .join(Task, Task.id == counted.task_id)
        .outerjoin(Category, Category.id == Task.category_id)
        .where(*_in_period(counted, period, actor))
        .group_by(counted.task_id, Task.title, Category.name, counted.day)
    )
    # MySQL returns SUM as Decimal and SQLite as int.
    return [TaskDay(task_id, title, category, day, int(seconds)) for task_id, title, category, day, seconds in rows]


def _list_entries(*, period: Period, actor: Actor, by: Attribution) -> list[SheetEntry]:
    counted = _counted_in(by)
    statement = select(
        TimeEntry.id.label("entry_id"),
        TimeEntry.task_id,
        Task.title,
        counted.day,
        counted.seconds,
        TimeEntry.seconds.label("whole_seconds"),
        TimeEntry.started_at,
        TimeEntry.ended_at,
        TimeEntry.note,
    ).join(Task, Task.id == TimeEntry.task_id)
    if counted is EntryDay:
        statement = statement.join(EntryDay, EntryDay.entry_id == TimeEntry.id)
    rows = db.session.execute(
        statement.where(*_in_period(counted, period, actor))
        .order_by(counted.day.desc(), TimeEntry.id.desc())
        .limit(MOST_LISTED + 1)
    )
    return [SheetEntry(**row._mapping) for row in rows]


def _running(*, period: Period, actor: Actor, now: datetime, by: Attribution) -> Iterator[tuple[TaskDay, SheetEntry]]:
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
    zone = ZoneInfo(row.zone)
    began_on = row.started_at.astimezone(zone).date()
    shares = seconds_by_day(row.started_at, now, zone) or {began_on: 0}
    if by is Attribution.START:
        shares = {began_on: sum(shares.values())}
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
