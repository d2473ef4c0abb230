"""Questions about the one timer that a person may have running."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, literal_column, or_, select, true

from webapp.storage.bulk import in_chunks, table_of
from webapp.storage.db import db, fetch_columns
from webapp.storage.dialect import stacked
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


@dataclass(frozen=True)
class LastTimed:
    """The task whose timer somebody is likely to start next; `is_paused` when they said that they would."""

    task_id: int
    task_title: str
    is_paused: bool


@dataclass(frozen=True)
class Timers:
    """The timer that runs, and the task that was timed last."""

    running: RunningTimer | None
    last: LastTimed | None


def find_running(*, user_id: int) -> RunningTimer | None:
    """Return the person's running timer, in whichever workspace: one statement, by the unique key."""
    row = fetch_columns(_running(), {"user_id": user_id}).one_or_none()
    return None if row is None else _running_timer(row)


def find_timers(*, user_id: int, workspace_id: int) -> Timers:
    """
    Return the person's running timer, in whichever workspace, and the task that they timed last: one statement.

    The task is told if it is in this workspace and still to be done. Only their newest interval is looked at: to look
    for the newest one that fits could mean to look through them all.
    """
    running = last = None
    for row in fetch_columns(_timers(db.engine.dialect.name), {"user_id": user_id}):
        if row.is_running:
            running = _running_timer(row)
        elif (
            row.workspace_id == workspace_id
            and not row.entry_is_deleted
            and not row.task_is_deleted
            and row.status is not Status.DONE
        ):
            last = LastTimed(task_id=row.task_id, task_title=row.title, is_paused=row.is_paused)
    return Timers(running, last)


_ENTRIES, _TASKS = table_of(TimeEntry), table_of(Task)
_COLUMNS = (
    _ENTRIES.c.id,
    _ENTRIES.c.task_id,
    _ENTRIES.c.workspace_id,
    _ENTRIES.c.started_at,
    _ENTRIES.c.is_paused,
    _TASKS.c.title,
    _TASKS.c.status,
    _ENTRIES.c.deleted_at.is_not(None).label("entry_is_deleted"),
    _TASKS.c.is_deleted.label("task_is_deleted"),
)


@cache
def _running() -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS, literal_column("1").label("is_running"))
        .join_from(_ENTRIES, _TASKS, _TASKS.c.id == _ENTRIES.c.task_id)
        .where(_ENTRIES.c.running_user_id == bindparam("user_id"))
    )


@cache
def _timers(engine_name: str) -> Any:
    last = (
        select(*_COLUMNS, literal_column("0").label("is_running"))
        # An outer join only to begin with the entries, newest first.
        .join_from(_ENTRIES, _TASKS, _TASKS.c.id == _ENTRIES.c.task_id, isouter=True)
        .where(_ENTRIES.c.user_id == bindparam("user_id"))
        .order_by(_ENTRIES.c.started_at.desc(), _ENTRIES.c.id.desc())
        .limit(1)
    )
    return stacked([_running(), last], engine_name=engine_name)


def _running_timer(row: Any) -> RunningTimer:
    return RunningTimer(
        entry_id=row.id,
        task_id=row.task_id,
        task_title=row.title,
        workspace_id=row.workspace_id,
        started_at=row.started_at,
    )


def list_running_on(*, task_id: int) -> list[TimeEntry]:
    """Return the entries that run on a task, whoever's they are, as they are now, to be changed."""
    return list(
        db.session.scalars(
            select(TimeEntry)
            .where(TimeEntry.task_id == task_id, TimeEntry.running_user_id.is_not(None))
            .execution_options(populate_existing=True)
        )
    )


def is_any_running_in_trash(*, task_ids: Collection[int]) -> bool:
    """Tell whether a timer runs that is in the trash, or its task is: there nobody would find it again."""
    return any(
        db.session.scalar(
            select(TimeEntry.id)
            .join(Task, Task.id == TimeEntry.task_id)
            .where(
                Task.id.in_(chunk),
                TimeEntry.running_user_id.is_not(None),
                or_(Task.is_deleted == true(), TimeEntry.deleted_at.is_not(None)),
            )
            .limit(1)
        )
        is not None
        for chunk in in_chunks(sorted(task_ids))
    )


def find_paused_entry(*, user_id: int) -> TimeEntry | None:
    """Return the person's newest interval itself, when they paused it; None when it was stopped, or another runs."""
    newest = db.session.scalars(
        select(TimeEntry)
        .where(TimeEntry.user_id == user_id)
        .order_by(TimeEntry.started_at.desc(), TimeEntry.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()
    is_paused = newest is not None and newest.is_paused and newest.ended_at is not None and newest.deleted_at is None
    return newest if is_paused else None


def find_running_entry(*, user_id: int) -> TimeEntry | None:
    """Return the person's running entry itself, to be changed."""
    return db.session.scalars(select(TimeEntry).where(TimeEntry.running_user_id == user_id)).one_or_none()
