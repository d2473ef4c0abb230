"""Questions about single time entries, and about those of one task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import false, func, select
from sqlalchemy.orm import contains_eager

from webapp.accounts.models import User
from webapp.customers.models import Customer
from webapp.storage.db import db
from webapp.tasks.errors import EntryNotFound, EntryOfSomebodyElse
from webapp.tasks.models import Task, TimeEntry
from webapp.tasks.rules.entries import LONGEST_INTERVAL
from webapp.values.actor import Actor
from webapp.values.period import day_start

# A task page shows this many of its entries; the rest are one click away.
SHOWN_AT_FIRST = 50
MOST_SHOWN = 2000


@dataclass(frozen=True)
class EntryRow:
    """One line of a task's list of time entries. `customer_name`: whom it was for, where the task is for another."""

    id: int
    person: str
    is_own: bool
    can_change: bool
    day: date
    started_at: datetime | None
    ended_at: datetime | None
    seconds: int
    interrupted_seconds: int
    note: str
    is_billable: bool
    customer_name: str | None

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
            Task.is_deleted == false(),
        )
    ).one_or_none()
    if entry is None:
        raise EntryNotFound
    return entry


def get_changeable_entry(*, entry_id: int, actor: Actor) -> TimeEntry:
    """
    Return one entry that the actor may change, with its task loaded: their own, or a placeholder's.

    :raises EntryNotFound: as `get_entry`
    :raises EntryOfSomebodyElse: when the actor may only look at it
    """
    entry = get_entry(entry_id=entry_id, actor=actor)
    if entry.user_id != actor.user_id and not _is_placeholder(entry.user_id):
        raise EntryOfSomebodyElse
    return entry


def find_task_of_deleted_entry(*, entry_id: int, actor: Actor) -> int:
    """
    Return the id of the task of an entry, deleted or not, that the actor may put back.

    :raises EntryNotFound: when there is none
    """
    row = db.session.execute(
        select(TimeEntry.task_id, TimeEntry.user_id).where(
            TimeEntry.id == entry_id, TimeEntry.workspace_id == actor.workspace_id
        )
    ).one_or_none()
    if row is None or (row.user_id != actor.user_id and not _is_placeholder(row.user_id)):
        raise EntryNotFound
    return int(row.task_id)


def last_ended_at(*, actor: Actor, day: date) -> datetime | None:
    """
    Return when the last interval ended that the actor finished on `day`, in whichever workspace; None where none did.

    The day is that of the actor's zone, and so is the answer.
    """
    start, end = day_start(day, actor.zone), day_start(day + timedelta(days=1), actor.zone)
    ended_at = db.session.scalar(
        select(func.max(TimeEntry.ended_at)).where(
            TimeEntry.user_id == actor.user_id,
            # Only these can have ended on that day: by the index of the person's starts.
            TimeEntry.started_at >= start - LONGEST_INTERVAL,
            TimeEntry.started_at < end,
            TimeEntry.ended_at > start,
            TimeEntry.ended_at <= end,
            TimeEntry.deleted_at.is_(None),
        )
    )
    return None if ended_at is None else ended_at.astimezone(actor.zone)


def _is_placeholder(user_id: int) -> bool:
    # Somebody whom an imported file named cannot log in: without this nobody could correct what was imported.
    return db.session.scalar(select(User.email).where(User.id == user_id)) is None


def list_entries(*, task_id: int, actor: Actor, limit: int = SHOWN_AT_FIRST) -> TaskEntries:
    """Return the entries of one task, the newest day first; everybody's in the workspace. The task is not checked."""
    most = min(limit, MOST_SHOWN)
    # Not a join: MariaDB would begin with the few people, and read all that they ever did.
    name, email = (
        select(column).where(User.id == TimeEntry.user_id).scalar_subquery() for column in (User.name, User.email)
    )
    customer = select(Customer.name).where(Customer.id == TimeEntry.customer_id).scalar_subquery()
    rows = db.session.execute(
        select(TimeEntry, name, email, customer)
        .where(
            TimeEntry.task_id == task_id,
            TimeEntry.workspace_id == actor.workspace_id,
            TimeEntry.deleted_at.is_(None),
        )
        .order_by(TimeEntry.day.desc(), TimeEntry.id.desc())
        .limit(most + 1)
    ).all()
    shown = [_row(entry, person, email, customer_name, actor) for entry, person, email, customer_name in rows[:most]]
    # Within a day by the clock: an entry written later may have happened earlier.
    shown.sort(
        key=lambda row: (row.day, row.is_running, row.started_at is not None, row.started_at, row.id), reverse=True
    )
    return TaskEntries(
        rows=shown, has_more=len(rows) > len(shown), has_several_people=any(not row.is_own for row in shown)
    )


def _row(entry: TimeEntry, name: str, email: str | None, customer_name: str | None, actor: Actor) -> EntryRow:
    return EntryRow(
        id=entry.id,
        person=name,
        is_own=entry.user_id == actor.user_id,
        can_change=entry.user_id == actor.user_id or email is None,
        day=entry.day,
        started_at=entry.started_at,
        ended_at=entry.ended_at,
        seconds=entry.seconds,
        interrupted_seconds=entry.interrupted_seconds,
        note=entry.note,
        is_billable=entry.is_billable,
        customer_name=customer_name,
    )
