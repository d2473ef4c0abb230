"""Questions about what is a part of what."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, false, func, literal, select

from webapp.storage.db import db
from webapp.tasks.models import Task
from webapp.tasks.rules.parents import MOST_LEVELS, MOST_SUBTASKS, Step
from webapp.values.actor import Actor
from webapp.values.status import Status

MOST_PARENTS_OFFERED = 50


@dataclass(frozen=True)
class Progress:
    """How many parts a task has, and how many of them are done."""

    done: int
    total: int


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


def list_subtask_ids(*, task_id: int, actor: Actor) -> list[int]:
    """Return the parts of a task in their order, at most `MOST_SUBTASKS`."""
    return list(
        db.session.scalars(
            select(Task.id)
            .where(Task.parent_id == task_id, Task.workspace_id + 0 == actor.workspace_id, Task.is_deleted == false())
            .order_by(Task.position, Task.id)
            .limit(MOST_SUBTASKS)
        )
    )


def get_progress(*, task_id: int, actor: Actor) -> Progress:
    """Return how many parts a task has, and how many are done."""
    rows = db.session.execute(
        select(Task.status, func.count())
        .where(Task.parent_id == task_id, Task.workspace_id + 0 == actor.workspace_id, Task.is_deleted == false())
        .group_by(Task.status)
    )
    counts: dict[Status, int] = {status: int(number) for status, number in rows}
    return Progress(done=counts.get(Status.DONE, 0), total=sum(counts.values()))


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
