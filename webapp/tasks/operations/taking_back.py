"""Taking back what an intake did, where nobody has changed it since; and keeping it for good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, literal, select, true, update

from webapp.storage.bulk import delete_rows, in_chunks, insert_rows
from webapp.storage.db import db
from webapp.storage.transaction import transactional
from webapp.tasks.models import (
    Attachment,
    Category,
    Comment,
    Reminder,
    Series,
    SeriesTag,
    Tag,
    Task,
    TaskBlocker,
    TaskTag,
    TimeEntry,
)
from webapp.tasks.operations import derived, reminders
from webapp.tasks.operations.intake import seal_again
from webapp.tasks.operations.sums import sum_up, write_days
from webapp.tasks.queries.intake import (
    list_existing,
    list_kept_of_entries,
    list_kept_of_tasks,
    list_task_ids,
    list_untouched,
)
from webapp.tasks.queries.locks import hold_links
from webapp.tasks.queries.snapshots import values_of_snapshot
from webapp.tasks.rules.intake import Change, TakenBack
from webapp.values.actor import Actor


@transactional
def take_back(*, changes: Sequence[Change], actor: Actor, now: datetime) -> TakenBack:
    """
    Undo changes of `take_in`, given newest first, where nobody has changed the record since.

    A new task goes away, unless it was edited here or has something on it that was not taken in with it: time, a
    comment, a file, a reminder. Categories and tags go when nothing uses them any more.
    """
    back = TakenBack()
    # One link at a time in a workspace: what is parted here is nobody's to tie meanwhile.
    hold_links(actor=actor)
    of_entries = [change for change in changes if change.table == "time_entries"]
    touched = _take_back_entries(back, of_entries, actor=actor, now=now)
    _take_back_comments([change for change in changes if change.table == "comments"], actor=actor)
    _take_back_tasks(back, [change for change in changes if change.table == "tasks"], actor=actor, now=now)
    sum_up(touched, now=now)
    series = [c.record_id for c in changes if c.table == "task_series"]
    _remove_unused(Series, series, [Task.series_id], actor=actor)
    tags = [c.record_id for c in changes if c.table == "tags"]
    _remove_unused(Tag, tags, [TaskTag.tag_id, SeriesTag.tag_id], actor=actor)
    categories = [c.record_id for c in changes if c.table == "categories"]
    _remove_unused(Category, categories, [Task.category_id, Series.category_id], actor=actor)
    return back


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
    untouched = list_untouched(TimeEntry, made_or_updated, list_kept_of_entries(made_or_updated), actor=actor)
    gone = set(made_or_updated) - untouched - list_existing(TimeEntry, made_or_updated, actor=actor)
    new = [c.record_id for c in changes if c.before is None and c.record_id in untouched]
    touched = list_task_ids(new)
    delete_rows(TimeEntry, TimeEntry.id, new)

    put_back = [c for c in changes if c.is_removed or (c.before and c.record_id in untouched)]
    here = list_existing(Task, [_task_id_of(c) for c in put_back], actor=actor)
    put_back = [c for c in put_back if _task_id_of(c) in here]
    touched |= list_task_ids([c.record_id for c in put_back]) | {_task_id_of(c) for c in put_back}
    delete_rows(TimeEntry, TimeEntry.id, [c.record_id for c in put_back])
    insert_rows(TimeEntry, [values_of_snapshot(TimeEntry, c.before or {}) for c in put_back])
    write_days([c.record_id for c in put_back])

    back.undone += len(new) + len(put_back)
    back.kept += sum(c.record_id not in untouched and c.record_id not in gone for c in changes if not c.is_removed)
    return touched


def _task_id_of(change: Change) -> int:
    return int((change.before or {})["task_id"])


def _take_back_comments(changes: Sequence[Change], *, actor: Actor) -> None:
    """Take comments away, or give them their words back, of tasks that nobody has changed."""
    ids = [change.record_id for change in changes]
    task_of = {
        row.id: row.task_id
        for chunk in in_chunks(ids)
        for row in db.session.execute(
            select(Comment.id, Comment.task_id).where(Comment.workspace_id == actor.workspace_id, Comment.id.in_(chunk))
        )
    }
    untouched = _list_untouched_tasks(sorted(set(task_of.values())), actor=actor)
    theirs = [change for change in changes if task_of.get(change.record_id) in untouched]
    delete_rows(Comment, Comment.id, [change.record_id for change in theirs if change.before is None])
    for change in theirs:
        if change.before is not None:
            db.session.execute(
                update(Comment)
                .where(Comment.id == change.record_id)
                .values(text=change.before["text"], version=Comment.version + 1)
                .execution_options(synchronize_session=False)
            )
    parted = {task_of[change.record_id] for change in theirs}
    derived.follow(parted)
    seal_again(parted)


def _list_untouched_tasks(task_ids: Sequence[int], *, actor: Actor) -> set[int]:
    return list_untouched(Task, task_ids, list_kept_of_tasks(task_ids), actor=actor)


def _list_linked(task_ids: Sequence[int]) -> set[int]:
    """Return the tasks that are parts of these or wait for them."""
    found: set[int] = set()
    for chunk in in_chunks(task_ids):
        found.update(db.session.scalars(select(Task.id).where(Task.parent_id.in_(chunk))))
        found.update(db.session.scalars(select(TaskBlocker.task_id).where(TaskBlocker.blocked_by_id.in_(chunk))))
    return found - set(task_ids)


def _take_back_tasks(back: TakenBack, changes: Sequence[Change], *, actor: Actor, now: datetime) -> None:
    ids = [change.record_id for change in changes]
    untouched = _list_untouched_tasks(ids, actor=actor)
    removed = _without_busy([c.record_id for c in changes if c.before is None and c.record_id in untouched])
    linked = _list_untouched_tasks(sorted(_list_linked(removed)), actor=actor)
    delete_rows(Task, Task.id, removed)
    seal_again(linked)

    updated = [c for c in changes if c.before is not None and c.record_id in untouched]
    for change in updated:
        _put_back(change.record_id, change.before or {}, actor=actor, now=now)
    derived.follow(change.record_id for change in updated)
    reminders.rebuild(task_ids=[change.record_id for change in updated], now=now)
    back.undone += len(removed) + len(updated)
    back.kept += len(list_existing(Task, ids, actor=actor)) - len(updated)


def _without_busy(task_ids: Sequence[int]) -> list[int]:
    """Return those of these tasks that have nothing on them that was not taken in with them."""
    busy: set[int] = set()
    for chunk in in_chunks(task_ids):
        for on_it, is_there in (
            (TimeEntry, TimeEntry.deleted_at.is_(None)),
            (Attachment, Attachment.deleted_at.is_(None)),
            (Comment, true()),
            (Reminder, true()),
        ):
            busy.update(db.session.scalars(select(on_it.task_id).where(on_it.task_id.in_(chunk), is_there).distinct()))
    return [task_id for task_id in task_ids if task_id not in busy]


def _put_back(task_id: int, before: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    """Make a task what it was, tied to what of that is still here."""
    values = values_of_snapshot(
        Task, {name: value for name, value in before.items() if name not in ("tag_ids", "blocked_by_ids")}
    )
    # What the entries add up to, and how often the row was written, is not for an older copy to say.
    for column in ("id", "uid", "tracked_seconds", "version", "tag_list", "has_subtasks", "has_blockers"):
        values.pop(column, None)
    for column, of in (("parent_id", Task), ("series_id", Series)):
        if values.get(column) is not None and not list_existing(of, [values[column]], actor=actor):
            values[column] = None
    db.session.execute(
        update(Task)
        .where(Task.id == task_id)
        .values(**values | {"updated_at": now}, version=Task.version + 1)
        .execution_options(synchronize_session=False)
    )
    delete_rows(TaskTag, TaskTag.task_id, [task_id])
    tag_ids = before["tag_ids"]
    present = list_existing(Tag, tag_ids, actor=actor)
    insert_rows(TaskTag, [{"task_id": task_id, "tag_id": tag_id} for tag_id in tag_ids if tag_id in present])
    delete_rows(TaskBlocker, TaskBlocker.task_id, [task_id])
    insert_rows(
        TaskBlocker,
        [
            {"task_id": task_id, "blocked_by_id": other_id, "workspace_id": actor.workspace_id, "created_at": now}
            for other_id in sorted(list_existing(Task, before.get("blocked_by_ids", []), actor=actor))
        ],
    )


def _remove_unused(
    model: type[Category] | type[Tag] | type[Series], ids: Sequence[int], used_by: Sequence[Any], *, actor: Actor
) -> None:
    for chunk in in_chunks(ids):
        db.session.execute(
            delete(model)
            .where(
                model.workspace_id == actor.workspace_id,
                model.id.in_(chunk),
                *(~exists(select(literal(1)).where(column == model.id)) for column in used_by),
            )
            .execution_options(synchronize_session=False)
        )
