"""What calculations take from the work: time, and tasks with their estimates, added up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, false, func, literal, select

from webapp.storage.db import db
from webapp.storage.dialect import in_given_order
from webapp.tasks.models import EntryDay, Task, TaskTag, TimeEntry
from webapp.tasks.queries.timesheet import list_running
from webapp.tasks.rules.entries import EARLIEST_DAY
from webapp.tasks.rules.tasks import title_key
from webapp.tasks.rules.timesheet import RecordOrNone, SheetCriteria
from webapp.values.actor import Actor
from webapp.values.period import Period
from webapp.values.status import Status
from webapp.values.text import name_key

ALL_DAYS = Period(EARLIEST_DAY, date.max)
# Of one title; whoever has more names them by their numbers.
MOST_OF_A_TITLE = 5
OPEN = (Status.TODO, Status.DOING)


@dataclass(frozen=True)
class TimeSum:
    """Time added up, on how many tasks, and whether a timer is in it that still runs."""

    seconds: int
    tasks: int
    is_running: bool


@dataclass(frozen=True)
class ChosenTasks:
    """
    Which tasks a figure counts. Whatever is None asks for nothing.

    :param period: the days they were finished on if only done ones are asked for, else created on; without a period
        only what is open can be asked for, as all that was ever done grows and grows
    """

    period: Period | None
    statuses: tuple[Status, ...] = ()
    category_id: RecordOrNone | None = None
    tag_id: int | None = None
    customer_id: RecordOrNone | None = None
    assignee_id: int | None = None


@dataclass(frozen=True)
class TaskSum:
    """How many tasks there are, how many of them have an estimate, and what these add up to."""

    tasks: int
    estimated_tasks: int
    estimated_minutes: int


@dataclass(frozen=True)
class TaskFacts:
    """What figures say of one task."""

    id: int
    title: str
    tracked_seconds: int
    estimated_minutes: int | None
    customer_id: int | None


def find_task(*, task_id: int, actor: Actor) -> TaskFacts | None:
    """Return a task by its number; None where it is in the trash or in another workspace."""
    # + 0 keeps the engines from looking through the workspace for what the number names already.
    found = _find(Task.id == task_id, Task.workspace_id + 0 == actor.workspace_id)
    return found[0] if found else None


def list_tasks_titled(*, title: str, actor: Actor) -> list[TaskFacts]:
    """Return the tasks of a title, whatever its case; at most so many that one sees it is not one."""
    found = _find(Task.workspace_id == actor.workspace_id, Task.title_key == title_key(title))
    return [task for task in found if name_key(task.title) == name_key(title)]


def _find(*conditions: ColumnElement[bool]) -> list[TaskFacts]:
    rows = db.session.execute(
        select(Task.id, Task.title, Task.tracked_seconds, Task.estimated_minutes, Task.customer_id)
        .where(*conditions, Task.is_deleted == false())
        .order_by(Task.id)
        .limit(MOST_OF_A_TITLE)
    )
    return [TaskFacts(*row) for row in rows]


def sum_time_of_task(*, task: TaskFacts, actor: Actor, now: datetime) -> TimeSum:
    """Return all time on a task, everybody's, as it is kept with the task, with what runs counted up to `now`."""
    criteria = SheetCriteria(period=ALL_DAYS, user_id=None, task_id=task.id)
    return _with_running(TimeSum(task.tracked_seconds, 1, is_running=False), criteria, actor=actor, now=now)


def sum_time(*, criteria: SheetCriteria, actor: Actor, now: datetime) -> TimeSum:
    """
    Return the time that `criteria` asks for, with what runs counted up to `now`; each day what belongs to it.

    Time on tasks in the trash is left out. What is read is the time of the period, or of the one task.
    """
    asked = (
        select(func.sum(EntryDay.seconds), func.count(EntryDay.task_id.distinct()))
        .select_from(EntryDay)
        .join(Task, Task.id == EntryDay.task_id)
        .where(EntryDay.day >= criteria.period.start, EntryDay.day < criteria.period.end, Task.is_deleted == false())
    )
    if criteria.task_id is not None:
        # + 0: see find_task.
        asked = asked.where(EntryDay.task_id == criteria.task_id, EntryDay.workspace_id + 0 == actor.workspace_id)
    else:
        asked = asked.where(EntryDay.workspace_id == actor.workspace_id)
    if criteria.user_id is not None:
        asked = asked.where(EntryDay.user_id == criteria.user_id)
    if criteria.is_billable is not None or criteria.customer_id is not None:
        asked = asked.join(TimeEntry, TimeEntry.id == EntryDay.entry_id)
    if criteria.is_billable is not None:
        asked = asked.where(TimeEntry.is_billable == criteria.is_billable)
    # Whom it was for: said by the time itself, or by its task.
    for_whom = func.coalesce(TimeEntry.customer_id, Task.customer_id)
    asked = asked.where(
        *_of_tasks(criteria.statuses, criteria.category_id, criteria.tag_id),
        *_is_record(for_whom, criteria.customer_id),
    )
    seconds, tasks = db.session.execute(in_given_order(asked)).one()
    # MySQL returns SUM as Decimal and SQLite as int.
    return _with_running(TimeSum(int(seconds or 0), int(tasks), is_running=False), criteria, actor=actor, now=now)


def sum_tasks(*, criteria: ChosenTasks, actor: Actor) -> TaskSum:
    """Return what the tasks that `criteria` asks for add up to; those in the trash are left out."""
    asked = select(
        func.count(), func.count(Task.estimated_minutes), func.coalesce(func.sum(Task.estimated_minutes), 0)
    ).where(
        Task.workspace_id == actor.workspace_id,
        Task.is_deleted == false(),
        *_of_tasks(() if criteria.period is None else criteria.statuses, criteria.category_id, criteria.tag_id),
        *_is_record(Task.customer_id + 0, criteria.customer_id),
        *_is_record(Task.assignee_id + 0, criteria.assignee_id),
    )
    if criteria.period is None:
        asked = asked.where(Task.status.in_([status for status in criteria.statuses if status is not Status.DONE]))
    else:
        day: Any = Task.completed_on if criteria.statuses == (Status.DONE,) else Task.created_on
        asked = asked.where(day >= criteria.period.start, day < criteria.period.end)
    tasks, estimated, minutes = db.session.execute(asked).one()
    return TaskSum(int(tasks), int(estimated), int(minutes or 0))


def _with_running(ended: TimeSum, criteria: SheetCriteria, *, actor: Actor, now: datetime) -> TimeSum:
    running = list_running(criteria=criteria, actor=actor, now=now)
    if not running:
        return ended
    return TimeSum(ended.seconds + sum(entry.seconds for entry in running), ended.tasks, is_running=True)


def _of_tasks(
    statuses: tuple[Status, ...], category_id: RecordOrNone | None, tag_id: int | None
) -> Iterator[ColumnElement[bool]]:
    if statuses:
        yield Task.status.in_(statuses)
    # + 0: by the days that are asked for less is read than by all tasks of a category, of all years.
    yield from _is_record(Task.category_id + 0, category_id)
    if tag_id is not None:
        tagged = select(literal(1)).where(TaskTag.task_id == Task.id, TaskTag.tag_id == tag_id)
        yield exists(tagged.correlate(Task))


def _is_record(column: ColumnElement[Any], record_id: RecordOrNone | None) -> Iterator[ColumnElement[bool]]:
    if record_id is not None:
        yield column.is_(None) if record_id == "none" else column == record_id
