"""The parts of a task: added beside the others, and put in order."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp.storage.db import db
from webapp.storage.journal import recorded
from webapp.storage.transaction import transactional
from webapp.tasks.errors import TaskNotFound
from webapp.tasks.models import Task
from webapp.tasks.operations.tasks import create_task
from webapp.tasks.queries.locks import hold_links
from webapp.tasks.queries.parents import list_parts_to_order
from webapp.tasks.queries.tasks import get_task
from webapp.tasks.rules.tasks import TaskDetails
from webapp.values.actor import Actor
from webapp.values.request_key import RequestKey


@transactional
def add_subtask(*, task_id: int, title: str, actor: Actor, now: datetime, request_key: RequestKey | None = None) -> int:
    """
    Add a part to a task, behind the others, and return its id. It is for the same customer, and of the same category.

    :raises TaskNotFound: when the task is not in the actor's workspace, or is in the trash
    :raises InvalidInput: naming the field `title` or `parent`
    """
    hold_links(actor=actor)
    whole = get_task(task_id=task_id, actor=actor)
    with recorded("task.created", f"Added “{title}” to “{whole.title}”", actor=actor, now=now):
        return create_task(
            details=TaskDetails(
                title=title,
                parent_id=task_id,
                category=whole.category.name if whole.category else None,
                customer_id=whole.customer_id,
            ),
            actor=actor,
            now=now,
            request_key=request_key,
        )


@transactional
def move_up(*, task_id: int, actor: Actor, now: datetime) -> int:
    """
    Put a part of a task before the one that stands before it, and return the task it is a part of.

    The first one stays where it is.

    :raises TaskNotFound: also when it is no part of another
    """
    hold_links(actor=actor)
    task = db.session.scalar(
        select(Task)
        .where(Task.id == task_id, Task.workspace_id == actor.workspace_id)
        .options(joinedload(Task.parent).load_only(Task.id))
    )
    if task is None or task.parent_id is None or task.is_deleted:
        raise TaskNotFound
    parts = list_parts_to_order(task_id=task.parent_id, actor=actor)
    places = [part.id for part in parts]
    if task_id not in places:
        # Put in the trash while its place was looked up.
        raise TaskNotFound
    here = places.index(task_id)
    if here:
        parts[here - 1], parts[here] = parts[here], parts[here - 1]
        with recorded("task.moved", f"Moved “{task.title}” up", actor=actor, now=now):
            for position, part in enumerate(parts, start=1):
                part.position = position
    return task.parent_id
