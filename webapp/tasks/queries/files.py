"""Questions about the files of a task. Their bytes are read by `get_file` alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import false, func, select
from sqlalchemy.orm import undefer

from webapp.accounts.models import User
from webapp.storage.db import db
from webapp.tasks.errors import FileNotFound
from webapp.tasks.models import Attachment, Task
from webapp.values.actor import Actor


@dataclass(frozen=True)
class FileRow:
    """One file as the page of its task shows it."""

    id: int
    name: str
    size_bytes: int
    author: str
    created_at: datetime


def list_files(*, task_id: int, actor: Actor) -> list[FileRow]:
    """Return the files of a task, oldest first. One statement."""
    rows = db.session.execute(
        select(Attachment.id, Attachment.name, Attachment.size_bytes, User.name.label("author"), Attachment.created_at)
        .join(User, User.id == Attachment.user_id)
        .where(
            Attachment.task_id == task_id,
            Attachment.workspace_id + 0 == actor.workspace_id,
            Attachment.deleted_at.is_(None),
        )
        .order_by(Attachment.id)
    )
    return [FileRow(row.id, row.name, row.size_bytes, row.author, row.created_at) for row in rows]


def get_file(*, file_id: int, actor: Actor) -> Attachment:
    """
    Return a file with its bytes.

    :raises FileNotFound: when it was taken away, is not in the actor's workspace, or its task is in the trash
    """
    found = db.session.scalar(
        select(Attachment)
        .join(Task, Task.id == Attachment.task_id)
        .where(
            Attachment.id == file_id,
            Attachment.workspace_id == actor.workspace_id,
            Attachment.deleted_at.is_(None),
            Task.is_deleted == false(),
        )
        .options(undefer(Attachment.content))
    )
    if found is None:
        raise FileNotFound
    return found


def count_room_used(*, task_id: int) -> tuple[int, int]:
    """Return how many files a task has, and their bytes together."""
    number, size_bytes = db.session.execute(
        select(func.count(), func.coalesce(func.sum(Attachment.size_bytes), 0)).where(
            Attachment.task_id == task_id, Attachment.deleted_at.is_(None)
        )
    ).one()
    return int(number), int(size_bytes)
