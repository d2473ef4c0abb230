"""Pausing, going on, and time away: each choice in one change that one undo takes back, whoever else is in a hurry."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.cast import NOW, Person, make_task
from webapp.errors import InvalidInput
from webapp.history.operations import undo_change
from webapp.storage.db import db
from webapp.storage.journal import Change
from webapp.storage.transaction import transaction
from webapp.tasks.errors import TaskNotFound, TimerChanged
from webapp.tasks.models import EntryDay, Task, TimeEntry
from webapp.tasks.operations import absence, timers
from webapp.tasks.queries.timers import find_running
from webapp.tasks.rules.timers import Away

LEFT = NOW + timedelta(hours=1)
BACK = NOW + timedelta(hours=2)

Stretch = tuple[int, datetime | None, datetime | None]


def stretches() -> list[Stretch]:
    """Task, start and end of the entries that count."""
    db.session.rollback()
    rows = db.session.scalars(
        select(TimeEntry).where(TimeEntry.deleted_at.is_(None)).order_by(TimeEntry.started_at, TimeEntry.id)
    )
    return [(entry.task_id, entry.started_at, entry.ended_at) for entry in rows]


def changes() -> list[int]:
    """The changes so far."""
    return list(db.session.scalars(select(Change.id).order_by(Change.id)))


@pytest.mark.parametrize("choice", Away)
def test_each_choice_is_one_change_and_one_undo(ada: Person, choice: Away) -> None:
    task, lunch = make_task(ada).id, make_task(ada, title="Lunch").id
    entry_id = timers.start_timer(task_id=task, actor=ada.actor, now=NOW)
    before, done_before = stretches(), changes()

    absence.settle_away(
        entry_id=entry_id, away_from=LEFT, choice=choice, task_id=lunch, note="noodles", actor=ada.actor, now=BACK
    )

    worked, went_on = (task, NOW, LEFT), (task, BACK, None)
    expected: dict[Away, list[Stretch]] = {
        Away.KEEP: before,
        Away.REVERT: [worked, went_on],
        Away.DISCARD: [worked],
        Away.SPLIT: [worked, (lunch, LEFT, BACK), went_on],
    }
    assert stretches() == expected[choice]
    made = changes()[len(done_before) :]
    assert len(made) == (choice is not Away.KEEP)
    for change_id in made:
        undo_change(change_id=change_id, actor=ada.actor, now=BACK)
        assert stretches() == before
        assert sum(db.session.scalars(select(EntryDay.seconds))) == 0
        running = find_running(user_id=ada.user_id)
        assert running is not None
        assert running.entry_id == entry_id


def test_who_left_at_once_has_worked_on_nothing(ada: Person) -> None:
    task = make_task(ada).id
    entry_id = timers.start_timer(task_id=task, actor=ada.actor, now=NOW)

    absence.settle_away(entry_id=entry_id, away_from=NOW, choice=Away.REVERT, actor=ada.actor, now=BACK)

    assert stretches() == [(task, BACK, None)]


def test_what_goes_on_keeps_note_and_customer(ada: Person) -> None:
    task = make_task(ada)
    entry_id = timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)
    with transaction():
        db.session.get_one(TimeEntry, entry_id).note = "chapter two"

    absence.settle_away(entry_id=entry_id, away_from=LEFT, choice=Away.REVERT, actor=ada.actor, now=BACK)
    timers.pause_running(actor=ada.actor, now=BACK + timedelta(hours=1))
    timers.resume_timer(actor=ada.actor, now=BACK + timedelta(hours=2))

    db.session.rollback()
    assert list(db.session.scalars(select(TimeEntry.note))) == ["chapter two"] * 3


@pytest.mark.parametrize(
    "away_from, sentence",
    [(NOW - timedelta(seconds=1), "started later"), (BACK, "still to come"), (BACK + timedelta(days=9), "to come")],
)
def test_an_absence_that_cannot_be_changes_nothing(ada: Person, away_from: datetime, sentence: str) -> None:
    entry_id = timers.start_timer(task_id=make_task(ada).id, actor=ada.actor, now=NOW)
    before = stretches()

    with pytest.raises(InvalidInput, match=sentence):
        absence.settle_away(entry_id=entry_id, away_from=away_from, choice=Away.SPLIT, actor=ada.actor, now=BACK)

    assert stretches() == before


def test_a_stranger_settles_nothing_and_nobody_splits_to_a_task_of_theirs(ada: Person, cy: Person) -> None:
    entry_id = timers.start_timer(task_id=make_task(ada).id, actor=ada.actor, now=NOW)
    foreign = make_task(cy).id
    before = stretches()
    sent: dict[str, Any] = {"entry_id": entry_id, "away_from": LEFT, "choice": Away.SPLIT, "now": BACK}

    with pytest.raises(TimerChanged):
        absence.settle_away(**sent, actor=cy.actor)
    with pytest.raises(TaskNotFound):
        absence.settle_away(**sent, task_id=foreign, actor=ada.actor)

    assert stretches() == before


def test_what_is_paused_goes_on_only_while_it_is_the_newest(ada: Person) -> None:
    first, second = make_task(ada).id, make_task(ada).id
    timers.start_timer(task_id=first, actor=ada.actor, now=NOW)
    timers.pause_running(actor=ada.actor, now=LEFT)
    timers.start_timer(task_id=second, actor=ada.actor, now=LEFT)

    assert timers.resume_timer(actor=ada.actor, now=BACK) is None
    timers.stop_running(actor=ada.actor, now=BACK)
    assert timers.resume_timer(actor=ada.actor, now=BACK) is None

    assert stretches() == [(first, NOW, LEFT), (second, LEFT, BACK)]


def test_two_tabs_that_settle_pause_and_go_on_at_once_never_count_a_second_twice(app: Flask, ada: Person) -> None:
    task_id = make_task(ada).id
    entry_id = timers.start_timer(task_id=task_id, actor=ada.actor, now=NOW)
    threads = 9
    ready = Barrier(threads)

    def act(number: int) -> bool:
        with app.app_context():
            ready.wait()
            try:
                if number % 3 == 0:
                    absence.settle_away(entry_id=entry_id, away_from=LEFT, choice=Away.SPLIT, actor=ada.actor, now=BACK)
                elif number % 3 == 1:
                    timers.pause_running(actor=ada.actor, now=BACK)
                else:
                    timers.resume_timer(actor=ada.actor, now=BACK)
            except TimerChanged:
                return False
            return number % 3 == 0

    with ThreadPoolExecutor(threads) as pool:
        settled = sum(pool.map(act, range(threads)))

    assert settled <= 1
    timers.stop_running(actor=ada.actor, now=BACK)
    counted = [end - start for _, start, end in stretches() if start and end]
    assert sum(counted, timedelta()) == BACK - NOW
    db.session.rollback()
    by_day = db.session.scalar(select(func.sum(EntryDay.seconds)))
    assert db.session.get_one(Task, task_id).tracked_seconds == int(by_day or 0) == 7200
