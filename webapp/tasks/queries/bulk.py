"""Questions about many tasks at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import false, func, select

from webapp.storage.bulk import in_chunks
from webapp.storage.db import db
from webapp.tasks.errors import TaskNotFound
from webapp.tasks.models import Task
from webapp.values.actor import Actor


def check_visible(*, task_ids: Sequence[int], actor: Actor) -> None:
    """:raises TaskNotFound: when one of these tasks is not in the actor's workspace, or in the trash"""
    found = 0
    for chunk in in_chunks(task_ids):
        found += int(
            db.session.scalar(
                select(func.count()).where(
                    Task.id.in_(chunk), Task.workspace_id + 0 == actor.workspace_id, Task.is_deleted == false()
                )
            )
            or 0
        )
    if found < len(task_ids):
        raise TaskNotFound("One of these tasks is not there any more. Select them again.")


def list_titles(*, task_ids: Sequence[int], actor: Actor, limit: int) -> list[str]:
    """Return the titles of the first of these tasks."""
    return list(
        db.session.scalars(
            select(Task.title)
            .where(Task.id.in_(task_ids[:limit]), Task.workspace_id + 0 == actor.workspace_id)
            .order_by(Task.id)
        )
    )
