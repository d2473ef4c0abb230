"""Cells of the week: what they come to, whoever writes at once, and whatever was there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import NOW, Person, make_entry, make_task
from tests.consistency import assert_consistent
from tests.tasks.test_timers import task_now
from webapp.customers.models import Customer
from webapp.history.operations import undo_change
from webapp.storage.db import db
from webapp.storage.journal import Change, last_change_id
from webapp.storage.transaction import transaction
from webapp.tasks.errors import CellsChanged, CellsRefused, TaskNotFound
from webapp.tasks.models import Task, TimeEntry
from webapp.tasks.operations import entries, timers
from webapp.tasks.operations.timesheet import set_cells
from webapp.tasks.rules.entries import PlainDuration
from webapp.tasks.rules.week_grid import Cell, CellEdit

DAY = date(2026, 11, 20)


def plain_of(task: Task) -> list[int]:
    """The plain durations on a task."""
    db.session.rollback()
    found = select(TimeEntry.seconds).where(
        TimeEntry.task_id == task.id, TimeEntry.started_at.is_(None), TimeEntry.deleted_at.is_(None)
    )
    return sorted(db.session.scalars(found))


def set_to(person: Person, task: Task, seconds: int, *, day: date = DAY) -> None:
    """Type into a cell."""
    set_cells(edits=[CellEdit(Cell(task.id, day), seconds)], actor=person.actor, now=NOW)


def test_a_cell_is_one_plain_duration_on_top_of_what_the_clock_says(ada: Person) -> None:
    task = make_task(ada)
    make_entry(task, ada, started_at=NOW - timedelta(hours=3), seconds=3600)

    for seconds, plain in ((9000, [5400]), (12_600, [9000]), (4000, [400]), (3600, [])):
        set_to(ada, task, seconds)

        assert plain_of(task) == plain
        assert task_now(task.id).tracked_seconds == seconds
        assert_consistent()


def test_a_duration_with_words_is_kept_while_there_is_another(ada: Person) -> None:
    task = make_task(ada)
    spent = PlainDuration(DAY, 3600)
    entries.create_entry(task_id=task.id, spent=spent, note="Offer", actor=ada.actor, now=NOW)

    set_to(ada, task, 5400)
    assert plain_of(task) == [1800, 3600]
    set_to(ada, task, 3000)
    assert plain_of(task) == [3000]


def test_what_others_spent_and_what_runs_is_not_touched(ada: Person, ben: Person) -> None:
    task = make_task(ada)
    make_entry(task, ben, started_at=NOW - timedelta(hours=3), seconds=3600)
    timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW - timedelta(hours=1))

    set_to(ada, task, 600)
    set_to(ada, task, 0)

    assert plain_of(task) == []
    assert task_now(task.id).tracked_seconds == 3600


def test_new_time_is_billable_where_the_customer_pays_by_the_hour(ada: Person) -> None:
    with transaction():
        customer = Customer(
            workspace_id=ada.workspace_id, name="Acme", name_key="acme", rate_cents=9000, created_at=NOW, updated_at=NOW
        )
        db.session.add(customer)
    paid, unpaid = make_task(ada, customer_id=customer.id), make_task(ada)

    for task in (paid, unpaid):
        set_to(ada, task, 600)

    rows = db.session.execute(select(TimeEntry.task_id, TimeEntry.is_billable)).all()
    assert {row.task_id: row.is_billable for row in rows} == {paid.id: True, unpaid.id: False}


def test_all_cells_are_written_or_none_and_each_says_why(ada: Person) -> None:
    task, gone = make_task(ada), make_task(ada, is_deleted=True)
    edits = [
        CellEdit(Cell(task.id, DAY), 600),
        CellEdit(Cell(gone.id, DAY), 600),
        CellEdit(Cell(task.id, DAY + timedelta(days=2)), 600),
    ]

    with pytest.raises(CellsRefused) as refusal:
        set_cells(edits=edits, actor=ada.actor, now=NOW)

    assert refusal.value.cells == {
        (gone.id, DAY): "This task is in the trash. Restore it first.",
        (task.id, DAY + timedelta(days=2)): "This day is still to come.",
    }
    assert plain_of(task) == []


def test_a_task_of_a_stranger_is_not_there(ada: Person, cy: Person) -> None:
    with pytest.raises(TaskNotFound):
        set_to(cy, make_task(ada), 600)


def test_many_cells_are_one_change_and_one_undo(ada: Person) -> None:
    tasks = [make_task(ada, title=f"Task {number}") for number in range(5)]
    set_to(ada, tasks[0], 600)
    edits = [CellEdit(Cell(task.id, DAY - timedelta(days=back)), 1200) for task in tasks for back in range(3)]

    assert set_cells(edits=edits, actor=ada.actor, now=NOW) == 15

    change_id = last_change_id()
    assert change_id is not None
    summary = db.session.scalar(select(Change.summary).where(Change.id == change_id))
    assert summary == "Set 15 cells of the timesheet, 18 Nov 2026 to 20 Nov 2026"
    undo_change(change_id=change_id, actor=ada.actor, now=NOW)
    assert [task_now(task.id).tracked_seconds for task in tasks] == [600, 0, 0, 0, 0]
    assert_consistent()


def test_of_two_who_type_into_a_cell_at_once_one_is_told(app: Flask, ada: Person) -> None:
    task = make_task(ada)
    both = Barrier(2)

    def save(seconds: int) -> int | None:
        with app.app_context():
            both.wait()
            edit = CellEdit(Cell(task.id, DAY), seconds, was_seconds=0)
            try:
                set_cells(edits=[edit], actor=ada.actor, now=datetime(2026, 11, 20, 15, tzinfo=UTC))
            except CellsChanged as late:
                return late.cells[task.id, DAY]
            finally:
                db.session.remove()
            return None

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(save, [600, 1200]))

    (kept,) = plain_of(task)
    assert sorted(told, key=bool) == [None, kept]
    assert task_now(task.id).tracked_seconds == kept
