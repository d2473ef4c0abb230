"""Tasks that come again: the next one, once; skipping, stopping, editing; and what the worker adds."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from tests.cast import NOW, Person, make_task
from webapp.errors import InvalidInput
from webapp.ops.commands import do_due
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.errors import NoFurtherDate, NotRepeating, TaskEditedMeanwhile, TaskNotFound
from webapp.tasks.models import Series, Task
from webapp.tasks.operations.recurrence import make_due, set_repeat, skip_occurrence
from webapp.tasks.operations.tasks import (
    create_task,
    delete_series,
    delete_task,
    restore_task,
    save_task,
    set_status,
)
from webapp.tasks.queries.recurrence import find_repeat, find_repetition
from webapp.tasks.queries.tasks import get_task
from webapp.tasks.rules.recurrence import LAST, Basis, Missed, Repeat, Rule, Scope, SeriesEdit, Unit, nth_date
from webapp.tasks.rules.tasks import TaskDetails
from webapp.values.priority import Priority
from webapp.values.status import Status

BERLIN = ZoneInfo("Europe/Berlin")
DAILY, WEEKLY, MONTHLY = (Repeat(Rule(unit)) for unit in (Unit.DAY, Unit.WEEK, Unit.MONTH))
INVOICE = TaskDetails(
    title="Pay the rent",
    description="To **Ms Petrov**",
    priority=Priority.HIGH,
    category="Home",
    tags=("money", "monthly"),
    due_on=date(2026, 11, 30),
    estimated_minutes=15,
    starts_on=date(2026, 11, 27),
    repeat=MONTHLY,
)


def series_tasks(*, with_trash: bool = False) -> list[Task]:
    """All tasks, by their date."""
    db.session.rollback()
    found = db.session.scalars(
        select(Task)
        .where(Task.is_deleted == with_trash)
        .order_by(Task.due_sort, Task.id)
        .options(selectinload(Task.tags), selectinload(Task.category))
        .execution_options(populate_existing=True)
    )
    return list(found)


def dates_of(tasks: list[Task]) -> list[tuple[date | None, str]]:
    return [(task.due_on, task.status.value) for task in tasks]


def add(person: Person, *, due_on: date | None = None, due_at: datetime | None = None, repeat: Repeat) -> int:
    details = TaskDetails(title="Water the plants", due_on=due_on, due_at=due_at, repeat=repeat)
    return create_task(details=details, actor=person.actor, now=NOW)


def finish(task_id: int, person: Person, *, now: datetime = NOW) -> None:
    set_status(task_id=task_id, status=Status.DONE, actor=person.actor, now=now)


def only_series() -> Series:
    db.session.rollback()
    return db.session.scalars(select(Series).execution_options(populate_existing=True)).one()


# --- the next one -----------------------------------------------------------------------------------------------------


def test_the_next_one_follows_and_holds_what_the_first_did(ada: Person) -> None:
    task_id = create_task(details=INVOICE, actor=ada.actor, now=NOW)

    finish(task_id, ada)

    done, following = series_tasks()
    assert (done.id, done.status) == (task_id, Status.DONE)
    assert (following.status, following.due_on, following.completed_at) == (Status.TODO, date(2026, 12, 30), None)
    assert (following.title, following.description) == ("Pay the rent", "To **Ms Petrov**")
    assert (following.priority, following.estimated_minutes) == (Priority.HIGH, 15)
    assert following.category is not None
    assert following.category.name == "Home"
    assert [tag.name for tag in following.tags] == ["money", "monthly"]
    assert following.assignee_id == ada.user_id
    assert following.starts_on == date(2026, 12, 27)
    assert following.created_on == date(2026, 11, 20)


def test_the_last_day_of_a_month_does_not_drift(ada: Person) -> None:
    task_id = add(ada, due_on=date(2027, 1, 31), repeat=MONTHLY)

    for _ in range(3):
        finish(task_id, ada)
        task_id = series_tasks()[-1].id

    assert [task.due_on for task in series_tasks()] == [
        date(2027, 1, 31),
        date(2027, 2, 28),
        date(2027, 3, 31),
        date(2027, 4, 30),
    ]


def test_a_task_at_nine_stays_at_nine_when_the_clocks_are_moved(ada: Person) -> None:
    nine = datetime(2027, 3, 27, 8, tzinfo=UTC)
    assert nine.astimezone(BERLIN).time() == time(9)
    task_id = add(ada, due_at=nine, repeat=DAILY)

    finish(task_id, ada)

    assert series_tasks()[-1].due_at == datetime(2027, 3, 28, 7, tzinfo=UTC)


def test_half_past_two_in_a_spring_night_comes_an_hour_later_and_once_only(ada: Person) -> None:
    task_id = add(ada, due_at=datetime(2027, 3, 27, 1, 30, tzinfo=UTC), repeat=DAILY)

    finish(task_id, ada)
    finish(series_tasks()[-1].id, ada)

    local = [task.due_at.astimezone(BERLIN) for task in series_tasks() if task.due_at]
    assert [(moment.day, moment.time()) for moment in local] == [
        (27, time(2, 30)),
        (28, time(3, 30)),
        (29, time(2, 30)),
    ]


def test_from_completion_the_day_it_was_done_counts(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 1), repeat=Repeat(Rule(Unit.DAY, 3), Basis.COMPLETION))

    # 23:30 in UTC is the next day in Berlin.
    finish(task_id, ada, now=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))

    assert series_tasks()[-1].due_on == date(2026, 11, 24)


def test_what_was_missed_does_not_pile_up(ada: Person) -> None:
    task_id = add(ada, due_on=date(2016, 11, 1), repeat=DAILY)

    finish(task_id, ada)

    assert dates_of(series_tasks()) == [(date(2016, 11, 1), "done"), (date(2026, 11, 21), "todo")]


def test_waiting_ones_come_one_after_another(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 1), repeat=replace(WEEKLY, missed=Missed.WAIT))

    finish(task_id, ada)

    assert series_tasks()[-1].due_on == date(2026, 11, 8)


@pytest.mark.parametrize("repeat", [replace(WEEKLY, count=2), replace(WEEKLY, until=date(2026, 12, 3))])
def test_a_series_ends_where_it_should(ada: Person, repeat: Repeat) -> None:
    task_id = add(ada, due_on=date(2026, 11, 20), repeat=repeat)

    finish(task_id, ada)
    finish(series_tasks()[-1].id, ada)

    assert dates_of(series_tasks()) == [(date(2026, 11, 20), "done"), (date(2026, 11, 27), "done")]


def test_reopened_and_done_again_it_is_not_followed_twice(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 20), repeat=WEEKLY)

    for status in (Status.DONE, Status.DONE, Status.TODO, Status.DOING, Status.DONE):
        set_status(task_id=task_id, status=status, actor=ada.actor, now=NOW)

    assert dates_of(series_tasks()) == [(date(2026, 11, 20), "done"), (date(2026, 11, 27), "todo")]


def test_one_that_is_done_when_it_is_added_is_followed_at_once(ada: Person) -> None:
    details = replace(INVOICE, status=Status.DONE)

    create_task(details=details, actor=ada.actor, now=NOW)

    assert dates_of(series_tasks()) == [(date(2026, 11, 30), "done"), (date(2026, 12, 30), "todo")]


def test_a_deleted_one_makes_way_for_the_next_and_can_be_restored(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 20), repeat=WEEKLY)

    delete_task(task_id=task_id, actor=ada.actor, now=NOW)
    delete_task(task_id=task_id, actor=ada.actor, now=NOW)
    assert dates_of(series_tasks()) == [(date(2026, 11, 27), "todo")]
    restore_task(task_id=task_id, actor=ada.actor, now=NOW)

    assert dates_of(series_tasks()) == [(date(2026, 11, 20), "todo"), (date(2026, 11, 27), "todo")]


def test_one_whose_undo_left_it_in_the_trash_is_taken_out_again(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 20), repeat=WEEKLY)
    finish(task_id, ada)
    following = series_tasks()[-1]
    # As undoing the finish does: the made one goes to the trash, all else is as it was.
    with transaction():
        db.session.get_one(Task, following.id).is_deleted = True
        series = db.session.get_one(Series, following.series_id)
        series.newest_n, series.newest_on = 0, date(2026, 11, 20)
    set_status(task_id=task_id, status=Status.TODO, actor=ada.actor, now=NOW)

    finish(task_id, ada)

    assert [(task.id, task.due_on) for task in series_tasks()] == [
        (task_id, date(2026, 11, 20)),
        (following.id, date(2026, 11, 27)),
    ]


# --- the rule ---------------------------------------------------------------------------------------------------------


def test_a_task_without_a_day_cannot_repeat(ada: Person) -> None:
    task = make_task(ada)

    with pytest.raises(InvalidInput, match="needs a day") as refusal:
        set_repeat(task_id=task.id, repeat=DAILY, actor=ada.actor, now=NOW)
    with pytest.raises(InvalidInput, match="needs a day"):
        create_task(details=replace(INVOICE, due_on=None, starts_on=None), actor=ada.actor, now=NOW)

    assert refusal.value.field == "due"
    assert [found.id for found in series_tasks()] == [task.id]
    assert db.session.scalars(select(Series)).all() == []


def test_a_changed_rule_counts_from_the_task_it_was_changed_on(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 20), repeat=replace(WEEKLY, count=3))
    finish(task_id, ada)
    following = series_tasks()[-1]

    rule = Repeat(Rule(Unit.MONTH, is_last_day=True), count=3)
    set_repeat(task_id=following.id, repeat=rule, actor=ada.actor, now=NOW)
    finish(following.id, ada)
    finish(series_tasks()[-1].id, ada)

    # Three in all, the first included.
    assert [task.due_on for task in series_tasks()] == [date(2026, 11, 20), date(2026, 11, 27), date(2026, 11, 30)]
    assert find_repeat(series_tasks()[-1]) == rule


def test_stopping_leaves_the_task_and_nothing_follows(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 20), repeat=replace(DAILY, missed=Missed.EACH))

    set_repeat(task_id=task_id, repeat=None, actor=ada.actor, now=NOW)
    finish(task_id, ada)
    make_due(now=NOW + timedelta(days=9))

    assert dates_of(series_tasks()) == [(date(2026, 11, 20), "done")]
    assert find_repeat(series_tasks()[0]) is None


def test_deleting_the_series_takes_all_that_is_open_with_it(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 18), repeat=replace(DAILY, missed=Missed.EACH))
    finish(task_id, ada)
    make_due(now=NOW)
    assert len(series_tasks()) == 3

    gone = delete_series(task_id=series_tasks()[1].id, actor=ada.actor, now=NOW)

    assert gone == 2
    assert dates_of(series_tasks()) == [(date(2026, 11, 18), "done")]
    assert make_due(now=NOW + timedelta(days=9)) == 0


# --- skipping ---------------------------------------------------------------------------------------------------------


def test_skipping_moves_the_task_on_and_remembers_the_date(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 27), repeat=WEEKLY)

    day = skip_occurrence(task_id=task_id, actor=ada.actor, now=NOW)

    (task,) = series_tasks()
    assert (task.id, task.due_on, day) == (task_id, date(2026, 12, 4), date(2026, 12, 4))
    repetition = find_repetition(task, now=NOW, actor=ada.actor)
    assert repetition is not None
    assert repetition.skipped == (date(2026, 11, 27),)
    assert repetition.dates[0] == date(2026, 12, 11)


def test_skipping_from_completion_counts_from_the_later_day(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 25), repeat=Repeat(Rule(Unit.DAY, 3), Basis.COMPLETION))

    assert skip_occurrence(task_id=task_id, actor=ada.actor, now=NOW) == date(2026, 11, 28)


def test_the_last_one_cannot_be_skipped(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 27), repeat=replace(WEEKLY, count=1))

    with pytest.raises(NoFurtherDate):
        skip_occurrence(task_id=task_id, actor=ada.actor, now=NOW)


def test_what_does_not_repeat_cannot_be_skipped(ada: Person) -> None:
    task = make_task(ada, due_on=date(2026, 11, 27))
    done_id = add(ada, due_on=date(2026, 11, 27), repeat=WEEKLY)
    finish(done_id, ada)

    for task_id in (task.id, done_id):
        with pytest.raises(NotRepeating):
            skip_occurrence(task_id=task_id, actor=ada.actor, now=NOW)
    with pytest.raises(NotRepeating):
        delete_series(task_id=task.id, actor=ada.actor, now=NOW)


# --- this one, or the following ---------------------------------------------------------------------------------------


def edit(task_id: int, person: Person, scope: Scope, **changes: object) -> None:
    task = get_task(task_id=task_id, actor=person.actor)
    details = TaskDetails(
        title=task.title,
        due_on=task.due_on,
        due_at=task.due_at,
        status=task.status,
        tags=tuple(tag.name for tag in task.tags),
    )
    details = replace(details, **changes)  # type: ignore[arg-type]
    save_task(
        task_id=task_id,
        details=details,
        version=task.version,
        series=SeriesEdit(find_repeat(task), scope),
        actor=person.actor,
        now=NOW,
    )


def test_an_edit_of_this_one_leaves_those_that_follow(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 27), repeat=WEEKLY)

    edit(task_id, ada, Scope.ONE, title="Water the ferns", due_on=date(2026, 11, 28), tags=("green",))
    finish(task_id, ada)

    first, second = series_tasks()
    assert (first.title, first.due_on) == ("Water the ferns", date(2026, 11, 28))
    assert (second.title, second.due_on, second.tags) == ("Water the plants", date(2026, 12, 4), [])


def test_one_alone_may_be_moved_beyond_the_end(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 27), repeat=replace(WEEKLY, until=date(2026, 11, 30)))

    edit(task_id, ada, Scope.ONE, due_on=date(2026, 12, 2))
    with pytest.raises(InvalidInput, match="end before"):
        edit(task_id, ada, Scope.FOLLOWING, due_on=date(2026, 12, 2))
    finish(task_id, ada)

    assert dates_of(series_tasks()) == [(date(2026, 12, 2), "done")]


def test_an_edit_of_the_following_goes_on_from_there(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 27), repeat=replace(WEEKLY, count=3))
    finish(task_id, ada)

    edit(
        series_tasks()[-1].id, ada, Scope.FOLLOWING, title="Water the ferns", due_on=date(2026, 12, 7), tags=("green",)
    )
    finish(series_tasks()[-1].id, ada)
    finish(series_tasks()[-1].id, ada)

    assert [(task.title, task.due_on, [tag.name for tag in task.tags]) for task in series_tasks()] == [
        ("Water the plants", date(2026, 11, 27), []),
        ("Water the ferns", date(2026, 12, 7), ["green"]),
        ("Water the ferns", date(2026, 12, 14), ["green"]),
    ]


def test_an_edit_of_the_following_reaches_later_ones_that_are_open(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 18), repeat=replace(DAILY, missed=Missed.EACH))
    make_due(now=NOW)
    finish(series_tasks()[1].id, ada)

    edit(task_id, ada, Scope.FOLLOWING, title="Water the ferns", due_on=None, due_at=NOW)

    first, last = (task for task in series_tasks() if task.status is Status.TODO)
    assert (last.title, last.due_on, last.due_at) == ("Water the ferns", None, NOW + timedelta(days=2))
    assert first.id == task_id
    done = next(task for task in series_tasks() if task.status is Status.DONE)
    assert (done.title, done.due_on) == ("Water the plants", date(2026, 11, 19))


def test_an_edit_that_takes_the_day_away_is_refused(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 27), repeat=WEEKLY)

    with pytest.raises(InvalidInput, match="needs a day"):
        edit(task_id, ada, Scope.ONE, due_on=None)

    assert series_tasks()[0].due_on == date(2026, 11, 27)


def test_an_edit_that_finishes_the_task_is_followed(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 27), repeat=WEEKLY)

    edit(task_id, ada, Scope.FOLLOWING, title="Water the ferns", status=Status.DONE)

    assert [(task.title, task.status.value) for task in series_tasks()] == [
        ("Water the ferns", "done"),
        ("Water the ferns", "todo"),
    ]


def test_an_edit_of_a_spring_night_does_not_move_the_clock(ada: Person) -> None:
    task_id = add(ada, due_at=datetime(2027, 3, 27, 1, 30, tzinfo=UTC), repeat=DAILY)
    finish(task_id, ada)

    edit(series_tasks()[-1].id, ada, Scope.FOLLOWING, title="Water the ferns")
    finish(series_tasks()[-1].id, ada)

    last = series_tasks()[-1].due_at
    assert last is not None
    assert last.astimezone(BERLIN).time() == time(2, 30)


def test_somebody_who_saved_in_between_is_not_overwritten(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 27), repeat=WEEKLY)
    stale = get_task(task_id=task_id, actor=ada.actor).version
    skip_occurrence(task_id=task_id, actor=ada.actor, now=NOW)

    with pytest.raises(TaskEditedMeanwhile):
        save_task(
            task_id=task_id,
            details=TaskDetails(title="x", due_on=date(2026, 11, 27)),
            version=stale,
            series=SeriesEdit(None),
            actor=ada.actor,
            now=NOW,
        )


# --- the worker -------------------------------------------------------------------------------------------------------


def test_each_date_gets_a_task_as_its_day_begins_where_it_lives(ada: Person) -> None:
    add(ada, due_at=datetime(2026, 11, 20, 16, tzinfo=UTC), repeat=replace(DAILY, missed=Missed.EACH))

    # Midnight in Berlin is 23:00 in UTC.
    before = make_due(now=datetime(2026, 11, 20, 22, 59, 59, tzinfo=UTC))
    then = make_due(now=datetime(2026, 11, 20, 23, tzinfo=UTC))
    again = make_due(now=datetime(2026, 11, 20, 23, tzinfo=UTC))

    assert (before, then, again) == (0, 1, 0)
    assert [task.due_at for task in series_tasks()] == [
        datetime(2026, 11, 20, 16, tzinfo=UTC),
        datetime(2026, 11, 21, 16, tzinfo=UTC),
    ]


def test_each_catches_up_piece_by_piece_after_a_long_time(ada: Person) -> None:
    add(ada, due_on=date(2026, 10, 1), repeat=replace(DAILY, missed=Missed.EACH, until=date(2026, 12, 1)))

    sweeps = [make_due(now=NOW) for _ in range(4)]

    assert sweeps == [1, 1, 0, 0]
    assert [task.due_on for task in series_tasks()] == [date(2026, 10, 1) + timedelta(days=n) for n in range(51)]


def test_the_latest_is_the_same_task_on_its_newest_date(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 1), repeat=replace(WEEKLY, missed=Missed.LATEST))

    make_due(now=NOW)

    assert [(task.id, task.due_on) for task in series_tasks()] == [(task_id, date(2026, 11, 15))]
    assert only_series().wakes_at == datetime(2026, 11, 21, 23, tzinfo=UTC)


@pytest.mark.parametrize("missed", [Missed.NEXT, Missed.WAIT])
def test_nothing_comes_where_dates_wait(ada: Person, missed: Missed) -> None:
    add(ada, due_on=date(2026, 11, 1), repeat=replace(DAILY, missed=missed))

    assert make_due(now=NOW) == 0
    assert len(series_tasks()) == 1


def test_what_the_worker_adds_belongs_to_whoever_began_the_series(ada: Person, ben: Person) -> None:
    details = TaskDetails(title="Round", due_on=date(2026, 11, 20), repeat=replace(DAILY, missed=Missed.EACH))
    create_task(details=replace(details, assignee_id=ben.user_id), actor=ada.actor, now=NOW)

    make_due(now=NOW + timedelta(days=1))

    assert [(task.workspace_id, task.assignee_id) for task in series_tasks()] == [(ada.workspace_id, ben.user_id)] * 2


def test_nothing_is_added_to_what_is_in_the_trash_until_it_is_back(ada: Person) -> None:
    parent = make_task(ada, title="The flat")
    details = TaskDetails(
        title="Sweep", due_on=date(2026, 11, 19), parent_id=parent.id, repeat=replace(DAILY, missed=Missed.EACH)
    )
    create_task(details=details, actor=ada.actor, now=NOW)
    delete_task(task_id=parent.id, actor=ada.actor, now=NOW)

    assert make_due(now=NOW) == 0
    assert series_tasks() == []
    restore_task(task_id=parent.id, actor=ada.actor, now=NOW)
    assert make_due(now=NOW + timedelta(days=1)) == 1

    assert [task.due_on for task in series_tasks() if task.parent_id == parent.id] == [
        date(2026, 11, 19),
        date(2026, 11, 20),
        date(2026, 11, 21),
    ]


def test_the_worker_adds_what_has_come(ada: Person) -> None:
    add(ada, due_on=date(2026, 11, 19), repeat=replace(DAILY, missed=Missed.EACH))

    with time_machine.travel(NOW, tick=False):
        while do_due():
            pass

    assert [task.due_on for task in series_tasks()] == [date(2026, 11, 19), date(2026, 11, 20)]


@pytest.mark.parametrize("seed", range(10))
def test_whatever_is_done_in_whatever_order_the_dates_stay_those_of_the_rule(ada: Person, seed: int) -> None:
    chance = Random(seed)
    rule = chance.choice(
        [Rule(Unit.DAY, 2), Rule(Unit.WEEK, 1, (0, 3)), Rule(Unit.MONTH), Rule(Unit.MONTH, weekdays=(4,), nth=LAST)]
    )
    repeat = Repeat(rule, missed=chance.choice(list(Missed)), count=chance.choice([None, 4]))
    anchor, now = date(2026, 10, 31), NOW
    add(ada, due_on=anchor, repeat=repeat)

    for _ in range(25):
        tasks = series_tasks()
        chosen = chance.choice(tasks or series_tasks(with_trash=True)).id
        match chance.randrange(6):
            case 0 | 1 if tasks:
                set_status(task_id=chosen, status=chance.choice(list(Status)), actor=ada.actor, now=now)
            case 2:
                with suppress(NotRepeating, NoFurtherDate, TaskNotFound):
                    skip_occurrence(task_id=chosen, actor=ada.actor, now=now)
            case 3:
                make_due(now=now)
            case 4:
                change = delete_task if chance.random() < 0.3 else restore_task
                change(task_id=chosen, actor=ada.actor, now=now)
            case 5:
                now += timedelta(days=chance.randrange(20))
        everything = series_tasks() + series_tasks(with_trash=True)
        series = only_series()
        assert all(task.due_on == nth_date(rule, anchor=anchor, n=task.occurrence or 0) for task in everything)
        assert max(task.occurrence or 0 for task in everything) == series.newest_n
        assert series.newest_n < (repeat.count or 10_000)


# --- strangers, and all at once ---------------------------------------------------------------------------------------


def test_a_series_does_not_exist_for_a_stranger(ada: Person, cy: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 20), repeat=WEEKLY)

    for change in (
        lambda: set_repeat(task_id=task_id, repeat=None, actor=cy.actor, now=NOW),
        lambda: skip_occurrence(task_id=task_id, actor=cy.actor, now=NOW),
        lambda: delete_series(task_id=task_id, actor=cy.actor, now=NOW),
    ):
        with pytest.raises(TaskNotFound):
            change()

    assert dates_of(series_tasks()) == [(date(2026, 11, 20), "todo")]


def test_the_database_refuses_a_second_task_of_one_date(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 20), repeat=WEEKLY)
    series_id = db.session.get_one(Task, task_id).series_id

    with pytest.raises(IntegrityError, match=r"(?i)unique|duplicate"):
        make_task(ada, series_id=series_id, occurrence=0)


def test_two_workers_add_one_task_a_date(app: Flask, ada: Person) -> None:
    # Enough of them that workers, which all begin with the same one, meet again and again.
    series = 24
    for number in range(series):
        add(ada, due_on=date(2026, 11, 16), repeat=replace(DAILY, missed=(Missed.EACH, Missed.LATEST)[number % 2]))
    threads = 4
    ready = Barrier(threads)

    def work(_: int) -> int:
        with app.app_context():
            ready.wait()
            return make_due(now=NOW)

    with ThreadPoolExecutor(threads) as pool:
        done = sum(pool.map(work, range(threads)))

    assert done == series
    found = Counter(task.due_on for task in series_tasks())
    assert found == {date(2026, 11, day): 12 for day in (16, 17, 18, 19)} | {date(2026, 11, 20): 24}


def test_two_tabs_finish_one_task_and_one_follows(app: Flask, ada: Person, ben: Person) -> None:
    task_ids = [add(ada, due_on=date(2026, 11, 20), repeat=replace(WEEKLY, missed=missed)) for missed in Missed]
    threads = 4
    ready = Barrier(threads)

    def work(number: int) -> None:
        person = (ada, ben)[number % 2]
        with app.app_context():
            ready.wait()
            for task_id in task_ids:
                finish(task_id, person)
            make_due(now=NOW)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))

    assert dates_of(series_tasks()) == [(date(2026, 11, 20), "done")] * 4 + [(date(2026, 11, 27), "todo")] * 4


def test_finishing_and_skipping_at_once_lose_nothing(app: Flask, ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 20), repeat=DAILY)
    threads = 4
    ready = Barrier(threads)

    def work(number: int) -> None:
        with app.app_context():
            ready.wait()
            if number % 2:
                finish(task_id, ada)
                return
            try:
                skip_occurrence(task_id=task_id, actor=ada.actor, now=NOW)
            except NotRepeating:
                return

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))

    done, following = series_tasks()
    series = only_series()
    assert (done.status, following.status) == (Status.DONE, Status.TODO)
    assert done.occurrence is not None
    assert following.occurrence == series.newest_n == done.occurrence + 1
    assert done.occurrence == len(series.skipped)


def test_set_repeat_leaves_a_rule_that_is_the_same(ada: Person) -> None:
    task_id = add(ada, due_on=date(2026, 11, 20), repeat=WEEKLY)
    before = only_series().version

    set_repeat(task_id=task_id, repeat=WEEKLY, actor=ada.actor, now=NOW)

    assert only_series().version == before


def test_a_series_that_cannot_go_on_keeps_no_other_waiting(ada: Person) -> None:
    each = replace(DAILY, missed=Missed.EACH)
    broken, sound = (add(ada, due_on=date(2026, 11, 20), repeat=each) for _ in range(2))
    broken_id = db.session.get_one(Task, broken).series_id
    with transaction():
        db.session.execute(update(Series).where(Series.id == broken_id).values(zone="Nowhere/At all"))

    with pytest.raises(ExceptionGroup, match="could not go on"):
        make_due(now=NOW + timedelta(days=1))

    series_id = db.session.get_one(Task, sound).series_id
    assert Counter(task.series_id for task in series_tasks()) == {broken_id: 1, series_id: 2}
    # It is looked at again later, not at once.
    assert make_due(now=NOW + timedelta(days=1)) == 0
