"""Changes to tasks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from webapp.customers.queries import check_customer_id
from webapp.errors import InvalidInput
from webapp.storage.db import db
from webapp.storage.journal import recorded
from webapp.storage.once import once
from webapp.storage.transaction import transactional
from webapp.tasks.errors import TaskEditedMeanwhile, TaskMovedMeanwhile
from webapp.tasks.models import Task
from webapp.tasks.operations import blockers, entries, parents, recurrence, reminders, timers
from webapp.tasks.operations.categories import category_id_for, tags_for
from webapp.tasks.operations.telling import tell_assignees
from webapp.tasks.queries.locks import hold_links, lock_whole_task, lock_whole_tasks
from webapp.tasks.queries.parents import list_descendant_ids
from webapp.tasks.queries.timers import find_running_entry, list_running_on
from webapp.tasks.rules.calendar import is_kept, moved_due
from webapp.tasks.rules.due import EARLIEST_YEAR, LATEST_YEAR, due_sort
from webapp.tasks.rules.recurrence import SeriesEdit
from webapp.tasks.rules.tasks import TaskDetails, checked, describe_move, estimate_sort, title_key
from webapp.values.actor import Actor
from webapp.values.request_key import RequestKey
from webapp.values.status import Status
from webapp.workspaces.models import Membership


@transactional
def create_task(*, details: TaskDetails, actor: Actor, now: datetime, request_key: RequestKey | None = None) -> int:
    """
    Add a task and return its id; once for one request key.

    :raises InvalidInput: naming the field that cannot be accepted
    """
    details = checked(details)
    if details.parent_id is not None:
        hold_links(actor=actor)
    with recorded("task.created", f"Added “{details.title}”", actor=actor, now=now):
        return once(
            request_key=request_key,
            user_id=actor.user_id,
            now=now,
            work=lambda: _add(details, actor=actor, now=now),
        )


@transactional
def save_task(
    *,
    task_id: int,
    details: TaskDetails,
    version: int,
    actor: Actor,
    now: datetime,
    override_reason: str | None = None,
    series: SeriesEdit | None = None,
) -> None:
    """
    Replace what a person decides about a task.

    :param version: of the task as it was when the person began to edit
    :param override_reason: why it is done although it waits for another, when it is
    :param series: whether and how it repeats from here on; None leaves that as it is
    :raises TaskEditedMeanwhile: when somebody saved another version since
    :raises TaskIsBlocked: when it is to be done and waits for another, and no reason is given
    :raises InvalidInput: naming the field that cannot be accepted
    """
    details = checked(details)
    if details.parent_id is not None:
        hold_links(actor=actor)
    with recorded("task.saved", f"Changed “{details.title}”", actor=actor, now=now):
        if details.status is Status.DONE:
            _stop_timer(task_id=task_id, actor=actor, now=now)
        task = lock_whole_task(task_id=task_id, actor=actor)
        if task.version != version:
            raise TaskEditedMeanwhile
        is_finished = details.status is Status.DONE and task.status is not Status.DONE
        if is_finished:
            with blockers.finishing(task, override_reason=override_reason, actor=actor, now=now):
                _write(task, details, actor=actor, now=now)
        else:
            _write(task, details, actor=actor, now=now)
        if series is not None:
            recurrence.edit_series(task, series, actor=actor, now=now)
        if is_finished:
            recurrence.go_on(task, actor=actor, now=now)


@transactional
def set_status(
    *,
    task_id: int,
    status: Status,
    actor: Actor,
    now: datetime,
    was: Status | None = None,
    override_reason: str | None = None,
) -> Status:
    """
    Move a task to `status` and return it; moving it where it is changes nothing. Done stops the actor's timer.

    :param was: where it stood when it was shown to the person
    :param override_reason: why it is done although it waits for another, when it is
    :raises TaskMovedMeanwhile: when it stands at another status by now
    :raises TaskIsBlocked: when it is to be done and waits for another, and no reason is given
    """
    with recorded("task.moved", "", actor=actor, now=now) as change:
        if status is Status.DONE:
            _stop_timer(task_id=task_id, actor=actor, now=now)
        task = lock_whole_task(task_id=task_id, actor=actor)
        change.summary = describe_move(task.title, status)
        if was is not None and task.status not in (was, status):
            raise TaskMovedMeanwhile(task.status)
        if task.status is status:
            return status
        if status is Status.DONE:
            with blockers.finishing(task, override_reason=override_reason, actor=actor, now=now):
                _move(task, status, actor=actor, now=now)
                _touch(task, now=now)
            recurrence.go_on(task, actor=actor, now=now)
        else:
            _move(task, status, actor=actor, now=now)
            _touch(task, now=now)
    return status


@transactional
def move_to_day(*, task_id: int, day: date, actor: Actor, now: datetime) -> None:
    """
    Make a task due on another day; one that is due at a time keeps the time of day it has where the actor lives.

    :raises InvalidInput: when the clocks skip that time on that day, or nothing can be due so early or late
    """
    task = lock_whole_task(task_id=task_id, actor=actor)
    if not is_kept(day):
        raise InvalidInput(f"Choose a year from {EARLIEST_YEAR} to {LATEST_YEAR}.", field="day")
    due_on, due_at = moved_due(due_on=task.due_on, due_at=task.due_at, day=day, zone=actor.zone)
    if (due_on, due_at) == (task.due_on, task.due_at):
        return
    with recorded("task.rescheduled", f"Moved “{task.title}” to another day", actor=actor, now=now):
        task.due_on, task.due_at = due_on, due_at
        task.due_sort = due_sort(due_on=due_on, due_at=due_at)
        _touch(task, now=now)
        reminders.follow_dates(task_ids=[task.id], now=now)


@transactional
def delete_task(*, task_id: int, actor: Actor, now: datetime) -> int:
    """
    Put a task in the trash with its parts and all their time entries, and stop every timer on them.

    What is there stays there. Returns how many parts went with it.
    """
    task = lock_whole_task(task_id=task_id, actor=actor, in_trash=None)
    if task.is_deleted:
        return 0
    parts = [part for part in _lock_parts(task_id) if not part.is_deleted]
    with recorded("task.deleted", f"Put “{task.title}” in the trash", actor=actor, now=now):
        for gone in [task, *parts]:
            # Anybody's: a timer on what is in the trash could not be found again.
            for running in list_running_on(task_id=gone.id):
                entries.end(running, now=now)
            gone.is_deleted, gone.deleted_at = True, now
            _touch(gone, now=now)
        if task.status is not Status.DONE:
            recurrence.go_on(task, actor=actor, now=now)
    for gone in [task, *parts]:
        if gone.status is not Status.DONE:
            blockers.tell_who_waits(task_id=gone.id, actor=actor, now=now)
    return len(parts)


@transactional
def delete_series(*, task_id: int, actor: Actor, now: datetime) -> int:
    """
    Have a task come no more, and put all of its series that are not done in the trash, too; return how many went.

    :raises NotRepeating: when it does not come again
    """
    task = lock_whole_task(task_id=task_id, actor=actor)
    with recorded("task.series_deleted", f"Deleted “{task.title}” and what would follow", actor=actor, now=now):
        gone_ids = {task_id, *recurrence.stop_series(task, now=now)}
        for gone_id in sorted(gone_ids):
            delete_task(task_id=gone_id, actor=actor, now=now)
    return len(gone_ids)


@transactional
def restore_task(*, task_id: int, actor: Actor, now: datetime) -> None:
    """Take a task out of the trash, and the parts that went there with it. What is not in it stays where it is."""
    task = lock_whole_task(task_id=task_id, actor=actor, in_trash=None)
    if not task.is_deleted:
        return
    went_at = task.deleted_at
    parts = [part for part in _lock_parts(task_id) if part.is_deleted and part.deleted_at == went_at]
    with recorded("task.restored", f"Took “{task.title}” out of the trash", actor=actor, now=now):
        for back in [task, *parts]:
            back.is_deleted, back.deleted_at = False, None
            _touch(back, now=now)


def _lock_parts(task_id: int) -> list[Task]:
    part_ids = list_descendant_ids(task_id=task_id)
    return lock_whole_tasks(Task.id.in_(part_ids)) if part_ids else []


def _stop_timer(*, task_id: int, actor: Actor, now: datetime) -> None:
    # Before the task is locked: a timer locks its person first and its task second, as everywhere.
    running = find_running_entry(user_id=actor.user_id)
    if running is not None and running.task_id == task_id:
        timers.stop_timer(task_id=task_id, actor=actor, now=now)


def _add(details: TaskDetails, *, actor: Actor, now: datetime) -> int:
    task = Task(
        workspace_id=actor.workspace_id,
        status=Status.TODO,
        created_at=now,
        created_on=now.astimezone(actor.zone).date(),
        updated_at=now,
        assignee_id=None,
        parent_id=None,
        tags=[],
    )
    if details.assignee_id is None:
        details = replace(details, assignee_id=actor.user_id)
    _write(task, details, actor=actor, now=now)
    db.session.add(task)
    db.session.flush()
    tell_assignees(tasks=[task], actor=actor, now=now)
    if details.repeat is not None:
        recurrence.edit_series(task, SeriesEdit(details.repeat), actor=actor, now=now)
        if task.status is Status.DONE:
            recurrence.go_on(task, actor=actor, now=now)
    return task.id


def _write(task: Task, details: TaskDetails, *, actor: Actor, now: datetime) -> None:
    # What asks the database comes first, so that the task is written in one statement.
    category_id = category_id_for(name=details.category, actor=actor) if details.category else None
    tags = tags_for(names=details.tags, actor=actor)
    customer_id = customer_id_for(details.customer_id, actor=actor)
    assignee_id = assignee_id_for(details.assignee_id, before=task.assignee_id, actor=actor)
    _put_under(details.parent_id, task, actor=actor)

    dates_before, assignee_before = (task.due_on, task.due_at, task.starts_on), task.assignee_id
    task.title = details.title
    task.title_key = title_key(details.title)
    task.description = details.description
    task.priority = details.priority
    task.category_id = category_id
    task.customer_id = customer_id
    task.assignee_id = assignee_id
    task.starts_on = details.starts_on
    task.tags = tags
    task.due_on, task.due_at = details.due_on, details.due_at
    task.due_sort = due_sort(due_on=details.due_on, due_at=details.due_at)
    task.estimated_minutes = details.estimated_minutes
    task.estimate_sort = estimate_sort(details.estimated_minutes)
    if task.status is not details.status:
        _move(task, details.status, actor=actor, now=now)
    _touch(task, now=now)
    # One that is being added has no reminders yet, and no id.
    if task in db.session:
        if dates_before != (task.due_on, task.due_at, task.starts_on):
            reminders.follow_dates(task_ids=[task.id], now=now)
        if task.assignee_id != assignee_before:
            tell_assignees(tasks=[task], actor=actor, now=now)


def _touch(task: Task, *, now: datetime) -> None:
    task.updated_at = now
    # Even when only its tags changed, twice in one second: each save is a version of its own.
    flag_modified(task, "updated_at")


def _move(task: Task, status: Status, *, actor: Actor, now: datetime) -> None:
    for name, value in status_values(status, actor=actor, now=now).items():
        setattr(task, name, value)


def status_values(status: Status, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return what the columns of a task hold that comes to stand at `status` now."""
    is_done = status is Status.DONE
    return {
        "status": status,
        "completed_at": now if is_done else None,
        "completed_on": now.astimezone(actor.zone).date() if is_done else None,
    }


def customer_id_for(customer_id: int | None, *, actor: Actor) -> int | None:
    """Return the id of a customer of the actor's workspace. :raises InvalidInput: when there is none"""
    check_customer_id(customer_id=customer_id, actor=actor)
    return customer_id


def assignee_id_for(user_id: int | None, *, before: int | None, actor: Actor) -> int | None:
    """Return the id of a person of the actor's workspace, or of who had it. :raises InvalidInput: for another"""
    if user_id is None or user_id in (actor.user_id, before):
        return user_id
    found = db.session.scalar(
        select(Membership.user_id).where(Membership.user_id == user_id, Membership.workspace_id == actor.workspace_id)
    )
    if found is None:
        raise InvalidInput("There is no such person in this workspace.", field="assignee")
    return found


def _put_under(parent_id: int | None, task: Task, *, actor: Actor) -> None:
    if parent_id == task.parent_id:
        return
    if parent_id is not None:
        parents.check_place(parent_id=parent_id, task=task if task in db.session else None, actor=actor)
        task.position = parents.last_position(parent_id=parent_id)
    task.parent_id = parent_id
