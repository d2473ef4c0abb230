"""The calendar: each task on the day it is due where its viewer lives, in few statements, and how it is moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, update

from tests.cast import NOW, TODAY, Person, make_person, make_task
from tests.page import Visit, counted_statements, error_of, texts, words
from tests.tasks.test_list_costs import cost_of
from webapp.accounts.models import User
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import Task
from webapp.tasks.queries import calendar as queries
from webapp.tasks.rules.calendar import month_of
from webapp.tasks.rules.criteria import TaskCriteria
from webapp.tasks.rules.due import due_sort
from webapp.values.actor import Actor
from webapp.values.priority import Priority
from webapp.values.status import Status

MONTH = month_of(TODAY, 0)
ALL = TaskCriteria(now=NOW)
FIRST = datetime(2026, 10, 20, tzinfo=UTC)


def make_due(owner: Person, due: date | datetime, **overrides: Any) -> Task:
    due_at = due if isinstance(due, datetime) else None
    due_on = None if isinstance(due, datetime) else due
    sort = due_sort(due_on=due_on, due_at=due_at)
    return make_task(owner, due_on=due_on, due_at=due_at, due_sort=sort, **overrides)


def titles(page: BeautifulSoup, day: str) -> list[str]:
    return texts(page.select(f"td[data-day='{day}'] .calendar-task__title"))


@time_machine.travel(NOW, tick=False)
def test_each_task_stands_on_its_day(visit: Visit, ada: Person, ben: Person) -> None:
    make_due(ada, TODAY, title="today")
    make_due(ada, date(2026, 11, 1), title="first")
    make_due(ada, date(2027, 11, 20), title="next year")
    make_task(ada, title="never")
    make_due(ada, TODAY, title="gone", is_deleted=True)

    page = visit("/tasks/calendar", as_=ben)

    assert words(page.h1) == "November 2026"
    assert titles(page, "2026-11-20") == ["today"]
    assert titles(page, "2026-11-01") == ["first"]
    assert len(page.select(".calendar-task")) == 2
    today = page.select("td[aria-current=date]")
    assert [str(cell["data-day"]) for cell in today] == ["2026-11-20"]


def test_a_calendar_holds_nothing_of_a_stranger(visit: Visit, ada: Person, cy: Person) -> None:
    make_due(ada, TODAY, title="secret")

    assert "secret" not in words(visit("/tasks/calendar?month=2026-11", as_=cy).main)


@pytest.mark.parametrize(
    "zone,day",
    [("Europe/Berlin", "2026-11-21"), ("America/New_York", "2026-11-20"), ("Pacific/Kiritimati", "2026-11-21")],
)
def test_an_instant_stands_on_the_day_it_has_where_the_viewer_lives(
    app: Flask, visit: Visit, zone: str, day: str
) -> None:
    eve = make_person(app, name="Eve", email="eve@example.com", timezone=zone)
    make_due(eve, datetime(2026, 11, 20, 23, 30, tzinfo=UTC), title="late call")

    assert titles(visit("/tasks/calendar?month=2026-11", as_=eve), day) == ["late call"]


def test_the_week_begins_as_the_person_has_it(visit: Visit, ada: Person) -> None:
    with transaction():
        db.session.execute(update(User).where(User.id == ada.user_id).values(week_start=6))

    page = visit("/tasks/calendar?week=2026-11-20", as_=ada)

    assert [str(day["data-day"]) for day in page.select("td")] == [f"2026-11-{day}" for day in range(15, 22)]
    assert texts(page.select("th"))[0] == "Sun"
    assert words(page.h1) == "15 – 21 November 2026"


def test_a_full_day_leads_to_the_list(visit: Visit, ada: Person) -> None:
    for number in range(6):
        make_due(ada, TODAY, title=f"task {number}", priority=Priority.HIGH)

    page = visit("/tasks/calendar?month=2026-11&priority=high", as_=ada)
    more = page.select_one("td[data-day='2026-11-20'] .calendar__more a")

    assert len(titles(page, "2026-11-20")) == 4
    assert words(more).startswith("2 more")
    assert more
    assert len(visit(str(more["href"]), as_=ada).select(".task-row")) == 6


def test_what_is_open_comes_first_and_says_what_it_is(visit: Visit, ada: Person) -> None:
    day = date(2026, 11, 2)
    make_due(ada, day, title="done", status=Status.DONE, priority=Priority.URGENT)
    make_due(ada, datetime(2026, 11, 2, 9, tzinfo=UTC), title="at nine")
    make_due(ada, day, title="low", priority=Priority.LOW)
    make_due(ada, day, title="urgent", priority=Priority.URGENT)

    with time_machine.travel(NOW, tick=False):
        page = visit("/tasks/calendar?month=2026-11", as_=ada)

    entries = texts(page.select("td[data-day='2026-11-02'] .calendar-task"))
    assert entries == ["Late: urgent", "Late: low", "Late: 10:00 at nine", "Done: done"]


@pytest.mark.parametrize(
    "asked",
    [
        "month=2026-13",
        "month=2026",
        "month=November",
        "month=99999-01",
        "month=0000-01",
        "month=٢٠٢٦-01",
        "week=2026-02-30",
        "week=1",
        "month=2026-11&week=2026-11-20",
        "status=late",
        "month=%00",
    ],
)
def test_what_is_no_month_is_refused_with_a_sentence(visit: Visit, ada: Person, asked: str) -> None:
    page = visit(f"/tasks/calendar?{asked}", as_=ada, status=422)

    assert len(words(page.main)) > 40


@pytest.mark.parametrize("asked", ["month=1900-01", "month=2199-12", "week=1900-01-01", "week=2199-12-31"])
def test_the_ends_of_time_can_be_seen(visit: Visit, ada: Person, asked: str) -> None:
    visit(f"/tasks/calendar?{asked}", as_=ada)


def test_filters_hold_and_stay(visit: Visit, ada: Person) -> None:
    make_due(ada, TODAY, title="harbour")
    make_due(ada, TODAY, title="other")
    make_due(ada, TODAY, title="harbour, done", status=Status.DONE)

    page = visit("/tasks/calendar?month=2026-11&q=harbour&status=todo", as_=ada)

    assert titles(page, "2026-11-20") == ["harbour"]
    assert page.select_one("a[href='/tasks/calendar?status=todo&q=harbour&month=2026-12']")
    assert page.select_one(".view-switch a[href='/tasks/board?status=todo&q=harbour']")


def test_a_task_is_moved_by_the_form(visit: Visit, ada: Person, ben: Person) -> None:
    task = make_due(ada, TODAY)
    page = visit("/tasks/calendar?month=2026-11&status=todo", as_=ben)
    form = page.select_one(".calendar__move")
    assert form
    fields = {str(field["name"]): str(field.get("value", "")) for field in form.select("input[name]")}

    answer = visit.send(str(form["action"]), {**fields, "task": str(task.id), "day": "2026-11-27"}, as_=ben)

    assert answer.location == "/tasks/calendar?status=todo&month=2026-11"
    assert titles(visit.follow(answer, as_=ben), "2026-11-27") == [task.title]


def test_a_task_that_is_due_at_a_time_keeps_it(app: Flask, visit: Visit) -> None:
    eve = make_person(app, name="Eve", email="eve@example.com", timezone="Europe/Berlin")
    task = make_due(eve, datetime(2026, 10, 23, 7, 30, tzinfo=UTC))

    visit.send("/tasks/calendar/move", {"task": str(task.id), "day": "2026-10-30"}, as_=eve)

    db.session.expire_all()
    moved = db.session.get_one(Task, task.id)
    assert (moved.due_at, moved.due_on) == (datetime(2026, 10, 30, 8, 30, tzinfo=UTC), None)
    assert moved.due_sort == moved.due_at


@pytest.mark.parametrize("day", ["", "tomorrow", "2026-02-30", "0000-01-01", "99999-01-01"])
def test_a_day_that_is_none_comes_back_with_a_sentence(visit: Visit, ada: Person, day: str) -> None:
    task = make_due(ada, TODAY)

    answer = visit.send("/tasks/calendar/move?month=2026-11", {"task": str(task.id), "day": day}, as_=ada, status=422)

    page = BeautifulSoup(answer.text, "html.parser")
    assert error_of(page, "day")
    assert words(page.h1) == "November 2026"
    assert page.select_one(f"option[value='{task.id}'][selected]")
    assert db.session.get_one(Task, task.id).due_on == TODAY


def test_a_stranger_moves_nothing(visit: Visit, ada: Person, cy: Person) -> None:
    task = make_due(ada, TODAY)

    visit.send("/tasks/calendar/move", {"task": str(task.id), "day": "2026-11-27"}, as_=cy, status=404)

    assert db.session.get_one(Task, task.id).due_on == TODAY


@pytest.mark.parametrize("task", ["", "x", "0", "-1", "9" * 30, "٣"])
def test_no_task_is_not_found(visit: Visit, ada: Person, task: str) -> None:
    visit.send("/tasks/calendar/move", {"task": task, "day": "2026-11-27"}, as_=ada, status=404)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    dues=st.lists(
        st.one_of(
            st.dates(date(2026, 10, 20), date(2026, 12, 12)),
            st.integers(0, 53 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes)),
            st.dates(date(2026, 10, 23), date(2026, 10, 28)).map(
                lambda day: datetime.combine(day, time(23, 59, 59), tzinfo=UTC)
            ),
        ),
        max_size=25,
    ),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Pacific/Midway"]),
    is_dense=st.booleans(),
)
def test_every_day_holds_what_is_due_on_it_and_no_other(
    ada: Person, dues: list[date | datetime], zone: str, is_dense: bool
) -> None:
    with transaction():
        db.session.execute(Task.__table__.delete())  # type: ignore[attr-defined]
    expected: dict[date, int] = {}
    for due in dues:
        make_due(ada, due)
        on = due.astimezone(ZoneInfo(zone)).date() if isinstance(due, datetime) else due
        expected[on] = expected.get(on, 0) + 1
    actor = Actor(ada.user_id, ada.workspace_id, ZoneInfo(zone))

    with pytest.MonkeyPatch.context() as patch:
        if is_dense:
            patch.setattr(queries, "READ_AT_ONCE", -1)
        days = queries.list_days(criteria=ALL, span=MONTH, actor=actor)

    for day in days:
        count = expected.get(day.day, 0)
        assert len(day.tasks) == min(count, 4), day.day
        assert day.more == (count - 4 if count > 4 else 0) or (is_dense and day.more is None and count > 4)


def test_a_month_is_read_in_few_statements_and_rows_however_much_there_is(ada: Person) -> None:
    def fill(each: int) -> None:
        dues = [
            (day, None) if number % 2 else (None, datetime.combine(day, time(number % 24), tzinfo=UTC))
            for day in MONTH.shown.days()
            for number in range(each)
        ]
        with transaction():
            db.session.execute(
                insert(Task),
                [
                    {
                        "workspace_id": ada.workspace_id,
                        "title": "t",
                        "title_key": "t",
                        "due_on": due_on,
                        "due_at": due_at,
                        "due_sort": due_sort(due_on=due_on, due_at=due_at),
                        "created_at": NOW,
                        "created_on": TODAY,
                        "updated_at": NOW,
                    }
                    for due_on, due_at in dues
                ],
            )

    def look() -> None:
        queries.list_days(criteria=ALL, span=MONTH, actor=ada.actor)

    fill(9)
    few = cost_of(look)
    fill(36)
    many = cost_of(look)
    with counted_statements() as statements:
        look()

    assert many <= 1.5 * few + 100
    assert len([statement for statement in statements if not statement.startswith("BEGIN")]) <= 4


def test_the_page_takes_few_statements(visit: Visit, ada: Person) -> None:
    for number in range(30):
        make_due(ada, TODAY + timedelta(days=number % 7))

    visit("/tasks/calendar?month=2026-11", as_=ada, most_statements=9)
