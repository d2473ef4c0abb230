"""Undoing what was done to tasks that come again: the series goes back with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.cast import NOW, Person
from webapp.history.errors import CannotUndo
from webapp.history.operations import undo_change
from webapp.storage.db import db
from webapp.storage.journal import Change
from webapp.tasks.models import Reminder, Series, SeriesTag, Task
from webapp.tasks.operations.recurrence import make_due, set_repeat, skip_occurrence
from webapp.tasks.operations.reminders import add_reminder
from webapp.tasks.operations.tasks import create_task, delete_series, delete_task, set_status
from webapp.tasks.queries.history import list_task_history
from webapp.tasks.rules.recurrence import Missed, Repeat, Rule, Unit
from webapp.tasks.rules.reminders import Basis as ReminderBasis
from webapp.tasks.rules.reminders import Timing
from webapp.tasks.rules.tasks import TaskDetails
from webapp.values.status import Status

WEEKLY = Repeat(Rule(Unit.WEEK))
PLANTS = TaskDetails(title="Water the plants", tags=("green",), due_on=date(2026, 11, 20), repeat=WEEKLY)
TECHNICAL = {"version", "updated_at"}


def last_change() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.max(Change.id))) or 0


def state() -> list[list[dict[str, Any]]]:
    """All there is of tasks that are not in the trash and of series."""
    db.session.rollback()
    found = []
    for model in (Task, Series, SeriesTag):
        table = db.metadata.tables[model.__tablename__]
        rows = db.session.execute(select(table).order_by(*table.primary_key.columns)).mappings()
        found.append([{name: row[name] for name in row if name not in TECHNICAL} for row in rows])
    return [[row for row in rows if not row.get("is_deleted")] for rows in found]


CHANGES: dict[str, Callable[[int, Person], object]] = {
    "finish": lambda task_id, ada: set_status(task_id=task_id, status=Status.DONE, actor=ada.actor, now=NOW),
    "skip": lambda task_id, ada: skip_occurrence(task_id=task_id, actor=ada.actor, now=NOW),
    "stop": lambda task_id, ada: set_repeat(task_id=task_id, repeat=None, actor=ada.actor, now=NOW),
    "change": lambda task_id, ada: set_repeat(
        task_id=task_id, repeat=Repeat(Rule(Unit.MONTH), missed=Missed.EACH), actor=ada.actor, now=NOW
    ),
    "delete": lambda task_id, ada: delete_series(task_id=task_id, actor=ada.actor, now=NOW),
    "delete one": lambda task_id, ada: delete_task(task_id=task_id, actor=ada.actor, now=NOW),
}


@pytest.mark.parametrize("name", CHANGES)
def test_undo_brings_the_series_back_to_where_it_was(ada: Person, name: str) -> None:
    task_id = create_task(details=PLANTS, actor=ada.actor, now=NOW)
    before = state()

    CHANGES[name](task_id, ada)
    assert state() != before
    undo_change(change_id=last_change(), actor=ada.actor, now=NOW)
    assert state() == before
    CHANGES[name](task_id, ada)

    assert len(state()[0]) == (1 if name not in ("finish", "delete") else 2 if name == "finish" else 0)


def test_done_again_after_an_undo_the_next_one_has_its_reminder_once(ada: Person) -> None:
    task_id = create_task(details=replace(PLANTS, due_on=date(2026, 11, 27)), actor=ada.actor, now=NOW)
    add_reminder(task_id=task_id, timing=Timing(ReminderBasis.DUE, 60), actor=ada.actor, now=NOW)

    for _ in range(2):
        set_status(task_id=task_id, status=Status.DONE, actor=ada.actor, now=NOW)
        following = db.session.scalar(select(Task.id).where(Task.occurrence == 1)) or 0
        assert len(db.session.scalars(select(Reminder).where(Reminder.task_id == following)).all()) == 1
        undo_change(change_id=last_change(), actor=ada.actor, now=NOW)

    assert [reminder.task_id for reminder in db.session.scalars(select(Reminder))] == [task_id]


def test_the_history_tells_of_the_task_and_not_of_the_workings_of_its_series(ada: Person) -> None:
    task_id = create_task(details=PLANTS, actor=ada.actor, now=NOW)
    skip_occurrence(task_id=task_id, actor=ada.actor, now=NOW)
    set_repeat(task_id=task_id, repeat=None, actor=ada.actor, now=NOW)

    told = list_task_history(task_id=task_id, actor=ada.actor, now=NOW)

    assert [(change.summary, [line.label for line in change.lines]) for change in told[:2]] == [
        ("“Water the plants” repeats no more", []),
        ("Skipped “Water the plants” on 20 November 2026", ["Due"]),
    ]


def test_undo_of_a_rule_takes_the_series_away(ada: Person) -> None:
    task_id = create_task(details=replace(PLANTS, repeat=None), actor=ada.actor, now=NOW)
    before = state()

    set_repeat(task_id=task_id, repeat=WEEKLY, actor=ada.actor, now=NOW)
    undo_change(change_id=last_change(), actor=ada.actor, now=NOW)

    assert state() == before


def test_undo_of_a_finish_whose_next_one_was_changed_since_does_nothing(ada: Person) -> None:
    task_id = create_task(details=PLANTS, actor=ada.actor, now=NOW)
    set_status(task_id=task_id, status=Status.DONE, actor=ada.actor, now=NOW)
    finish = last_change()
    following = db.session.scalar(select(Task.id).where(Task.occurrence == 1)) or 0
    set_status(task_id=following, status=Status.DOING, actor=ada.actor, now=NOW)
    before = state()

    with pytest.raises(CannotUndo, match="later change"):
        undo_change(change_id=finish, actor=ada.actor, now=NOW)

    assert state() == before


def test_undo_of_what_the_worker_added_takes_it_away(ada: Person) -> None:
    details = replace(PLANTS, due_on=date(2026, 11, 19), repeat=Repeat(Rule(Unit.DAY), missed=Missed.EACH))
    create_task(details=details, actor=ada.actor, now=NOW)
    before = state()

    make_due(now=NOW)
    assert len(state()[0]) == 2
    undo_change(change_id=last_change(), actor=ada.actor, now=NOW)

    assert state() == before
