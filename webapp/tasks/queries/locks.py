"""
Tasks as they are now, held until the transaction ends: whoever changes one next waits, and sees it changed.

Everybody locks in this order, so that no two wait for each other: the workspace, the person, tasks by their ids, and
then what belongs to a task.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from webapp.accounts.models import User
from webapp.storage.db import db
from webapp.tasks.errors import TaskNotFound
from webapp.tasks.models import Task
from webapp.values.actor import Actor
from webapp.workspaces.models import Workspace


def hold_links(*, actor: Actor) -> None:
    """
    Let nobody else of the workspace link tasks (parts of each other, waiting for each other) meanwhile.

    Two people who link the same two tasks the one and the other way round at once would else both find no circle.
    """
    db.session.execute(select(Workspace.id).where(Workspace.id == actor.workspace_id).with_for_update())


def hold_timer(*, actor: Actor) -> None:
    """
    Let nobody else start or stop the actor's timer meanwhile: each then sees what the one before has started.

    The unique key on the running entry would refuse a second one anyway, but by an error instead of by stopping the
    first.
    """
    hold_person(user_id=actor.user_id)


def hold_person(*, user_id: int) -> None:
    """Let nobody else write down time of this person meanwhile: each then sees what the one before has written."""
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update())


def lock_task(*, task_id: int, actor: Actor) -> Task:
    """
    Return a task without its tags.

    Taken before any of its entries is written: a new entry's foreign key takes a weaker lock on the same row, and
    two of those that both want to be the stronger one wait for each other forever.

    :raises TaskNotFound: when it is not in the actor's workspace, or is in the trash
    """
    return visible(lock_tasks([task_id]).get(task_id), actor=actor)


def lock_tasks(task_ids: Iterable[int]) -> dict[int, Task]:
    """Return those of some tasks that exist, by id, without their tags. Nothing else is checked."""
    tasks = db.session.scalars(
        select(Task)
        .where(Task.id.in_(sorted(set(task_ids))))
        .order_by(Task.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {task.id: task for task in tasks}


def visible(task: Task | None, *, actor: Actor) -> Task:
    """Return a task that the actor may see. :raises TaskNotFound: for any other"""
    if task is None or task.workspace_id != actor.workspace_id or task.is_deleted:
        raise TaskNotFound
    return task


def lock_whole_task(*, task_id: int, actor: Actor, in_trash: bool | None = False) -> Task:
    """
    Return a task with its tags.

    :param in_trash: where it must be; None takes it from either
    :raises TaskNotFound: when it is not there, or not in the actor's workspace
    """
    task = find_whole_task(Task.id == task_id, Task.workspace_id == actor.workspace_id)
    if task is None or (in_trash is not None and task.is_deleted is not in_trash):
        raise TaskNotFound
    return task


def find_whole_task(*conditions: ColumnElement[bool]) -> Task | None:
    """Return the one task of which these are true, with its tags."""
    found = lock_whole_tasks(*conditions)
    return found[0] if found else None


def lock_whole_tasks(*conditions: ColumnElement[bool]) -> list[Task]:
    """Return the tasks of which these are true, by id, with their tags."""
    return list(
        db.session.scalars(
            select(Task)
            .where(*conditions)
            .order_by(Task.id)
            .options(selectinload(Task.tags))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
