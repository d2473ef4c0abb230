"""Questions about many time entries at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import false, func, select

from webapp.storage.bulk import in_chunks
from webapp.storage.db import db
from webapp.tasks.errors import EntryNotFound
from webapp.tasks.models import Task, TimeEntry
from webapp.values.actor import Actor


@dataclass(frozen=True)
class EntryTitle:
    """What one of many entries is called: the title of its task, its day, its length."""

    title: str
    day: date
    seconds: int


@dataclass(frozen=True)
class ManyEntries:
    """What many entries come to altogether, and the first of them."""

    seconds: int
    first: list[EntryTitle]


def describe_entries(*, entry_ids: Sequence[int], actor: Actor, limit: int) -> ManyEntries:
    """
    Return what entries come to, and the first `limit` of them.

    :raises EntryNotFound: when one of them is not in the actor's workspace, deleted, or its task is in the trash
    """
    theirs = (
        TimeEntry.workspace_id + 0 == actor.workspace_id,
        TimeEntry.deleted_at.is_(None),
        Task.is_deleted == false(),
    )
    found = seconds = 0
    for chunk in in_chunks(entry_ids):
        row = db.session.execute(
            select(func.count(TimeEntry.id), func.coalesce(func.sum(TimeEntry.seconds), 0))
            .join(Task, Task.id == TimeEntry.task_id)
            .where(TimeEntry.id.in_(chunk), *theirs)
        ).one()
        found += int(row[0])
        seconds += int(row[1])
    if found < len(entry_ids):
        raise EntryNotFound("One of these entries is not there any more. Select them again.")
    rows = db.session.execute(
        select(Task.title, TimeEntry.day, TimeEntry.seconds)
        .join(Task, Task.id == TimeEntry.task_id)
        .where(TimeEntry.id.in_(entry_ids[:limit]), *theirs)
        .order_by(TimeEntry.id)
    )
    return ManyEntries(seconds=seconds, first=[EntryTitle(*row) for row in rows])
