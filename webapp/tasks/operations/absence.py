"""What becomes of the time of a running timer that its owner forgot, or walked away from. Nothing changes unasked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from webapp.notices.operations import mark_settled
from webapp.storage.db import db
from webapp.storage.journal import recorded
from webapp.storage.transaction import transactional
from webapp.tasks.errors import TimerChanged
from webapp.tasks.models import ForgottenTimer, TimeEntry
from webapp.tasks.operations import entries, timers
from webapp.tasks.queries.locks import hold_timer, lock_tasks, visible
from webapp.tasks.queries.timers import find_running_entry
from webapp.tasks.rules import timers as rules
from webapp.tasks.rules.entries import Interval
from webapp.tasks.rules.overlaps import OverlapChoice
from webapp.tasks.rules.timers import Away, Forgotten
from webapp.values.actor import Actor
from webapp.workspaces.queries import get_workspace


@transactional
def settle_away(
    *,
    entry_id: int,
    away_from: datetime,
    choice: Away,
    task_id: int | None = None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> None:
    """
    Do what the actor chose with the time since `away_from`, which their running timer counted: one change, one undo.

    :param entry_id: the running entry as they saw it
    :param task_id: where the time belongs, for SPLIT; None: to the task of the timer
    :param note: of the entry that SPLIT makes
    :raises TimerChanged: when it runs no more
    :raises InvalidInput: when they cannot have been away from then on
    :raises TaskNotFound: when that task, or the one to go on with, is not in the timer's workspace
    """
    hold_timer(actor=actor)
    running = _running(entry_id, actor=actor)
    tasks = lock_tasks([running.task_id, task_id or running.task_id])
    started_at = timers.refresh_running(running)
    away_from = away_from.replace(microsecond=0)
    if choice is Away.KEEP:
        return
    rules.check_away_from(away_from, started_at=started_at, now=now)
    task = tasks[running.task_id]
    there = replace(actor, workspace_id=running.workspace_id)
    summary = _SUMMARIES[choice].format(title=task.title)
    with recorded("timer.away", summary, actor=there, now=now):
        _cut(running, away_from, now=now)
        if choice is Away.DISCARD:
            return
        get_workspace(workspace_id=there.workspace_id, user_id=actor.user_id)
        visible(task, actor=there)
        if choice is Away.SPLIT:
            entries.create_entry(
                task_id=task_id or task.id,
                spent=Interval(away_from, now),
                note=note,
                overlap=OverlapChoice.KEEP_BOTH,
                actor=there,
                now=now,
            )
        timers.begin(task, actor=there, now=now, like=running)


@transactional
def settle_forgotten(
    *, entry_id: int, choice: Forgotten, ended_at: datetime | None = None, actor: Actor, now: datetime
) -> None:
    """
    Do what the actor chose with a timer that ran too long: one change, one undo.

    :param entry_id: the running entry as they saw it
    :param ended_at: when it ended, for ACCEPT and OTHER
    :raises TimerChanged: when it runs no more, so that whoever stopped it is right
    :raises InvalidInput: when it cannot have ended then
    """
    hold_timer(actor=actor)
    running = _running(entry_id, actor=actor)
    task = lock_tasks([running.task_id])[running.task_id]
    started_at = timers.refresh_running(running)
    mark_settled(user_id=actor.user_id, dedupe_key=rules.forgotten_key(entry_id), now=now)
    if choice is Forgotten.KEEP:
        told = db.session.get(ForgottenTimer, entry_id)
        if told is not None:
            told.is_kept = True
        return
    there = replace(actor, workspace_id=running.workspace_id)
    if choice is Forgotten.DISCARD:
        with recorded("timer.discarded", f"Discarded the timer on “{task.title}”", actor=there, now=now):
            entries.take_out(running, now=now)
        return
    ended_at = (ended_at or now).replace(microsecond=0)
    rules.check_end(ended_at, started_at=started_at, now=now, field="ended_at")
    with recorded("timer.ended", f"Ended the timer on “{task.title}” earlier", actor=there, now=now):
        entries.end(running, now=now, at=ended_at)


def _running(entry_id: int, *, actor: Actor) -> TimeEntry:
    running = find_running_entry(user_id=actor.user_id)
    if running is None or running.id != entry_id:
        raise TimerChanged
    return running


def _cut(running: TimeEntry, away_from: datetime, *, now: datetime) -> None:
    """End a running entry where its owner left; one that they left at once never was."""
    if away_from == running.started_at:
        entries.take_out(running, now=now)
    else:
        entries.end(running, now=now, at=away_from)


_SUMMARIES = {
    Away.REVERT: "Left out time away from “{title}”, and went on",
    Away.DISCARD: "Left out time away from “{title}”, and stopped",
    Away.SPLIT: "Made time away from “{title}” an entry of its own",
}
