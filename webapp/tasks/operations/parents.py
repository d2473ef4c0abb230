"""What is a part of what, and in which order."""

from __future__ import annotations

from sqlalchemy import false, func, select

from webapp.errors import InvalidInput
from webapp.storage.db import db
from webapp.tasks.models import Task
from webapp.tasks.queries import parents as queries
from webapp.tasks.rules.parents import MOST_SUBTASKS, Step, check_parent
from webapp.values.actor import Actor


def check_place(*, parent_id: int, task: Task | None, actor: Actor) -> None:
    """
    Refuse a parent that a task cannot have. Inside an operation that holds the links.

    :param task: None for one that does not exist yet
    :raises InvalidInput: naming the field `parent`
    """
    parent = db.session.execute(
        select(Task.id).where(Task.id == parent_id, Task.workspace_id == actor.workspace_id, Task.is_deleted == false())
    ).one_or_none()
    if parent is None:
        raise InvalidInput("There is no such task to be a part of.", field="parent")
    check_parent(
        task=Step(task.id, task.title) if task is not None else None,
        levels_of_task=queries.count_levels(task_id=task.id) if task is not None else 1,
        way_up=queries.list_way_up(task_id=parent_id, actor=actor, in_trash=True),
    )
    siblings = db.session.scalar(select(func.count()).where(Task.parent_id == parent_id, Task.is_deleted == false()))
    if (siblings or 0) >= MOST_SUBTASKS:
        raise InvalidInput(f"This task has {MOST_SUBTASKS} parts already; more do not fit.", field="parent")


def last_position(*, parent_id: int) -> int:
    """Return the position behind all parts of a task."""
    return int(db.session.scalar(select(func.max(Task.position)).where(Task.parent_id == parent_id)) or 0) + 1
