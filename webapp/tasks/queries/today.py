"""What a person has before them today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, false, func, literal, or_, select, union_all

from webapp.storage.db import db
from webapp.storage.dialect import walk_index
from webapp.tasks.models import EntryDay, Task, TimeEntry
from webapp.tasks.queries.tasks import TaskRow, due_within, list_rows
from webapp.tasks.rules.criteria import Due, DueWindow, due_window
from webapp.tasks.rules.due import NO_DUE
from webapp.tasks.rules.intake import SAMPLE_SOURCE
from webapp.values.actor import Actor
from webapp.values.status import Status

MOST_IN_A_SECTION = 20


@dataclass(frozen=True)
class Section:
    """Some tasks under one heading; `has_more` when there are others that belong there."""

    rows: list[TaskRow]
    has_more: bool


@dataclass(frozen=True)
class Today:
    """Each open task at most once: where it comes first."""

    running: list[TaskRow]
    overdue: Section
    due: Section
    doing: Section
    next: Section
    tracked_seconds: int


@dataclass(frozen=True)
class FirstSteps:
    """What somebody who is new here has done already."""

    has_task: bool
    has_import: bool
    has_time: bool
    has_done: bool
    has_sample: bool

    @property
    def are_taken(self) -> bool:
        """Whether they know their way; bringing tasks in from a file is not for everybody."""
        return self.has_task and self.has_time and self.has_done


def get_today(*, actor: Actor, now: datetime) -> Today:
    """
    Return the actor's day at `now`: what runs, is late, is due, is in work, and what is to do next.

    Next is what has a due day, by it and then by priority; after it what has none, by priority, newest first.
    """
    ids = _list_ids(actor=actor, now=now)
    rows = list_rows(task_ids=sorted({task_id for _, task_id in ids}), now=now, actor=actor)
    running = {task_id for section, task_id in ids if section == "running"}

    def section(*names: str) -> Section:
        chosen = [rows[id_] for name in names for part, id_ in ids if part == name and id_ in rows]
        shown = [row for row in chosen if row.id not in running]
        return Section(rows=shown[:MOST_IN_A_SECTION], has_more=len(shown) > MOST_IN_A_SECTION)

    return Today(
        running=[rows[task_id] for task_id in running if task_id in rows],
        overdue=section("overdue"),
        due=section("due"),
        doing=section("doing"),
        next=section("dated", "undated"),
        tracked_seconds=_sum_tracked(actor=actor, now=now),
    )


def get_first_steps(*, actor: Actor) -> FirstSteps:
    """Return which of the first steps have been taken in the actor's workspace: one statement."""
    mine = Task.workspace_id == actor.workspace_id
    row = db.session.execute(
        select(
            exists().where(mine),
            # Tasks that came from somewhere carry its name.
            exists().where(mine, Task.source.is_not(None), Task.source != SAMPLE_SOURCE),
            exists().where(TimeEntry.workspace_id == actor.workspace_id),
            exists().where(mine, Task.is_deleted == false(), Task.status == Status.DONE),
            exists().where(mine, Task.source == SAMPLE_SOURCE),
        )
    ).one()
    return FirstSteps(*(bool(value) for value in row))


def _list_ids(*, actor: Actor, now: datetime) -> list[tuple[str, int]]:
    """Return sections and ids, in order. Each part is one stretch of one index: none reads more than it gives."""
    late = due_window(Due.OVERDUE, now=now, zone=actor.zone)
    today = due_window(Due.TODAY, now=now, zone=actor.zone)
    todo, doing = Task.status == Status.TODO, Task.status == Status.DOING
    running = select(TimeEntry.task_id).where(TimeEntry.running_user_id == actor.user_id).scalar_subquery()
    by_due = (Task.due_sort, Task.id)
    by_priority = (Task.priority.desc(), Task.created_at.desc(), Task.id.desc())
    parts = [
        _part("running", actor, [Task.id == running], by_due, index=None),
        _part("overdue", actor, [todo, *due_within(late)], by_due),
        _part("overdue", actor, [doing, *due_within(late)], by_due),
        _part("due", actor, [todo, *due_within(today), *_not_late(now)], by_due),
        _part("due", actor, [doing, *due_within(today), *_not_late(now)], by_due),
        _part("doing", actor, [doing, *_after(today)], by_due),
        _part("dated", actor, [todo, Task.due_sort < NO_DUE, *_after(today)], by_due),
        # Not by due_sort: the index to walk is the one by priority.
        _part(
            "undated",
            actor,
            [todo, Task.due_on.is_(None), Task.due_at.is_(None)],
            by_priority,
            index="ix_tasks_by_status_priority",
        ),
    ]
    found = db.session.execute(union_all(*(select(*part.c) for part in parts))).all()
    return [(row.section, row.id) for row in sorted(found, key=_order)]


def _order(row: Any) -> tuple[datetime, int, float, int]:
    # Of what is due alike the most important comes first; of what is due never, the newest of those.
    if row.section == "undated":
        return row.due_sort, -row.priority, -row.created_at.timestamp(), -row.id
    return row.due_sort, -row.priority, 0, row.id


def _part(
    section: str,
    actor: Actor,
    where: Sequence[ColumnElement[bool]],
    order: Sequence[Any],
    *,
    index: str | None = "ix_tasks_by_status_due",
) -> Any:
    part = (
        select(literal(section).label("section"), Task.id, Task.due_sort, Task.priority, Task.created_at)
        .where(Task.workspace_id == actor.workspace_id, Task.is_deleted == false(), *where)
        .order_by(*order)
        # One may be the running task, which stands elsewhere, and one more tells that there are more.
        .limit(MOST_IN_A_SECTION + 2)
    )
    return (part if index is None else walk_index(part, table="tasks", index=index)).subquery()


def _not_late(now: datetime) -> list[ColumnElement[bool]]:
    return [or_(Task.due_at.is_(None), Task.due_at >= now)]


def _after(today: DueWindow) -> list[ColumnElement[bool]]:
    first_sort = min(today.ends_at, datetime.combine(today.last + timedelta(days=1), time(23, 59, 59), tzinfo=UTC))
    return [
        Task.due_sort >= first_sort,
        or_(Task.due_on > today.last, Task.due_at >= today.ends_at, Task.due_sort == NO_DUE),
    ]


def _sum_tracked(*, actor: Actor, now: datetime) -> int:
    total = db.session.scalar(
        select(func.sum(EntryDay.seconds)).where(
            EntryDay.workspace_id == actor.workspace_id,
            EntryDay.day == now.astimezone(actor.zone).date(),
            EntryDay.user_id == actor.user_id,
        )
    )
    # MySQL returns SUM as Decimal and SQLite as int.
    return int(total or 0)
