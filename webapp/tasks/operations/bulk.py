"""Changing many tasks at once: all of them or none, and one change in the history."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, false, func, select

from webapp.errors import InvalidInput
from webapp.storage import journal
from webapp.storage.bulk import in_chunks, insert_rows, table_of, update_rows
from webapp.storage.db import db
from webapp.storage.journal import recorded
from webapp.storage.transaction import transactional
from webapp.tasks.errors import TaskIsBlocked, TaskNotFound
from webapp.tasks.models import Task, TaskBlocker, TaskTag, TimeEntry
from webapp.tasks.operations import blockers, entries, parents, recurrence, reminders, timers
from webapp.tasks.operations.categories import category_id_for, tags_for
from webapp.tasks.operations.rebuilding import rebuild
from webapp.tasks.operations.tasks import assignee_id_for, customer_id_for, status_values
from webapp.tasks.queries.categories import list_tags_named
from webapp.tasks.queries.locks import hold_links
from webapp.tasks.queries.timers import find_running_entry
from webapp.tasks.rules import bulk as rules
from webapp.tasks.rules.blockers import checked_reason
from webapp.tasks.rules.bulk import KEEP, BulkEdit, Keep, Shift
from webapp.tasks.rules.calendar import is_kept, moved_due
from webapp.tasks.rules.due import EARLIEST_YEAR, LATEST_YEAR, due_sort
from webapp.tasks.rules.parents import MOST_SUBTASKS
from webapp.tasks.rules.tasks import MOST_TAGS, TaskDetails, checked, estimate_sort
from webapp.values.actor import Actor
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.values.text import counted


@transactional
def change_tasks(
    *, task_ids: Collection[int], edit: BulkEdit, actor: Actor, now: datetime, override_reason: str | None = None
) -> int:
    """
    Change tasks of the actor's, and return how many; the history has it as one change.

    :param override_reason: why those that wait for others are done all the same
    :raises TaskNotFound: when one of them is not in the actor's workspace, or in the trash; nothing is changed then
    :raises TaskIsBlocked: when one that is to be done waits for one that is not, and no reason is given
    :raises InvalidInput: naming the field that cannot be accepted
    """
    ids = sorted(set(task_ids))
    rules.check_count(len(ids))
    rules.check_edit(edit)
    edit = _checked(edit)
    with recorded("tasks.changed", rules.describe(edit, len(ids)), actor=actor, now=now) as change:
        if edit.status is Status.DONE:
            _stop_own_timer(ids, actor=actor, now=now)
        if edit.parent_id is not KEEP:
            hold_links(actor=actor)
        tasks = _locked(ids, actor=actor)
        repeating = {task.id: task.series_id for task in tasks}
        if edit.status is Status.DONE:
            change.summary += _excuse(tasks, override_reason)
        finished = [task for task in tasks if edit.status is Status.DONE and task.status is not Status.DONE]
        _write(tasks, edit, actor=actor, now=now)
        if edit.due is not KEEP:
            reminders.follow_dates(task_ids=ids, now=now)
        _tell_who_waits(finished, actor=actor, now=now)
        for task in finished:
            if repeating.get(task.id) is not None:
                recurrence.go_on(task, actor=actor, now=now)
        rebuild(task_ids=ids, entry_ids=(), now=now)
    # Objects that the session holds are of rows that were written past it.
    db.session.expire_all()
    return len(ids)


@transactional
def delete_tasks(*, task_ids: Collection[int], actor: Actor, now: datetime) -> int:
    """
    Put tasks in the trash with their parts, stop every timer on them, and return how many went.

    :raises TaskNotFound: when one of them is not in the actor's workspace, or there already; nothing is changed then
    """
    ids = sorted(set(task_ids))
    rules.check_count(len(ids))
    chosen = _locked(ids, actor=actor)
    gone = [*chosen, *_locked_parts(ids, actor=actor)]
    repeating = {task.id for task in chosen if task.series_id is not None and task.status is not Status.DONE}
    opened = [task for task in gone if task.status is not Status.DONE]
    with recorded("tasks.deleted", rules.describe_deletion(len(gone)), actor=actor, now=now):
        for running in _list_running([task.id for task in gone]):
            entries.end(running, now=now)
        deletion = {"is_deleted": True, "deleted_at": now}
        _write_values(gone, {task.id: deletion for task in gone}, now=now)
        for task in chosen:
            if task.id in repeating:
                recurrence.go_on(task, actor=actor, now=now)
        _tell_who_waits(opened, actor=actor, now=now)
        rebuild(task_ids=[task.id for task in gone], entry_ids=(), now=now)
    db.session.expire_all()
    return len(gone)


def _checked(edit: BulkEdit) -> BulkEdit:
    # What a task may hold is known in one place; the title only stands there for it.
    details = checked(
        TaskDetails(
            title="x",
            category=edit.category if isinstance(edit.category, str) else None,
            tags=edit.add_tags,
            estimated_minutes=edit.estimated_minutes if isinstance(edit.estimated_minutes, int) else None,
            due_on=edit.due if isinstance(edit.due, date) and not isinstance(edit.due, datetime) else None,
            due_at=edit.due if isinstance(edit.due, datetime) else None,
        )
    )
    return BulkEdit(
        status=edit.status,
        priority=edit.priority,
        category=details.category if isinstance(edit.category, str) else edit.category,
        add_tags=details.tags,
        remove_tags=edit.remove_tags,
        due=details.due_at or edit.due,
        estimated_minutes=edit.estimated_minutes,
        customer_id=edit.customer_id,
        assignee_id=edit.assignee_id,
        parent_id=edit.parent_id,
    )


def _stop_own_timer(ids: Sequence[int], *, actor: Actor, now: datetime) -> None:
    # Before the tasks are locked: a timer locks its person first and its task second, as everywhere.
    running = find_running_entry(user_id=actor.user_id)
    if running is not None and running.task_id in ids:
        timers.stop_timer(task_id=running.task_id, actor=actor, now=now)


def _locked(ids: Sequence[int], *, actor: Actor) -> list[Task]:
    tasks: list[Task] = []
    for chunk in in_chunks(ids):
        tasks += db.session.scalars(
            select(Task)
            .where(Task.id.in_(chunk), Task.workspace_id + 0 == actor.workspace_id, Task.is_deleted == false())
            .order_by(Task.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    if len(tasks) < len(ids):
        raise TaskNotFound("One of these tasks is not there any more. Nothing was changed: select them again.")
    return tasks


def _locked_parts(ids: Sequence[int], *, actor: Actor) -> list[Task]:
    """Lock the parts of tasks, and theirs, that are not among these and not in the trash."""
    known = set(ids)
    parts: list[int] = []
    level = list(ids)
    while level:
        below: list[int] = []
        for chunk in in_chunks(level):
            found = select(Task.id).where(Task.parent_id.in_(chunk), Task.is_deleted == false())
            below += [part_id for part_id in db.session.scalars(found) if part_id not in known]
        known.update(below)
        parts += below
        level = below
    return _locked(sorted(parts), actor=actor)


def _excuse(tasks: Sequence[Task], reason: str | None) -> str:
    """Refuse tasks that wait for others which are not done with them; return what is said of them with a reason."""
    ids = {task.id for task in tasks if task.status is not Status.DONE}
    waiting: set[int] = set()
    in_the_way: dict[int, str] = {}
    for chunk in in_chunks(sorted(ids)):
        for task_id, other_id, title in db.session.execute(
            select(TaskBlocker.task_id, Task.id, Task.title)
            .join(Task, Task.id == TaskBlocker.blocked_by_id)
            .where(TaskBlocker.task_id.in_(chunk), Task.status != Status.DONE, Task.is_deleted == false())
        ):
            if other_id not in ids:
                waiting.add(task_id)
                in_the_way[other_id] = title
    if not waiting:
        return ""
    if reason is None:
        titles = [task.title for task in tasks if task.id in waiting]
        raise TaskIsBlocked(rules.describe_waiting(titles), blockers=in_the_way)
    return f"; {counted(len(waiting), 'task')} waited for others: {checked_reason(reason)}"


def _write(tasks: Sequence[Task], edit: BulkEdit, *, actor: Actor, now: datetime) -> None:
    """Write what the edit says, in statements for many rows: one flush of the session would take one for each."""
    same: dict[str, Any] = {}
    if isinstance(edit.priority, Priority):
        same["priority"] = edit.priority
    if edit.category is not KEEP:
        same["category_id"] = category_id_for(name=edit.category, actor=actor) if edit.category else None
    if edit.customer_id is not KEEP:
        same["customer_id"] = customer_id_for(edit.customer_id, actor=actor)
    if edit.assignee_id is not KEEP:
        same["assignee_id"] = assignee_id_for(edit.assignee_id, before=None, actor=actor)
    if edit.estimated_minutes is not KEEP:
        same["estimated_minutes"] = edit.estimated_minutes
        same["estimate_sort"] = estimate_sort(edit.estimated_minutes)
    places = _places(tasks, edit.parent_id, actor=actor) if edit.parent_id is not KEEP else {}
    values: dict[int, dict[str, Any]] = {}
    for task in tasks:
        values[task.id] = same | places.get(task.id, {})
        if edit.due is not KEEP:
            values[task.id] |= _due(task, edit.due, actor=actor)
        if isinstance(edit.status, Status) and task.status is not edit.status:
            values[task.id] |= status_values(edit.status, actor=actor, now=now)
    _write_values(tasks, values, now=now)
    if edit.add_tags or edit.remove_tags:
        _write_tags(tasks, edit, actor=actor)


def _write_values(tasks: Sequence[Task], values: Mapping[int, Mapping[str, Any]], *, now: datetime) -> None:
    for task in tasks:
        before = {name: getattr(task, name) for name in values[task.id]}
        journal.note(table="tasks", key=task.id, task_id=task.id, before=before, after=values[task.id])
    update_rows(Task, values, now=now)


def _due(task: Task, due: date | datetime | Shift | Keep | None, *, actor: Actor) -> dict[str, Any]:
    due_on, due_at = task.due_on, task.due_at
    if isinstance(due, Shift):
        day = due_at.astimezone(actor.zone).date() if due_at is not None else due_on
        if day is None:
            return {}
        due_on, due_at = moved_due(due_on=due_on, due_at=due_at, day=_shifted(task, day, due), zone=actor.zone)
    elif isinstance(due, datetime):
        due_on, due_at = None, due
    elif isinstance(due, date) or due is None:
        due_on, due_at = due, None
    return {"due_on": due_on, "due_at": due_at, "due_sort": due_sort(due_on=due_on, due_at=due_at)}


def _shifted(task: Task, day: date, by: Shift) -> date:
    try:
        shifted = day + timedelta(days=by.days)
    except OverflowError:
        shifted = date.max
    if not is_kept(shifted):
        raise InvalidInput(f"“{task.title}” would be due before {EARLIEST_YEAR} or after {LATEST_YEAR}.", field="days")
    return shifted


def _places(tasks: Sequence[Task], parent_id: int | Keep | None, *, actor: Actor) -> dict[int, dict[str, Any]]:
    moved = [task for task in tasks if task.parent_id != parent_id]
    if not isinstance(parent_id, int) or not moved:
        return {task.id: {"parent_id": None} for task in moved}
    siblings = db.session.scalar(select(func.count()).where(Task.parent_id == parent_id, Task.is_deleted == false()))
    if int(siblings or 0) + len(moved) > MOST_SUBTASKS:
        raise InvalidInput(f"A task has at most {MOST_SUBTASKS} parts. Choose fewer, or another.", field="parent")
    for task in moved:
        parents.check_place(parent_id=parent_id, task=task, actor=actor)
    first = parents.last_position(parent_id=parent_id)
    return {task.id: {"parent_id": parent_id, "position": first + place} for place, task in enumerate(moved)}


def _write_tags(tasks: Sequence[Task], edit: BulkEdit, *, actor: Actor) -> None:
    gone = {tag.id for tag in list_tags_named(names=edit.remove_tags, actor=actor)} if edit.remove_tags else set()
    come = {tag.id for tag in tags_for(names=edit.add_tags, actor=actor)}
    links = _links([task.id for task in tasks])
    added: list[dict[str, Any]] = []
    for task in tasks:
        there = links.get(task.id, set())
        kept = (there - gone) | come
        if len(kept) > MOST_TAGS:
            raise InvalidInput(
                f"“{task.title}” would have {len(kept)} tags. A task has at most {MOST_TAGS}.", field="add_tags"
            )
        for tag_id in sorted(there ^ kept):
            link = {"task_id": task.id, "tag_id": tag_id}
            is_new = tag_id in kept
            journal.note(
                table="task_tags",
                key=(task.id, tag_id),
                task_id=task.id,
                before=None if is_new else link,
                after=link if is_new else None,
            )
            if is_new:
                added.append(link)
    table = table_of(TaskTag)
    for chunk in in_chunks([task.id for task in tasks]):
        if gone - come:
            db.session.execute(delete(table).where(table.c.task_id.in_(chunk), table.c.tag_id.in_(gone - come)))
    insert_rows(TaskTag, added)


def _links(task_ids: Sequence[int]) -> dict[int, set[int]]:
    links: dict[int, set[int]] = {}
    for chunk in in_chunks(task_ids):
        for task_id, tag_id in db.session.execute(
            select(TaskTag.task_id, TaskTag.tag_id).where(TaskTag.task_id.in_(chunk))
        ):
            links.setdefault(task_id, set()).add(tag_id)
    return links


def _tell_who_waits(tasks: Iterable[Task], *, actor: Actor, now: datetime) -> None:
    awaited: set[int] = set()
    for chunk in in_chunks(sorted(task.id for task in tasks)):
        awaited.update(
            db.session.scalars(select(TaskBlocker.blocked_by_id).where(TaskBlocker.blocked_by_id.in_(chunk)).distinct())
        )
    for task_id in sorted(awaited):
        blockers.tell_who_waits(task_id=task_id, actor=actor, now=now)


def _list_running(task_ids: Sequence[int]) -> list[TimeEntry]:
    running: list[TimeEntry] = []
    for chunk in in_chunks(sorted(task_ids)):
        running += db.session.scalars(
            select(TimeEntry)
            .where(TimeEntry.task_id.in_(chunk), TimeEntry.running_user_id.is_not(None))
            .order_by(TimeEntry.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    return running
