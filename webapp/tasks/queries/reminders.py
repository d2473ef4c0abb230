"""Questions about reminders. Each person has their own: those of others are not found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, false, select
from sqlalchemy.orm import selectinload

from webapp.accounts.models import User
from webapp.accounts.rules import zone_or_utc
from webapp.storage.db import db
from webapp.tasks.errors import ReminderNotFound, TaskNotFound
from webapp.tasks.models import Reminder, Task
from webapp.tasks.queries.blockers import open_blocker_counts
from webapp.tasks.queries.locks import lock_task
from webapp.tasks.rules.reminders import Basis, Dates, DueReminder, Habits, Standing, Timing, describe
from webapp.values.actor import Actor
from webapp.workspaces.models import Membership
from webapp.workspaces.rules import Role


@dataclass(frozen=True)
class ReminderRow:
    """One reminder as the page of its task shows it."""

    id: int
    words: str
    fires_at: datetime | None
    is_snoozed: bool
    sent_at: datetime | None


@dataclass(frozen=True)
class Claimed:
    """A reminder that a worker is about to send, and what its task is like now."""

    reminder: DueReminder
    standing: Standing


def list_reminders(*, task_id: int, actor: Actor) -> list[ReminderRow]:
    """Return the actor's reminders of a task, the next one first; what has no time yet comes last."""
    reminders = db.session.scalars(
        select(Reminder)
        .where(
            Reminder.task_id == task_id,
            Reminder.user_id == actor.user_id,
            Reminder.workspace_id == actor.workspace_id,
        )
        .order_by(Reminder.fires_at.is_(None), Reminder.fires_at, Reminder.id)
    )
    return [
        ReminderRow(
            id=reminder.id,
            words=describe(timing_of(reminder)),
            fires_at=reminder.fires_at,
            is_snoozed=reminder.snoozed_until is not None,
            sent_at=reminder.sent_at,
        )
        for reminder in reminders
    ]


def get_reminder(*, reminder_id: int, task_id: int, actor: Actor) -> Reminder:
    """
    Return a reminder of the actor's.

    :raises ReminderNotFound: when it is not theirs, or of another task, or its task is in the trash
    """
    reminder = db.session.scalar(
        select(Reminder)
        .join(Task, Task.id == Reminder.task_id)
        .where(
            Reminder.id == reminder_id,
            Reminder.task_id == task_id,
            Reminder.user_id == actor.user_id,
            Task.workspace_id == actor.workspace_id,
            Task.is_deleted == false(),
        )
    )
    if reminder is None:
        raise ReminderNotFound
    return reminder


def lock_reminder(*, reminder_id: int, task_id: int, actor: Actor) -> Reminder:
    """
    Return a reminder of the actor's, with its task, that nobody else changes until the transaction ends.

    :raises ReminderNotFound: when it is not theirs, or of another task, or its task is in the trash
    """
    # The task first, as wherever both are written.
    try:
        lock_task(task_id=task_id, actor=actor)
    except TaskNotFound:
        raise ReminderNotFound from None
    reminder = db.session.scalar(
        select(Reminder)
        .where(Reminder.id == reminder_id, Reminder.task_id == task_id, Reminder.user_id == actor.user_id)
        .options(selectinload(Reminder.task))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if reminder is None:
        raise ReminderNotFound
    return reminder


def get_habits(*, user_id: int) -> Habits:
    """Return when a person wants to be reminded."""
    return habits_of(db.session.get_one(User, user_id))


def habits_of(user: User | Row[*tuple[Any, ...]]) -> Habits:
    """Return when this person, or a row with their columns, wants to be reminded."""
    return Habits(
        zone=zone_or_utc(user.timezone),
        morning=user.morning,
        quiet_from=user.quiet_from,
        quiet_until=user.quiet_until,
        week_start=user.week_start,
    )


def timing_of(reminder: Reminder) -> Timing:
    """Return what was asked for."""
    return Timing(reminder.basis, minutes_before=reminder.minutes_before, at=reminder.at)


def dates_of(task: Task) -> Dates:
    """Return what a task's reminders are counted from."""
    return Dates(due_on=task.due_on, due_at=task.due_at, starts_on=task.starts_on)


def list_people_to_remind(*, now: datetime, limit: int) -> list[int]:
    """Return the ids of people who have a reminder that is due: of the `limit` reminders that are due longest."""
    rows = db.session.scalars(
        select(Reminder.user_id)
        .where(Reminder.send_after <= now)
        .order_by(Reminder.send_after, Reminder.user_id)
        .limit(limit)
    )
    return list(dict.fromkeys(rows))


def lock_due(*, user_id: int, now: datetime, limit: int) -> list[Reminder]:
    """Return a person's reminders that are due, the longest due first, held until the transaction ends."""
    return list(
        db.session.scalars(
            select(Reminder)
            .where(Reminder.user_id == user_id, Reminder.send_after <= now)
            .order_by(Reminder.send_after, Reminder.id)
            .limit(limit)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def lock_leased(*, reminder_ids: Sequence[int], lease: datetime) -> list[Reminder]:
    """Return those of these reminders that are still ours: nobody snoozed them, and the lease that ends then holds."""
    return list(
        db.session.scalars(
            select(Reminder)
            .where(Reminder.id.in_(reminder_ids), Reminder.send_after == lease)
            .order_by(Reminder.id)
            .options(selectinload(Reminder.task))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def list_standings(*, reminders: Sequence[Reminder], user_id: int) -> list[Claimed]:
    """Return each reminder with what its task is like now. A task is gone also for who left its workspace."""
    tasks = {reminder.task_id: reminder.task for reminder in reminders}
    places = set(
        db.session.scalars(
            select(Membership.workspace_id).where(
                Membership.user_id == user_id,
                Membership.workspace_id.in_({task.workspace_id for task in tasks.values()}),
                Membership.role != Role.PLACEHOLDER,
            )
        )
    )
    blocked = open_blocker_counts(sorted(tasks))
    return [
        Claimed(
            reminder=DueReminder(
                reminder_id=reminder.id,
                # Claimed because it had a time.
                fires_at=reminder.fires_at or reminder.created_at,
                task_id=task.id,
                workspace_id=task.workspace_id,
                title=task.title,
                dates=dates_of(task),
            ),
            standing=Standing(
                status=task.status,
                is_gone=task.is_deleted or task.workspace_id not in places,
                is_blocked=task.id in blocked,
                starts_on=task.starts_on,
            ),
        )
        for reminder, task in ((reminder, tasks[reminder.task_id]) for reminder in reminders)
    ]


def lock_of_tasks(*, task_ids: Sequence[int]) -> list[Reminder]:
    """Return everybody's reminders of these tasks, with the tasks, held until the transaction ends."""
    return _lock_with_tasks(Reminder.task_id.in_(task_ids), limit=None)


def lock_relative_of(*, user_id: int, after_id: int, limit: int) -> list[Reminder]:
    """Return a person's reminders that are counted from a task's dates, those after an id first, likewise held."""
    own = and_(Reminder.user_id == user_id, Reminder.id > after_id, Reminder.basis != Basis.AT)
    return _lock_with_tasks(own, limit=limit)


def list_habits(*, user_ids: set[int]) -> dict[int, Habits]:
    """Return when these people want to be reminded, by their ids."""
    return {user.id: habits_of(user) for user in db.session.scalars(select(User).where(User.id.in_(user_ids)))}


def _lock_with_tasks(where: ColumnElement[bool], *, limit: int | None) -> list[Reminder]:
    return list(
        db.session.scalars(
            select(Reminder)
            .where(where)
            .order_by(Reminder.id)
            .limit(limit)
            .options(selectinload(Reminder.task))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )
