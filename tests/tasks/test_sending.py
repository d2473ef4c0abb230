"""What the worker sends: each reminder once, nothing in quiet hours, nothing that nobody needs, one digest a day."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from tests.cast import NOW, Person, make_task
from tests.tasks.test_reminders import DUE_AT, add, reminder_now
from webapp.accounts import operations as accounts
from webapp.accounts.models import User
from webapp.notices.models import Notice
from webapp.storage.db import db
from webapp.storage.outbox import OutboxJob
from webapp.storage.transaction import transaction
from webapp.tasks.models import Reminder, Task
from webapp.tasks.operations import blockers, reminders, sending
from webapp.tasks.operations.sending import LEASE, Post
from webapp.tasks.operations.tasks import move_to_day
from webapp.tasks.rules.reminders import BLOCKED_PAUSE, Basis, Snooze, Timing
from webapp.values.status import Status
from webapp.workspaces import operations as workspaces

POST = Post(has_mail=True, site="https://time.example.com")
SOON = NOW + timedelta(minutes=5)


def remind_at(task: Task, person: Person, moment: datetime = SOON) -> int:
    return add(task, person, Timing(Basis.AT, at=moment))


def sweep(now: datetime = SOON, *, post: Post = POST) -> None:
    db.session.rollback()
    while sending.send_due(now=now, post=post):
        pass


def texts_of(person: Person) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Notice.text).where(Notice.user_id == person.user_id).order_by(Notice.id)))


def mails() -> list[dict[str, Any]]:
    db.session.rollback()
    return [job.payload for job in db.session.scalars(select(OutboxJob).where(OutboxJob.kind == "mail"))]


def set_habits(
    person: Person,
    *,
    quiet: tuple[str, str] | None = None,
    digest: str | None = None,
    wants_mail: bool = True,
    now: datetime = NOW,
) -> None:
    quiet_from, quiet_until = (time.fromisoformat(clock) for clock in quiet) if quiet else (None, None)
    accounts.save_habits(
        habits=accounts.Habits(
            morning=time(9),
            quiet_from=quiet_from,
            quiet_until=quiet_until,
            digest_time=time.fromisoformat(digest) if digest else None,
            wants_mail=wants_mail,
        ),
        actor=person.actor,
        now=now,
    )


def change(task: Task, **values: Any) -> None:
    with transaction():
        found = db.session.get_one(Task, task.id, populate_existing=True)
        for name, value in values.items():
            setattr(found, name, value)


def test_a_reminder_is_told_when_its_time_has_come_and_once(ada: Person, ben: Person) -> None:
    task = make_task(ada, title="Pay invoice", due_at=DUE_AT)
    reminder_id = remind_at(task, ada)

    sweep(SOON - timedelta(seconds=1))
    before = texts_of(ada)
    sweep(SOON)
    sweep(SOON + timedelta(hours=1))

    assert before == []
    assert texts_of(ada) == ["Reminder: “Pay invoice” is due on 24 November 2026 at 15:00."]
    assert texts_of(ben) == []
    assert (reminder_now(reminder_id).sent_at, reminder_now(reminder_id).send_after) == (SOON, None)
    notice = db.session.scalars(select(Notice)).one()
    assert notice.address == f"/tasks/{task.id}#reminders"


def test_a_reminder_goes_by_mail_with_a_message_id_of_its_own(ada: Person) -> None:
    task = make_task(ada, title="Pay invoice", due_on=date(2026, 11, 20))
    reminder_id = remind_at(task, ada)

    sweep()

    (mail,) = mails()
    mark = hashlib.sha256(repr([(reminder_id, SOON.isoformat())]).encode()).hexdigest()[:40]
    assert mail["to"] == "ada@example.com"
    assert mail["subject"] == "Reminder: Pay invoice"
    assert mail["message_id"] == f"reminder-{mark}"
    assert "“Pay invoice” is due today\nhttps://time.example.com/tasks/" in mail["text"]
    assert mail["text"].endswith("https://time.example.com/account\n")


@pytest.mark.parametrize("wants_mail, has_mail", [(False, True), (True, False)])
def test_no_mail_goes_to_who_wants_none_or_where_none_is_set_up(ada: Person, wants_mail: bool, has_mail: bool) -> None:
    set_habits(ada, wants_mail=wants_mail)
    remind_at(make_task(ada), ada)

    sweep(post=Post(has_mail=has_mail, site=""))

    assert len(texts_of(ada)) == 1
    assert mails() == []


def test_a_reminder_that_was_put_off_comes_again(ada: Person) -> None:
    task = make_task(ada, title="Pay")
    reminder_id = remind_at(task, ada)
    sweep()

    later = SOON + timedelta(minutes=3)
    reminders.snooze_reminder(
        task_id=task.id, reminder_id=reminder_id, snooze=Snooze.TEN_MINUTES, actor=ada.actor, now=later
    )
    sweep(later + timedelta(minutes=9))
    sweep(later + timedelta(minutes=10))

    assert texts_of(ada) == ["Reminder: “Pay”."] * 2
    assert len({mail["message_id"] for mail in mails()}) == 2


@pytest.mark.parametrize(
    "values",
    [
        {"status": Status.DONE, "completed_at": NOW, "completed_on": date(2026, 11, 20)},
        {"is_deleted": True, "deleted_at": NOW},
    ],
)
def test_nobody_is_reminded_of_what_is_done_or_gone(ada: Person, values: dict[str, Any]) -> None:
    task = make_task(ada)
    reminder_id = remind_at(task, ada)
    change(task, **values)

    sweep()
    # Also not when it is open again, long after.
    change(task, status=Status.TODO, is_deleted=False, completed_at=None, completed_on=None)
    sweep(SOON + timedelta(days=1))

    assert texts_of(ada) == []
    assert reminder_now(reminder_id).sent_at is None


def test_a_hidden_task_is_told_of_on_the_morning_it_starts(ada: Person) -> None:
    task = make_task(ada, title="Pay", starts_on=date(2026, 11, 25))
    remind_at(task, ada)

    for now in (SOON, datetime(2026, 11, 25, 7, 59, tzinfo=UTC)):
        sweep(now)
    hidden = texts_of(ada)
    sweep(datetime(2026, 11, 25, 8, 0, tzinfo=UTC))

    assert hidden == []
    assert texts_of(ada) == ["Reminder: “Pay”."]


def test_a_blocked_task_is_told_of_once_nothing_blocks_it(ada: Person) -> None:
    task, blocker = make_task(ada, title="Pay"), make_task(ada, title="Receive")
    remind_at(task, ada)
    blockers.add_blocker(task_id=task.id, blocked_by_id=blocker.id, actor=ada.actor, now=NOW)

    sweep()
    blocked = texts_of(ada)
    change(blocker, status=Status.DONE, completed_at=NOW, completed_on=date(2026, 11, 20))
    sweep(SOON + BLOCKED_PAUSE)

    assert blocked == []
    assert texts_of(ada) == ["Reminder: “Pay”."]


def test_who_left_the_workspace_is_not_reminded_of_what_is_in_it(ada: Person, ben: Person) -> None:
    task = make_task(ada)
    remind_at(task, ada)
    remind_at(task, ben)
    workspaces.leave(workspace_id=ada.workspace_id, user_id=ben.user_id)

    sweep()

    assert len(texts_of(ada)) == 1
    assert texts_of(ben) == []


def test_what_comes_in_quiet_hours_is_held_back_until_they_end(ada: Person) -> None:
    set_habits(ada, quiet=("15:00", "17:30"))
    remind_at(make_task(ada, title="Pay"), ada)

    # 15:47, 17:29 and 17:30 in Berlin.
    sweep(SOON)
    sweep(datetime(2026, 11, 20, 16, 29, tzinfo=UTC))
    quiet = texts_of(ada)
    sweep(datetime(2026, 11, 20, 16, 30, tzinfo=UTC))

    assert quiet == []
    assert texts_of(ada) == ["Reminder: “Pay”."]


def test_what_is_held_back_comes_when_the_quiet_hours_are_taken_away(ada: Person) -> None:
    set_habits(ada, quiet=("15:00", "17:30"))
    remind_at(make_task(ada, title="Pay"), ada)
    sweep(SOON)

    set_habits(ada)
    reminders.follow_clocks(user_id=ada.user_id, now=SOON + timedelta(minutes=1))
    sweep(SOON + timedelta(minutes=1))

    assert texts_of(ada) == ["Reminder: “Pay”."]


def test_after_a_pause_all_that_is_late_comes_as_one(ada: Person, ben: Person) -> None:
    for number in range(30):
        remind_at(make_task(ada, title=f"Task {number}"), ada, SOON + timedelta(minutes=number))
    remind_at(make_task(ada, title="Ben’s"), ben)

    sweep(SOON + timedelta(days=2))

    assert texts_of(ada) == ["30 reminders: “Task 0”, “Task 1”, “Task 2” and 27 more."]
    assert texts_of(ben) == ["Reminder: “Ben’s”."]
    subjects = sorted(mail["subject"] for mail in mails())
    assert subjects == ["30 reminders", "Reminder: Ben’s"]
    assert db.session.scalar(select(func.count(Reminder.id)).where(Reminder.sent_at.is_(None))) == 0


def test_a_worker_that_was_killed_loses_nothing_and_tells_nothing_twice(ada: Person) -> None:
    remind_at(make_task(ada, title="Pay"), ada)
    lease = SOON + LEASE
    # Claimed, and then killed.
    assert sending.claim(user_id=ada.user_id, now=SOON, lease=lease)

    sweep(SOON + LEASE - timedelta(seconds=1))
    held = texts_of(ada)
    sweep(SOON + LEASE)

    assert held == []
    assert texts_of(ada) == ["Reminder: “Pay”."]


def test_a_worker_that_was_too_slow_tells_nothing(ada: Person) -> None:
    remind_at(make_task(ada, title="Pay"), ada)
    slow_lease = SOON + LEASE
    claimed = sending.claim(user_id=ada.user_id, now=SOON, lease=slow_lease)
    sweep(SOON + LEASE)

    later = SOON + LEASE + timedelta(seconds=5)
    sending.send(user_id=ada.user_id, reminder_ids=claimed, lease=slow_lease, now=later, post=POST)

    assert texts_of(ada) == ["Reminder: “Pay”."]
    assert len(mails()) == 1


def test_a_task_that_moved_without_its_reminder_is_told_of_at_its_new_time(ada: Person) -> None:
    task = make_task(ada, title="Pay", due_at=SOON)
    reminder_id = add(task, ada, Timing(Basis.DUE))
    change(task, due_at=SOON + timedelta(days=1))

    sweep()
    before = texts_of(ada)
    sweep(SOON + timedelta(days=1))

    assert before == []
    assert texts_of(ada) == ["Reminder: “Pay” is due today at 15:47."]
    assert reminder_now(reminder_id).fires_at == SOON + timedelta(days=1)


def test_a_reminder_that_is_put_off_while_a_worker_has_it_is_not_told(ada: Person) -> None:
    task = make_task(ada, title="Pay")
    reminder_id = remind_at(task, ada)
    lease = SOON + LEASE
    claimed = sending.claim(user_id=ada.user_id, now=SOON, lease=lease)

    reminders.snooze_reminder(task_id=task.id, reminder_id=reminder_id, snooze=Snooze.HOUR, actor=ada.actor, now=SOON)
    sending.send(user_id=ada.user_id, reminder_ids=claimed, lease=lease, now=SOON, post=POST)

    assert texts_of(ada) == []
    assert reminder_now(reminder_id).send_after == SOON + timedelta(hours=1)


def test_what_fails_for_one_person_keeps_nobody_else_waiting(
    ada: Person, ben: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    remind_at(make_task(ada), ada)
    remind_at(make_task(ada), ben)
    true_send = sending.send

    def fail_for_ada(**values: Any) -> None:
        if values["user_id"] == ada.user_id:
            raise ValueError("something about Ada")
        true_send(**values)

    monkeypatch.setattr(sending, "send", fail_for_ada)
    sweep()
    monkeypatch.undo()
    without = texts_of(ada)
    sweep(SOON + LEASE)

    assert without == []
    assert len(texts_of(ben)) == 1
    assert len(texts_of(ada)) == 1


def test_a_database_that_is_away_stops_the_sweep(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    remind_at(make_task(ada), ada)

    def lose_the_database(**_values: Any) -> None:
        raise OperationalError("SELECT 1", {}, Exception(2006, "MySQL server has gone away"))

    monkeypatch.setattr(sending, "send", lose_the_database)

    with pytest.raises(OperationalError):
        sweep()


def test_two_workers_at_once_tell_each_person_each_thing_once(app: Flask, ada: Person, ben: Person, cy: Person) -> None:
    people = (ada, ben, cy)
    for number in range(10):
        for person in people:
            remind_at(make_task(person, title=f"Task {number}"), person, SOON - timedelta(minutes=number % 3))
    threads = 6
    ready = Barrier(threads)
    late = SOON + timedelta(hours=1)

    def work(_number: int) -> None:
        with app.app_context():
            ready.wait()
            while sending.send_due(now=late, post=POST):
                pass

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))

    # Whom one worker held while the others passed over them.
    sweep(late)
    for person in people:
        assert texts_of(person) == ["10 reminders: “Task 2”, “Task 5”, “Task 8” and 7 more."]
    assert len(mails()) == len(people)


def test_tasks_moved_and_reminders_put_off_while_workers_send_end_as_they_should(app: Flask, ada: Person) -> None:
    """Each is told at most once for each moment it was meant for, and nobody is turned away by the others."""
    tasks = [make_task(ada, title=f"Task {number}", due_at=SOON) for number in range(6)]
    ids = [add(task, ada, Timing(Basis.DUE)) for task in tasks]
    task_ids = [task.id for task in tasks]
    threads = 9
    ready = Barrier(threads)

    def work(number: int) -> None:
        with app.app_context():
            ready.wait()
            for step in range(6):
                now = SOON + timedelta(seconds=step)
                task_id, reminder_id = task_ids[(number + step) % 6], ids[(number + step) % 6]
                if number % 3 == 0:
                    sending.send_due(now=now, post=POST)
                elif number % 3 == 1:
                    # 15:47 in Berlin is the time of day it is due at.
                    day = date(2026, 11, 21 + (number + step) % 3)
                    move_to_day(task_id=task_id, day=day, actor=ada.actor, now=now)
                else:
                    reminders.snooze_reminder(
                        task_id=task_id, reminder_id=reminder_id, snooze=Snooze.HOUR, actor=ada.actor, now=now
                    )

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))

    pending = [reminder_now(reminder_id) for reminder_id in ids]
    assert all(reminder.send_after == reminder.fires_at for reminder in pending if reminder.sent_at is None)
    before = len(texts_of(ada))
    for days in range(8):
        for hours in (0, 2):
            sweep(SOON + timedelta(days=days, hours=hours))
    assert all(reminder_now(reminder_id).sent_at is not None for reminder_id in ids)
    assert before <= 6
    keys = db.session.scalars(select(Notice.dedupe_key)).all()
    assert len(keys) == len(set(keys))


def make_day(ada: Person) -> None:
    today = date(2026, 11, 20)
    make_task(ada, title="Late", due_on=date(2026, 11, 18), due_sort=datetime(2026, 11, 18, 23, 59, 59, tzinfo=UTC))
    make_task(ada, title="Today", due_on=today, due_sort=datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC))
    at_four = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    make_task(ada, title="At four", due_at=at_four, due_sort=at_four, status=Status.DOING)
    make_task(ada, title="Some day")
    make_task(ada, title="Hidden", starts_on=date(2026, 11, 21))
    make_task(ada, title="Done", status=Status.DONE)
    make_task(ada, title="Trashed", is_deleted=True, deleted_at=NOW)
    make_task(ada, title="Waits", due_on=today, due_sort=datetime(2026, 11, 20, 23, 59, 59, tzinfo=UTC))
    waits, some_day = (
        db.session.scalars(select(Task.id).where(Task.title == title)).one() for title in ("Waits", "Some day")
    )
    blockers.add_blocker(task_id=waits, blocked_by_id=some_day, actor=ada.actor, now=NOW)


def test_the_digest_tells_once_a_day_what_is_before_a_person(ada: Person) -> None:
    make_day(ada)
    set_habits(ada, digest="15:45")

    # 15:44, 15:45 and 15:46 in Berlin.
    for minute in (44, 45, 46):
        sweep(datetime(2026, 11, 20, 14, minute, tzinfo=UTC))

    assert texts_of(ada) == ["Today: 1 overdue, 2 due, 1 ready."]
    (mail,) = mails()
    assert mail["subject"] == "Today: 1 overdue, 2 due, 1 ready"
    assert mail["message_id"] == f"digest-{ada.user_id}-2026-11-20"
    assert mail["text"].splitlines()[:11] == [
        "Overdue",
        "",
        "- “Late” was due on 18 November 2026",
        "",
        "Due today",
        "",
        "- “At four” is due today at 16:00",
        "- “Today” is due today",
        "",
        "Ready",
        "",
    ]
    due_at = db.session.scalars(select(User.digest_due_at).where(User.id == ada.user_id)).one()
    assert due_at == datetime(2026, 11, 21, 14, 45, tzinfo=UTC)


def test_the_digest_is_off_unless_asked_for_and_silent_on_an_empty_day(ada: Person, ben: Person) -> None:
    make_day(ada)
    set_habits(ben, digest="08:00")
    morning_in_tokyo = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)

    # Nothing of Ada's is Ben's, until it is given to him.
    sweep(morning_in_tokyo)
    empty = texts_of(ben)
    change(db.session.scalars(select(Task).where(Task.title == "Late")).one(), assignee_id=ben.user_id)
    sweep(morning_in_tokyo + timedelta(days=1))

    assert empty == []
    assert texts_of(ben) == ["Today: 1 overdue."]
    assert texts_of(ada) == []


def test_the_digest_holds_what_others_gave_me_in_their_workspace(app: Flask, ada: Person, cy: Person) -> None:
    workspaces.add_member(workspace_id=ada.workspace_id, email=cy.email, now=NOW)
    make_task(ada, title="For Cy", assignee_id=cy.user_id)
    make_task(ada, title="For Ada", assignee_id=ada.user_id)
    make_task(ada, title="For nobody")
    set_habits(cy, digest="09:45")

    sweep(datetime(2026, 11, 20, 14, 45, tzinfo=UTC))

    assert texts_of(cy) == ["Today: 1 ready."]
    assert "For Cy" in mails()[0]["text"]


def test_after_days_without_a_worker_one_digest_comes(ada: Person) -> None:
    make_day(ada)
    set_habits(ada, digest="07:00")

    sweep(datetime(2026, 11, 25, 12, 0, tzinfo=UTC))
    sweep(datetime(2026, 11, 25, 12, 1, tzinfo=UTC))
    sweep(datetime(2026, 11, 26, 6, 0, tzinfo=UTC))

    assert len(texts_of(ada)) == 2
    assert len(mails()) == 2


def test_who_travels_west_gets_the_digest_of_a_day_once(ada: Person) -> None:
    make_day(ada)
    set_habits(ada, digest="15:45")
    sweep(datetime(2026, 11, 20, 14, 45, tzinfo=UTC))

    with transaction():
        user = db.session.get_one(User, ada.user_id, populate_existing=True)
        user.timezone, user.digest_due_at = "America/New_York", datetime(2026, 11, 20, 20, 45, tzinfo=UTC)
    sweep(datetime(2026, 11, 20, 20, 45, tzinfo=UTC))

    assert len(texts_of(ada)) == 1
    assert len(mails()) == 1


def test_a_digest_whose_worker_was_killed_is_sent_when_the_lease_ends(ada: Person) -> None:
    make_day(ada)
    set_habits(ada, digest="15:45")
    with transaction():
        db.session.get_one(User, ada.user_id, populate_existing=True).digest_due_at = SOON + LEASE

    sweep(SOON)
    held = texts_of(ada)
    sweep(SOON + LEASE)

    assert held == []
    assert len(texts_of(ada)) == 1


def test_many_workers_send_one_digest(app: Flask, ada: Person) -> None:
    make_day(ada)
    set_habits(ada, digest="15:45")
    threads = 6
    ready = Barrier(threads)

    def work(_number: int) -> None:
        with app.app_context():
            ready.wait()
            sending.send_due(now=SOON, post=POST)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))

    assert len(texts_of(ada)) == 1
    assert len(mails()) == 1
