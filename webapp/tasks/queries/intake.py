"""What would become of many tasks and entries that arrive at once, and what is here of them already."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, exists, select, true

from webapp.storage.bulk import in_chunks
from webapp.storage.db import db
from webapp.tasks.models import Category, Comment, Series, Tag, Task, TaskBlocker, TaskTag, TimeEntry
from webapp.tasks.rules.intake import (
    TOTAL_PREFIX,
    Change,
    EntryIn,
    Outcome,
    Taken,
    TaskIn,
    is_said_again,
    is_untouched,
    kept_as_said,
    kept_of_entry,
    kept_of_own_entry,
    kept_of_task,
    said_of_entry,
    said_of_task,
)
from webapp.values.actor import Actor


@dataclass(frozen=True)
class Known:
    """What is already here: ids by reference."""

    tasks: dict[str, int]
    entries: dict[str, int]


def survey(
    *,
    source: str | None,
    tasks: Sequence[TaskIn],
    entries: Sequence[EntryIn],
    actor: Actor,
    promised: Container[str] = (),
) -> Taken:
    """
    Tell what `take_in` would do, and do nothing.

    An entry may belong to one of `tasks`, to one of those that are `promised` because they came before, or to a task
    that is already here. A person or task that is not here yet has a negative id.
    """
    taken, _known = look_up(source=source, tasks=tasks, entries=entries, actor=actor, promised=promised)
    return taken


def look_up(
    *,
    source: str | None,
    tasks: Sequence[TaskIn],
    entries: Sequence[EntryIn],
    actor: Actor,
    promised: Container[str] = (),
) -> tuple[Taken, Known]:
    """Return what `survey` returns, and the ids of what is already here."""
    taken = Taken()
    here = find_by_ref(
        Task,
        (Task.id, Task.source_hash, Task.is_deleted),
        source=source,
        actor=actor,
        refs=[task.source_ref for task in tasks] + [entry.task_ref for entry in entries],
    )
    if source is None:
        origins = {(t.own.source, t.own.source_ref): t.source_ref for t in tasks if t.own and t.source_ref not in here}
        here |= _find_by_origin(Task, (Task.id, Task.source_hash, Task.is_deleted), origins=origins, actor=actor)
    changed: dict[str, TaskIn] = {}
    for task in tasks:
        row = here.get(task.source_ref)
        if row is None:
            taken.tasks[task.source_ref] = Outcome.CREATED
        elif is_said_again(row.source_hash, said_of_task(task)):
            taken.tasks[task.source_ref] = Outcome.UNCHANGED
        elif row.is_deleted:
            taken.tasks[task.source_ref] = Outcome.TRASHED
        else:
            changed[task.source_ref] = task
    ids = [here[ref].id for ref in changed]
    current = list_kept_of_tasks(ids)
    # What was made here was never taken in: a file of ours that says what it is like now says nothing new.
    bare = list_kept_of_tasks(ids, are_links_told=False) if source is None else {}
    for ref, task in changed.items():
        task_id = here[ref].id
        if is_untouched(here[ref].source_hash, current.get(task_id)):
            taken.tasks[ref] = Outcome.UPDATED
        elif source is None and bare.get(task_id) == kept_as_said(task):
            taken.tasks[ref] = Outcome.UNCHANGED
        else:
            taken.tasks[ref] = Outcome.KEPT

    task_ids = {ref: row.id for ref, row in here.items()}
    trashed = {ref for ref, row in here.items() if row.is_deleted}
    known_entries = _survey_entries(
        taken, task_ids, trashed, source=source, entries=entries, actor=actor, promised=promised
    )
    return taken, Known(tasks=task_ids, entries=known_entries)


def _survey_entries(
    taken: Taken,
    task_ids: Mapping[str, int],
    trashed: set[str],
    *,
    source: str | None,
    entries: Sequence[EntryIn],
    actor: Actor,
    promised: Container[str],
) -> dict[str, int]:
    columns = (TimeEntry.id, TimeEntry.source_hash, TimeEntry.deleted_at)
    here = find_by_ref(TimeEntry, columns, source=source, refs=[entry.source_ref for entry in entries], actor=actor)
    if source is None:
        origins = {(e.own_source, e.own_ref): e.source_ref for e in entries if e.source_ref not in here}
        here |= _find_by_origin(TimeEntry, columns, origins=origins, actor=actor)
    timed = {entry.task_ref for entry in entries if not entry.is_total}
    covered = _tasks_with_timed_entries(
        [task_ids[entry.task_ref] for entry in entries if entry.is_total and entry.task_ref in task_ids], source=source
    )
    changed: dict[str, EntryIn] = {}
    for entry in entries:
        task_id = task_ids.get(entry.task_ref)
        row = here.get(entry.source_ref)
        if task_id is None and entry.task_ref not in taken.tasks and entry.task_ref not in promised:
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
            changed[entry.source_ref] = entry
    current = list_kept_of_entries([here[ref].id for ref in changed])
    for ref, entry in changed.items():
        kept = current.get(here[ref].id)
        if is_untouched(here[ref].source_hash, kept):
            taken.entries[ref] = Outcome.UPDATED
        elif source is None and kept == kept_of_own_entry(entry, task_id=task_ids.get(entry.task_ref, 0)):
            taken.entries[ref] = Outcome.UNCHANGED
        else:
            taken.entries[ref] = Outcome.KEPT
    return {ref: row.id for ref, row in here.items()}


def list_changes_of_source(*, source: str, actor: Actor) -> list[Change]:
    """Return all that `take_in` has made of a source in this workspace, newest first, as `take_back` takes it."""
    return [
        Change(model.__tablename__, record_id)
        for model in (TimeEntry, Task)
        for record_id in db.session.scalars(
            select(model.id)
            .where(model.workspace_id == actor.workspace_id, model.source == source)
            .order_by(model.id.desc())
        )
    ]


def has_work(*, user_id: int, actor: Actor) -> bool:
    """Tell whether any task, entry, comment or series of the workspace is this person's."""
    return bool(
        db.session.scalar(
            select(
                exists().where(Task.workspace_id == actor.workspace_id, Task.assignee_id == user_id)
                | exists().where(TimeEntry.workspace_id == actor.workspace_id, TimeEntry.user_id == user_id)
                | exists().where(Comment.workspace_id == actor.workspace_id, Comment.user_id == user_id)
                | exists().where(
                    Series.workspace_id == actor.workspace_id,
                    (Series.user_id == user_id) | (Series.assignee_id == user_id),
                )
            )
        )
    )


def find_by_ref(
    model: type[Task] | type[TimeEntry],
    columns: Sequence[Any],
    *,
    source: str | None,
    refs: Iterable[str],
    actor: Actor,
) -> dict[str, Row[Any]]:
    """
    Return some columns of the records of a source that are called so there, by what they are called.

    :param source: None for records that bear these names themselves (`uid`)
    """
    found: dict[str, Row[Any]] = {}
    name = model.uid if source is None else model.source_ref
    is_theirs = true() if source is None else model.source == source
    for chunk in in_chunks(list(dict.fromkeys(refs))):
        rows: Iterable[Row[Any]] = db.session.execute(
            select(*columns, name.label("ref")).where(
                model.workspace_id == actor.workspace_id, is_theirs, name.in_(chunk)
            )
        )
        found.update((str(row.ref), row) for row in rows)
    return found


def _find_by_origin(
    model: type[Task] | type[TimeEntry],
    columns: Sequence[Any],
    *,
    origins: Mapping[tuple[str | None, str | None], str],
    actor: Actor,
) -> dict[str, Row[Any]]:
    """Return records that came from elsewhere, by what a file of ours calls what came from the same place."""
    found: dict[str, Row[Any]] = {}
    for source in sorted({source for source, ref in origins if source and ref}):
        refs = [ref for of_source, ref in origins if of_source == source and ref]
        rows = find_by_ref(model, columns, source=source, refs=refs, actor=actor)
        found.update((origins[source, ref], row) for ref, row in rows.items())
    return found


def list_kept_of_tasks(task_ids: Sequence[int], *, are_links_told: bool = True) -> dict[int, str]:
    """
    Return the fingerprints of tasks as they are now, by id.

    :param are_links_told: whether what they are parts of, wait for, and which comments were taken in is said in them
    """
    hashes: dict[int, str] = {}
    for chunk in in_chunks(task_ids):
        tags = _grouped(
            select(TaskTag.task_id, Tag.name).join(Tag, Tag.id == TaskTag.tag_id).where(TaskTag.task_id.in_(chunk))
        )
        blocked_by = _grouped(
            select(TaskBlocker.task_id, TaskBlocker.blocked_by_id).where(TaskBlocker.task_id.in_(chunk))
        )
        comments = _grouped(
            select(Comment.task_id, Comment.source_ref, Comment.text).where(
                Comment.task_id.in_(chunk), Comment.source_ref.is_not(None)
            )
        )
        for row in db.session.execute(
            select(
                Task.id,
                Task.title,
                Task.description,
                Task.status,
                Task.priority,
                Category.name.label("category"),
                Task.customer_id,
                Task.assignee_id,
                Task.due_on,
                Task.due_at,
                Task.estimated_minutes,
                Task.completed_at,
                Task.starts_on,
                Task.parent_id,
            )
            .join(Category, Category.id == Task.category_id, isouter=True)
            .where(Task.id.in_(chunk))
        ):
            values = row._asdict()
            task_id = values.pop("id")
            if not are_links_told:
                del values["parent_id"]
            hashes[task_id] = kept_of_task(
                tags=[name for (name,) in tags.get(task_id, ())],
                blocked_by_ids=[other_id for (other_id,) in blocked_by.get(task_id, ())] if are_links_told else (),
                comments=comments.get(task_id, ()) if are_links_told else (),
                **values,
            )
    return hashes


def _grouped(statement: Select[*tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    """Return the rows of a statement by their first column, without it."""
    groups: dict[int, list[tuple[Any, ...]]] = {}
    for key, *rest in db.session.execute(statement):
        groups.setdefault(key, []).append(tuple(rest))
    return groups


def list_kept_of_entries(entry_ids: Sequence[int]) -> dict[int, str]:
    """Return the fingerprints of entries as they are now, by id."""
    hashes: dict[int, str] = {}
    for chunk in in_chunks(entry_ids):
        for row in db.session.execute(
            select(
                TimeEntry.id,
                TimeEntry.task_id,
                TimeEntry.user_id,
                TimeEntry.started_at,
                TimeEntry.ended_at,
                TimeEntry.day,
                TimeEntry.seconds,
                TimeEntry.note,
                TimeEntry.is_billable,
                TimeEntry.customer_id,
            ).where(TimeEntry.id.in_(chunk))
        ):
            values = row._asdict()
            entry_id = values.pop("id")
            hashes[entry_id] = kept_of_entry(**values)
    return hashes


def list_comments(task_ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """Return what was said about tasks, by their ids: id, source_ref, text, created_at, version, edited_at."""
    found: dict[int, list[Row[Any]]] = {}
    for chunk in in_chunks(task_ids):
        for row in db.session.execute(
            select(
                Comment.id,
                Comment.task_id,
                Comment.source_ref,
                Comment.text,
                Comment.created_at,
                Comment.edited_at,
                Comment.version,
            )
            .where(Comment.task_id.in_(chunk))
            .order_by(Comment.id)
        ):
            found.setdefault(row.task_id, []).append(cast(Row[Any], row))
    return found


def find_ids_by_key(model: type[Category] | type[Tag], keys: Iterable[str], *, actor: Actor) -> dict[str, int]:
    """Return the ids of the categories or tags of the workspace by the `name_key` of their names."""
    ids: dict[str, int] = {}
    for chunk in in_chunks(list(keys)):
        rows = db.session.execute(
            select(model.name_key, model.id).where(model.workspace_id == actor.workspace_id, model.name_key.in_(chunk))
        )
        ids.update((key, record_id) for key, record_id in rows)
    return ids


def find_series_ids(*, refs: Sequence[str], actor: Actor) -> dict[str, int]:
    """Return the ids of the series of the workspace that bear these names, by name."""
    found: dict[str, int] = {}
    for chunk in in_chunks(refs):
        rows = db.session.execute(
            select(Series.uid, Series.id).where(Series.workspace_id == actor.workspace_id, Series.uid.in_(chunk))
        )
        found.update((uid, series_id) for uid, series_id in rows if uid)
    return found


def list_untouched(
    model: type[Task] | type[TimeEntry], ids: Sequence[int], current: Mapping[int, str], *, actor: Actor
) -> set[int]:
    """Return the records of this workspace that are as they were taken in."""
    found: set[int] = set()
    for chunk in in_chunks(ids):
        rows = db.session.execute(
            select(model.id, model.source_hash).where(model.workspace_id == actor.workspace_id, model.id.in_(chunk))
        )
        found.update(record_id for record_id, source_hash in rows if is_untouched(source_hash, current.get(record_id)))
    return found


def list_existing(
    model: type[Task] | type[TimeEntry] | type[Tag] | type[Series], ids: Sequence[int], *, actor: Actor
) -> set[int]:
    """Return those of these records that are in the workspace."""
    found: set[int] = set()
    for chunk in in_chunks(ids):
        found.update(
            db.session.scalars(select(model.id).where(model.workspace_id == actor.workspace_id, model.id.in_(chunk)))
        )
    return found


def list_task_ids(entry_ids: Sequence[int]) -> set[int]:
    """Return the tasks that these entries belong to."""
    found: set[int] = set()
    for chunk in in_chunks(entry_ids):
        found.update(db.session.scalars(select(TimeEntry.task_id).where(TimeEntry.id.in_(chunk))))
    return found


def _tasks_with_timed_entries(task_ids: Sequence[int], *, source: str | None) -> set[int]:
    covered: set[int] = set()
    for chunk in in_chunks(task_ids):
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
