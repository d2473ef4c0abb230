"""Starting and stopping the one timer that a person may have running, in whichever workspace."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from webapp.customers.queries import is_billed_by_hour
from webapp.storage.db import db
from webapp.storage.failures import TryAgain
from webapp.storage.journal import recorded
from webapp.storage.transaction import transactional
from webapp.tasks.models import Task, TimeEntry
from webapp.tasks.operations import entries
from webapp.tasks.queries.locks import hold_timer, lock_task, lock_tasks, visible
from webapp.tasks.queries.timers import find_paused_entry, find_running_entry
from webapp.values.actor import Actor
from webapp.values.status import Status


@dataclass(frozen=True)
class Switch:
    """What starting a timer did: which entry runs, which task's timer it stopped, whether a done task is open again."""

    entry_id: int
    stopped_task_title: str | None = None
    has_reopened: bool = False


@transactional
def start_timer(*, task_id: int, actor: Actor, now: datetime) -> int:
    """Start the actor's timer on a task and return the entry's id; see `switch_timer`."""
    return switch_timer(task_id=task_id, actor=actor, now=now).entry_id


@transactional
def switch_timer(*, task_id: int, actor: Actor, now: datetime) -> Switch:
    """
    Start the actor's timer on a task; one that runs on another task is stopped in the same transaction.

    Starting what runs already changes nothing. A task that was to do or done is in work from now on.

    :raises TaskNotFound: when the task is not in the actor's workspace, or is in the trash
    """
    hold_timer(actor=actor)
    running = find_running_entry(user_id=actor.user_id)
    tasks = lock_tasks([task_id] if running is None else [task_id, running.task_id])
    task = visible(tasks.get(task_id), actor=actor)
    if running is not None and running.task_id == task_id:
        return Switch(running.id)
    has_reopened = task.status is Status.DONE
    stopped_task_title = tasks[running.task_id].title if running is not None else None
    if running is not None and running.workspace_id != actor.workspace_id:
        # Its workspace is told of that; this one learns nothing about it.
        _end_and_record(running, tasks[running.task_id], actor=actor, now=now)
        running = None
    with recorded("timer.started", f"Started the timer on “{task.title}”", actor=actor, now=now):
        if running is not None:
            _end(running, now=now)
        _put_in_work(task, now=now)
        entry_id = begin(task, actor=actor, now=now)
    return Switch(
        entry_id=entry_id,
        stopped_task_title=stopped_task_title,
        has_reopened=has_reopened,
    )


@transactional
def stop_timer(*, task_id: int, actor: Actor, now: datetime) -> TimeEntry | None:
    """
    End the actor's running entry on a task and record what it adds to each local day.

    Stopping what is already stopped is no error (two tabs): the answer is None and nothing changes.

    :raises TaskNotFound: when nothing runs and the task is not in the actor's workspace
    """
    hold_timer(actor=actor)
    running = find_running_entry(user_id=actor.user_id)
    if running is not None and running.task_id == task_id:
        return _stop(running, actor=actor, now=now)
    lock_task(task_id=task_id, actor=actor)
    return None


@transactional
def pause_running(*, actor: Actor, now: datetime) -> TimeEntry | None:
    """
    End whatever the actor has running, and remember that they mean to go on; None when nothing runs.

    A pause is a segment that ends: going on begins another one.
    """
    hold_timer(actor=actor)
    running = find_running_entry(user_id=actor.user_id)
    return None if running is None else _stop(running, actor=actor, now=now, is_paused=True)


@transactional
def resume_timer(*, actor: Actor, now: datetime) -> int | None:
    """
    Go on with what the actor paused in this workspace: a new segment on the same task, with the same note, for the same
    customer.

    :return: the entry's id; None when nothing is paused, or something runs already
    :raises TaskNotFound: when its task is gone
    """
    hold_timer(actor=actor)
    paused = find_paused_entry(user_id=actor.user_id)
    if paused is None or paused.workspace_id != actor.workspace_id:
        return None
    if find_running_entry(user_id=actor.user_id) is not None:
        return None
    task = lock_task(task_id=paused.task_id, actor=actor)
    with recorded("timer.started", f"Went on with “{task.title}”", actor=actor, now=now):
        _put_in_work(task, now=now)
        return begin(task, actor=actor, now=now, like=paused)


@transactional
def stop_running(*, actor: Actor, now: datetime) -> TimeEntry | None:
    """End whatever the actor has running, and return it; None when nothing runs."""
    hold_timer(actor=actor)
    running = find_running_entry(user_id=actor.user_id)
    return None if running is None else _stop(running, actor=actor, now=now)


def _stop(running: TimeEntry, *, actor: Actor, now: datetime, is_paused: bool = False) -> TimeEntry:
    task = lock_tasks([running.task_id])[running.task_id]
    _end_and_record(running, task, actor=actor, now=now, is_paused=is_paused)
    return running


def _end_and_record(running: TimeEntry, task: Task, *, actor: Actor, now: datetime, is_paused: bool = False) -> None:
    there = replace(actor, workspace_id=running.workspace_id)
    kind, did = ("timer.paused", "Paused") if is_paused else ("timer.stopped", "Stopped")
    with recorded(kind, f"{did} the timer on “{task.title}”", actor=there, now=now):
        _end(running, now=now, is_paused=is_paused)


def _end(running: TimeEntry, *, now: datetime, is_paused: bool = False) -> None:
    refresh_running(running)
    running.is_paused = is_paused
    entries.end(running, now=now)


def refresh_running(running: TimeEntry) -> datetime:
    """
    Read a running entry again, once its task is held, and return its start: its owner may have corrected or deleted it
    meanwhile.
    """
    db.session.refresh(running)
    if running.running_user_id is None or running.started_at is None:
        raise TryAgain
    return running.started_at


def _put_in_work(task: Task, *, now: datetime) -> None:
    if task.status is not Status.DOING:
        task.status = Status.DOING
        task.completed_at = task.completed_on = None
        task.updated_at = now


def begin(task: Task, *, actor: Actor, now: datetime, like: TimeEntry | None = None) -> int:
    """
    Begin an entry that runs on a task and return its id; inside an operation that holds the actor's timer and the task.

    :param like: what it goes on from: its note, its customer, and whether it is billable
    """
    started_at = now.replace(microsecond=0)
    entry = TimeEntry(
        workspace_id=task.workspace_id,
        task_id=task.id,
        user_id=actor.user_id,
        started_at=started_at,
        day=started_at.astimezone(actor.zone).date(),
        zone=actor.zone.key,
        note="" if like is None else like.note,
        customer_id=None if like is None else like.customer_id,
        is_billable=is_billed_by_hour(customer_id=task.customer_id) if like is None else like.is_billable,
        running_user_id=actor.user_id,
        created_at=now,
        updated_at=now,
    )
    db.session.add(entry)
    db.session.flush()
    return entry.id
