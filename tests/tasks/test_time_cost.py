"""What questions about time cost: as much with years of history as with a week of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from tests.cast import NOW, Person, make_task
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import EntryDay, TimeEntry
from webapp.tasks.operations import timers
from webapp.tasks.queries.entries import last_ended_at, list_entries
from webapp.tasks.queries.overlaps import list_neighbours
from webapp.tasks.queries.timers import find_running
from webapp.tasks.queries.timesheet import get_day, get_list, get_week, stream_entries
from webapp.tasks.rules.entries import Attribution, Interval
from webapp.tasks.rules.timesheet import SheetCriteria
from webapp.values.period import Period

WEEK = Period(date(2026, 11, 16), date(2026, 11, 23))
ENTRIES_A_DAY = 10


def make_history(owner: Person, task_ids: list[int], days: range) -> None:
    """Put ten entries of an hour on each of the days that lie so many days before the end of the week."""
    first = db.session.scalar(text("SELECT COALESCE(MAX(id), 0) + 1 FROM time_entries")) or 1
    entries, parts = [], []
    for number in range(len(days) * ENTRIES_A_DAY):
        day = WEEK.last - timedelta(days=days[number // ENTRIES_A_DAY])
        started_at = datetime(day.year, day.month, day.day, 6, tzinfo=UTC) + timedelta(hours=number % ENTRIES_A_DAY)
        entries.append(
            {
                "id": first + number,
                "workspace_id": owner.workspace_id,
                "task_id": task_ids[number % len(task_ids)],
                "user_id": owner.user_id,
                "started_at": started_at,
                "ended_at": started_at + timedelta(hours=1),
                "day": day,
                "seconds": 3600,
                "zone": "Europe/Berlin",
                "created_at": NOW,
                "updated_at": NOW,
            }
        )
        parts.append(
            {
                "entry_id": first + number,
                "day": day,
                "workspace_id": owner.workspace_id,
                "user_id": owner.user_id,
                "task_id": task_ids[number % len(task_ids)],
                "seconds": 3600,
            }
        )
    with transaction():
        db.session.execute(insert(TimeEntry), entries)
        db.session.execute(insert(EntryDay), parts)
    if db.engine.dialect.name != "sqlite":
        # Without it a server plans by what it last counted in the background, which is now this and now that.
        db.session.execute(text("ANALYZE TABLE tasks, time_entries, entry_days")).all()


def work_of(question: Callable[[], Any]) -> int:
    """How much the engine does for a question: rows read on a server, instructions on SQLite."""
    db.session.rollback()
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        steps = 0

        def step() -> int:
            nonlocal steps
            steps += 1
            return 0

        raw = connection.connection.driver_connection
        assert raw is not None
        raw.set_progress_handler(step, 1)
        question()
        raw.set_progress_handler(None, 0)
        return steps

    def rows_read() -> int:
        status = db.session.execute(text("SHOW SESSION STATUS LIKE 'Handler_read%'"))
        return sum(int(value) for _, value in status)

    asking = -rows_read() + rows_read()
    before = rows_read()
    question()
    return rows_read() - before - asking


@pytest.mark.parametrize(
    "name",
    [
        "day",
        "week",
        "list",
        "list by start",
        "list of everybody",
        "export",
        "entries of a task",
        "running timer",
        "overlaps",
    ],
)
def test_what_is_asked_costs_as_much_after_years_as_after_a_week(ada: Person, cy: Person, name: str) -> None:
    busy = make_task(ada, title="Always")
    task_ids = [busy.id, *(make_task(ada, title=f"Task {number}").id for number in range(9))]
    timers.start_timer(task_id=busy.id, actor=ada.actor, now=NOW)
    asked = SheetCriteria(period=WEEK, user_id=ada.user_id)
    by_start = replace(asked, attribution=Attribution.START)
    questions: dict[str, Callable[[], Any]] = {
        "day": lambda: get_day(day=Period.of_day(date(2026, 11, 18)), actor=ada.actor, now=NOW),
        "week": lambda: get_week(week=WEEK, actor=ada.actor, now=NOW),
        "list": lambda: get_list(criteria=asked, actor=ada.actor, now=NOW),
        "list by start": lambda: get_list(criteria=by_start, actor=ada.actor, now=NOW),
        "list of everybody": lambda: get_list(criteria=replace(asked, user_id=None), actor=ada.actor, now=NOW),
        "export": lambda: list(stream_entries(criteria=asked, actor=ada.actor, now=NOW)),
        "entries of a task": lambda: list_entries(task_id=busy.id, actor=ada.actor),
        "overlaps": lambda: (
            list_neighbours(spent=Interval(NOW, NOW), user_id=ada.user_id, entry_id=None, actor=ada.actor),
            last_ended_at(actor=ada.actor, day=NOW.date()),
        ),
        "running timer": lambda: find_running(user_id=ada.user_id),
    }
    make_history(ada, task_ids, days=range(60))
    before = work_of(questions[name])

    make_history(ada, task_ids, days=range(60, 500))
    make_history(cy, [make_task(cy).id], days=range(100))

    assert 0 < work_of(questions[name]) <= before * 1.1 + 20
