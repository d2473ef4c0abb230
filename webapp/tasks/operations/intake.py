"""
Taking in many tasks and time entries at once, in statements for hundreds of rows.

    taken = take_in(
        source="helpdesk",
        tasks=[TaskIn(source_ref="17", title="Answer Mrs Lund", created_at=...)],
        entries=[EntryIn(source_ref="a", task_ref="17", user_id=..., started_at=..., ended_at=...)],
        zone=actor.zone, actor=actor, now=now,
    )
    taken.tasks["17"] is Outcome.CREATED

A record is known again by (workspace, source, source_ref): the same call a second time changes nothing. `TaskIn`,
`EntryIn` and `total_of` live in `rules.intake`. A few hundred rows a call keep statements and locks short.
`queries.intake.survey` tells what would happen, `operations.taking_back` undoes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select, update
from sqlalchemy.exc import IntegrityError

from webapp.storage.bulk import delete_rows, in_chunks, insert_rows
from webapp.storage.db import db
from webapp.storage.failures import TryAgain
from webapp.storage.transaction import transactional
from webapp.tasks.models import Category, EntryDay, Tag, Task, TaskTag, TimeEntry
from webapp.tasks.operations import derived, reminders
from webapp.tasks.queries.intake import Known, find_by_ref, list_task_ids, look_up
from webapp.tasks.queries.snapshots import list_whole_rows, snapshot_rows, snapshot_tasks
from webapp.tasks.rules.due import due_sort
from webapp.tasks.rules.entries import seconds_by_day
from webapp.tasks.rules.intake import (
    TOTAL_PREFIX,
    Change,
    EntryIn,
    Outcome,
    Taken,
    TaskIn,
    join_hash,
    kept_of_entry,
    kept_of_task,
    said_of_entry,
    said_of_task,
)
from webapp.tasks.rules.tasks import estimate_sort, next_hue, title_key
from webapp.values.actor import Actor
from webapp.values.status import Status
from webapp.values.text import name_key


@transactional
def take_in(
    *, source: str, tasks: Sequence[TaskIn], entries: Sequence[EntryIn], zone: ZoneInfo, actor: Actor, now: datetime
) -> Taken:
    """
    Create what is new, update what the file has changed and nobody here has, and leave the rest.

    References are unique within `tasks` and within `entries`. Where a task has entries of this source, they count and
    its total (`total_of`) does not, in whichever order they come.

    :param source: the name of the data set, at most 80 characters
    :param zone: where the work was done: instants fall on the days of this zone
    """
    taken, known = look_up(source=source, tasks=tasks, entries=entries, actor=actor)
    try:
        _write_tasks(taken, known, source=source, tasks=tasks, zone=zone, actor=actor, now=now)
        _write_entries(taken, known, source=source, entries=entries, zone=zone, actor=actor, now=now)
    except IntegrityError as error:
        # Somebody takes in the same records, or makes the same category, right now.
        raise TryAgain from error
    return taken


def _write_tasks(
    taken: Taken,
    known: Known,
    *,
    source: str,
    tasks: Sequence[TaskIn],
    zone: ZoneInfo,
    actor: Actor,
    now: datetime,
) -> None:
    new = [task for task in tasks if taken.tasks[task.source_ref] is Outcome.CREATED]
    updated = [task for task in tasks if taken.tasks[task.source_ref] is Outcome.UPDATED]
    if not new and not updated:
        return
    writes = [*new, *updated]
    category_ids = _ids_by_name(
        taken, Category, (task.category for task in writes if task.category), actor=actor, more=_hue
    )
    tag_ids = _ids_by_name(taken, Tag, (tag for task in writes for tag in task.tags), actor=actor, more=_nothing)

    def values_of(task: TaskIn) -> dict[str, Any]:
        return _task_values(task, category_ids=category_ids, zone=zone, now=now)

    updated_ids = [known.tasks[task.source_ref] for task in updated]
    before = list_whole_rows(Task, updated_ids)

    insert_rows(
        Task,
        [
            values_of(dated := _dated(task, created_at=now, completed_at=now))
            | {
                "source_hash": _source_hash_of_task(task, dated),
                "workspace_id": actor.workspace_id,
                "source": source,
                "source_ref": task.source_ref,
                "tracked_seconds": 0,
                "is_deleted": False,
                "version": 1,
            }
            for task in new
        ],
    )
    rows = find_by_ref(
        Task, (Task.id, Task.source_ref), source=source, refs=[task.source_ref for task in new], actor=actor
    )
    known.tasks.update((ref, row.id) for ref, row in rows.items())
    taken.changes.extend(Change("tasks", known.tasks[task.source_ref]) for task in new)

    taken.changes.extend(snapshot_tasks(updated_ids))
    for task in updated:
        row = before[known.tasks[task.source_ref]]
        dated = _dated(task, created_at=row["created_at"], completed_at=row["completed_at"] or now)
        db.session.execute(
            update(Task)
            .where(Task.id == row["id"])
            .values(**values_of(dated) | {"source_hash": _source_hash_of_task(task, dated)}, version=Task.version + 1)
            .execution_options(synchronize_session=False)
        )
    reminders.rebuild(task_ids=updated_ids, now=now)
    delete_rows(TaskTag, TaskTag.task_id, updated_ids)
    insert_rows(
        TaskTag,
        [
            {"task_id": known.tasks[task.source_ref], "tag_id": tag_id}
            for task in writes
            for tag_id in sorted({tag_ids[name_key(tag)] for tag in task.tags})
        ],
    )
    derived.follow(known.tasks[task.source_ref] for task in writes)


def _task_values(task: TaskIn, *, category_ids: Mapping[str, int], zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    return {
        "title": task.title,
        "title_key": title_key(task.title),
        "description": task.description,
        "status": task.status,
        "priority": task.priority,
        "category_id": category_ids[name_key(task.category)] if task.category else None,
        "customer_id": task.customer_id,
        "assignee_id": task.assignee_id,
        "due_on": task.due_on,
        "due_at": task.due_at,
        "due_sort": due_sort(due_on=task.due_on, due_at=task.due_at),
        "estimated_minutes": task.estimated_minutes,
        "estimate_sort": estimate_sort(task.estimated_minutes),
        "created_at": task.created_at or now,
        "created_on": _local_day(task.created_at or now, zone),
        "updated_at": now,
        "completed_at": task.completed_at,
        "completed_on": _local_day(task.completed_at, zone) if task.completed_at else None,
    }


def _dated(task: TaskIn, *, created_at: datetime, completed_at: datetime) -> TaskIn:
    """Return a task with the instants that its file does not know."""
    completed = task.completed_at or completed_at if task.status is Status.DONE else None
    return replace(task, created_at=task.created_at or created_at, completed_at=completed)


def _source_hash_of_task(task: TaskIn, dated: TaskIn) -> str:
    kept = kept_of_task(
        title=dated.title,
        description=dated.description,
        status=dated.status,
        priority=dated.priority,
        category=dated.category,
        tags=dated.tags,
        customer_id=dated.customer_id,
        assignee_id=dated.assignee_id,
        due_on=dated.due_on,
        due_at=dated.due_at,
        estimated_minutes=dated.estimated_minutes,
        completed_at=dated.completed_at,
    )
    return join_hash(said=said_of_task(task), kept=kept)


def _ids_by_name(
    taken: Taken,
    model: type[Category] | type[Tag],
    names: Iterable[str],
    *,
    actor: Actor,
    more: Callable[[int], dict[str, Any]],
) -> dict[str, int]:
    """Return ids by the names' keys, making what is not there yet; `more` gives a new row's further columns."""
    wanted: dict[str, str] = {}
    for name in names:
        wanted.setdefault(name_key(name), name)
    ids = _named(model, wanted, actor=actor)
    missing = [key for key in wanted if key not in ids]
    if not missing:
        return ids
    before = db.session.scalar(select(func.count()).select_from(model).where(model.workspace_id == actor.workspace_id))
    insert_rows(
        model,
        [
            {"workspace_id": actor.workspace_id, "name": wanted[key], "name_key": key, **more((before or 0) + index)}
            for index, key in enumerate(missing)
        ],
    )
    made = _named(model, missing, actor=actor)
    taken.changes.extend(Change(model.__tablename__, made[key]) for key in missing)
    return ids | made


def _hue(before: int) -> dict[str, Any]:
    return {"hue": next_hue(before)}


def _nothing(_before: int) -> dict[str, Any]:
    return {}


def _named(model: type[Category] | type[Tag], keys: Iterable[str], *, actor: Actor) -> dict[str, int]:
    ids: dict[str, int] = {}
    for chunk in in_chunks(list(keys)):
        rows = db.session.execute(
            select(model.name_key, model.id).where(model.workspace_id == actor.workspace_id, model.name_key.in_(chunk))
        )
        ids.update((key, record_id) for key, record_id in rows)
    return ids


def _write_entries(
    taken: Taken,
    known: Known,
    *,
    source: str,
    entries: Sequence[EntryIn],
    zone: ZoneInfo,
    actor: Actor,
    now: datetime,
) -> None:
    new = [entry for entry in entries if taken.entries[entry.source_ref] is Outcome.CREATED]
    updated = [entry for entry in entries if taken.entries[entry.source_ref] is Outcome.UPDATED]
    if not new and not updated:
        return
    timed_refs = dict.fromkeys(entry.task_ref for entry in new if not entry.is_total)
    _remove_totals(taken, timed_refs, source=source, actor=actor)

    today = _local_day(now, zone)
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
            | {
                "workspace_id": actor.workspace_id,
                "source": source,
                "source_ref": entry.source_ref,
                "created_at": now,
                "version": 1,
            }
            for entry in new
        ],
    )
    rows = find_by_ref(
        TimeEntry,
        (TimeEntry.id, TimeEntry.source_ref),
        source=source,
        refs=[entry.source_ref for entry in new],
        actor=actor,
    )
    known.entries.update((ref, row.id) for ref, row in rows.items())
    taken.changes.extend(Change("time_entries", known.entries[entry.source_ref]) for entry in new)
    write_days([known.entries[entry.source_ref] for entry in [*new, *updated]])
    sum_up(touched, now=now)


def _entry_values(entry: EntryIn, *, task_id: int, other_day: date, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    day = _local_day(entry.started_at, zone) if entry.started_at else (entry.day or other_day)
    kept = kept_of_entry(
        task_id=task_id,
        user_id=entry.user_id,
        started_at=entry.started_at,
        ended_at=entry.ended_at,
        day=day,
        seconds=entry.counted_seconds,
        note=entry.note,
        is_billable=entry.is_billable,
    )
    return {
        "task_id": task_id,
        "user_id": entry.user_id,
        "started_at": entry.started_at,
        "ended_at": entry.ended_at,
        "day": day,
        "seconds": entry.counted_seconds,
        "interrupted_seconds": entry.interrupted_seconds,
        "zone": zone.key,
        "note": entry.note,
        "is_billable": entry.is_billable,
        "updated_at": now,
        "source_hash": join_hash(said=said_of_entry(entry), kept=kept),
    }


def _remove_totals(taken: Taken, task_refs: Iterable[str], *, source: str, actor: Actor) -> None:
    totals = find_by_ref(
        TimeEntry,
        (TimeEntry.id, TimeEntry.source_ref, TimeEntry.deleted_at),
        source=source,
        refs=[f"{TOTAL_PREFIX}{ref}" for ref in task_refs],
        actor=actor,
    )
    ids = [row.id for row in totals.values() if row.deleted_at is None]
    taken.changes.extend(snapshot_rows(TimeEntry, ids, is_removed=True))
    delete_rows(TimeEntry, TimeEntry.id, ids)


def write_days(entry_ids: Sequence[int]) -> None:
    """Write what each ended entry adds to each local day, instead of what was written before."""
    delete_rows(EntryDay, EntryDay.entry_id, entry_ids)
    facts: list[dict[str, Any]] = []
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
            if entry.started_at is None:
                shares = {entry.day: entry.seconds} if entry.seconds else {}
            elif entry.ended_at is None:
                shares = {}
            else:
                shares = seconds_by_day(
                    entry.started_at, entry.ended_at, ZoneInfo(entry.zone), entry.interrupted_seconds
                )
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


def sum_up(task_ids: Iterable[int], *, now: datetime) -> None:
    """Write on each task what its entries add up to."""
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
                version=Task.version + case(((Task.updated_at == now) & (Task.version == 1), 0), else_=1),
            )
            .execution_options(synchronize_session=False)
        )


def _local_day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()
