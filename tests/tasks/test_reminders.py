"""Reminders: set, put off, deleted, and in step with the task they are about. Each person has their own."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from tests.cast import NOW, Person, make_task
from webapp.accounts import operations as accounts
from webapp.accounts.models import User
from webapp.errors import InvalidInput
from webapp.ops import worker
from webapp.ops.commands import handlers
from webapp.storage.db import db
from webapp.storage.journal import Change
from webapp.storage.transaction import transaction
from webapp.tasks.errors import ReminderNotFound, TaskNotFound
from webapp.tasks.models import Reminder, Task
from webapp.tasks.operations import reminders
from webapp.tasks.operations.intake import take_in
from webapp.tasks.operations.recurrence import set_repeat, skip_occurrence
from webapp.tasks.operations.taking_back import take_back
from webapp.tasks.operations.tasks import create_task, move_to_day, save_task, set_status
from webapp.tasks.queries.reminders import list_reminders
from webapp.tasks.rules.intake import Taken, TaskIn
from webapp.tasks.rules.recurrence import Repeat, Rule, Unit
from webapp.tasks.rules.reminders import MOST_A_TASK, Basis, Snooze, Timing
from webapp.tasks.rules.tasks import TaskDetails
from webapp.values.request_key import RequestKey
from webapp.values.status import Status

DUE_AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
HOUR_BEFORE = Timing(Basis.DUE, 60)


def add(task: Task, person: Person, timing: Timing = HOUR_BEFORE, *, now: datetime = NOW) -> int:
    return reminders.add_reminder(task_id=task.id, timing=timing, actor=person.actor, now=now)


def reminder_now(reminder_id: int) -> Reminder:
    db.session.rollback()
    return db.session.get_one(Reminder, reminder_id, populate_existing=True)


def change(task: Task, person: Person, *, now: datetime = NOW, **details: object) -> None:
    db.session.rollback()
    version = db.session.get_one(Task, task.id, populate_existing=True).version
    kept: dict[str, object] = {"title": "Write the report", "assignee_id": None, **details}
    save_task(
        task_id=task.id,
        details=TaskDetails(**kept),  # type: ignore[arg-type]
        version=version,
        actor=person.actor,
        now=now,
    )


def test_add_reminder_works_out_when_it_comes(ada: Person) -> None:
    task = make_task(ada, due_at=DUE_AT, due_sort=DUE_AT)

    reminder = reminder_now(add(task, ada))

    assert reminder.fires_at == reminder.send_after == DUE_AT - timedelta(hours=1)
    assert reminder.sent_at is None
    assert [row.words for row in list_reminders(task_id=task.id, actor=ada.actor)] == ["1 hour before it is due"]


def test_a_day_begins_with_the_morning_of_whoever_is_reminded(ada: Person, ben: Person) -> None:
    task = make_task(ada, due_on=date(2026, 11, 24))

    adas, bens = (reminder_now(add(task, person, Timing(Basis.DUE))) for person in (ada, ben))

    # Nine o'clock in Berlin, and in Tokyo.
    assert adas.fires_at == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    assert bens.fires_at == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


def test_add_reminder_is_done_once_for_one_form(ada: Person) -> None:
    task = make_task(ada, due_at=DUE_AT)
    key = RequestKey(key="0" * 32, fingerprint="a")

    ids = {
        reminders.add_reminder(task_id=task.id, timing=HOUR_BEFORE, actor=ada.actor, now=NOW, request_key=key)
        for _ in range(2)
    }

    assert len(ids) == len(list_reminders(task_id=task.id, actor=ada.actor)) == 1


def test_add_reminder_refuses_one_that_is_there_and_one_too_many(ada: Person) -> None:
    task = make_task(ada, due_at=DUE_AT)
    add(task, ada)
    with pytest.raises(InvalidInput, match="already"):
        add(task, ada)
    for minutes in range(1, MOST_A_TASK):
        add(task, ada, Timing(Basis.DUE, minutes))

    with pytest.raises(InvalidInput, match="at most 10"):
        add(task, ada, Timing(Basis.DUE, 30))


def test_add_reminder_knows_no_task_of_a_stranger_and_none_in_the_trash(ada: Person, cy: Person) -> None:
    task, trashed = make_task(ada, due_at=DUE_AT), make_task(ada, due_at=DUE_AT, is_deleted=True, deleted_at=NOW)

    for wanted, person in ((task, cy), (trashed, ada)):
        with pytest.raises(TaskNotFound):
            add(wanted, person)

    assert db.session.scalars(select(Reminder)).all() == []


def test_reminders_do_not_exist_for_anybody_else(ada: Person, ben: Person, cy: Person) -> None:
    task = make_task(ada, due_at=DUE_AT)
    other = make_task(ada, due_at=DUE_AT)
    reminder_id = add(task, ada)

    for task_id, person in ((task.id, ben), (task.id, cy), (other.id, ada)):
        with pytest.raises(ReminderNotFound):
            reminders.snooze_reminder(
                task_id=task_id, reminder_id=reminder_id, snooze=Snooze.HOUR, actor=person.actor, now=NOW
            )
        with pytest.raises(ReminderNotFound):
            reminders.delete_reminder(task_id=task_id, reminder_id=reminder_id, actor=person.actor, now=NOW)

    assert list_reminders(task_id=task.id, actor=ben.actor) == []
    assert reminder_now(reminder_id).fires_at == DUE_AT - timedelta(hours=1)


def test_snooze_puts_off_the_reminder_and_not_the_task(ada: Person) -> None:
    task = make_task(ada, due_at=DUE_AT)
    reminder_id = add(task, ada)
    later = DUE_AT - timedelta(minutes=55)

    until = reminders.snooze_reminder(
        task_id=task.id, reminder_id=reminder_id, snooze=Snooze.TEN_MINUTES, actor=ada.actor, now=later
    )

    reminder = reminder_now(reminder_id)
    assert until == reminder.fires_at == reminder.send_after == later + timedelta(minutes=10)
    assert db.session.get_one(Task, task.id).due_at == DUE_AT


def test_delete_reminder_takes_it_away(ada: Person) -> None:
    task = make_task(ada, due_at=DUE_AT)
    reminder_id = add(task, ada)

    reminders.delete_reminder(task_id=task.id, reminder_id=reminder_id, actor=ada.actor, now=NOW)

    assert list_reminders(task_id=task.id, actor=ada.actor) == []


def test_what_people_do_with_reminders_is_recorded(ada: Person) -> None:
    task = make_task(ada, due_at=DUE_AT)
    reminder_id = add(task, ada)
    reminders.snooze_reminder(task_id=task.id, reminder_id=reminder_id, snooze=Snooze.HOUR, actor=ada.actor, now=NOW)
    reminders.delete_reminder(task_id=task.id, reminder_id=reminder_id, actor=ada.actor, now=NOW)

    kinds = db.session.scalars(select(Change.kind).order_by(Change.id)).all()
    assert kinds == ["reminder.added", "reminder.snoozed", "reminder.deleted"]


def test_reminders_follow_when_the_due_day_moves(ada: Person, ben: Person) -> None:
    task = make_task(ada, due_at=DUE_AT)
    relative, bens = add(task, ada), add(task, ben, Timing(Basis.DUE, 10))
    moment = Timing(Basis.AT, at=DUE_AT)
    absolute = add(task, ada, moment)
    reminders.snooze_reminder(task_id=task.id, reminder_id=relative, snooze=Snooze.TOMORROW, actor=ada.actor, now=NOW)

    change(task, ada, due_at=DUE_AT + timedelta(days=7))

    assert reminder_now(relative).send_after == DUE_AT + timedelta(days=7, hours=-1)
    assert reminder_now(relative).snoozed_until is None
    assert reminder_now(bens).send_after == DUE_AT + timedelta(days=7, minutes=-10)
    assert reminder_now(absolute).send_after == DUE_AT


def test_a_reminder_waits_while_the_task_has_nothing_to_count_from(ada: Person) -> None:
    task = make_task(ada, due_at=DUE_AT)
    reminder_id = add(task, ada)

    change(task, ada)
    without = reminder_now(reminder_id)
    states = [(without.fires_at, without.send_after)]
    change(task, ada, due_on=date(2026, 12, 1))
    again = reminder_now(reminder_id)
    states.append((again.fires_at, again.send_after))
    # To a day whose morning has passed: nothing comes late.
    change(task, ada, due_on=date(2026, 11, 20))
    passed = reminder_now(reminder_id)
    states.append((passed.fires_at, passed.send_after))

    tenth = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
    assert states == [(None, None), (tenth, tenth), (datetime(2026, 11, 20, 7, 0, tzinfo=UTC), None)]


def test_what_was_sent_comes_again_only_when_its_date_moves(ada: Person) -> None:
    task = make_task(ada, due_at=DUE_AT)
    reminder_id = add(task, ada)
    with transaction():
        sent = db.session.get_one(Reminder, reminder_id)
        sent.sent_at, sent.send_after = DUE_AT - timedelta(hours=1), None

    change(task, ada, title="Another title", due_at=DUE_AT)
    same = reminder_now(reminder_id)
    assert (same.send_after, same.sent_at) == (None, DUE_AT - timedelta(hours=1))

    change(task, ada, due_at=DUE_AT + timedelta(days=1))
    moved = reminder_now(reminder_id)
    assert (moved.send_after, moved.sent_at) == (DUE_AT + timedelta(hours=23), None)


def test_reminders_follow_the_start(ada: Person) -> None:
    task = make_task(ada, starts_on=date(2026, 11, 24))
    reminder_id = add(task, ada, Timing(Basis.START))

    change(task, ada, starts_on=date(2026, 11, 30))

    assert reminder_now(reminder_id).fires_at == datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


def test_reminders_follow_a_person_who_moves_or_rises_earlier(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "BATCH", 2)
    tasks = [make_task(ada, due_on=date(2126, 11, 24)) for _ in range(5)]
    ids = [add(task, ada, Timing(Basis.DUE)) for task in tasks]
    habits = accounts.Habits(morning=time(6, 30), quiet_from=None, quiet_until=None, digest_time=None, wants_mail=True)

    accounts.save_habits(habits=habits, actor=ada.actor, now=NOW)
    while worker.do_next(handlers()):
        pass
    early = {reminder_now(reminder_id).send_after for reminder_id in ids}
    user = db.session.get_one(User, ada.user_id)
    settings = accounts.Settings(
        name=user.name,
        timezone="Asia/Tokyo",
        week_start=0,
        number_format=user.number_format,
        date_format=user.date_format,
        theme=user.theme,
    )
    db.session.rollback()
    accounts.save_settings(settings=settings, actor=ada.actor, now=NOW)
    while worker.do_next(handlers()):
        pass

    assert early == {datetime(2126, 11, 24, 6, 30, tzinfo=ZoneInfo("Europe/Berlin"))}
    assert {reminder_now(reminder_id).send_after for reminder_id in ids} == {
        datetime(2126, 11, 24, 6, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
    }


def test_the_next_task_of_a_series_carries_the_reminders(ada: Person, ben: Person) -> None:
    first = make_task(ada, due_at=DUE_AT)
    second = make_task(ada, due_at=DUE_AT + timedelta(days=7))
    for timing in (HOUR_BEFORE, Timing(Basis.AT, at=DUE_AT)):
        add(first, ada, timing)
    add(first, ben, Timing(Basis.DUE))

    reminders.carry_over(from_task_id=first.id, to_task_id=second.id, now=NOW)

    db.session.rollback()
    carried = db.session.scalars(select(Reminder).where(Reminder.task_id == second.id).order_by(Reminder.id)).all()
    assert [(reminder.user_id, reminder.send_after) for reminder in carried] == [
        (ada.user_id, DUE_AT + timedelta(days=7, hours=-1)),
        (ben.user_id, DUE_AT + timedelta(days=7)),
    ]


def test_rebuild_finds_the_time_of_rows_that_were_put_back(ada: Person) -> None:
    task = make_task(ada, due_at=DUE_AT)
    reminder_id = add(task, ada)
    with transaction():
        row = db.session.get_one(Reminder, reminder_id)
        row.fires_at = row.send_after = None

    reminders.rebuild(task_ids=[task.id], now=NOW)

    assert reminder_now(reminder_id).send_after == DUE_AT - timedelta(hours=1)


def test_a_task_that_comes_again_carries_its_reminders_once(ada: Person) -> None:
    task_id = create_task(details=TaskDetails(title="Pay rent", due_at=DUE_AT), actor=ada.actor, now=NOW)
    set_repeat(task_id=task_id, repeat=Repeat(Rule(Unit.WEEK)), actor=ada.actor, now=NOW)
    reminders.add_reminder(task_id=task_id, timing=HOUR_BEFORE, actor=ada.actor, now=NOW)

    for status in (Status.DONE, Status.TODO, Status.DONE):
        set_status(task_id=task_id, status=status, actor=ada.actor, now=NOW)
    skip_occurrence(task_id=latest_task().id, actor=ada.actor, now=NOW)

    rows = db.session.scalars(select(Reminder).where(Reminder.task_id == latest_task().id)).all()
    assert [row.send_after for row in rows] == [DUE_AT + timedelta(days=14, hours=-1)]


def test_reminders_follow_a_task_that_is_moved_in_the_calendar(ada: Person) -> None:
    task = make_task(ada, due_at=DUE_AT)
    reminder_id = add(task, ada)

    move_to_day(task_id=task.id, day=date(2026, 11, 30), actor=ada.actor, now=NOW)

    assert reminder_now(reminder_id).send_after == DUE_AT + timedelta(days=6, hours=-1)


def latest_task() -> Task:
    db.session.rollback()
    return db.session.scalars(select(Task).order_by(Task.id.desc()).limit(1)).one()


def test_reminders_follow_a_file_that_is_taken_in_again_and_taken_back(ada: Person) -> None:
    def take(due_at: datetime) -> Taken:
        task = TaskIn(source_ref="1", title="Pay", due_at=due_at, created_at=NOW)
        return take_in(source="file", tasks=[task], entries=[], zone=ada.actor.zone, actor=ada.actor, now=NOW)

    take(DUE_AT)
    reminder_id = add(latest_task(), ada)
    second = take(DUE_AT + timedelta(days=2))
    moved = reminder_now(reminder_id).send_after
    take_back(changes=second.changes, actor=ada.actor, now=NOW)

    assert moved == DUE_AT + timedelta(days=2, hours=-1)
    assert reminder_now(reminder_id).send_after == DUE_AT - timedelta(hours=1)
