"""Questions about single time entries, and about those of one task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from webapp.accounts.models import User
from webapp.storage.db import db
from webapp.tasks.errors import EntryNotFound, EntryOfSomebodyElse
from webapp.tasks.models import Task, TimeEntry
from webapp.values.actor import Actor

# A task page shows this many of its entries; the rest are one click away.
SHOWN_AT_FIRST = 50
MOST_SHOWN = 2000


@dataclass(frozen=True)
class EntryRow:
    """One line of a task's list of time entries."""

    id: int
    person: str
    is_own: bool
    day: date
    started_at: datetime | None
    ended_at: datetime | None
    seconds: int
    interrupted_seconds: int
    note: str

    @property
    def is_running(self) -> bool:
        """Whether it is a timer that still counts."""
        return self.started_at is not None and self.ended_at is None


@dataclass(frozen=True)
class TaskEntries:
    """The newest time entries of a task; `has_more` when there are older ones than those shown."""

    rows: list[EntryRow]
    has_more: bool
    has_several_people: bool


def get_entry(*, entry_id: int, actor: Actor) -> TimeEntry:
    """
    Return one entry, with its task loaded.

    :raises EntryNotFound: when it is not in the actor's workspace, was deleted, or its task is in the trash
    """
    entry = db.session.scalars(
        select(TimeEntry)
        .join(TimeEntry.task)
        .options(contains_eager(TimeEntry.task))
        .where(
            TimeEntry.id == entry_id,
            TimeEntry.workspace_id == actor.workspace_id,
            TimeEntry.deleted_at.is_(None),
            Task.is_deleted.is_(False),
        )
    ).one_or_none()
    if entry is None:
        raise EntryNotFound
    return entry


def get_own_entry(*, entry_id: int, actor: Actor) -> TimeEntry:
    """
    Return one entry of the actor's, with its task loaded, to be changed.

    :raises EntryNotFound: as `get_entry`
    :raises EntryOfSomebodyElse: when the actor may only look at it
    """
    entry = get_entry(entry_id=entry_id, actor=actor)
    if entry.user_id != actor.user_id:
        raise EntryOfSomebodyElse
    return entry


def list_entries(*, task_id: int, actor: Actor, limit: int = SHOWN_AT_FIRST) -> TaskEntries:
    """Return the entries of one task, the newest day first; everybody's in the workspace. The task is not checked."""
    # Not a join: MariaDB would begin with the few people, and read all that they ever did.
    name = select(User.name).where(User.id == TimeEntry.user_id).scalar_subquery()
    rows = db.session.execute(
        select(TimeEntry, name)
        .where(
            TimeEntry.task_id == task_id,
            TimeEntry.workspace_id == actor.workspace_id,
            TimeEntry.deleted_at.is_(None),
        )
        .order_by(TimeEntry.day.desc(), TimeEntry.id.desc())
        .limit(min(limit, MOST_SHOWN) + 1)
    ).all()
    shown = [_row(entry, person, actor) for entry, person in rows[: min(limit, MOST_SHOWN)]]
    # Within a day by the clock: an entry written later may have happened earlier.
    shown.sort(
        key=lambda row: (row.day, row.is_running, row.started_at is not None, row.started_at, row.id), reverse=True
    )
    return TaskEntries(
        rows=shown, has_more=len(rows) > len(shown), has_several_people=any(not row.is_own for row in shown)
    )


def _row(entry: TimeEntry, person: str, actor: Actor) -> EntryRow:
    return EntryRow(
        id=entry.id,
        person=person,
        is_own=entry.user_id == actor.user_id,
        day=entry.day,
        started_at=entry.started_at,
        ended_at=entry.ended_at,
        seconds=entry.seconds,
        interrupted_seconds=entry.interrupted_seconds,
        note=entry.note,
    )
