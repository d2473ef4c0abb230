"""Writing anew what many entries add to days, and to their tasks. Inside an operation that holds these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select, update

from webapp.storage.bulk import delete_rows, in_chunks, insert_rows, table_of
from webapp.storage.db import db
from webapp.tasks.models import EntryDay, Task, TimeEntry
from webapp.tasks.operations.entries import spent_of
from webapp.tasks.rules.entries import counted_by_day


def write_days(entry_ids: Sequence[int]) -> None:
    """Write what each ended entry adds to each local day, instead of what was written before, and how long it is."""
    delete_rows(EntryDay, EntryDay.entry_id, entry_ids)
    facts: list[dict[str, Any]] = []
    lengths: dict[int, int] = {}
    for chunk in in_chunks(entry_ids):
        for entry in db.session.execute(
            select(
                TimeEntry.id,
                TimeEntry.workspace_id,
                TimeEntry.user_id,
                TimeEntry.task_id,
                TimeEntry.started_at,
                TimeEntry.ended_at,
                TimeEntry.interrupted_seconds,
                TimeEntry.zone,
                TimeEntry.day,
                TimeEntry.seconds,
            ).where(TimeEntry.id.in_(chunk), TimeEntry.deleted_at.is_(None))
        ):
            shares = counted_by_day(spent_of(entry), ZoneInfo(entry.zone))
            if entry.started_at is not None and entry.seconds != sum(shares.values()):
                # Its start and its end were changed by two, and one of these was undone.
                lengths[entry.id] = sum(shares.values())
            facts.extend(
                {
                    "entry_id": entry.id,
                    "day": day,
                    "workspace_id": entry.workspace_id,
                    "user_id": entry.user_id,
                    "task_id": entry.task_id,
                    "seconds": seconds,
                }
                for day, seconds in shares.items()
            )
    insert_rows(EntryDay, facts)
    for entry_id, seconds in lengths.items():
        db.session.execute(update(table_of(TimeEntry)).where(TimeEntry.id == entry_id).values(seconds=seconds))


def sum_up(task_ids: Iterable[int], *, now: datetime, is_edit: bool = True) -> None:
    """
    Write on each task what its entries add up to.

    :param is_edit: whether who has the task open is told that it was changed; nobody edits a sum
    """
    total = (
        select(func.coalesce(func.sum(TimeEntry.seconds), 0))
        .where(TimeEntry.task_id == Task.id, TimeEntry.deleted_at.is_(None))
        .correlate(Task)
        .scalar_subquery()
    )
    for chunk in in_chunks(sorted(task_ids)):
        db.session.execute(
            update(Task)
            .where(Task.id.in_(chunk))
            # A task that was made a moment ago is nobody's to have read: it stays at its first version.
            .values(
                tracked_seconds=total,
                version=Task.version
                + (case(((Task.updated_at == now) & (Task.version == 1), 0), else_=1) if is_edit else 0),
            )
            .execution_options(synchronize_session=False)
        )
