"""Starting and stopping timers: one a person, whoever else is in a hurry."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tests.cast import NOW, Person, make_task
from tests.page import Visit, counted_statements
from webapp.errors import Unavailable
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.errors import TaskNotFound
from webapp.tasks.models import EntryDay, Task, TimeEntry
from webapp.tasks.operations import entries, timers
from webapp.tasks.queries.timers import find_running
from webapp.tasks.rules.entries import PlainDuration
from webapp.values.status import Status


def task_now(task_id: int) -> Task:
    """The task as the database has it."""
    db.session.rollback()
    return db.session.get_one(Task, task_id, populate_existing=True)


def entry_now(entry_id: int) -> TimeEntry:
    """The entry as the database has it."""
    db.session.rollback()
    return db.session.get_one(TimeEntry, entry_id, populate_existing=True)


def days_of(entry_id: int) -> dict[date, int]:
    """What an entry adds to each day."""
    rows = db.session.execute(select(EntryDay.day, EntryDay.seconds).where(EntryDay.entry_id == entry_id))
    return {row.day: row.seconds for row in rows}


def test_start_timer_runs_from_now(ada: Person) -> None:
    task = make_task(ada, title="Plan")

    entry_id = timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)

    running = find_running(user_id=ada.user_id)
    assert running is not None
    assert (running.entry_id, running.task_id, running.task_title, running.started_at) == (
        entry_id,
        task.id,
        "Plan",
        NOW,
    )
    assert task_now(task.id).tracked_seconds == 0


def test_start_timer_stops_the_one_that_runs_on_another_task(ada: Person) -> None:
    first, second = make_task(ada, title="First"), make_task(ada, title="Second")
    stopped_id = timers.start_timer(task_id=first.id, actor=ada.actor, now=NOW)

    switch = timers.switch_timer(task_id=second.id, actor=ada.actor, now=NOW + timedelta(minutes=25))

    assert switch.stopped_task_title == "First"
    assert entry_now(stopped_id).ended_at == NOW + timedelta(minutes=25)
    assert days_of(stopped_id) == {date(2026, 11, 20): 1500}
    assert task_now(first.id).tracked_seconds == 1500
    running = find_running(user_id=ada.user_id)
    assert running is not None
    assert running.entry_id == switch.entry_id


def test_start_timer_changes_nothing_when_it_runs_already(ada: Person) -> None:
    task = make_task(ada)
    entry_id = timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)

    again = timers.switch_timer(task_id=task.id, actor=ada.actor, now=NOW + timedelta(hours=1))

    assert again == timers.Switch(entry_id)
    assert entry_now(entry_id).started_at == NOW
    assert db.session.scalar(select(func.count()).select_from(TimeEntry)) == 1


@pytest.mark.parametrize("status", [Status.TODO, Status.DOING, Status.DONE])
def test_start_timer_puts_the_task_in_work(ada: Person, status: Status) -> None:
    task = make_task(ada, status=status)

    switch = timers.switch_timer(task_id=task.id, actor=ada.actor, now=NOW)

    task = task_now(task.id)
    assert (task.status, task.completed_at, task.completed_on) == (Status.DOING, None, None)
    assert switch.has_reopened is (status is Status.DONE)


def test_start_timer_begins_on_the_local_day(ada: Person) -> None:
    task = make_task(ada)

    entry_id = timers.start_timer(task_id=task.id, actor=ada.actor, now=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))

    assert entry_now(entry_id).day == date(2026, 11, 21)
    assert entry_now(entry_id).zone == "Europe/Berlin"


def test_start_timer_knows_no_task_of_a_stranger_and_none_in_the_trash(ada: Person, cy: Person) -> None:
    task = make_task(ada)
    trashed = make_task(cy, is_deleted=True, deleted_at=NOW)

    for task_id in (task.id, trashed.id, 2**31 - 1):
        with pytest.raises(TaskNotFound):
            timers.start_timer(task_id=task_id, actor=cy.actor, now=NOW)

    assert find_running(user_id=cy.user_id) is None


def test_a_refused_start_leaves_the_running_timer_alone(ada: Person, cy: Person) -> None:
    own, foreign = make_task(ada), make_task(cy)
    entry_id = timers.start_timer(task_id=own.id, actor=ada.actor, now=NOW)

    with pytest.raises(TaskNotFound):
        timers.start_timer(task_id=foreign.id, actor=ada.actor, now=NOW)

    assert entry_now(entry_id).running_user_id == ada.user_id


def test_two_people_run_timers_on_one_task(ada: Person, ben: Person) -> None:
    task = make_task(ada)
    timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)
    timers.start_timer(task_id=task.id, actor=ben.actor, now=NOW)

    timers.stop_timer(task_id=task.id, actor=ada.actor, now=NOW + timedelta(minutes=10))

    assert find_running(user_id=ada.user_id) is None
    assert find_running(user_id=ben.user_id) is not None
    assert task_now(task.id).tracked_seconds == 600


def test_stop_timer_counts_both_days_when_it_ran_past_midnight(ada: Person) -> None:
    task = make_task(ada)
    entry_id = timers.start_timer(task_id=task.id, actor=ada.actor, now=datetime(2026, 11, 20, 22, 0, tzinfo=UTC))

    timers.stop_timer(task_id=task.id, actor=ada.actor, now=datetime(2026, 11, 21, 1, 30, tzinfo=UTC))

    assert days_of(entry_id) == {date(2026, 11, 20): 3600, date(2026, 11, 21): 9000}
    assert task_now(task.id).tracked_seconds == 12600


def test_stop_timer_changes_nothing_when_none_is_running(ada: Person) -> None:
    task, other = make_task(ada), make_task(ada)
    entry_id = timers.start_timer(task_id=other.id, actor=ada.actor, now=NOW)

    assert timers.stop_timer(task_id=task.id, actor=ada.actor, now=NOW + timedelta(hours=1)) is None

    assert entry_now(entry_id).running_user_id == ada.user_id


def test_stop_timer_twice_ends_it_once(ada: Person) -> None:
    task = make_task(ada)
    entry_id = timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)

    first = timers.stop_timer(task_id=task.id, actor=ada.actor, now=NOW + timedelta(minutes=1))
    second = timers.stop_timer(task_id=task.id, actor=ada.actor, now=NOW + timedelta(minutes=9))

    assert first is not None
    assert second is None
    assert entry_now(entry_id).seconds == 60


def test_stop_timer_knows_no_task_of_a_stranger(ada: Person, cy: Person) -> None:
    task = make_task(ada)
    timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)

    with pytest.raises(TaskNotFound):
        timers.stop_timer(task_id=task.id, actor=cy.actor, now=NOW)

    assert find_running(user_id=ada.user_id) is not None


def test_stop_timer_works_when_the_task_is_in_the_trash(ada: Person) -> None:
    task = make_task(ada)
    timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)
    with transaction():
        db.session.get_one(Task, task.id).is_deleted = True

    timers.stop_timer(task_id=task.id, actor=ada.actor, now=NOW + timedelta(minutes=5))

    assert find_running(user_id=ada.user_id) is None
    assert task_now(task.id).tracked_seconds == 300


def test_stop_timer_never_counts_less_than_nothing(ada: Person) -> None:
    task = make_task(ada)
    entry_id = timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)

    timers.stop_timer(task_id=task.id, actor=ada.actor, now=NOW - timedelta(seconds=3))

    assert entry_now(entry_id).ended_at == NOW
    assert task_now(task.id).tracked_seconds == 0


def test_stop_running_ends_whatever_runs(ada: Person) -> None:
    task = make_task(ada)
    timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)

    stopped = timers.stop_running(actor=ada.actor, now=NOW + timedelta(minutes=2))

    assert stopped is not None
    assert stopped.task_id == task.id
    assert timers.stop_running(actor=ada.actor, now=NOW) is None


def test_find_running_takes_one_statement(ada: Person) -> None:
    timers.start_timer(task_id=make_task(ada).id, actor=ada.actor, now=NOW)
    db.session.rollback()

    with counted_statements() as statements:
        find_running(user_id=ada.user_id)

    assert [statement.split()[0] for statement in statements if statement != "BEGIN"] == ["SELECT"]


def test_the_database_refuses_a_second_running_entry(ada: Person) -> None:
    task = make_task(ada)
    timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)

    second = TimeEntry(
        workspace_id=ada.workspace_id,
        task_id=task.id,
        user_id=ada.user_id,
        started_at=NOW,
        day=date(2026, 11, 20),
        zone="Europe/Berlin",
        running_user_id=ada.user_id,
        created_at=NOW,
        updated_at=NOW,
    )
    with pytest.raises(IntegrityError, match=r"(?i)unique|duplicate"), transaction():
        db.session.add(second)


def test_a_hundred_simultaneous_starts_leave_one_running(app: Flask, ada: Person) -> None:
    task_ids = [make_task(ada, title=f"Task {number}").id for number in range(10)]
    threads = 100
    ready = Barrier(threads)

    def start(number: int) -> int:
        with app.app_context():
            ready.wait()
            for _ in range(20):
                try:
                    return timers.start_timer(task_id=task_ids[number % 10], actor=ada.actor, now=NOW)
                except Unavailable:
                    # A hundred share four connections: who has waited too long is told so, and presses again.
                    db.session.remove()
            raise AssertionError("None of 20 starts came through.")

    with ThreadPoolExecutor(threads) as pool:
        started = set(pool.map(start, range(threads)))

    db.session.rollback()
    running = db.session.scalars(select(TimeEntry).where(TimeEntry.ended_at.is_(None))).all()
    assert [entry.running_user_id for entry in running] == [ada.user_id]
    assert {running[0].id} <= started == set(db.session.scalars(select(TimeEntry.id)))


def test_a_start_and_a_stop_from_two_browsers_leave_what_the_later_one_said(app: Flask, ada: Person) -> None:
    first, second = make_task(ada).id, make_task(ada).id
    for number in range(4):
        now = NOW + timedelta(hours=number)
        timers.start_timer(task_id=first, actor=ada.actor, now=now)
        ready = Barrier(2)

        def start(now: datetime = now, ready: Barrier = ready) -> int:
            with app.app_context():
                ready.wait()
                return timers.start_timer(task_id=second, actor=ada.actor, now=now + timedelta(minutes=1))

        def stop(now: datetime = now, ready: Barrier = ready) -> TimeEntry | None:
            with app.app_context():
                ready.wait()
                return timers.stop_timer(task_id=first, actor=ada.actor, now=now + timedelta(minutes=1))

        with ThreadPoolExecutor(2) as pool:
            started, _ = pool.submit(start), pool.submit(stop)

        # Whichever came first, the first task has its minute, and what was started runs.
        running = find_running(user_id=ada.user_id)
        assert running is not None
        assert running.entry_id == started.result()
        assert task_now(first).tracked_seconds == 60 * (number + 1)


@pytest.mark.parametrize("way", ["saved", "moved", "on the board", "in bulk", "of a series"])
def test_finishing_a_task_stops_its_timer(visit: Visit, ada: Person, way: str) -> None:
    repeat = {"repeat": "day", "due": "2026-11-20"} if way == "of a series" else {}
    with time_machine.travel(NOW, tick=False):
        visit.send("/tasks", {"title": "Water the plants", **repeat}, as_=ada)
    task = db.session.scalars(select(Task)).one()
    entry_id = timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)
    task = task_now(task.id)

    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        if way == "saved":
            fields = {"title": task.title, "status": "done", "priority": "medium", "version": task.version}
            visit.send(f"/tasks/{task.id}", fields, as_=ada)
        elif way == "on the board":
            visit.send(f"/tasks/{task.id}/status", {"status": "done", "was": "doing"}, as_=ada)
        elif way == "in bulk":
            visit.send("/tasks/bulk", {"task": str(task.id), "status": "done", "count": "1"}, as_=ada)
        else:
            visit.send(f"/tasks/{task.id}/status", {"status": "done"}, as_=ada)

    assert task_now(task.id).status is Status.DONE
    assert entry_now(entry_id).seconds == 300
    assert find_running(user_id=ada.user_id) is None


def test_starts_stops_and_corrections_at_once_keep_every_sum_exact(app: Flask, ada: Person, ben: Person) -> None:
    task_ids = [make_task(ada, title=f"Task {number}").id for number in range(3)]
    threads = 12
    ready = Barrier(threads)

    def work(number: int) -> None:
        person = (ada, ben)[number % 2]
        with app.app_context():
            ready.wait()
            for step in range(6):
                task_id = task_ids[(number + step) % 3]
                now = NOW + timedelta(minutes=number * 10 + step)
                if step % 3 == 0:
                    timers.start_timer(task_id=task_id, actor=person.actor, now=now)
                elif step % 3 == 1:
                    spent = PlainDuration(date(2026, 11, 20), 60 * (number + 1))
                    entries.create_entry(task_id=task_id, spent=spent, actor=person.actor, now=now)
                else:
                    timers.stop_running(actor=person.actor, now=now)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))

    timers.stop_running(actor=ada.actor, now=NOW + timedelta(hours=9))
    timers.stop_running(actor=ben.actor, now=NOW + timedelta(hours=9))
    for task_id in task_ids:
        by_entry = db.session.scalar(select(func.sum(TimeEntry.seconds)).where(TimeEntry.task_id == task_id))
        by_day = db.session.scalar(select(func.sum(EntryDay.seconds)).where(EntryDay.task_id == task_id))
        assert task_now(task_id).tracked_seconds == int(by_entry or 0) == int(by_day or 0) > 0
