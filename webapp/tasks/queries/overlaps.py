"""Where the time of one person overlaps other time of theirs."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from webapp.storage.db import db
from webapp.tasks.models import Task, TimeEntry
from webapp.tasks.rules.entries import Interval
from webapp.tasks.rules.overlaps import Neighbour, is_overlapping
from webapp.values.actor import Actor

# Longer ones come from forgotten timers and from elsewhere; without a bound all that somebody ever did is read.
_LONGEST = timedelta(days=31)


def list_neighbours(*, spent: Interval, user_id: int, entry_id: int | None, actor: Actor) -> list[Neighbour]:
    """
    Return the person's intervals that overlap this one, the earliest first; one that runs is among them.

    A person is in one place at a time: those in their other workspaces count, and are told without a title.

    :param entry_id: the entry that it is about, which is no neighbour of its own
    """
    starts_by = () if spent.ended_at is None else (TimeEntry.started_at < spent.ended_at,)
    theirs = (
        select(TimeEntry, Task.title, Task.is_deleted)
        # An outer join, and the trash left out below: else MariaDB may begin with the tasks, and read all their time.
        .outerjoin(Task, Task.id == TimeEntry.task_id)
        .where(TimeEntry.deleted_at.is_(None), TimeEntry.id != (entry_id or 0))
    )
    ended = theirs.where(
        TimeEntry.user_id == user_id,
        TimeEntry.started_at > spent.started_at - _LONGEST,
        *starts_by,
        TimeEntry.ended_at > spent.started_at,
    )
    running = theirs.where(TimeEntry.running_user_id == user_id, *starts_by)
    found = {
        entry.id: Neighbour(
            entry_id=entry.id,
            version=entry.version,
            task_id=entry.task_id,
            task_title=title if entry.workspace_id == actor.workspace_id else None,
            spent=Interval(entry.started_at, entry.ended_at, entry.interrupted_seconds),
        )
        for statement in (ended, running)
        for entry, title, is_trashed in db.session.execute(statement.execution_options(populate_existing=True))
        if entry.started_at is not None and not is_trashed
    }
    return sorted(
        (other for other in found.values() if is_overlapping(spent, other.spent)),
        key=lambda other: (other.spent.started_at, other.entry_id),
    )
