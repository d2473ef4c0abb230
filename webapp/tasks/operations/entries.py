"""Changes to time entries. What one adds to days and to its task is written here, of many at once by `sums`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, delete, func, insert, select, update

from webapp.customers.queries import check_customer_id, is_billed_by_hour
from webapp.errors import InvalidInput
from webapp.storage.db import db
from webapp.storage.failures import TryAgain
from webapp.storage.journal import recorded
from webapp.storage.once import once
from webapp.storage.transaction import transactional
from webapp.tasks.errors import EntryEditedMeanwhile, EntryNotFound
from webapp.tasks.models import EntryDay, Task, TimeEntry
from webapp.tasks.operations.overlaps import settle
from webapp.tasks.queries.entries import find_task_of_deleted_entry, get_changeable_entry
from webapp.tasks.queries.locks import hold_person, lock_task, lock_tasks, visible
from webapp.tasks.rules import entries as rules
from webapp.tasks.rules.entries import Interval, PlainDuration, Spent
from webapp.tasks.rules.overlaps import OverlapChoice, Plan, lasting_part
from webapp.values.actor import Actor
from webapp.values.request_key import RequestKey


@transactional
def create_entry(
    *,
    task_id: int,
    spent: Spent,
    note: str = "",
    customer_id: int | None = None,
    is_billable: bool | None = None,
    overlap: OverlapChoice | None = None,
    overlap_mark: str | None = None,
    actor: Actor,
    now: datetime,
    request_key: RequestKey | None = None,
) -> int:
    """
    Write down time that the actor spent on a task and return the entry's id.

    :param customer_id: whom it was for, if that is not the customer of the task
    :param is_billable: None asks nobody: it is, where whom it was for pays by the hour
    :param overlap: what is right where the actor spent that time on something else already
    :param overlap_mark: of the others as the person saw them; None does not ask whether they are still so
    :raises InvalidInput: when nobody can have spent it (see `rules.entries.check_believable`)
    :raises EntryOverlaps: when nobody has chosen, or what is there has changed since
    """
    _refuse_open_end(spent)
    rules.check_believable(spent, now=now, zone=actor.zone)
    check_customer_id(customer_id=customer_id, actor=actor)
    hold_person(user_id=actor.user_id)

    def work() -> int:
        plan = settle(spent, overlap, mark=overlap_mark, user_id=actor.user_id, actor=actor, now=now)
        tasks = lock_tasks([task_id, *plan.task_ids])
        task = visible(tasks.get(task_id), actor=actor)
        entry = TimeEntry(
            workspace_id=actor.workspace_id,
            task_id=task_id,
            user_id=actor.user_id,
            customer_id=_differing(customer_id, task),
            zone=actor.zone.key,
            note=note,
            is_billable=is_billed_by_hour(customer_id=customer_id or task.customer_id)
            if is_billable is None
            else is_billable,
            created_at=now,
            updated_at=now,
        )
        with recorded("entry.created", f"Added time to “{task.title}”", actor=actor, now=now):
            _make_room(plan, now=now)
            _write_parts(entry, plan.mine, now=now)
        return entry.id

    return once(request_key=request_key, user_id=actor.user_id, now=now, work=work)


@transactional
def save_entry(
    *,
    entry_id: int,
    spent: Spent,
    note: str,
    customer_id: int | None = None,
    is_billable: bool | None = None,
    overlap: OverlapChoice | None = None,
    overlap_mark: str | None = None,
    version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """
    Correct an entry. It may keep a length it had already, even one that would be refused now.

    A running one goes on while its interval has no end, and stops at the end that it is given.

    :param customer_id: whom it was for, if that is not the customer of the task
    :param is_billable: None leaves it as it is
    :param version: of the entry as the person saw it
    :raises EntryOfSomebodyElse: when it is somebody else's who can log in
    :raises EntryEditedMeanwhile: when it was changed since
    :raises EntryOverlaps: as `create_entry`, when its time changes
    """
    entry = get_changeable_entry(entry_id=entry_id, actor=actor)
    if entry.version != version:
        raise EntryEditedMeanwhile
    hold_person(user_id=entry.user_id)
    if entry.running_user_id is None:
        _refuse_open_end(spent)
    has_moved = spent != spent_of(entry)
    if has_moved:
        rules.check_believable(spent, now=now, zone=actor.zone)
    plan = settle(
        spent,
        overlap if has_moved else OverlapChoice.KEEP_BOTH,
        mark=overlap_mark if has_moved else None,
        user_id=entry.user_id,
        entry_id=entry_id,
        actor=actor,
        now=now,
    )
    tasks = lock_tasks([entry.task_id, *plan.task_ids])
    task = visible(tasks.get(entry.task_id), actor=actor)
    _refresh(entry)
    if entry.version != version:
        raise EntryEditedMeanwhile
    with recorded("entry.saved", f"Changed time on “{task.title}”", actor=actor, now=now):
        if customer_id != entry.customer_id:
            check_customer_id(customer_id=customer_id, actor=actor)
            entry.customer_id = _differing(customer_id, task)
        entry.note = note
        if is_billable is not None:
            entry.is_billable = is_billable
        entry.updated_at = now
        if has_moved:
            _make_room(plan, now=now)
            _write_parts(entry, plan.mine, now=now)


@transactional
def delete_entry(*, entry_id: int, actor: Actor, now: datetime) -> int:
    """
    Take an entry out, so that it counts nowhere, and return its task's id; a running one is stopped first.

    :raises EntryOfSomebodyElse: when it is somebody else's who can log in
    """
    entry, task = _lock_entry(entry_id=entry_id, actor=actor)
    with recorded("entry.deleted", f"Deleted time on “{task.title}”", actor=actor, now=now):
        take_out(entry, now=now)
    return entry.task_id


@transactional
def restore_entry(*, entry_id: int, actor: Actor, now: datetime) -> int:
    """
    Put a deleted entry back as it was and return its task's id; one that is there already stays as it is.

    :raises NotFound: when there is none that the actor may change, or its task is gone
    """
    task_id = find_task_of_deleted_entry(entry_id=entry_id, actor=actor)
    task = lock_task(task_id=task_id, actor=actor)
    entry = db.session.get_one(TimeEntry, entry_id, populate_existing=True)
    if entry.deleted_at is not None:
        with recorded("entry.restored", f"Put time back on “{task.title}”", actor=actor, now=now):
            entry.deleted_at = None
            entry.updated_at = now
            if entry.started_at is not None and entry.ended_at is None:
                # Its start was undone: what comes back is no running timer.
                entry.ended_at = entry.started_at
            record_days(entry)
    return task_id


def _make_room(plan: Plan, *, now: datetime) -> None:
    """Leave of the other entries what the plan leaves of them; their tasks are held."""
    for other, parts in plan.others:
        entry = db.session.get_one(TimeEntry, other.entry_id, populate_existing=True)
        if entry.version != other.version:
            # Somebody changed it while we waited for its task.
            raise TryAgain
        entry.updated_at = now
        if parts:
            _write_parts(entry, parts, now=now)
        else:
            take_out(entry, now=now)


def _write_parts(entry: TimeEntry, parts: Sequence[Spent], *, now: datetime) -> None:
    """Write time down in one entry, or in several that are alike."""
    lasting = lasting_part(parts)
    for part in parts:
        written = entry if part is lasting else _another(entry, now=now)
        _write(written, part)
        record_days(written)


def _another(entry: TimeEntry, *, now: datetime) -> TimeEntry:
    return TimeEntry(
        workspace_id=entry.workspace_id,
        task_id=entry.task_id,
        user_id=entry.user_id,
        customer_id=entry.customer_id,
        zone=entry.zone,
        note=entry.note,
        is_billable=entry.is_billable,
        created_at=now,
        updated_at=now,
    )


def take_out(entry: TimeEntry, *, now: datetime) -> None:
    """Delete an entry, a running one at its end; inside an operation that holds the task's row."""
    if entry.running_user_id is not None:
        end(entry, now=now)
    entry.deleted_at = entry.updated_at = now
    record_days(entry)


def _differing(customer_id: int | None, task: Task) -> int | None:
    """Return whom an entry is for as it is kept: nobody where it is whom its task is for."""
    return None if customer_id == task.customer_id else customer_id


def record_days(entry: TimeEntry) -> None:
    """
    Write what an entry adds to each local day and to its task, in place of what it added before.

    To be called inside an operation that holds the task's row (`lock_task`), after every change of the entry. A
    running or a deleted one adds nothing. The task's version stays: nobody edits a sum.
    """
    shares = _shares(entry)
    if entry.deleted_at is None:
        entry.seconds = sum(shares.values())
    # First the entry itself: this gives a new one its id, and lets only one of two that change it at once go on.
    db.session.add(entry)
    db.session.flush()
    added_before = db.session.scalar(
        select(func.coalesce(func.sum(EntryDay.seconds), 0)).where(EntryDay.entry_id == entry.id)
    )
    db.session.execute(delete(EntryDay).where(EntryDay.entry_id == entry.id))
    if shares:
        db.session.execute(insert(EntryDay), [_day_row(entry, day, seconds) for day, seconds in shares.items()])
    change = sum(shares.values()) - int(added_before or 0)
    if change:
        db.session.execute(
            update(Task).where(Task.id == entry.task_id).values(tracked_seconds=Task.tracked_seconds + change)
        )


def _shares(entry: TimeEntry) -> dict[date, int]:
    return {} if entry.deleted_at is not None else rules.counted_by_day(spent_of(entry), ZoneInfo(entry.zone))


def _day_row(entry: TimeEntry, day: date, seconds: int) -> dict[str, object]:
    return {
        "entry_id": entry.id,
        "day": day,
        "workspace_id": entry.workspace_id,
        "user_id": entry.user_id,
        "task_id": entry.task_id,
        "seconds": seconds,
    }


def spent_of(entry: TimeEntry | Row[*tuple[Any, ...]]) -> Spent:
    """Return the time of an entry, or of a row with its columns, as the rules speak of it."""
    if entry.started_at is None:
        return PlainDuration(entry.day, entry.seconds)
    return Interval(entry.started_at, entry.ended_at, entry.interrupted_seconds or 0)


def end(entry: TimeEntry, *, now: datetime, at: datetime | None = None) -> None:
    """Stop a running entry `at` a moment, or `now`; inside an operation that holds the task's row."""
    started_at = entry.started_at or now
    # The clock of the machine that stops may be a little behind the one that started.
    entry.ended_at = max((at or now).replace(microsecond=0), started_at)
    entry.running_user_id = None
    entry.updated_at = now
    record_days(entry)


def _lock_entry(*, entry_id: int, actor: Actor) -> tuple[TimeEntry, Task]:
    entry = get_changeable_entry(entry_id=entry_id, actor=actor)
    task = lock_task(task_id=entry.task_id, actor=actor)
    _refresh(entry)
    return entry, task


def _refresh(entry: TimeEntry) -> None:
    # It may have been changed while we waited for the task.
    db.session.refresh(entry)
    if entry.deleted_at is not None:
        raise EntryNotFound


def _write(entry: TimeEntry, spent: Spent) -> None:
    if isinstance(spent, PlainDuration):
        entry.started_at = entry.ended_at = None
        entry.day, entry.seconds, entry.interrupted_seconds = spent.day, spent.seconds, 0
    else:
        entry.started_at, entry.ended_at = spent.started_at, spent.ended_at
        entry.day = spent.started_at.astimezone(ZoneInfo(entry.zone)).date()
        entry.interrupted_seconds = spent.interrupted_seconds
    if entry.running_user_id is not None and (entry.started_at is None or entry.ended_at is not None):
        entry.running_user_id = None


def _refuse_open_end(spent: Spent) -> None:
    if isinstance(spent, Interval) and spent.ended_at is None:
        raise InvalidInput("Enter when it ended, or start the timer instead.", field="ended_at")
