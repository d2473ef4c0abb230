"""Changes to reminders, by people and by what happens to their tasks. Sending them is in `sending`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from webapp.errors import InvalidInput
from webapp.storage.bulk import in_chunks
from webapp.storage.db import db
from webapp.storage.journal import recorded
from webapp.storage.once import once
from webapp.storage.transaction import transactional
from webapp.tasks.models import Reminder, Task
from webapp.tasks.queries import reminders as queries
from webapp.tasks.queries.locks import lock_task
from webapp.tasks.rules.reminders import (
    MOST_A_TASK,
    Basis,
    Habits,
    Snooze,
    Timing,
    check_timing,
    fires_at,
    snoozed_until,
)
from webapp.values.actor import Actor
from webapp.values.request_key import RequestKey

BATCH = 200


@transactional
def add_reminder(
    *, task_id: int, timing: Timing | Snooze, actor: Actor, now: datetime, request_key: RequestKey | None = None
) -> int:
    """
    Have the actor reminded of a task, and return the reminder's id; once for one request key.

    :param timing: a Snooze counts from now

    :raises TaskNotFound: when the task is not in the actor's workspace, or in the trash
    :raises InvalidInput: for one that would never come, that is there already, or one too many
    """
    # Held, so that its dates do not change before the reminder is there to follow them.
    task = lock_task(task_id=task_id, actor=actor)
    return once(
        request_key=request_key,
        user_id=actor.user_id,
        now=now,
        work=lambda: _add(task, timing, actor=actor, now=now),
    )


@transactional
def snooze_reminder(*, task_id: int, reminder_id: int, snooze: Snooze, actor: Actor, now: datetime) -> datetime:
    """
    Put a reminder off, also one that was sent, and return until when. When the task is due stays as it is.

    :raises ReminderNotFound: when it is not the actor's
    """
    reminder = queries.lock_reminder(reminder_id=reminder_id, task_id=task_id, actor=actor)
    until = snoozed_until(snooze, now=now, habits=queries.get_habits(user_id=actor.user_id))
    with recorded("reminder.snoozed", f"Put off a reminder of “{reminder.task.title}”", actor=actor, now=now):
        reminder.snoozed_until = until
        _plan(reminder, until, now=now)
    return until


@transactional
def delete_reminder(*, task_id: int, reminder_id: int, actor: Actor, now: datetime) -> None:
    """
    Take a reminder away.

    :raises ReminderNotFound: when it is not the actor's
    """
    reminder = queries.lock_reminder(reminder_id=reminder_id, task_id=task_id, actor=actor)
    with recorded("reminder.deleted", f"Deleted a reminder of “{reminder.task.title}”", actor=actor, now=now):
        db.session.delete(reminder)


@transactional
def follow_dates(*, task_ids: Sequence[int], now: datetime) -> None:
    """
    Move the reminders of tasks whose due day, instant or start has just changed, everybody's, within the same unit of
    work. One that was put off is not any more: it was about the date that is gone.
    """
    for chunk in in_chunks(task_ids):
        moved = queries.lock_of_tasks(task_ids=chunk)
        for reminder in moved:
            if reminder.basis is not Basis.AT:
                reminder.snoozed_until = None
        keep_in_step(moved, now=now)


@transactional
def rebuild(*, task_ids: Sequence[int], now: datetime) -> None:
    """Work out anew when the reminders of these tasks come: after an undo has put rows back as they were."""
    for chunk in in_chunks(task_ids):
        keep_in_step(queries.lock_of_tasks(task_ids=chunk), now=now)


def keep_in_step(reminders: Sequence[Reminder], *, now: datetime) -> None:
    """Work out anew when these reminders come, which are held and have their tasks, in the caller’s unit of work."""
    habits: dict[int, Habits] = queries.list_habits(user_ids={reminder.user_id for reminder in reminders})
    for reminder in reminders:
        timing, dates = queries.timing_of(reminder), queries.dates_of(reminder.task)
        moment = reminder.snoozed_until or fires_at(timing, dates=dates, habits=habits[reminder.user_id])
        # What stays where it is may be in a worker's hands, held back, or sent: that stays, too.
        if moment != reminder.fires_at:
            _plan(reminder, moment, now=now)
    db.session.flush()


def follow_clocks(*, user_id: int, now: datetime) -> None:
    """
    Move a person's reminders that are counted from days, as their mornings begin at other instants now, and look again
    at those that were held back, as their quiet hours may.
    """
    last = 0
    while (last := _follow_clocks(user_id=user_id, after_id=last, now=now)) > 0:
        pass
    _look_again(user_id=user_id, now=now)


@transactional
def carry_over(*, from_task_id: int, to_task_id: int, now: datetime) -> None:
    """Give a task that repeats another its reminders, everybody's: those that are counted from its dates."""
    task = db.session.get_one(Task, to_task_id)
    kept = [reminder for reminder in queries.lock_of_tasks(task_ids=[from_task_id]) if reminder.basis is not Basis.AT]
    carried = [
        Reminder(
            workspace_id=task.workspace_id,
            task_id=task.id,
            user_id=reminder.user_id,
            basis=reminder.basis,
            minutes_before=reminder.minutes_before,
            created_at=now,
        )
        for reminder in kept
    ]
    habits = queries.list_habits(user_ids={reminder.user_id for reminder in carried})
    for reminder in carried:
        timing = queries.timing_of(reminder)
        _plan(reminder, fires_at(timing, dates=queries.dates_of(task), habits=habits[reminder.user_id]), now=now)
        db.session.add(reminder)
    db.session.flush()


@transactional
def _follow_clocks(*, user_id: int, after_id: int, now: datetime) -> int:
    batch = queries.lock_relative_of(user_id=user_id, after_id=after_id, limit=BATCH)
    keep_in_step(batch, now=now)
    return batch[-1].id if batch else 0


@transactional
def _look_again(*, user_id: int, now: datetime) -> None:
    db.session.execute(
        update(Reminder)
        .where(Reminder.user_id == user_id, Reminder.send_after > now, Reminder.fires_at <= now)
        .values(send_after=now)
        .execution_options(synchronize_session=False)
    )


def _add(task: Task, timing: Timing | Snooze, *, actor: Actor, now: datetime) -> int:
    habits, dates = queries.get_habits(user_id=actor.user_id), queries.dates_of(task)
    if isinstance(timing, Snooze):
        timing = Timing(Basis.AT, at=snoozed_until(timing, now=now, habits=habits))
    check_timing(timing, dates=dates, habits=habits, now=now)
    own = db.session.scalars(
        select(Reminder).where(Reminder.task_id == task.id, Reminder.user_id == actor.user_id)
    ).all()
    if len(own) >= MOST_A_TASK:
        raise InvalidInput(f"A task has at most {MOST_A_TASK} reminders. Delete one you do not need.")
    if any(queries.timing_of(reminder) == timing for reminder in own):
        field = "at" if timing.basis is Basis.AT else "when"
        raise InvalidInput("There is this reminder already.", field=field)
    reminder = Reminder(
        workspace_id=task.workspace_id,
        task_id=task.id,
        user_id=actor.user_id,
        basis=timing.basis,
        minutes_before=timing.minutes_before,
        at=timing.at,
        created_at=now,
    )
    _plan(reminder, fires_at(timing, dates=dates, habits=habits), now=now)
    with recorded("reminder.added", f"Set a reminder of “{task.title}”", actor=actor, now=now):
        db.session.add(reminder)
        db.session.flush()
    return reminder.id


def _plan(reminder: Reminder, moment: datetime | None, *, now: datetime) -> None:
    reminder.fires_at = moment
    # What would have come in the past does not come any more.
    reminder.send_after = moment if moment is not None and moment > now else None
    reminder.sent_at = None
