"""Questions about the one timer that a person may have running."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from webapp.storage.db import db
from webapp.tasks.models import Task, TimeEntry
from webapp.values.status import Status


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


@dataclass(frozen=True)
class LastTimed:
    """The task whose timer somebody is likely to start next."""

    task_id: int
    task_title: str


def find_last_timed(*, user_id: int, workspace_id: int) -> LastTimed | None:
    """
    Return the task that the person timed last, if it is in this workspace and still to be done. One row is read.

    Only their newest interval is looked at: to look for the newest one that fits could mean to look through them all.
    """
    row = db.session.execute(
        select(
            TimeEntry.task_id, TimeEntry.workspace_id, TimeEntry.deleted_at, Task.title, Task.status, Task.is_deleted
        )
        # An outer join only to begin with the entries, newest first.
        .outerjoin(Task, Task.id == TimeEntry.task_id)
        .where(TimeEntry.user_id == user_id)
        .order_by(TimeEntry.started_at.desc())
        .limit(1)
    ).one_or_none()
    if row is None or row.workspace_id != workspace_id or row.deleted_at or row.is_deleted or row.status is Status.DONE:
        return None
    return LastTimed(task_id=row.task_id, task_title=row.title)


def list_running_on(*, task_id: int) -> list[TimeEntry]:
    """Return the entries that run on a task, whoever's they are, as they are now, to be changed."""
    return list(
        db.session.scalars(
            select(TimeEntry)
            .where(TimeEntry.task_id == task_id, TimeEntry.running_user_id.is_not(None))
            .execution_options(populate_existing=True)
        )
    )


def find_running_entry(*, user_id: int) -> TimeEntry | None:
    """Return the person's running entry itself, to be changed."""
    return db.session.scalars(select(TimeEntry).where(TimeEntry.running_user_id == user_id)).one_or_none()
