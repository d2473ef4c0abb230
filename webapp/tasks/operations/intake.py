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

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from webapp.errors import InvalidInput
from webapp.storage.bulk import delete_rows, in_chunks, insert_rows
from webapp.storage.db import db
from webapp.storage.failures import TryAgain
from webapp.storage.transaction import transactional
from webapp.tasks.models import Category, Comment, Tag, Task, TaskBlocker, TaskTag
from webapp.tasks.operations import derived, recurrence, reminders, timers
from webapp.tasks.operations.intake_entries import write_entries
from webapp.tasks.operations.intake_labels import ids_by_name
from webapp.tasks.queries.intake import Known, find_by_ref, find_series_ids, list_comments, list_kept_of_tasks, look_up
from webapp.tasks.queries.snapshots import list_whole_rows, snapshot_tasks
from webapp.tasks.queries.timers import find_running_entry
from webapp.tasks.rules.due import due_sort
from webapp.tasks.rules.intake import (
    ONCE_DONE,
    Change,
    EntryIn,
    Outcome,
    Taken,
    TaskIn,
    is_due_next,
    join_hash,
    kept_as_said,
    once_because,
    said_of_task,
    sealed_again,
)
from webapp.tasks.rules.quick_add.repeats import first_day
from webapp.tasks.rules.recurrence import SeriesEdit
from webapp.tasks.rules.tasks import estimate_sort, title_key
from webapp.values.actor import Actor
from webapp.values.status import Status
from webapp.values.text import name_key


@transactional
def take_in(
    *,
    source: str | None,
    tasks: Sequence[TaskIn],
    entries: Sequence[EntryIn],
    zone: ZoneInfo,
    actor: Actor,
    now: datetime,
) -> Taken:
    """
    Create what is new, update what the file has changed and nobody here has, and leave the rest.

    References are unique within `tasks` and within `entries`. Where a task has entries of this source, they count and
    its total (`total_of`) does not, in whichever order they come.

    What tasks are parts of and wait for is written by `operations.linking` once all of them are here.

    :param source: the name of the data set, at most 80 characters; None for a file of ours, whose references are the
        names that records bear wherever they are
    :param zone: where the work was done: instants fall on the days of this zone
    """
    taken, known = look_up(source=source, tasks=tasks, entries=entries, actor=actor)
    try:
        _write_tasks(taken, known, source=source, tasks=tasks, zone=zone, actor=actor, now=now)
        write_entries(taken, known, source=source, entries=entries, zone=zone, actor=actor, now=now)
    except IntegrityError as error:
        # Somebody takes in the same records, or makes the same category, right now.
        raise TryAgain from error
    return taken


def _write_tasks(
    taken: Taken,
    known: Known,
    *,
    source: str | None,
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
    category_ids = ids_by_name(taken, Category, (task.category for task in writes if task.category), actor=actor)
    tag_ids = ids_by_name(taken, Tag, (tag for task in writes for tag in task.tags), actor=actor)
    series = _series_of(writes, source=source, actor=actor)

    def values_of(task: TaskIn) -> dict[str, Any]:
        return _task_values(task, category_ids=category_ids, zone=zone, now=now) | _own_values(task, series)

    today = now.astimezone(zone).date()
    updated_ids = [known.tasks[task.source_ref] for task in updated]
    _stop_timer({known.tasks[task.source_ref] for task in updated if task.status is Status.DONE}, actor=actor, now=now)
    before = list_whole_rows(Task, updated_ids)
    _add_tasks(taken, known, new, values_of=values_of, source=source, today=today, actor=actor, now=now)
    taken.changes.extend(snapshot_tasks(updated_ids))
    _change_tasks(known, updated, before=before, values_of=values_of, today=today, now=now)
    reminders.rebuild(task_ids=updated_ids, now=now)
    delete_rows(TaskTag, TaskTag.task_id, updated_ids)
    free = [known.tasks[task.source_ref] for task in updated if not task.blocked_by_refs]
    delete_rows(TaskBlocker, TaskBlocker.task_id, free)
    insert_rows(
        TaskTag,
        [
            {"task_id": known.tasks[task.source_ref], "tag_id": tag_id}
            for task in writes
            for tag_id in sorted({tag_ids[name_key(tag)] for tag in task.tags})
        ],
    )
    _write_comments(taken, known, new=new, updated=updated, actor=actor, now=now)
    derived.follow(known.tasks[task.source_ref] for task in writes)
    _begin_series(taken, known, writes, actor=actor, now=now)
    seal(known, [*updated, *(task for task in new if task.repeat)])


def _add_tasks(
    taken: Taken,
    known: Known,
    tasks: Sequence[TaskIn],
    *,
    values_of: Callable[[TaskIn], dict[str, Any]],
    source: str | None,
    today: date,
    actor: Actor,
    now: datetime,
) -> None:
    rows = []
    for task in tasks:
        dated = _first_due(_dated(task, created_at=now, completed_at=now), today=today)
        rows.append(
            {"series_id": None, "occurrence": None}
            | values_of(dated)
            | _names_of_task(task, source)
            | {
                "source_hash": _source_hash_of_task(task, dated),
                "workspace_id": actor.workspace_id,
                "tracked_seconds": 0,
                "is_deleted": False,
                "version": 1,
            }
        )
    insert_rows(Task, rows)
    made = find_by_ref(Task, (Task.id,), source=source, refs=[task.source_ref for task in tasks], actor=actor)
    known.tasks.update((ref, row.id) for ref, row in made.items())
    taken.changes.extend(Change("tasks", known.tasks[task.source_ref]) for task in tasks)


def _change_tasks(
    known: Known,
    tasks: Sequence[TaskIn],
    *,
    before: Mapping[int, Mapping[str, Any]],
    values_of: Callable[[TaskIn], dict[str, Any]],
    today: date,
    now: datetime,
) -> None:
    for task in tasks:
        row = before[known.tasks[task.source_ref]]
        dated = _dated(task, created_at=row["created_at"], completed_at=row["completed_at"] or now)
        dated = _first_due(dated, today=today, due_on=row["due_on"], due_at=row["due_at"])
        unlinked = {} if task.parent_ref else {"parent_id": None}
        db.session.execute(
            update(Task)
            .where(Task.id == row["id"])
            .values(
                **values_of(dated) | unlinked | {"source_hash": _source_hash_of_task(task, dated)},
                version=Task.version + 1,
            )
            .execution_options(synchronize_session=False)
        )


def _stop_timer(task_ids: set[int], *, actor: Actor, now: datetime) -> None:
    """What is done has no timer of the actor running, as when they finish it by hand."""
    running = find_running_entry(user_id=actor.user_id)
    if running is not None and running.task_id in task_ids:
        timers.stop_running(actor=actor, now=now)
        db.session.flush()


def _names_of_task(task: TaskIn, source: str | None) -> dict[str, Any]:
    if task.own is None:
        return {"source": source, "source_ref": task.source_ref}
    return {"uid": task.source_ref, "source": task.own.source, "source_ref": task.own.source_ref}


def _own_values(task: TaskIn, series: Mapping[str, int]) -> dict[str, Any]:
    """Return what a file of ours says besides. Only where it tells of series is a task a date of one."""
    own = task.own
    if own is None:
        return {}
    values: dict[str, Any] = {
        "position": own.position,
        "created_on": own.created_on,
        "completed_on": own.completed_on,
        "updated_at": own.updated_at,
    }
    if own.series_ref is not None and own.series_ref in series:
        values |= {"series_id": series[own.series_ref], "occurrence": own.occurrence}
    return values


def _series_of(tasks: Sequence[TaskIn], *, source: str | None, actor: Actor) -> dict[str, int]:
    refs = sorted({task.own.series_ref for task in tasks if task.own and task.own.series_ref})
    return find_series_ids(refs=refs, actor=actor) if source is None and refs else {}


def seal(known: Known, tasks: Sequence[TaskIn]) -> None:
    """Note what tasks are like now, all of it written: who changes them afterwards has changed them."""
    kept = list_kept_of_tasks([known.tasks[task.source_ref] for task in tasks])
    for task in tasks:
        task_id = known.tasks[task.source_ref]
        db.session.execute(
            update(Task)
            .where(Task.id == task_id)
            .values(source_hash=join_hash(said=said_of_task(task), kept=kept[task_id]))
            .execution_options(synchronize_session=False)
        )


def seal_again(task_ids: Iterable[int]) -> None:
    """Note what tasks are like now that nobody has changed: what an intake does beside them is no change of theirs."""
    ids = sorted(task_ids)
    kept = list_kept_of_tasks(ids)
    for chunk in in_chunks(ids):
        for task_id, source_hash in db.session.execute(
            select(Task.id, Task.source_hash).where(Task.id.in_(chunk), Task.source_hash.is_not(None))
        ).all():
            db.session.execute(
                update(Task)
                .where(Task.id == task_id)
                .values(source_hash=sealed_again(source_hash or "", kept=kept[task_id]))
                .execution_options(synchronize_session=False)
            )


def _write_comments(
    taken: Taken, known: Known, *, new: Sequence[TaskIn], updated: Sequence[TaskIn], actor: Actor, now: datetime
) -> None:
    """Add what was said about tasks, and take over what a file says otherwise than before."""
    here = list_comments([known.tasks[task.source_ref] for task in updated if task.comments])
    rows: list[dict[str, Any]] = []
    for task in (*new, *updated):
        task_id = known.tasks[task.source_ref]
        there = here.get(task_id, [])
        by_ref = {row.source_ref: row for row in there if row.source_ref}
        said = {(row.created_at, row.text) for row in there}
        for comment in task.comments:
            found = by_ref.get(comment.source_ref)
            if found is not None:
                if found.text != comment.text:
                    taken.changes.append(Change("comments", found.id, {"text": found.text}))
                    _reword(found.id, comment.text)
            elif (comment.created_at, comment.text) not in said:
                rows.append(
                    {
                        "workspace_id": actor.workspace_id,
                        "task_id": task_id,
                        "user_id": comment.user_id or actor.user_id,
                        "text": comment.text,
                        "created_at": comment.created_at or now,
                        "edited_at": comment.edited_at,
                        "source_ref": comment.source_ref,
                        "version": 1,
                    }
                )
    insert_rows(Comment, rows)
    if rows:
        made = list_comments(sorted({row["task_id"] for row in rows}))
        wanted = {(row["task_id"], row["source_ref"]) for row in rows}
        taken.changes.extend(
            Change("comments", row.id)
            for task_id, comments in made.items()
            for row in comments
            if (task_id, row.source_ref) in wanted
        )


def _reword(comment_id: int, text: str) -> None:
    db.session.execute(
        update(Comment)
        .where(Comment.id == comment_id)
        .values(text=text, version=Comment.version + 1)
        .execution_options(synchronize_session=False)
    )


def _begin_series(taken: Taken, known: Known, tasks: Sequence[TaskIn], *, actor: Actor, now: datetime) -> None:
    """Have tasks come again that do so elsewhere; what comes again here already goes on as it does."""
    for task in tasks:
        if task.repeat is None:
            continue
        if task.status is Status.DONE:
            taken.left_out[task.source_ref] = ONCE_DONE
            continue
        record = db.session.get(
            Task, known.tasks[task.source_ref], options=[selectinload(Task.tags)], populate_existing=True
        )
        if record is None or record.series_id is not None:
            continue
        try:
            recurrence.edit_series(record, SeriesEdit(task.repeat), actor=actor, now=now)
        except InvalidInput as refusal:
            taken.left_out[task.source_ref] = once_because(refusal)
            continue
        db.session.flush()
        if record.series_id is not None:
            # Before its task, so that it is taken back after it.
            taken.changes.insert(0, Change("task_series", record.series_id))


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
        "starts_on": task.starts_on,
        "estimated_minutes": task.estimated_minutes,
        "estimate_sort": estimate_sort(task.estimated_minutes),
        "extra": [list(pair) for pair in task.extra] or None,
        "created_at": task.created_at or now,
        "created_on": (task.created_at or now).astimezone(zone).date(),
        "updated_at": now,
        "completed_at": task.completed_at,
        "completed_on": task.completed_at.astimezone(zone).date() if task.completed_at else None,
    }


def _dated(task: TaskIn, *, created_at: datetime, completed_at: datetime) -> TaskIn:
    """Return a task with the instants that its file does not know."""
    completed = task.completed_at or completed_at if task.status is Status.DONE else None
    return replace(task, created_at=task.created_at or created_at, completed_at=completed)


def _first_due(task: TaskIn, *, today: date, due_on: date | None = None, due_at: datetime | None = None) -> TaskIn:
    """Give a task that comes every Monday, and says no day, the one it has here, or else the next that fits."""
    if task.repeat is None or not is_due_next(task):
        return task
    if due_on is None and due_at is None:
        due_on = first_day(task.repeat, today=today)
    return replace(task, due_on=due_on, due_at=due_at)


def _source_hash_of_task(task: TaskIn, dated: TaskIn) -> str:
    comments = [(comment.source_ref, comment.text) for comment in task.comments]
    kept = kept_as_said(dated, comments=comments)
    return join_hash(said=said_of_task(task), kept=kept)
