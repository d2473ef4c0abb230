"""Changes to the files of a task."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from webapp.storage.db import db
from webapp.storage.journal import recorded
from webapp.storage.once import once
from webapp.storage.transaction import transactional
from webapp.tasks.errors import FileNotFound
from webapp.tasks.models import Attachment, Task
from webapp.tasks.queries import files as queries
from webapp.tasks.queries.locks import lock_task
from webapp.tasks.rules.files import check_room, clean_filename, media_type_of
from webapp.values.actor import Actor
from webapp.values.request_key import RequestKey

# As long as its deletion can be undone, and a day.
KEPT_FOR = timedelta(days=31)
ROWS_AT_ONCE = 20


@transactional
def add_file(
    *,
    task_id: int,
    filename: str,
    content: bytes,
    actor: Actor,
    now: datetime,
    request_key: RequestKey | None = None,
) -> int:
    """
    Put a file with a task and return its id; once for one request key.

    :param filename: as it was sent; what is kept is clean
    :raises TaskNotFound: when the task is not in the actor's workspace, or is in the trash
    :raises InvalidInput: naming the field `file`, when it is of a kind or a size that is not kept
    """
    name = clean_filename(filename)
    media_type = media_type_of(name, content)
    # Locked, so that two who fill the last room at once do not both fit in.
    task = lock_task(task_id=task_id, actor=actor)
    if request_key is not None:
        # The fields of a form do not tell its file.
        digest = hashlib.sha256(request_key.fingerprint.encode() + content).hexdigest()
        request_key = replace(request_key, fingerprint=digest)

    def work() -> int:
        files, used_bytes = queries.count_room_used(task_id=task_id)
        check_room(size_bytes=len(content), used_bytes=used_bytes, files=files)
        with recorded("file.added", f"Added the file “{name}” to “{task.title}”", actor=actor, now=now):
            file = Attachment(
                workspace_id=actor.workspace_id,
                task_id=task_id,
                user_id=actor.user_id,
                name=name,
                media_type=media_type,
                size_bytes=len(content),
                content=content,
                created_at=now,
            )
            db.session.add(file)
            db.session.flush()
            return file.id

    return once(request_key=request_key, user_id=actor.user_id, now=now, work=work)


@transactional
def delete_file(*, file_id: int, actor: Actor, now: datetime) -> int:
    """
    Take a file away from its task, for whoever does not undo that within 30 days, and return the task's id.

    :raises FileNotFound: when it is not there, or not in the actor's workspace
    """
    file = db.session.scalar(
        select(Attachment)
        .where(
            Attachment.id == file_id,
            Attachment.workspace_id == actor.workspace_id,
            Attachment.deleted_at.is_(None),
        )
        .with_for_update()
    )
    task = db.session.get(Task, file.task_id) if file is not None else None
    if file is None or task is None or task.is_deleted:
        raise FileNotFound
    with recorded("file.deleted", f"Deleted the file “{file.name}” of “{task.title}”", actor=actor, now=now):
        file.deleted_at = now
    return file.task_id


@transactional
def forget_deleted_files(*, now: datetime) -> None:
    """Delete for good what was taken away too long ago to be put back."""
    # A few at a time: their bytes pass through the engine's log.
    old = db.session.scalars(
        select(Attachment.id).where(Attachment.deleted_at < now - KEPT_FOR).order_by(Attachment.id).limit(ROWS_AT_ONCE)
    ).all()
    if old:
        db.session.execute(delete(Attachment).where(Attachment.id.in_(old)))
