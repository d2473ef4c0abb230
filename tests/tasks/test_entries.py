"""Time written down, corrected, taken out and put back; the sums stay exact whatever happens."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.cast import NOW, Person, make_entry, make_task
from tests.tasks.test_timers import days_of, entry_now, task_now
from webapp.accounts.models import User
from webapp.errors import Conflict, InvalidInput, NotAllowed, NotFound
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import EntryDay, Task, TimeEntry
from webapp.tasks.operations import entries, timers
from webapp.tasks.queries.entries import get_entry, list_entries
from webapp.tasks.rules.entries import Interval, PlainDuration, Spent
from webapp.tasks.rules.overlaps import OverlapChoice
from webapp.values.request_key import RequestKey

DAY = date(2026, 11, 20)
HOUR = Interval(NOW - timedelta(hours=1), NOW)
TOTAL = PlainDuration(DAY, 5400)


def add(person: Person, task: Task, spent: Spent = HOUR, *, note: str = "") -> int:
    """Write down time as somebody would."""
    return entries.create_entry(task_id=task.id, spent=spent, note=note, actor=person.actor, now=NOW)


def test_create_entry_adds_an_interval_to_its_day_and_its_task(ada: Person) -> None:
    task = make_task(ada)

    entry_id = add(ada, task, replace(HOUR, interrupted_seconds=600), note="With Ben")

    entry = entry_now(entry_id)
    assert (entry.seconds, entry.day, entry.zone, entry.note) == (3000, DAY, "Europe/Berlin", "With Ben")
    assert days_of(entry_id) == {DAY: 3000}
    assert task_now(task.id).tracked_seconds == 3000


def test_create_entry_adds_a_plain_duration_of_any_length(ada: Person) -> None:
    task = make_task(ada)

    entry_id = add(ada, task, PlainDuration(DAY, 2_943_360))

    assert entry_now(entry_id).started_at is None
    assert days_of(entry_id) == {DAY: 2_943_360}
    assert task_now(task.id).tracked_seconds == 2_943_360


@pytest.mark.parametrize(
    "spent, field",
    [
        (Interval(NOW - timedelta(hours=25), NOW), "ended_at"),
        (Interval(NOW, None), "ended_at"),
        (PlainDuration(DAY, 0), "duration"),
    ],
)
def test_create_entry_refuses_what_nobody_can_have_spent(ada: Person, spent: Spent, field: str) -> None:
    task = make_task(ada)

    with pytest.raises(InvalidInput) as refusal:
        add(ada, task, spent)

    assert refusal.value.field == field
    assert task_now(task.id).tracked_seconds == 0


def test_create_entry_sent_twice_makes_one(ada: Person) -> None:
    task = make_task(ada)
    key = RequestKey(secrets.token_hex(16), secrets.token_hex(32))

    made = {
        entries.create_entry(task_id=task.id, spent=TOTAL, actor=ada.actor, now=NOW, request_key=key) for _ in range(2)
    }

    assert len(made) == 1
    assert task_now(task.id).tracked_seconds == 5400


def test_create_entry_sent_twenty_times_at_once_makes_one(app: Flask, ada: Person) -> None:
    task_id = make_task(ada).id
    key = RequestKey(secrets.token_hex(16), secrets.token_hex(32))
    ready = Barrier(20)

    def create(_: int) -> int:
        with app.app_context():
            ready.wait()
            return entries.create_entry(task_id=task_id, spent=TOTAL, actor=ada.actor, now=NOW, request_key=key)

    with ThreadPoolExecutor(20) as pool:
        made = set(pool.map(create, range(20)))

    assert len(made) == 1
    assert task_now(task_id).tracked_seconds == 5400


def test_a_hundred_entries_of_one_task_at_once_add_up(app: Flask, ada: Person, ben: Person) -> None:
    task_id = make_task(ada).id
    # As many at once as there are connections: whoever waited for one would only be late.
    ready = Barrier(4)

    def create(number: int) -> None:
        person = (ada, ben)[number % 2]
        with app.app_context():
            ready.wait()
            for _ in range(25):
                entries.create_entry(task_id=task_id, spent=PlainDuration(DAY, 60), actor=person.actor, now=NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(create, range(4)))

    assert task_now(task_id).tracked_seconds == 100 * 60


def test_save_entry_replaces_what_it_added(ada: Person) -> None:
    task = make_task(ada)
    entry_id = add(ada, task)
    spent = Interval(datetime(2026, 11, 19, 22, 0, tzinfo=UTC), datetime(2026, 11, 20, 0, 30, tzinfo=UTC))

    entries.save_entry(
        entry_id=entry_id, spent=spent, note="Late", version=entry_now(entry_id).version, actor=ada.actor, now=NOW
    )

    assert days_of(entry_id) == {date(2026, 11, 19): 3600, DAY: 5400}
    assert task_now(task.id).tracked_seconds == 9000
    assert (entry_now(entry_id).note, entry_now(entry_id).day) == ("Late", date(2026, 11, 19))


def test_save_entry_turns_an_interval_into_a_plain_duration_and_back(ada: Person) -> None:
    task = make_task(ada)
    entry_id = add(ada, task, replace(HOUR, interrupted_seconds=60))

    for spent in (TOTAL, HOUR):
        version = entry_now(entry_id).version
        entries.save_entry(entry_id=entry_id, spent=spent, note="", version=version, actor=ada.actor, now=NOW)

        assert entries.spent_of(entry_now(entry_id)) == spent

    assert task_now(task.id).tracked_seconds == 3600


def test_save_entry_keeps_a_length_that_a_forgotten_timer_gave_it(ada: Person) -> None:
    task = make_task(ada)
    timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW - timedelta(days=3))
    entry = timers.stop_running(actor=ada.actor, now=NOW)
    assert entry is not None
    spent = entries.spent_of(entry)

    entries.save_entry(
        entry_id=entry.id, spent=spent, note="Forgot to stop", version=entry.version, actor=ada.actor, now=NOW
    )

    assert entry_now(entry.id).note == "Forgot to stop"
    assert task_now(task.id).tracked_seconds == 3 * 86400


def test_save_entry_moves_the_start_of_a_running_timer(ada: Person) -> None:
    task = make_task(ada)
    entry_id = timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)
    earlier = Interval(NOW - timedelta(minutes=20), None)

    entries.save_entry(
        entry_id=entry_id, spent=earlier, note="", version=entry_now(entry_id).version, actor=ada.actor, now=NOW
    )
    timers.stop_running(actor=ada.actor, now=NOW + timedelta(minutes=10))

    assert days_of(entry_id) == {DAY: 1800}


def test_save_entry_stops_a_running_timer_that_is_given_an_end(ada: Person) -> None:
    task = make_task(ada)
    entry_id = timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)

    spent = Interval(NOW, NOW + timedelta(minutes=5))
    entries.save_entry(
        entry_id=entry_id, spent=spent, note="", version=entry_now(entry_id).version, actor=ada.actor, now=NOW
    )

    assert entry_now(entry_id).running_user_id is None
    assert timers.stop_running(actor=ada.actor, now=NOW) is None
    assert task_now(task.id).tracked_seconds == 300


def test_save_entry_refuses_an_older_version(ada: Person) -> None:
    task = make_task(ada)
    entry_id = add(ada, task)
    version = entry_now(entry_id).version
    entries.save_entry(entry_id=entry_id, spent=TOTAL, note="1", version=version, actor=ada.actor, now=NOW)

    with pytest.raises(Conflict):
        entries.save_entry(entry_id=entry_id, spent=HOUR, note="2", version=version, actor=ada.actor, now=NOW)

    assert entry_now(entry_id).note == "1"
    assert task_now(task.id).tracked_seconds == 5400


def test_eight_saves_at_once_have_one_winner(app: Flask, ada: Person) -> None:
    task = make_task(ada)
    task_id, entry_id = task.id, add(ada, task)
    version = entry_now(entry_id).version
    ready = Barrier(8)

    def save(number: int) -> int:
        spent = PlainDuration(DAY, 60 * (number + 1))
        with app.app_context():
            ready.wait()
            try:
                entries.save_entry(entry_id=entry_id, spent=spent, note="", version=version, actor=ada.actor, now=NOW)
            except Conflict:
                return 0
            return spent.seconds

    with ThreadPoolExecutor(8) as pool:
        won = [seconds for seconds in pool.map(save, range(8)) if seconds]

    assert len(won) == 1
    assert task_now(task_id).tracked_seconds == won[0] == entry_now(entry_id).seconds


def test_delete_entry_takes_it_out_of_every_sum_and_restore_puts_it_back(ada: Person) -> None:
    task = make_task(ada)
    kept_id, entry_id = add(ada, task, TOTAL), add(ada, task, note="Back again")

    assert entries.delete_entry(entry_id=entry_id, actor=ada.actor, now=NOW) == task.id

    assert days_of(entry_id) == {}
    assert task_now(task.id).tracked_seconds == 5400
    assert [row.id for row in list_entries(task_id=task.id, actor=ada.actor).rows] == [kept_id]
    with pytest.raises(NotFound):
        get_entry(entry_id=entry_id, actor=ada.actor)

    for _ in range(2):
        assert entries.restore_entry(entry_id=entry_id, actor=ada.actor, now=NOW) == task.id

    assert days_of(entry_id) == {DAY: 3600}
    assert task_now(task.id).tracked_seconds == 9000
    assert get_entry(entry_id=entry_id, actor=ada.actor).note == "Back again"


def test_delete_entry_stops_a_running_timer(ada: Person) -> None:
    task = make_task(ada)
    entry_id = timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)

    entries.delete_entry(entry_id=entry_id, actor=ada.actor, now=NOW + timedelta(minutes=5))

    assert entry_now(entry_id).running_user_id is None
    assert task_now(task.id).tracked_seconds == 0
    entries.restore_entry(entry_id=entry_id, actor=ada.actor, now=NOW + timedelta(hours=1))
    assert task_now(task.id).tracked_seconds == 300


def test_a_colleague_sees_an_entry_and_may_not_change_it(ada: Person, ben: Person) -> None:
    task = make_task(ada)
    entry_id = add(ada, task, note="Ada’s")

    assert [row.note for row in list_entries(task_id=task.id, actor=ben.actor).rows] == ["Ada’s"]
    with pytest.raises(NotAllowed):
        entries.save_entry(entry_id=entry_id, spent=TOTAL, note="", version=1, actor=ben.actor, now=NOW)
    with pytest.raises(NotAllowed):
        entries.delete_entry(entry_id=entry_id, actor=ben.actor, now=NOW)
    entries.delete_entry(entry_id=entry_id, actor=ada.actor, now=NOW)
    with pytest.raises(NotFound):
        entries.restore_entry(entry_id=entry_id, actor=ben.actor, now=NOW)

    assert task_now(task.id).tracked_seconds == 0


def test_what_was_imported_for_somebody_who_cannot_log_in_can_be_corrected(ada: Person, cy: Person) -> None:
    with transaction():
        somebody = User(name="Named in a file", created_at=NOW)
        db.session.add(somebody)
    task = make_task(ada)
    entry = make_entry(task, replace(ada, user_id=somebody.id))

    assert [(row.is_own, row.can_change) for row in list_entries(task_id=task.id, actor=ada.actor).rows] == [
        (False, True)
    ]
    entries.save_entry(entry_id=entry.id, spent=TOTAL, note="", version=1, actor=ada.actor, now=NOW)
    entries.delete_entry(entry_id=entry.id, actor=ada.actor, now=NOW)
    with pytest.raises(NotFound):
        entries.restore_entry(entry_id=entry.id, actor=cy.actor, now=NOW)
    entries.restore_entry(entry_id=entry.id, actor=ada.actor, now=NOW)

    assert entry_now(entry.id).user_id == somebody.id
    assert task_now(task.id).tracked_seconds == 5400


def test_a_stranger_knows_of_no_entry(ada: Person, cy: Person) -> None:
    task = make_task(ada)
    entry_id = add(ada, task)

    assert list_entries(task_id=task.id, actor=cy.actor).rows == []
    with pytest.raises(NotFound):
        add(cy, task)
    with pytest.raises(NotFound):
        entries.save_entry(entry_id=entry_id, spent=TOTAL, note="", version=1, actor=cy.actor, now=NOW)
    with pytest.raises(NotFound):
        entries.delete_entry(entry_id=entry_id, actor=cy.actor, now=NOW)
    with pytest.raises(NotFound):
        entries.restore_entry(entry_id=entry_id, actor=cy.actor, now=NOW)

    assert task_now(task.id).tracked_seconds == 3600


def test_an_entry_of_a_task_in_the_trash_is_not_found(ada: Person) -> None:
    task = make_task(ada)
    entry_id = add(ada, task)
    with transaction():
        db.session.get_one(Task, task.id).is_deleted = True

    with pytest.raises(NotFound):
        get_entry(entry_id=entry_id, actor=ada.actor)
    with pytest.raises(NotFound):
        entries.delete_entry(entry_id=entry_id, actor=ada.actor, now=NOW)


def test_entries_of_a_day_stand_in_the_order_of_the_clock(ada: Person) -> None:
    task = make_task(ada)
    late = make_entry(task, ada, started_at=datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    early = make_entry(task, ada, started_at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC))
    plain = add(ada, task, TOTAL)
    before = make_entry(task, ada, started_at=datetime(2026, 11, 19, 20, 0, tzinfo=UTC))

    listed = list_entries(task_id=task.id, actor=ada.actor)

    assert [row.id for row in listed.rows] == [late.id, early.id, plain, before.id]
    assert not listed.has_several_people
    assert [row.id for row in list_entries(task_id=task.id, actor=ada.actor, limit=1).rows] == [plain]
    assert list_entries(task_id=task.id, actor=ada.actor, limit=1).has_more


ZONES = ["Europe/Berlin", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Asia/Tokyo"]
# Around the nights on which the clocks are moved in Europe and America.
STARTS = [
    datetime(2026, 3, 28, 20, tzinfo=UTC),
    datetime(2026, 10, 24, 20, tzinfo=UTC),
    datetime(2026, 11, 1, 1, tzinfo=UTC),
    datetime(2026, 6, 1, 20, tzinfo=UTC),
]
intervals = st.builds(
    lambda start, offset, length, breaks: Interval(
        start + timedelta(seconds=offset), start + timedelta(seconds=offset + length), breaks % length
    ),
    st.sampled_from(STARTS),
    st.integers(-20_000, 20_000),
    st.integers(1, 86_400),
    st.sampled_from([0, 0, 1, 301, 5_000]),
)
durations = st.builds(PlainDuration, st.dates(date(2026, 3, 27), date(2026, 3, 30)), st.integers(1, 400_000))
steps = st.lists(
    st.tuples(st.sampled_from(["add", "add", "save", "delete", "restore"]), st.integers(0, 9), intervals | durations),
    min_size=1,
    max_size=10,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(zone=st.sampled_from(ZONES), steps=steps)
def test_sums_equal_counting_every_second_of_every_entry(
    ada: Person, zone: str, steps: list[tuple[str, int, Spent]]
) -> None:
    task_id = make_task(ada).id
    actor = replace(ada.actor, zone=ZoneInfo(zone))
    there: dict[int, Spent] = {}
    deleted: dict[int, Spent] = {}
    for action, pick, spent in steps:
        if action == "add":
            entry_id = entries.create_entry(
                task_id=task_id, spent=spent, overlap=OverlapChoice.KEEP_BOTH, actor=actor, now=NOW
            )
            there[entry_id] = spent
        elif action == "restore" and deleted:
            entry_id = sorted(deleted)[pick % len(deleted)]
            entries.restore_entry(entry_id=entry_id, actor=actor, now=NOW)
            there[entry_id] = deleted.pop(entry_id)
        elif action in ("save", "delete") and there:
            entry_id = sorted(there)[pick % len(there)]
            if action == "save":
                version = entry_now(entry_id).version
                entries.save_entry(
                    entry_id=entry_id,
                    spent=spent,
                    note="",
                    overlap=OverlapChoice.KEEP_BOTH,
                    version=version,
                    actor=actor,
                    now=NOW,
                )
                there[entry_id] = spent
            else:
                entries.delete_entry(entry_id=entry_id, actor=actor, now=NOW)
                deleted[entry_id] = there.pop(entry_id)

    expected = {entry_id: _length(spent) for entry_id, spent in there.items()}
    for entry_id, spent in there.items():
        assert sum(days_of(entry_id).values()) == expected[entry_id] == entry_now(entry_id).seconds
        if isinstance(spent, Interval) and not spent.interrupted_seconds:
            assert days_of(entry_id) == _counted(spent, ZoneInfo(zone))
    assert task_now(task_id).tracked_seconds == sum(expected.values())
    assert int(_sum_of_days(task_id)) == sum(expected.values())
    listed = db.session.scalars(
        select(TimeEntry.id).where(TimeEntry.task_id == task_id, TimeEntry.deleted_at.is_(None))
    ).all()
    assert set(listed) == set(there)


def _length(spent: Spent) -> int:
    if isinstance(spent, PlainDuration):
        return spent.seconds
    assert spent.ended_at is not None
    return int((spent.ended_at - spent.started_at).total_seconds()) - spent.interrupted_seconds


def _counted(spent: Interval, zone: ZoneInfo) -> dict[date, int]:
    assert spent.ended_at is not None
    counted: dict[date, int] = {}
    instant = spent.started_at
    while instant < spent.ended_at:
        day = instant.astimezone(zone).date()
        counted[day] = counted.get(day, 0) + 1
        instant += timedelta(seconds=1)
    return counted


def _sum_of_days(task_id: int) -> int:
    return db.session.scalar(select(func.sum(EntryDay.seconds)).where(EntryDay.task_id == task_id)) or 0
