"""Questions about what is a part of what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, false, func, literal, select

from webapp.accounts.models import User
from webapp.storage.db import db
from webapp.tasks.models import Task
from webapp.tasks.rules.due import is_overdue
from webapp.tasks.rules.parents import MOST_LEVELS, MOST_SUBTASKS, Step
from webapp.values.actor import Actor
from webapp.values.status import Status

MOST_PARENTS_OFFERED = 50


@dataclass(frozen=True)
class Subtask:
    """One part of a task, as the page of that task shows it."""

    id: int
    title: str
    status: Status
    due_on: date | None
    due_at: datetime | None
    is_overdue: bool
    assignee_name: str | None


def list_way_up(*, task_id: int, actor: Actor, in_trash: bool = False) -> list[Step]:
    """
    Return a task, what it is part of, what that is part of, and so on. One statement.

    :param in_trash: goes on through what is in the trash; else it ends there
    """
    visible = [] if in_trash else [Task.is_deleted == false()]
    way = (
        select(Task.id, Task.title, Task.parent_id, literal(0).label("step"))
        .where(Task.id == task_id, Task.workspace_id == actor.workspace_id, *visible)
        .cte("way", recursive=True)
    )
    above = and_(Task.id == way.c.parent_id, Task.workspace_id + 0 == actor.workspace_id, *visible)
    way = way.union_all(
        select(Task.id, Task.title, Task.parent_id, way.c.step + 1)
        .join(way, above)
        # A circle, were there one, ends here.
        .where(way.c.step < 2 * MOST_LEVELS)
    )
    rows = db.session.execute(select(way.c.id, way.c.title).order_by(way.c.step))
    return [Step(row.id, row.title) for row in rows]


def count_levels(*, task_id: int) -> int:
    """Return how many levels a task has: 1 without parts, 2 with some, and so on; what is in the trash counts."""
    tree = select(Task.id, literal(1).label("level")).where(Task.id == task_id).cte("tree", recursive=True)
    tree = tree.union_all(
        select(Task.id, tree.c.level + 1).join(tree, Task.parent_id == tree.c.id).where(tree.c.level < 2 * MOST_LEVELS)
    )
    return int(db.session.scalar(select(func.max(tree.c.level))) or 1)


def list_subtasks(*, task_id: int, now: datetime, actor: Actor) -> list[Subtask]:
    """Return the parts of a task in their order. One statement."""
    rows = db.session.execute(
        select(Task.id, Task.title, Task.status, Task.due_on, Task.due_at, User.name)
        .outerjoin(User, User.id == Task.assignee_id)
        .where(*_parts_of(task_id, actor))
        .order_by(Task.position, Task.id)
        .limit(MOST_SUBTASKS)
    )
    return [
        Subtask(
            id=row.id,
            title=row.title,
            status=row.status,
            due_on=row.due_on,
            due_at=row.due_at,
            is_overdue=is_overdue(status=row.status, due_on=row.due_on, due_at=row.due_at, now=now, zone=actor.zone),
            assignee_name=row.name,
        )
        for row in rows
    ]


def list_parts_to_order(*, task_id: int, actor: Actor) -> list[Task]:
    """Return the parts of a task in their order, held until the transaction ends."""
    return list(
        db.session.scalars(
            select(Task)
            .where(*_parts_of(task_id, actor))
            .order_by(Task.position, Task.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _parts_of(task_id: int, actor: Actor) -> list[ColumnElement[bool]]:
    # + 0 keeps SQLite from looking through all of the workspace.
    return [Task.parent_id == task_id, Task.workspace_id + 0 == actor.workspace_id, Task.is_deleted == false()]


def list_possible_parents(*, actor: Actor, but_not: int | None = None) -> list[tuple[int, str]]:
    """Return the id and title of the open tasks that were changed last, to choose from."""
    rows = db.session.execute(
        select(Task.id, Task.title)
        .where(
            Task.workspace_id == actor.workspace_id,
            Task.is_deleted == false(),
            Task.status != Status.DONE,
            *([Task.id != but_not] if but_not is not None else []),
        )
        .order_by(Task.updated_at.desc(), Task.id.desc())
        .limit(MOST_PARENTS_OFFERED)
    )
    return [(row.id, row.title) for row in rows]


def list_descendant_ids(*, task_id: int) -> list[int]:
    """Return the ids of all parts of a task, of their parts, and so on, in the trash or not, smallest first."""
    tree = select(Task.id, literal(1).label("level")).where(Task.parent_id == task_id).cte("tree", recursive=True)
    tree = tree.union_all(
        select(Task.id, tree.c.level + 1).join(tree, Task.parent_id == tree.c.id).where(tree.c.level < 2 * MOST_LEVELS)
    )
    return sorted(set(db.session.scalars(select(tree.c.id))))
