"""The page a person begins their day on: each open task once, where it comes first."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from tests.cast import NOW, Person, make_entry, make_task
from tests.page import Visit, counted_statements, texts, words
from tests.tasks.test_task_lists import PLAIN, SPECS, fits, save
from webapp.accounts.models import User
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import Category, Task
from webapp.tasks.operations import blockers, timers
from webapp.tasks.operations import tasks as operations
from webapp.tasks.queries import today as queries
from webapp.tasks.queries.urgency import urgencies
from webapp.tasks.rules.criteria import Due, TaskCriteria
from webapp.values.priority import Priority
from webapp.values.status import Status

TODAY = date(2026, 11, 20)


def headings(page: BeautifulSoup) -> list[str]:
    return texts(page.select("main h2"))


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(specs=SPECS, running=st.integers(0, 30))
def test_every_open_task_stands_once_where_it_comes_first(
    ada: Person, specs: list[dict[str, Any]], running: int
) -> None:
    # What begins later or waits for others is told apart elsewhere.
    kept = save(ada, [{**spec, "starts_on": None, "waits_for": None} for spec in specs])
    runs = kept[running]["id"] if running < len(kept) else None
    if runs is not None:
        timers.start_timer(task_id=runs, actor=ada.actor, now=NOW)
        kept[running]["status"] = Status.DOING

    day = queries.get_today(actor=ada.actor, now=NOW)

    rest = [task for task in kept if task["id"] != runs and task["status"] is not Status.DONE]
    late = [task for task in rest if fits(task, TaskCriteria(now=NOW, due=Due.OVERDUE), ada, kept)]
    due = [task for task in rest if task not in late and fits(task, TaskCriteria(now=NOW, due=Due.TODAY), ada, kept)]
    ready = [task for task in rest if task not in late and task not in due]
    scores = urgencies(task_ids=[task["id"] for task in kept], now=NOW, actor=ada.actor)

    def in_order(tasks: list[dict[str, Any]]) -> list[int]:
        tasks = sorted(
            tasks, key=lambda task: (-scores[task["id"]].total, task["due_sort"], -task["priority"], task["id"])
        )
        return [task["id"] for task in tasks][: queries.MOST_IN_A_SECTION]

    assert [row.id for row in day.running] == ([] if runs is None else [runs])
    for section, tasks in [(day.overdue, late), (day.due, due), (day.ready, ready)]:
        assert [row.id for row in section.rows] == in_order(tasks)
        assert section.has_more == (len(tasks) > queries.MOST_IN_A_SECTION)


def test_a_long_section_says_that_there_is_more(visit: Visit, ada: Person) -> None:
    save(
        ada,
        [
            {**PLAIN, "due": date(2020, 1, 1), "status": Status.DOING if number % 2 else Status.TODO}
            for number in range(25)
        ],
    )

    page = visit("/today", as_=ada)

    assert len(page.select(".task-row")) == queries.MOST_IN_A_SECTION
    assert page.find("a", attrs={"href": "/tasks?due=overdue&sort=-urgency"})


def test_a_section_says_among_how_many_it_was_chosen(visit: Visit, ada: Person) -> None:
    late, for_today = {**PLAIN, "due": TODAY - timedelta(days=2)}, {**PLAIN, "due": TODAY}
    save(ada, [late] * (queries.LOOKED_AT + 1) + [for_today] * queries.LOOKED_AT)

    with time_machine.travel(NOW, tick=False):
        page = visit("/today", as_=ada)

    overdue, due = (part for part in page.select("main section.panel") if part.select(".task-row"))
    assert f"chosen among the {queries.LOOKED_AT} that are due first" in words(overdue)
    assert "chosen among" not in words(due)


def test_the_most_pressing_comes_first(ada: Person) -> None:
    make_task(ada, title="no day, high", priority=Priority.HIGH)
    make_task(ada, title="no day, urgent", priority=Priority.URGENT)
    make_task(ada, title="begun", status=Status.DOING)
    for title, days, priority in [("in nine days", 9, Priority.MEDIUM), ("in three days", 3, Priority.MEDIUM)]:
        make_due(ada, title=title, days=days, priority=priority)

    rows = queries.get_today(actor=ada.actor, now=NOW).ready.rows

    assert [row.title for row in rows] == ["in three days", "in nine days", "no day, urgent", "begun", "no day, high"]


def test_what_waits_or_is_put_off_is_not_ready(ada: Person) -> None:
    first, second = make_task(ada, title="first"), make_task(ada, title="second")
    blockers.add_blocker(task_id=second.id, blocked_by_id=first.id, actor=ada.actor, now=NOW)
    make_task(ada, title="put off", starts_on=TODAY + timedelta(days=1))
    make_task(ada, title="from today", starts_on=TODAY)

    day = queries.get_today(actor=ada.actor, now=NOW)

    assert {row.title for row in day.ready.rows} == {"first", "from today"}


def test_what_is_ready_is_found_behind_what_is_not(ada: Person) -> None:
    for _ in range(60):
        make_task(ada, title="put off", priority=Priority.URGENT, starts_on=TODAY + timedelta(days=9))
    make_task(ada, title="ready")

    assert [row.title for row in queries.get_today(actor=ada.actor, now=NOW).ready.rows] == ["ready"]


def test_the_day_is_told_in_few_statements_however_much_there_is(ada: Person) -> None:
    save(ada, [{**PLAIN, "tags": {"home"}, "category": "Sales"}] * 60)

    with counted_statements() as statements:
        queries.get_today(actor=ada.actor, now=NOW, day_end=time(18))
        queries.get_first_steps(actor=ada.actor)

    assert len([statement for statement in statements if not statement.startswith("BEGIN")]) <= 7


@time_machine.travel(NOW, tick=False)
def test_a_new_person_is_shown_first_steps_until_they_know_their_way(visit: Visit, ada: Person) -> None:
    def ticked() -> list[bool]:
        return [step.has_attr("data-done") for step in visit("/today", as_=ada).select(".steps__item")]

    page = visit("/today", as_=ada)
    assert words(page.h1) == "Friday 20 November"
    assert ticked() == [False, False, False, False]

    task = make_task(ada)
    assert ticked() == [True, False, False, False]
    timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW - timedelta(hours=1))
    assert ticked() == [True, False, True, False]
    operations.set_status(task_id=task.id, status=Status.DONE, actor=ada.actor, now=NOW)
    page = visit("/today", as_=ada)
    assert not page.select(".steps__item")
    assert "Nothing is left to do" in words(page.main)
    assert "1 h tracked so far today" in words(page.main)


@time_machine.travel(NOW, tick=False)
def test_the_sections_have_their_names(visit: Visit, ada: Person) -> None:
    save(
        ada,
        [
            {**PLAIN, "title": "Late", "due": TODAY - timedelta(days=2)},
            {**PLAIN, "title": "Due", "due": TODAY},
            {**PLAIN, "title": "Begun", "status": Status.DOING},
            {**PLAIN, "title": "Next"},
            {**PLAIN, "title": "Over", "status": Status.DONE},
        ],
    )
    task = make_task(ada, title="Runs")
    timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)

    page = visit("/today", as_=ada, most_statements=12)

    assert headings(page) == ["Running", "Overdue", "Due today", "Ready"]
    assert texts(page.select(".task-row__title")) == ["Runs", "Late", "Due", "Begun", "Next"]


@time_machine.travel(datetime(2026, 11, 20, 14, 0, tzinfo=UTC), tick=False)
def test_the_page_says_what_fits_until_the_day_ends(visit: Visit, ada: Person) -> None:
    # Three hours are left in Berlin.
    make_due(ada, title="two hours", days=-1, estimated_minutes=120)
    make_due(ada, title="two more", days=0, estimated_minutes=120)
    make_task(ada, title="half an hour", estimated_minutes=90, tracked_seconds=3600)
    make_task(ada, title="nobody knows")

    page = visit("/today", as_=ada, most_statements=12)

    said = words(page.select_one(".day-plan"))
    assert "2 h 30 min of work fits until 18:00: 2 of 4 tasks" in said
    assert "How long 1 takes is not known" in said
    marks = {words(row.select_one(".task-row__title")): words(row.select_one(".badge--good")) for row in rows_of(page)}
    assert marks == {
        "two hours": "Fits: 2 h",
        "two more": "",
        "half an hour": "Fits: 30 min",
        "nobody knows": "",
    }


@pytest.mark.parametrize(
    "hour,said",
    [(17, "Your day ended at 18:00."), (16, "is left until 18:00, and nothing here is known to fit")],
)
def test_the_page_says_when_nothing_fits(visit: Visit, ada: Person, hour: int, said: str) -> None:
    make_task(ada, estimated_minutes=600)

    with time_machine.travel(datetime(2026, 11, 20, hour, 0, tzinfo=UTC), tick=False):
        assert said in words(visit("/today", as_=ada).select_one(".day-plan"))


def test_who_does_not_say_when_their_day_ends_is_told_nothing(visit: Visit, ada: Person) -> None:
    with transaction():
        db.session.execute(update(User).where(User.id == ada.user_id).values(day_end=None))
    make_task(ada, estimated_minutes=30)

    assert not visit("/today", as_=ada).select(".day-plan, .task-row .badge--good")


def test_without_an_estimate_what_is_usual_counts(ada: Person, ben: Person) -> None:
    kind = make_category(ada)
    for seconds, who in [(600, ada), (1200, ada), (9000, ada), (1, ben), (2, ben), (3, ben)]:
        done = make_task(ada, status=Status.DONE, category_id=kind, assignee_id=who.user_id, tracked_seconds=seconds)
        assert done.completed_on
    known = make_task(ada, category_id=kind)
    unknown = make_task(ada)
    begun = make_task(ada, category_id=kind, tracked_seconds=200)

    plan = queries.get_today(actor=ada.actor, now=NOW, day_end=time(18)).plan

    assert plan
    assert (plan.tasks[known.id].left_seconds, plan.tasks[known.id].is_by_habit) == (1200, True)
    assert plan.tasks[begun.id].left_seconds == 1000
    assert plan.tasks[unknown.id].left_seconds is None


def test_what_is_blocked_is_no_part_of_the_plan(ada: Person) -> None:
    first, second = make_task(ada, estimated_minutes=10), make_due(ada, title="late", days=-2, estimated_minutes=10)
    blockers.add_blocker(task_id=second.id, blocked_by_id=first.id, actor=ada.actor, now=NOW)

    plan = queries.get_today(actor=ada.actor, now=NOW, day_end=time(18)).plan

    assert plan
    assert set(plan.tasks) == {first.id}


def rows_of(page: BeautifulSoup) -> list[Tag]:
    return page.select(".task-row")


def make_due(owner: Person, *, title: str, days: int, **values: Any) -> Task:
    day = TODAY + timedelta(days=days)
    sort = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)
    return make_task(owner, title=title, due_on=day, due_sort=sort, **values)


def make_category(owner: Person) -> int:
    with transaction():
        category = Category(workspace_id=owner.workspace_id, name="Calls", name_key="calls")
        db.session.add(category)
    return category.id


def test_a_day_holds_nothing_of_another_workspace(visit: Visit, ada: Person, cy: Person) -> None:
    task = make_task(ada, title="Secret", status=Status.DOING)
    make_entry(task, ada)

    page = visit("/today", as_=cy)

    assert "Secret" not in words(page.main)
    assert len(page.select(".steps__item[data-done]")) == 0


@pytest.mark.parametrize("status", [Status.DONE])
def test_finishing_a_task_stops_its_timer(ada: Person, status: Status) -> None:
    task = make_task(ada)
    timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)

    operations.set_status(task_id=task.id, status=status, actor=ada.actor, now=NOW + timedelta(hours=1))

    day = queries.get_today(actor=ada.actor, now=NOW + timedelta(hours=1))
    assert (day.running, day.tracked_seconds) == ([], 3600)
