"""Tasks by the day they are due on, where their viewer lives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, select, union_all

from webapp.storage.bulk import table_of
from webapp.storage.db import db
from webapp.storage.dialect import along_index
from webapp.tasks.models import Task
from webapp.tasks.queries import walks
from webapp.tasks.queries.conditions import Asked, ask, due_within
from webapp.tasks.queries.rows import TaskRow, list_rows
from webapp.tasks.rules.calendar import Span, SpanKind
from webapp.tasks.rules.criteria import TaskCriteria, due_range, due_stretches
from webapp.values.actor import Actor
from webapp.values.period import Period, day_start
from webapp.values.status import Status

# How many tasks a day shows; the others are a click away.
MOST_A_DAY = {SpanKind.MONTH: 4, SpanKind.WEEK: 25}
# A span with no more tasks than these is read in one go, one with more day by day.
READ_AT_ONCE = 300
# Where there are filters, so many tasks of a span are asked in one go, or, of very many, so many of each day.
SCANNED_AT_ONCE = 1000
SCANNED_A_DAY = 25

_COLUMNS = (Task.id, Task.due_on, Task.due_at, Task.due_sort, Task.status, Task.priority)


@dataclass(frozen=True)
class Day:
    """
    The first tasks due on a day. `more`: how many others there are; None when there are more than were counted.

    Without `is_certain` some may be missing: filters were held against the first `SCANNED_A_DAY` tasks.
    """

    day: date
    tasks: list[TaskRow]
    more: int | None
    is_certain: bool = True


def list_days(*, criteria: TaskCriteria, span: Span, actor: Actor) -> list[Day]:
    """
    Return each day that `span` shows, with what `criteria` asks for and is due on it; its order does not count.

    What is open comes before what is done, and what is due on the day before what is due at a time of it.
    """
    asked = ask(criteria, actor=actor)
    if asked.is_empty:
        return [Day(day, [], 0) for day in span.shown.days()]
    most, is_filtered = MOST_A_DAY[span.kind], bool(asked.names) and "ids" not in asked.names
    is_whole = not is_filtered or _count(span.shown, actor) <= SCANNED_AT_ONCE
    found = _find(span.shown, asked, actor) if is_whole else []
    if not is_whole or len(found) > READ_AT_ONCE:
        found, is_whole = _find_by_day(span.shown, asked, most, actor), False

    by_day: dict[date, list[Any]] = {day: [] for day in span.shown.days()}
    for task in found:
        day = task.due_on or task.due_at.astimezone(actor.zone).date()
        if day in by_day:
            by_day[day].append(task)
    chosen = {day: [task.id for task in sorted(tasks, key=_order)[:most]] for day, tasks in by_day.items()}
    rows = list_rows(task_ids=[id_ for ids in chosen.values() for id_ in ids], now=criteria.now, actor=actor)

    def more(day: date) -> int | None:
        others = len(by_day[day]) - len(chosen[day])
        return others if is_whole or not others else None

    is_certain = is_whole or not is_filtered
    return [Day(day, [rows[id_] for id_ in ids if id_ in rows], more(day), is_certain) for day, ids in chosen.items()]


def _order(task: Any) -> tuple[bool, bool, int, datetime, int]:
    is_timed = task.due_at is not None
    return task.status is Status.DONE, is_timed, 0 if is_timed else -task.priority, task.due_sort, task.id


def _count(period: Period, actor: Actor) -> int:
    """Return how many tasks are due in a period, filters or not: at most one more than are read in one go."""
    most = SCANNED_AT_ONCE + 1
    parts = [_walk(where, actor).limit(most).subquery() for where in _stretches(period, actor)]
    found = union_all(*(select(part.c.id) for part in parts)).subquery()
    return int(db.session.scalar(select(func.count()).select_from(found)) or 0)


def _find(period: Period, asked: Asked, actor: Actor) -> Sequence[Any]:
    """Return what is due in a period, at most one more than `READ_AT_ONCE` of each stretch."""
    if "ids" in asked.names:
        window = due_range(period.start, period.last, zone=actor.zone)
        return db.session.execute(
            select(*_COLUMNS)
            .where(Task.is_deleted == false(), *asked.conditions(), *due_within(window))
            .limit(READ_AT_ONCE + 1)
        ).all()
    return _put_together(
        [_part(where, asked, actor, most=READ_AT_ONCE, scanned=SCANNED_AT_ONCE) for where in _stretches(period, actor)]
    )


def _stretches(period: Period, actor: Actor) -> list[ColumnElement[bool]]:
    window = due_range(period.start, period.last, zone=actor.zone)
    return [
        and_(Task.due_sort >= first, Task.due_sort <= last)
        for first, last in due_stretches(window)
        if first is not None and last is not None
    ]


def _part(where: ColumnElement[bool], asked: Asked, actor: Actor, *, most: int, scanned: int) -> Any:
    """Return one stretch of the index by due day; filters are asked of its first `scanned` tasks and no more."""
    # One more tells that there are more.
    first = select(*_COLUMNS).order_by(Task.due_sort, Task.id).limit(most + 1)
    if "ids" in asked.names:
        return first.where(Task.is_deleted == false(), *asked.conditions(), where)
    if not asked.names:
        return _walk(where, actor).with_only_columns(*_COLUMNS).limit(most + 1)
    some = _walk(where, actor).limit(scanned).subquery()
    joined = first.select_from(some).join(Task, Task.id == some.c.id)
    return walks.joined_in_order(joined).where(*asked.conditions())


def _walk(where: ColumnElement[bool], actor: Actor) -> Any:
    walked = select(Task.id).where(Task.workspace_id == actor.workspace_id, Task.is_deleted == false(), where)
    return along_index(walked.order_by(Task.due_sort, Task.id), table_of(Task), "ix_tasks_by_due")


def _put_together(parts: Sequence[Any]) -> Sequence[Any]:
    stretches = [part.subquery() for part in parts]
    return db.session.execute(union_all(*(select(*stretch.c) for stretch in stretches))).all()


def _find_by_day(period: Period, asked: Asked, most: int, actor: Actor) -> Sequence[Any]:
    """
    Return the first of each day and one more, whatever else there is: each part is one stretch of the index by due day.

    What is due on a day sorts as its last second in UTC, so that between two of these there are only instants.
    """
    # An instant may be that second as well, where the period begins or ends.
    around = [_mark(period.start - timedelta(days=1)), _mark(period.end)]
    parts = [Task.due_sort == mark for mark in around]
    for day in period.days():
        parts.append(Task.due_sort == _mark(day))
        at, end = day_start(day, actor.zone), day_start(day + timedelta(days=1), actor.zone)
        for mark in (_mark(day + timedelta(days=away)) for away in (-1, 0, 1)):
            if at <= mark < end:
                parts.append(and_(Task.due_sort >= at, Task.due_sort < mark))
                at = mark + timedelta(seconds=1)
        parts.append(and_(Task.due_sort >= at, Task.due_sort < end))
    return _put_together([_part(where, asked, actor, most=most, scanned=SCANNED_A_DAY) for where in parts])


def _mark(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=UTC)
