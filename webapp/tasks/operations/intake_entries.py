"""Taking in time entries: the half of `operations.intake` about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update

from webapp.storage.bulk import delete_rows, insert_rows
from webapp.storage.db import db
from webapp.tasks.models import TimeEntry
from webapp.tasks.operations.sums import sum_up, write_days
from webapp.tasks.queries.intake import Known, find_by_ref, list_task_ids
from webapp.tasks.queries.snapshots import list_whole_rows, snapshot_rows
from webapp.tasks.rules.intake import (
    TOTAL_PREFIX,
    Change,
    EntryIn,
    Outcome,
    Taken,
    join_hash,
    kept_of_entry,
    said_of_entry,
)
from webapp.values.actor import Actor


def write_entries(
    taken: Taken,
    known: Known,
    *,
    source: str | None,
    entries: Sequence[EntryIn],
    zone: ZoneInfo,
    actor: Actor,
    now: datetime,
) -> None:
    """Add the entries that are new, and take over those that the file has changed."""
    new = [entry for entry in entries if taken.entries[entry.source_ref] is Outcome.CREATED]
    updated = [entry for entry in entries if taken.entries[entry.source_ref] is Outcome.UPDATED]
    if not new and not updated:
        return
    timed_refs = dict.fromkeys(entry.task_ref for entry in new if not entry.is_total)
    _remove_totals(taken, timed_refs, source=source, actor=actor)

    today = now.astimezone(zone).date()
    updated_ids = [known.entries[entry.source_ref] for entry in updated]
    before = list_whole_rows(TimeEntry, updated_ids)
    taken.changes.extend(snapshot_rows(TimeEntry, updated_ids))
    touched = {known.tasks[entry.task_ref] for entry in [*new, *updated]}
    # An updated entry may have moved from another task.
    touched.update(list_task_ids(updated_ids))
    for entry in updated:
        row = before[known.entries[entry.source_ref]]
        db.session.execute(
            update(TimeEntry)
            .where(TimeEntry.id == row["id"])
            .values(
                **_entry_values(entry, task_id=known.tasks[entry.task_ref], other_day=row["day"], zone=zone, now=now),
                version=TimeEntry.version + 1,
            )
            .execution_options(synchronize_session=False)
        )
    insert_rows(
        TimeEntry,
        [
            _entry_values(entry, task_id=known.tasks[entry.task_ref], other_day=today, zone=zone, now=now)
            | _names_of_entry(entry, source)
            | {
                "workspace_id": actor.workspace_id,
                "created_at": now,
                "version": 1,
            }
            for entry in new
        ],
    )
    rows = find_by_ref(TimeEntry, (TimeEntry.id,), source=source, refs=[entry.source_ref for entry in new], actor=actor)
    known.entries.update((ref, row.id) for ref, row in rows.items())
    taken.changes.extend(Change("time_entries", known.entries[entry.source_ref]) for entry in new)
    write_days([known.entries[entry.source_ref] for entry in [*new, *updated]])
    sum_up(touched, now=now)


def _names_of_entry(entry: EntryIn, source: str | None) -> dict[str, Any]:
    if source is None:
        return {"uid": entry.source_ref, "source": entry.own_source, "source_ref": entry.own_ref}
    return {"source": source, "source_ref": entry.source_ref}


def _entry_values(entry: EntryIn, *, task_id: int, other_day: date, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    lived_in = ZoneInfo(entry.zone) if entry.zone else zone
    day = entry.started_at.astimezone(lived_in).date() if entry.started_at else (entry.day or other_day)
    kept = kept_of_entry(
        task_id=task_id,
        user_id=entry.user_id,
        started_at=entry.started_at,
        ended_at=entry.ended_at,
        day=day,
        seconds=entry.counted_seconds,
        note=entry.note,
        is_billable=entry.is_billable,
        customer_id=entry.customer_id,
    )
    return {
        "task_id": task_id,
        "user_id": entry.user_id,
        "started_at": entry.started_at,
        "ended_at": entry.ended_at,
        "day": day,
        "seconds": entry.counted_seconds,
        "interrupted_seconds": entry.interrupted_seconds,
        "zone": lived_in.key,
        "customer_id": entry.customer_id,
        "note": entry.note,
        "is_billable": entry.is_billable,
        "updated_at": now,
        "source_hash": join_hash(said=said_of_entry(entry), kept=kept),
    }


def _remove_totals(taken: Taken, task_refs: Iterable[str], *, source: str | None, actor: Actor) -> None:
    totals = find_by_ref(
        TimeEntry,
        (TimeEntry.id, TimeEntry.deleted_at),
        source=source,
        refs=[f"{TOTAL_PREFIX}{ref}" for ref in task_refs],
        actor=actor,
    )
    ids = [row.id for row in totals.values() if row.deleted_at is None]
    taken.changes.extend(snapshot_rows(TimeEntry, ids, is_removed=True))
    delete_rows(TimeEntry, TimeEntry.id, ids)
