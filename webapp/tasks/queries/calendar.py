"""Tasks by the day they are due on, where their viewer lives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, select, union_all

from webapp.storage.db import db
from webapp.storage.dialect import walk_index
from webapp.tasks.models import Task
from webapp.tasks.queries.rows import TaskRow, list_rows
from webapp.tasks.queries.tasks import due_within, filters_of
from webapp.tasks.rules.calendar import Span, SpanKind
from webapp.tasks.rules.criteria import TaskCriteria, due_range
from webapp.values.actor import Actor
from webapp.values.period import Period, day_start
from webapp.values.status import Status

# How many tasks a day shows; the others are a click away.
MOST_A_DAY = {SpanKind.MONTH: 4, SpanKind.WEEK: 25}
# A span with no more tasks than these is read in one go, one with more day by day.
READ_AT_ONCE = 300

_COLUMNS = (Task.id, Task.due_on, Task.due_at, Task.due_sort, Task.status, Task.priority)


@dataclass(frozen=True)
class Day:
    """The first tasks due on a day. `more`: how many others there are; None when there are more than were counted."""

    day: date
    tasks: list[TaskRow]
    more: int | None


def list_days(*, criteria: TaskCriteria, span: Span, actor: Actor) -> list[Day]:
    """
    Return each day that `span` shows, with what `criteria` asks for and is due on it; its order does not count.

    What is open comes before what is done, and what is due on the day before what is due at a time of it.
    """
    conditions = filters_of(criteria, actor=actor)
    most = MOST_A_DAY[span.kind]
    found, is_whole = _find(span.shown, conditions, actor), True
    if len(found) > READ_AT_ONCE:
        found, is_whole = _find_by_day(span.shown, conditions, most, actor), False

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

    return [Day(day, [rows[id_] for id_ in ids if id_ in rows], more(day)) for day, ids in chosen.items()]


def _order(task: Any) -> tuple[bool, bool, int, datetime, int]:
    is_timed = task.due_at is not None
    return task.status is Status.DONE, is_timed, 0 if is_timed else -task.priority, task.due_sort, task.id


def _find(period: Period, conditions: Sequence[ColumnElement[bool]], actor: Actor) -> Sequence[Any]:
    window = due_range(period.start, period.last, zone=actor.zone)
    return db.session.execute(
        walk_index(
            select(*_COLUMNS)
            .where(*conditions, *due_within(window))
            .order_by(Task.due_sort, Task.id)
            .limit(READ_AT_ONCE + 1),
            table="tasks",
            index="ix_tasks_by_due",
        )
    ).all()


def _find_by_day(period: Period, conditions: Sequence[ColumnElement[bool]], most: int, actor: Actor) -> Sequence[Any]:
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
    first = (
        select(*_COLUMNS)
        .where(*conditions)
        .order_by(Task.due_sort, Task.id)
        # One more tells that there are more.
        .limit(most + 1)
    )
    first = walk_index(first, table="tasks", index="ix_tasks_by_due")
    stretches = [first.where(part).subquery() for part in parts]
    return db.session.execute(union_all(*(select(*stretch.c) for stretch in stretches))).all()


def _mark(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=UTC)
