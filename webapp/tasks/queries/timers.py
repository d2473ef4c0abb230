"""Questions about the one timer that a person may have running."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from webapp.storage.db import db
from webapp.tasks.models import Task, TimeEntry


@dataclass(frozen=True)
class RunningTimer:
    """What the header of every page shows."""

    entry_id: int
    task_id: int
    task_title: str
    workspace_id: int
    started_at: datetime


def find_running(*, user_id: int) -> RunningTimer | None:
    """Return the person's running timer, in whichever workspace: one statement, by the unique key."""
    row = db.session.execute(
        select(TimeEntry.id, TimeEntry.task_id, Task.title, TimeEntry.workspace_id, TimeEntry.started_at)
        .join(Task, Task.id == TimeEntry.task_id)
        .where(TimeEntry.running_user_id == user_id)
    ).one_or_none()
    if row is None or row.started_at is None:
        return None
    return RunningTimer(
        entry_id=row.id,
        task_id=row.task_id,
        task_title=row.title,
        workspace_id=row.workspace_id,
        started_at=row.started_at,
    )


def find_running_entry(*, user_id: int) -> TimeEntry | None:
    """Return the person's running entry itself, to be changed."""
    return db.session.scalars(select(TimeEntry).where(TimeEntry.running_user_id == user_id)).one_or_none()
