"""
Taking in many tasks and time entries at once, in statements for hundreds of rows; and taking an intake back.

    taken = take_in(
        source="helpdesk",
        tasks=[TaskIn(source_ref="17", title="Answer Mrs Lund", created_at=...)],
        entries=[EntryIn(source_ref="a", task_ref="17", user_id=..., started_at=..., ended_at=...)],
        zone=actor.zone, actor=actor, now=now,
    )
    taken.tasks["17"] is Outcome.CREATED

A record is known again by (workspace, source, source_ref): the same call a second time changes nothing. `TaskIn`,
`EntryIn` and `total_of` live in `tasks.rules.intake`. A few hundred rows a call keep statements and locks short.
`survey` tells what would happen and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Table, case, delete, exists, func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from webapp.storage.db import Model, db
from webapp.storage.failures import TryAgain
from webapp.storage.transaction import transactional
from webapp.storage.types import EnumValue, UtcDateTime
from webapp.tasks.models import Category, EntryDay, Tag, Task, TaskTag, TimeEntry
from webapp.tasks.rules.due import due_sort
from webapp.tasks.rules.entries import seconds_by_day
from webapp.tasks.rules.intake import (
    TOTAL_PREFIX,
    EntryIn,
    Outcome,
    TaskIn,
    is_said_again,
    is_untouched,
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

CHUNK = 500

Item = TypeVar("Item")


@dataclass(frozen=True)
class Change:
    """What was done to one record of a table: `before` is None for what is new, else the row as JSON can keep it."""

    table: str
    record_id: int
    before: dict[str, Any] | None = None
    is_removed: bool = False


@dataclass
class Taken:
    """What became of each task and entry, by its source_ref, and what was changed, in that order."""

    tasks: dict[str, Outcome] = field(default_factory=dict)
    entries: dict[str, Outcome] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)


@dataclass
class TakenBack:
    """How many tasks and entries were removed or put back, and how many were kept because somebody changed them."""

    undone: int = 0
    kept: int = 0


@dataclass(frozen=True)
class _Known:
    """What is already here: ids by reference."""

    tasks: dict[str, int]
    entries: dict[str, int]


def survey(*, source: str, tasks: Sequence[TaskIn], entries: Sequence[EntryIn], actor: Actor) -> Taken:
    """
    Tell what `take_in` would do, and do nothing.

    An entry may belong to one of `tasks` or to a task that is already here. A person or task that is not here yet has
    a negative id.
    """
    taken = Taken()
    _survey(taken, source=source, tasks=tasks, entries=entries, actor=actor)
    return taken


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
    taken = Taken()
    known = _survey(taken, source=source, tasks=tasks, entries=entries, actor=actor)
    try:
        _write_tasks(taken, known, source=source, tasks=tasks, zone=zone, actor=actor, now=now)
        _write_entries(taken, known, source=source, entries=entries, zone=zone, actor=actor, now=now)
    except IntegrityError as error:
        # Somebody takes in the same records, or makes the same category, right now.
        raise TryAgain from error
    return taken


# What is here already


def _survey(taken: Taken, *, source: str, tasks: Sequence[TaskIn], entries: Sequence[EntryIn], actor: Actor) -> _Known:
    here = _rows_by_ref(Task, (Task.id, Task.source_ref, Task.source_hash, Task.is_deleted), source=source, actor=actor,
                        refs=[task.source_ref for task in tasks] + [entry.task_ref for entry in entries])  # fmt: skip
    changed = []
    for task in tasks:
        row = here.get(task.source_ref)
        if row is None:
            taken.tasks[task.source_ref] = Outcome.CREATED
        elif is_said_again(row.source_hash, said_of_task(task)):
            taken.tasks[task.source_ref] = Outcome.UNCHANGED
        elif row.is_deleted:
            taken.tasks[task.source_ref] = Outcome.TRASHED
        else:
            changed.append(task.source_ref)
    current = _kept_of_tasks([here[ref].id for ref in changed])
    for ref in changed:
        nobody_did = is_untouched(here[ref].source_hash, current.get(here[ref].id))
        taken.tasks[ref] = Outcome.UPDATED if nobody_did else Outcome.KEPT

    task_ids = {ref: row.id for ref, row in here.items()}
    trashed = {ref for ref, row in here.items() if row.is_deleted}
    known_entries = _survey_entries(taken, task_ids, trashed, source=source, entries=entries, actor=actor)
    return _Known(tasks=task_ids, entries=known_entries)


def _survey_entries(
    taken: Taken,
    task_ids: Mapping[str, int],
    trashed: set[str],
    *,
    source: str,
    entries: Sequence[EntryIn],
    actor: Actor,
) -> dict[str, int]:
    columns = (TimeEntry.id, TimeEntry.source_ref, TimeEntry.source_hash, TimeEntry.deleted_at)
    here = _rows_by_ref(TimeEntry, columns, source=source, refs=[entry.source_ref for entry in entries], actor=actor)
    timed = {entry.task_ref for entry in entries if not entry.is_total}
    covered = _tasks_with_timed_entries(
        [task_ids[entry.task_ref] for entry in entries if entry.is_total and entry.task_ref in task_ids], source=source
    )
    changed = []
    for entry in entries:
        task_id = task_ids.get(entry.task_ref)
        row = here.get(entry.source_ref)
        if task_id is None and entry.task_ref not in taken.tasks:
            taken.entries[entry.source_ref] = Outcome.NO_TASK
        elif entry.task_ref in trashed:
            taken.entries[entry.source_ref] = Outcome.TRASHED
        elif entry.is_total and (entry.task_ref in timed or task_id in covered):
            taken.entries[entry.source_ref] = Outcome.COVERED
        elif row is None:
            taken.entries[entry.source_ref] = Outcome.CREATED
        elif is_said_again(row.source_hash, said_of_entry(entry)):
            taken.entries[entry.source_ref] = Outcome.UNCHANGED
        elif row.deleted_at is not None:
            taken.entries[entry.source_ref] = Outcome.TRASHED
        else:
            changed.append(entry.source_ref)
    current = _kept_of_entries([here[ref].id for ref in changed])
    for ref in changed:
        nobody_did = is_untouched(here[ref].source_hash, current.get(here[ref].id))
        taken.entries[ref] = Outcome.UPDATED if nobody_did else Outcome.KEPT
    return {ref: row.id for ref, row in here.items()}


def _rows_by_ref(
    model: type[Task] | type[TimeEntry],
    columns: Sequence[Any],
    *,
    source: str,
    refs: Iterable[str],
    actor: Actor,
) -> dict[str, Row[Any]]:
    found: dict[str, Row[Any]] = {}
    for chunk in _chunks(list(dict.fromkeys(refs))):
        rows = db.session.execute(
            select(*columns).where(
                model.workspace_id == actor.workspace_id, model.source == source, model.source_ref.in_(chunk)
            )
        )
        found.update((row.source_ref, row) for row in rows)
    return found


def _tasks_with_timed_entries(task_ids: Sequence[int], *, source: str) -> set[int]:
    covered: set[int] = set()
    for chunk in _chunks(task_ids):
        covered.update(
            db.session.scalars(
                select(TimeEntry.task_id)
                .where(TimeEntry.task_id.in_(chunk), TimeEntry.source == source, ~_is_total())
                .distinct()
            )
        )
    return covered


def _is_total() -> ColumnElement[bool]:
    return TimeEntry.source_ref.startswith(TOTAL_PREFIX, autoescape=True)


def _kept_of_tasks(task_ids: Sequence[int]) -> dict[int, str]:
    """Return the fingerprints of tasks as they are now, by id."""
    hashes: dict[int, str] = {}
    for chunk in _chunks(task_ids):
        tags: dict[int, list[str]] = {}
        for task_id, tag in db.session.execute(
            select(TaskTag.task_id, Tag.name).join(Tag, Tag.id == TaskTag.tag_id).where(TaskTag.task_id.in_(chunk))
        ):
            tags.setdefault(task_id, []).append(tag)
        for row in db.session.execute(
            select(
                Task.id, Task.title, Task.description, Task.status, Task.priority, Category.name.label("category"),
                Task.customer_id, Task.assignee_id, Task.due_on, Task.due_at, Task.estimated_minutes, Task.completed_at,
            )
            .join(Category, Category.id == Task.category_id, isouter=True)
            .where(Task.id.in_(chunk))
        ):  # fmt: skip
            values = row._asdict()
            task_id = values.pop("id")
            hashes[task_id] = kept_of_task(tags=tags.get(task_id, ()), **values)
    return hashes


def _kept_of_entries(entry_ids: Sequence[int]) -> dict[int, str]:
    """Return the fingerprints of entries as they are now, by id."""
    hashes: dict[int, str] = {}
    for chunk in _chunks(entry_ids):
        for row in db.session.execute(
            select(
                TimeEntry.id, TimeEntry.task_id, TimeEntry.user_id, TimeEntry.started_at, TimeEntry.ended_at,
                TimeEntry.day, TimeEntry.seconds, TimeEntry.note,
            ).where(TimeEntry.id.in_(chunk))
        ):  # fmt: skip
            values = row._asdict()
            entry_id = values.pop("id")
            hashes[entry_id] = kept_of_entry(**values)
    return hashes


# Tasks


def _write_tasks(
    taken: Taken,
    known: _Known,
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
    before = _rows_of(Task, updated_ids)

    _insert(
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
    rows = _rows_by_ref(
        Task, (Task.id, Task.source_ref), source=source, refs=[task.source_ref for task in new], actor=actor
    )
    known.tasks.update((ref, row.id) for ref, row in rows.items())
    taken.changes.extend(Change("tasks", known.tasks[task.source_ref]) for task in new)

    taken.changes.extend(_tasks_before(updated_ids))
    for task in updated:
        row = before[known.tasks[task.source_ref]]
        dated = _dated(task, created_at=row["created_at"], completed_at=row["completed_at"] or now)
        db.session.execute(
            update(Task)
            .where(Task.id == row["id"])
            .values(**values_of(dated) | {"source_hash": _source_hash_of_task(task, dated)}, version=Task.version + 1)
            .execution_options(synchronize_session=False)
        )
    _delete_where_in(TaskTag, TaskTag.task_id, updated_ids)
    _insert(
        TaskTag,
        [
            {"task_id": known.tasks[task.source_ref], "tag_id": tag_id}
            for task in writes
            for tag_id in sorted({tag_ids[name_key(tag)] for tag in task.tags})
        ],
    )


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


def _local_day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()


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
    _insert(
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
    for chunk in _chunks(list(keys)):
        rows = db.session.execute(
            select(model.name_key, model.id).where(model.workspace_id == actor.workspace_id, model.name_key.in_(chunk))
        )
        ids.update((key, record_id) for key, record_id in rows)
    return ids


# Entries


def _write_entries(
    taken: Taken,
    known: _Known,
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
    before = _rows_of(TimeEntry, updated_ids)
    taken.changes.extend(_rows_before(TimeEntry, updated_ids))
    touched = {known.tasks[entry.task_ref] for entry in [*new, *updated]}
    # An updated entry may have moved from another task.
    touched.update(_tasks_of(updated_ids))
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
    _insert(
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
    rows = _rows_by_ref(
        TimeEntry,
        (TimeEntry.id, TimeEntry.source_ref),
        source=source,
        refs=[entry.source_ref for entry in new],
        actor=actor,
    )
    known.entries.update((ref, row.id) for ref, row in rows.items())
    taken.changes.extend(Change("time_entries", known.entries[entry.source_ref]) for entry in new)
    _write_days([known.entries[entry.source_ref] for entry in [*new, *updated]])
    _sum_up(touched, now=now)


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
        "updated_at": now,
        "source_hash": join_hash(said=said_of_entry(entry), kept=kept),
    }


def _remove_totals(taken: Taken, task_refs: Iterable[str], *, source: str, actor: Actor) -> None:
    totals = _rows_by_ref(
        TimeEntry,
        (TimeEntry.id, TimeEntry.source_ref, TimeEntry.deleted_at),
        source=source,
        refs=[f"{TOTAL_PREFIX}{ref}" for ref in task_refs],
        actor=actor,
    )
    ids = [row.id for row in totals.values() if row.deleted_at is None]
    taken.changes.extend(_rows_before(TimeEntry, ids, is_removed=True))
    _delete_where_in(TimeEntry, TimeEntry.id, ids)


def _write_days(entry_ids: Sequence[int]) -> None:
    """Write what each ended entry adds to each local day, instead of what was written before."""
    _delete_where_in(EntryDay, EntryDay.entry_id, entry_ids)
    facts: list[dict[str, Any]] = []
    for chunk in _chunks(entry_ids):
        for entry in db.session.execute(
            select(
                TimeEntry.id, TimeEntry.workspace_id, TimeEntry.user_id, TimeEntry.task_id, TimeEntry.started_at,
                TimeEntry.ended_at, TimeEntry.interrupted_seconds, TimeEntry.zone, TimeEntry.day, TimeEntry.seconds,
            ).where(TimeEntry.id.in_(chunk), TimeEntry.deleted_at.is_(None))
        ):  # fmt: skip
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
    _insert(EntryDay, facts)


def _tasks_of(entry_ids: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for chunk in _chunks(entry_ids):
        found.update(db.session.scalars(select(TimeEntry.task_id).where(TimeEntry.id.in_(chunk))))
    return found


def _sum_up(task_ids: Iterable[int], *, now: datetime) -> None:
    """Write on each task what its entries add up to."""
    total = (
        select(func.coalesce(func.sum(TimeEntry.seconds), 0))
        .where(TimeEntry.task_id == Task.id, TimeEntry.deleted_at.is_(None))
        .correlate(Task)
        .scalar_subquery()
    )
    for chunk in _chunks(sorted(task_ids)):
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


# Taking back


@transactional
def take_back(*, changes: Sequence[Change], actor: Actor, now: datetime) -> TakenBack:
    """
    Undo changes of `take_in`, given newest first, where nobody has changed the record since.

    A new task goes away with everything on it, unless it was edited here or has time on it that was not taken in with
    it. Categories and tags go when nothing uses them any more.
    """
    back = TakenBack()
    of_entries = [change for change in changes if change.table == "time_entries"]
    touched = _take_back_entries(back, of_entries, actor=actor, now=now)
    _take_back_tasks(back, [change for change in changes if change.table == "tasks"], actor=actor, now=now)
    _sum_up(touched, now=now)
    _remove_unused(Tag, [c.record_id for c in changes if c.table == "tags"], TaskTag.tag_id, actor=actor)
    _remove_unused(Category, [c.record_id for c in changes if c.table == "categories"], Task.category_id, actor=actor)
    return back


def changes_of_source(*, source: str, actor: Actor) -> list[Change]:
    """Return all that `take_in` has made of a source in this workspace, newest first, as `take_back` takes it."""
    return [
        Change(_table(model).name, record_id)
        for model in (TimeEntry, Task)
        for record_id in db.session.scalars(
            select(model.id)
            .where(model.workspace_id == actor.workspace_id, model.source == source)
            .order_by(model.id.desc())
        )
    ]


@transactional
def let_go(*, source: str, actor: Actor) -> None:
    """Make what is left of a source the workspace's own: taking the source in again no longer finds it."""
    for model in (TimeEntry, Task):
        db.session.execute(
            update(model)
            .where(model.workspace_id == actor.workspace_id, model.source == source)
            .values(source=None, source_ref=None, source_hash=None, version=model.version + 1)
            .execution_options(synchronize_session=False)
        )


def _take_back_entries(back: TakenBack, changes: Sequence[Change], *, actor: Actor, now: datetime) -> set[int]:
    made_or_updated = [change.record_id for change in changes if not change.is_removed]
    untouched = _untouched(TimeEntry, made_or_updated, _kept_of_entries(made_or_updated), actor=actor)
    gone = set(made_or_updated) - untouched - _existing(TimeEntry, made_or_updated, actor=actor)
    new = [c.record_id for c in changes if c.before is None and c.record_id in untouched]
    touched = _tasks_of(new)
    _delete_where_in(TimeEntry, TimeEntry.id, new)

    put_back = [c for c in changes if c.is_removed or (c.before and c.record_id in untouched)]
    here = _existing(Task, [_task_id_of(c) for c in put_back], actor=actor)
    put_back = [c for c in put_back if _task_id_of(c) in here]
    touched |= _tasks_of([c.record_id for c in put_back]) | {_task_id_of(c) for c in put_back}
    _delete_where_in(TimeEntry, TimeEntry.id, [c.record_id for c in put_back])
    _insert(TimeEntry, [_from_json(TimeEntry, c.before or {}) for c in put_back])
    _write_days([c.record_id for c in put_back])

    back.undone += len(new) + len(put_back)
    back.kept += sum(c.record_id not in untouched and c.record_id not in gone for c in changes if not c.is_removed)
    return touched


def _task_id_of(change: Change) -> int:
    return int((change.before or {})["task_id"])


def _take_back_tasks(back: TakenBack, changes: Sequence[Change], *, actor: Actor, now: datetime) -> None:
    ids = [change.record_id for change in changes]
    untouched = _untouched(Task, ids, _kept_of_tasks(ids), actor=actor)
    new = [c.record_id for c in changes if c.before is None and c.record_id in untouched]
    busy: set[int] = set()
    for chunk in _chunks(new):
        busy.update(
            db.session.scalars(
                select(TimeEntry.task_id).where(TimeEntry.task_id.in_(chunk), TimeEntry.deleted_at.is_(None)).distinct()
            )
        )
    removed = [task_id for task_id in new if task_id not in busy]
    _delete_where_in(Task, Task.id, removed)

    updated = [c for c in changes if c.before is not None and c.record_id in untouched]
    for change in updated:
        before = dict(change.before or {})
        tag_ids = before.pop("tag_ids")
        values = _from_json(Task, before)
        # What the entries add up to, and how often the row was written, is not for an older copy to say.
        for column in ("id", "tracked_seconds", "version"):
            values.pop(column)
        db.session.execute(
            update(Task)
            .where(Task.id == change.record_id)
            .values(**values | {"updated_at": now}, version=Task.version + 1)
            .execution_options(synchronize_session=False)
        )
        _delete_where_in(TaskTag, TaskTag.task_id, [change.record_id])
        present = _existing(Tag, tag_ids, actor=actor)
        _insert(TaskTag, [{"task_id": change.record_id, "tag_id": tag_id} for tag_id in tag_ids if tag_id in present])

    back.undone += len(removed) + len(updated)
    back.kept += len(_existing(Task, ids, actor=actor)) - len(updated)


def _untouched(
    model: type[Task] | type[TimeEntry], ids: Sequence[int], current: Mapping[int, str], *, actor: Actor
) -> set[int]:
    """Return the records of this workspace that are as they were taken in."""
    found: set[int] = set()
    for chunk in _chunks(ids):
        rows = db.session.execute(
            select(model.id, model.source_hash).where(model.workspace_id == actor.workspace_id, model.id.in_(chunk))
        )
        found.update(record_id for record_id, source_hash in rows if is_untouched(source_hash, current.get(record_id)))
    return found


def _existing(model: type[Task] | type[TimeEntry] | type[Tag], ids: Sequence[int], *, actor: Actor) -> set[int]:
    found: set[int] = set()
    for chunk in _chunks(ids):
        found.update(
            db.session.scalars(select(model.id).where(model.workspace_id == actor.workspace_id, model.id.in_(chunk)))
        )
    return found


def _remove_unused(model: type[Category] | type[Tag], ids: Sequence[int], used_by: Any, *, actor: Actor) -> None:
    for chunk in _chunks(ids):
        db.session.execute(
            delete(model)
            .where(
                model.workspace_id == actor.workspace_id,
                model.id.in_(chunk),
                ~exists(select(literal(1)).where(used_by == model.id)),
            )
            .execution_options(synchronize_session=False)
        )


def is_needed(*, user_id: int, actor: Actor) -> bool:
    """Tell whether any task or entry of the workspace is this person's."""
    return bool(
        db.session.scalar(
            select(
                exists().where(Task.workspace_id == actor.workspace_id, Task.assignee_id == user_id)
                | exists().where(TimeEntry.workspace_id == actor.workspace_id, TimeEntry.user_id == user_id)
            )
        )
    )


# Rows as JSON can keep them


def _tasks_before(task_ids: Sequence[int]) -> list[Change]:
    tags: dict[int, list[int]] = {}
    for chunk in _chunks(task_ids):
        for task_id, tag_id in db.session.execute(
            select(TaskTag.task_id, TaskTag.tag_id).where(TaskTag.task_id.in_(chunk))
        ):
            tags.setdefault(task_id, []).append(tag_id)
    return [
        Change("tasks", change.record_id, {**(change.before or {}), "tag_ids": tags.get(change.record_id, [])})
        for change in _rows_before(Task, task_ids)
    ]


def _rows_before(model: type[Task] | type[TimeEntry], ids: Sequence[int], *, is_removed: bool = False) -> list[Change]:
    return [
        Change(model.__tablename__, record_id, {name: _as_json(value) for name, value in row.items()}, is_removed)
        for record_id, row in _rows_of(model, ids).items()
    ]


def _rows_of(model: type[Task] | type[TimeEntry], ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return whole rows by id."""
    table = _table(model)
    rows: dict[int, dict[str, Any]] = {}
    for chunk in _chunks(ids):
        for row in db.session.execute(select(table).where(table.c.id.in_(chunk))).mappings():
            rows[row["id"]] = {str(name): value for name, value in row.items()}
    return rows


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return getattr(value, "value", value)


def _from_json(model: type[Task] | type[TimeEntry], kept: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    # A column that has been added since takes its default; one that has gone is left out.
    for column in _table(model).columns:
        if column.name not in kept:
            continue
        value = kept[column.name]
        if value is not None and isinstance(column.type, UtcDateTime):
            value = datetime.fromisoformat(value).astimezone(UTC)
        elif value is not None and isinstance(column.type, EnumValue):
            value = column.type.enum(value)
        elif value is not None and column.type.python_type is date:
            value = date.fromisoformat(value)
        values[column.name] = value
    return values


# Statements for many rows


def _insert(model: type[Model], rows: Sequence[dict[str, Any]]) -> None:
    for chunk in _chunks(rows):
        db.session.execute(insert(_table(model)), list(chunk))


def _delete_where_in(model: type[Model], column: Any, ids: Sequence[int]) -> None:
    for chunk in _chunks(ids):
        db.session.execute(delete(model).where(column.in_(chunk)).execution_options(synchronize_session=False))


def _table(model: type[Model]) -> Table:
    return cast(Table, model.__table__)


def _chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
