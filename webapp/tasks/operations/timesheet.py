"""Writing time into the week: each cell comes to say what was typed, by plain durations beside what the clock says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, select, update

from webapp.customers.queries import list_billed_by_hour
from webapp.storage.bulk import in_chunks
from webapp.storage.db import db
from webapp.storage.journal import recorded
from webapp.storage.once import once
from webapp.storage.transaction import transactional
from webapp.tasks.errors import CellsChanged, CellsRefused, TaskNotFound
from webapp.tasks.models import Task, TimeEntry
from webapp.tasks.operations.sums import write_days
from webapp.tasks.queries.locks import lock_tasks
from webapp.tasks.queries.week import latest_day, list_parts, list_timed_task_ids
from webapp.tasks.rules import week_grid as rules
from webapp.tasks.rules.week_grid import Cell, CellEdit, Settlement
from webapp.values.actor import Actor
from webapp.values.period import Period
from webapp.values.request_key import RequestKey
from webapp.values.text import counted

_Settlements = dict[Cell, Settlement]


@transactional
def set_cells(*, edits: Sequence[CellEdit], actor: Actor, now: datetime, request_key: RequestKey | None = None) -> int:
    """
    Make the actor's time on tasks and days come to what is said, all of it or none, and return how many changed.

    What the clock says stays; one plain duration a cell is added, made longer or shorter, or taken out. What runs does
    not count.

    :raises CellsRefused: naming each cell that cannot say so: below what the clock says, a day to come, over 24 hours
    :raises CellsChanged: naming each cell that says something else by now than it did to the actor
    :raises TaskNotFound: for a task that is not in the actor's workspace
    """

    def work() -> int:
        with recorded("timesheet.saved", "", actor=actor, now=now) as change:
            tasks = lock_tasks({edit.cell.task_id for edit in edits})
            settlements = _settle(edits, tasks, actor=actor, now=now)
            change.summary = _summary("Set", settlements)
            _write(settlements, tasks, actor=actor, now=now)
        return len(settlements)

    return once(request_key=request_key, user_id=actor.user_id, now=now, work=work)


@dataclass(frozen=True)
class Copied:
    """What a copied week came to: cells written, left alone as they say something already, and still to come."""

    written: int
    kept: int
    to_come: int


@transactional
def copy_week(*, week: Period, from_week: Period, actor: Actor, now: datetime) -> Copied:
    """
    Write into the empty cells of `week` what the actor's cells of `from_week` say, in whole minutes.

    Done twice it changes nothing the second time. Days that are still to come stay empty.
    """
    task_ids = list_timed_task_ids(period=from_week, actor=actor)
    # First held, then read: what two of these at once find empty would both be filled.
    tasks = lock_tasks(task_ids)
    days_later = (week.start - from_week.start).days
    wanted = rules.moved_week(_said(task_ids, from_week, actor=actor), days_later=days_later)
    there = _said(task_ids, week, actor=actor)
    latest = latest_day(actor=actor, now=now)
    empty = {cell: seconds for cell, seconds in wanted.items() if cell not in there}
    edits = [CellEdit(cell, seconds) for cell, seconds in empty.items() if cell.day <= latest]
    with recorded("timesheet.copied", "", actor=actor, now=now) as change:
        settlements = _settle(edits, tasks, actor=actor, now=now)
        change.summary = _summary("Copied", settlements)
        _write(settlements, tasks, actor=actor, now=now)
    return Copied(
        written=len(settlements), kept=len(wanted) - len(empty), to_come=sum(cell.day > latest for cell in empty)
    )


def _said(task_ids: Collection[int], period: Period, *, actor: Actor) -> dict[Cell, int]:
    parts = list_parts(task_ids=task_ids, period=period, actor=actor)
    return {cell: sum(part.seconds for part in of_cell) for cell, of_cell in parts.items()}


def _summary(verb: str, settlements: _Settlements) -> str:
    days = sorted({cell.day for cell in settlements})
    words = f"{verb} {counted(len(settlements), 'cell')} of the timesheet"
    if not days:
        return words
    first, last = (f"{day.day} {day:%b %Y}" for day in (days[0], days[-1]))
    return f"{words}, {first}" + (f" to {last}" if last != first else "")


def _settle(edits: Sequence[CellEdit], tasks: Mapping[int, Task], *, actor: Actor, now: datetime) -> _Settlements:
    """Return what is to be done for each cell that is to change. Its task is held."""
    if not edits:
        return {}
    latest = latest_day(actor=actor, now=now)
    refused: dict[tuple[int, date], str] = {
        edit.cell: fault for edit in edits if (fault := rules.find_fault(edit, latest=latest))
    }
    for edit in edits:
        task = tasks.get(edit.cell.task_id)
        if task is None or task.workspace_id != actor.workspace_id:
            raise TaskNotFound
        if task.is_deleted:
            refused[edit.cell] = "This task is in the trash. Restore it first."
    if refused:
        raise CellsRefused(refused)
    days = [edit.cell.day for edit in edits]
    whole = Period(min(days), max(days) + timedelta(days=1))
    parts = list_parts(task_ids=tasks, period=whole, actor=actor)
    changed: dict[tuple[int, date], int] = {}
    settlements: _Settlements = {}
    for edit in edits:
        there = parts.get(edit.cell, [])
        says = sum(part.seconds for part in there)
        if edit.was_seconds is not None and edit.was_seconds != says:
            changed[edit.cell] = says
            continue
        try:
            settlement = rules.settle(edit.seconds, there)
        except ValueError as error:
            refused[edit.cell] = str(error)
            continue
        if settlement.changed or settlement.added_seconds:
            settlements[edit.cell] = settlement
    if refused:
        raise CellsRefused(refused)
    if changed:
        raise CellsChanged(changed)
    return settlements


def _write(settlements: _Settlements, tasks: Mapping[int, Task], *, actor: Actor, now: datetime) -> None:
    more: Counter[int] = Counter()
    entries = _change({entry_id: seconds for one in settlements.values() for entry_id, seconds in one.changed.items()})
    for entry, seconds in entries:
        more[entry.task_id] += seconds - entry.seconds
        entry.updated_at = now
        if seconds:
            entry.seconds = seconds
        else:
            # With the length it had, so that it can be put back.
            entry.deleted_at = now
    billed = list_billed_by_hour(customer_ids={task.customer_id for task in tasks.values() if task.customer_id})
    added: list[TimeEntry] = []
    for cell, settlement in settlements.items():
        if settlement.added_seconds:
            more[cell.task_id] += settlement.added_seconds
            is_billable = tasks[cell.task_id].customer_id in billed
            added.append(_plain(cell, settlement.added_seconds, is_billable=is_billable, actor=actor, now=now))
    db.session.add_all(added)
    db.session.flush()
    write_days([entry.id for entry in [*(entry for entry, _ in entries), *added]])
    _add_to_tasks(more)


def _change(seconds_by_id: Mapping[int, int]) -> list[tuple[TimeEntry, int]]:
    """Return plain entries with the seconds that they are to have."""
    found: list[tuple[TimeEntry, int]] = []
    for chunk in in_chunks(sorted(seconds_by_id)):
        entries = select(TimeEntry).where(TimeEntry.id.in_(chunk)).execution_options(populate_existing=True)
        found += ((entry, seconds_by_id[entry.id]) for entry in db.session.scalars(entries))
    return found


def _plain(cell: Cell, seconds: int, *, is_billable: bool, actor: Actor, now: datetime) -> TimeEntry:
    return TimeEntry(
        workspace_id=actor.workspace_id,
        task_id=cell.task_id,
        user_id=actor.user_id,
        day=cell.day,
        seconds=seconds,
        interrupted_seconds=0,
        zone=actor.zone.key,
        note="",
        is_billable=is_billable,
        created_at=now,
        updated_at=now,
    )


def _add_to_tasks(more: Mapping[int, int]) -> None:
    # Their versions stay: nobody edits a sum.
    changed = {task_id: seconds for task_id, seconds in more.items() if seconds}
    for chunk in in_chunks(sorted(changed)):
        by_task = case({task_id: changed[task_id] for task_id in chunk}, value=Task.id, else_=0)
        db.session.execute(
            update(Task)
            .where(Task.id.in_(chunk))
            .values(tracked_seconds=Task.tracked_seconds + by_task)
            .execution_options(synchronize_session=False)
        )
