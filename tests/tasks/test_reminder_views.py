"""Reminders on the page of their task, and when they come, on the account page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from tests.cast import NOW, Person, make_task
from tests.page import Visit, check, error_of, words
from tests.tasks.test_reminders import DUE_AT, add, reminder_now
from webapp.accounts.models import User
from webapp.storage.db import db
from webapp.storage.journal import Change
from webapp.tasks.models import Reminder, Task
from webapp.tasks.operations.sending import Post, remind
from webapp.tasks.rules.reminders import Basis, Timing

FORM = "reminders.add"


@pytest.fixture(autouse=True)
def _stopped_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def reminders_of(task: Task) -> list[Reminder]:
    db.session.rollback()
    return list(db.session.scalars(select(Reminder).where(Reminder.task_id == task.id).order_by(Reminder.id)))


@pytest.mark.parametrize(
    "fields, moment",
    [
        ({"when": "due-60"}, datetime(2026, 11, 24, 13, 0, tzinfo=UTC)),
        ({"when": "due-1440"}, datetime(2026, 11, 23, 14, 0, tzinfo=UTC)),
        ({"at": "2026-11-21T09:30"}, datetime(2026, 11, 21, 8, 30, tzinfo=UTC)),
        ({"when": "1h"}, datetime(2026, 11, 20, 15, 42, tzinfo=UTC)),
        ({"when": "tomorrow"}, datetime(2026, 11, 21, 8, 0, tzinfo=UTC)),
        ({"when": "next-week"}, datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
    ],
)
def test_a_reminder_is_set_on_the_page_of_its_task(
    visit: Visit, ada: Person, fields: dict[str, str], moment: datetime
) -> None:
    task = make_task(ada, due_at=DUE_AT)

    answer = visit.send(FORM, fields, as_=ada, task_id=task.id)

    assert answer.location == f"/tasks/{task.id}#reminders"
    assert [reminder.fires_at for reminder in reminders_of(task)] == [moment]
    assert len(visit("tasks.show", as_=ada, task_id=task.id).select(".reminders__item")) == 1


@pytest.mark.parametrize(
    "fields, control, sentence",
    [
        ({}, "reminder-at", "Choose a day and a time."),
        ({"at": "tomorrow"}, "reminder-at", "Write the day and time as 2026-11-20 15:00."),
        ({"at": "2026-02-30T10:00"}, "reminder-at", "February 2026 has 28 days"),
        ({"at": "99999-01-01T10:00"}, "reminder-at", "out of range"),
        ({"at": "2026-11-20T10:00"}, "reminder-at", "This time has passed."),
        ({"at": "2027-03-28T02:30"}, "reminder-at", "02:30 does not exist"),
        ({"when": "due-61"}, "reminder-when", "is not one of the choices"),
        ({"when": "a\0b"}, "reminder-when", "is not one of the choices"),
        ({"when": "start-0"}, "reminder-when", "has no day on which it starts"),
        ({"when": "due-10080"}, "reminder-when", "has passed"),
    ],
)
def test_what_cannot_be_a_reminder_comes_back_as_typed(
    visit: Visit, ada: Person, fields: dict[str, str], control: str, sentence: str
) -> None:
    task = make_task(ada, due_at=DUE_AT)

    page = check(visit.send(FORM, fields, as_=ada, task_id=task.id, status=422))

    assert sentence in words(page.find(id=f"{control}-error"))
    if "at" in fields:
        assert page.select_one("#reminder-at")["value"] == fields["at"]  # type: ignore[index]
    assert page.select_one("details[open] #reminder-at") is not None
    assert reminders_of(task) == []


def test_a_form_sent_twice_sets_one_reminder(visit: Visit, ada: Person) -> None:
    task = make_task(ada, due_at=DUE_AT)
    fields = {"when": "due-60", "request_key": "0" * 32}

    for _ in range(2):
        visit.send(FORM, fields, as_=ada, task_id=task.id)

    assert len(reminders_of(task)) == 1


@pytest.mark.parametrize(
    "dates, offered",
    [
        ({}, []),
        ({"due_on": date(2026, 11, 24)}, ["due-0", "due-1440", "due-2880", "due-10080"]),
        ({"due_at": DUE_AT}, ["due-0", "due-10", "due-60", "due-1440", "due-10080"]),
        ({"starts_on": date(2026, 11, 24)}, ["start-0"]),
    ],
)
def test_what_is_offered_suits_the_task(
    visit: Visit, ada: Person, dates: dict[str, object], offered: list[str]
) -> None:
    task = make_task(ada, **dates)

    page = visit("tasks.show", as_=ada, task_id=task.id)

    assert [option["value"] for option in page.select("#reminder-when option")] == offered


def test_a_reminder_is_put_off_deleted_and_taken_back(visit: Visit, ada: Person) -> None:
    task = make_task(ada, due_at=DUE_AT)
    reminder_id = add(task, ada)
    address: dict[str, Any] = {"task_id": task.id, "reminder_id": reminder_id}

    visit.send("reminders.snooze", {"until": "10m"}, as_=ada, **address)
    put_off = reminder_now(reminder_id).fires_at
    visit.send("reminders.snooze", {"until": "never"}, as_=ada, status=422, **address)
    answer = visit.send("reminders.delete", as_=ada, **address)
    gone = reminders_of(task)
    page = visit.follow(answer, as_=ada)
    visit.send(str(page.select(".flash form")[-1]["action"]), as_=ada)

    assert put_off == datetime(2026, 11, 20, 14, 52, tzinfo=UTC)
    assert gone == []
    # It is there again, and will come.
    assert [reminder.send_after for reminder in reminders_of(task)] == [put_off]


def test_undoing_a_new_due_day_takes_the_reminder_back_too(visit: Visit, ada: Person) -> None:
    task = make_task(ada, due_at=DUE_AT)
    reminder_id = add(task, ada)

    answer = visit.send("calendar.move", {"task": str(task.id), "day": "2026-11-30"}, as_=ada)
    moved = reminder_now(reminder_id).send_after
    page = visit.follow(answer, as_=ada)
    visit.send(str(page.select(".flash form")[-1]["action"]), as_=ada)

    assert moved == datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
    assert reminder_now(reminder_id).send_after == datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


def test_reminders_of_a_task_are_not_there_for_a_stranger_nor_for_a_colleague(
    visit: Visit, ada: Person, ben: Person, cy: Person
) -> None:
    task = make_task(ada, due_at=DUE_AT)
    address: dict[str, Any] = {"task_id": task.id, "reminder_id": add(task, ada)}

    for person in (ben, cy):
        visit.send("reminders.snooze", {"until": "10m"}, as_=person, status=404, **address)
        visit.send("reminders.snooze", {}, as_=person, status=404, **address)
        visit.send("reminders.delete", as_=person, status=404, **address)
    visit.send(FORM, {"when": "due-60"}, as_=cy, task_id=task.id, status=404)

    assert len(reminders_of(task)) == 1
    assert visit("tasks.show", as_=ben, task_id=task.id).select(".reminders__item") == []


HABITS = {"morning": "07:30", "quiet_from": "22:00", "quiet_until": "6:45", "digest_time": "08:00", "wants_mail": "y"}


def test_when_reminders_come_is_chosen_on_the_account_page(visit: Visit, ada: Person) -> None:
    visit.send("accounts.save_habits", HABITS, as_=ada)

    db.session.rollback()
    user = db.session.get_one(User, ada.user_id)
    assert (user.morning, user.quiet_from, user.quiet_until) == (time(7, 30), time(22), time(6, 45))
    assert (user.digest_time, user.wants_mail) == (time(8), True)
    assert user.digest_due_at == datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
    page = visit("accounts.show", as_=ada)
    shown = {name: page.select_one(f"#{name}").get("value") for name in HABITS}  # type: ignore[union-attr]
    assert shown == {**HABITS, "quiet_until": "06:45"}

    visit.send("accounts.save_habits", {"morning": "09:00"}, as_=ada)
    db.session.rollback()
    user = db.session.get_one(User, ada.user_id, populate_existing=True)
    assert (user.quiet_from, user.quiet_until, user.digest_time) == (None, None, None)
    assert (user.wants_mail, user.digest_due_at) == (False, None)


@pytest.mark.parametrize(
    "fields, field, sentence",
    [
        ({"morning": ""}, "morning", "Say when your morning begins"),
        ({"morning": "25:00"}, "morning", "between 00:00 and 23:59"),
        ({"digest_time": "noon"}, "digest_time", "between 00:00 and 23:59"),
        ({"quiet_from": ""}, "quiet_from", "when quiet hours begin"),
        ({"quiet_until": ""}, "quiet_until", "when quiet hours end"),
        ({"quiet_until": "22:00"}, "quiet_until", "at another time than they begin"),
    ],
)
def test_habits_that_cannot_be_come_back_as_typed(
    visit: Visit, ada: Person, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = check(visit.send("accounts.save_habits", {**HABITS, **fields}, as_=ada, status=422))

    assert sentence in error_of(page, field)
    assert page.select_one(f"#{field}")["value"] == {**HABITS, **fields}[field]  # type: ignore[index]
    db.session.rollback()
    assert db.session.get_one(User, ada.user_id).morning == time(9)


def test_a_done_task_offers_no_reminder(visit: Visit, ada: Person) -> None:
    task = make_task(ada, status="done")

    page = visit("tasks.show", as_=ada, task_id=task.id)

    assert page.select("#reminder-at") == []
    assert "A task that is done reminds nobody." in words(page.main)


def test_what_others_do_with_their_reminders_is_not_in_the_history(visit: Visit, ada: Person, ben: Person) -> None:
    """Not even for who owns the workspace, nor can they undo it."""
    task = make_task(ada, title="Pay", due_at=DUE_AT)
    add(task, ben)
    change_id = db.session.scalars(select(Change.id)).one()

    assert "Set a reminder" in words(visit("/history", as_=ben).main)
    assert "Set a reminder" not in words(visit("/history", as_=ada).main)
    assert "Set a reminder" not in words(visit("tasks.show", as_=ada, task_id=task.id).main)
    visit.send("history.undo", as_=ada, status=404, change_id=change_id)

    visit.send("history.undo", as_=ben, change_id=change_id)
    assert "Undid" in words(visit("/history", as_=ben).main)
    assert "a reminder of" not in words(visit("/history", as_=ada).main)


def test_a_reminder_that_came_is_put_off_from_its_notice(visit: Visit, ada: Person, cy: Person) -> None:
    task = make_task(ada, title="Call Bob")
    reminder_id = add(task, ada, Timing(Basis.AT, at=NOW + timedelta(minutes=5)))
    later = NOW + timedelta(minutes=5)
    remind(user_id=ada.user_id, now=later, post=Post(has_mail=False, site="http://site.test"))
    with time_machine.travel(later, tick=False):
        form = visit("notices.index", as_=ada).select_one(".notices form:has([name=until])")
        assert form is not None
        assert [button["value"] for button in form.select("[name=until]")] == ["10m", "1h", "tomorrow", "next-week"]

        visit.send(str(form["action"]), {"until": "10m"}, as_=cy, status=404)
        answer = visit.send(str(form["action"]), {"until": "10m", "next": "/notifications"}, as_=ada)

    assert answer.location == "/notifications"
    assert reminder_now(reminder_id).fires_at == later + timedelta(minutes=10)
    assert db.session.get_one(Task, task.id, populate_existing=True).due_at is None


def test_several_reminders_told_as_one_are_put_off_on_their_tasks(visit: Visit, ada: Person) -> None:
    for title in ("Call Bob", "Call Eve"):
        add(make_task(ada, title=title), ada, Timing(Basis.AT, at=NOW + timedelta(minutes=5)))
    remind(user_id=ada.user_id, now=NOW + timedelta(hours=1), post=Post(has_mail=False, site="http://site.test"))

    page = visit("notices.index", as_=ada)

    assert len(page.select(".notices__item")) == 1
    assert page.select(".notices [name=until]") == []
