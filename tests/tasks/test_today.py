"""The page a person begins their day on: each open task once, where it comes first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import NOW, Person, make_entry, make_task
from tests.page import Visit, counted_statements, texts, words
from tests.tasks.test_task_lists import PLAIN, SPECS, fits, save
from webapp.tasks.operations import tasks as operations
from webapp.tasks.operations import timers
from webapp.tasks.queries import today as queries
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
    kept = save(ada, specs)
    runs = kept[running]["id"] if running < len(kept) else None
    if runs is not None:
        timers.start_timer(task_id=runs, actor=ada.actor, now=NOW)
        kept[running]["status"] = Status.DOING

    day = queries.get_today(actor=ada.actor, now=NOW)

    def ids(*wanted: dict[str, Any]) -> list[int]:
        return [task["id"] for task in wanted]

    rest = [task for task in kept if task["id"] != runs and task["status"] is not Status.DONE]
    late = [task for task in rest if fits(task, TaskCriteria(now=NOW, due=Due.OVERDUE), ada)]
    due = [task for task in rest if task not in late and fits(task, TaskCriteria(now=NOW, due=Due.TODAY), ada)]
    later = [task for task in rest if task not in late and task not in due]
    doing = [task for task in later if task["status"] is Status.DOING]
    dated = [task for task in later if task["status"] is Status.TODO and task["due"]]
    undated = [task for task in later if task["status"] is Status.TODO and not task["due"]]

    def by_due(tasks: list[dict[str, Any]]) -> list[int]:
        return ids(*sorted(tasks, key=lambda task: (task["due_sort"], -task["priority"], task["id"])))

    assert [row.id for row in day.running] == ([] if runs is None else [runs])
    assert [row.id for row in day.overdue.rows] == by_due(late)[:20]
    assert [row.id for row in day.due.rows] == by_due(due)
    assert [row.id for row in day.doing.rows] == by_due(doing)
    newest = ids(*sorted(undated, key=lambda task: (task["priority"], task["created_at"], task["id"]), reverse=True))
    assert [row.id for row in day.next.rows] == (by_due(dated) + newest)[:20]
    assert day.next.has_more == (len(dated) + len(undated) > 20)


def test_a_long_section_says_that_there_is_more(visit: Visit, ada: Person) -> None:
    save(
        ada,
        [
            {**PLAIN, "due": date(2020, 1, 1), "status": Status.DOING if number % 2 else Status.TODO}
            for number in range(25)
        ],
    )

    page = visit("/today", as_=ada)

    assert len(page.select(".task-row")) == 20
    assert page.find("a", attrs={"href": "/tasks?due=overdue"})


def test_next_is_what_is_due_soonest_then_what_matters_most(ada: Person) -> None:
    make_task(ada, title="no day, high", priority=Priority.HIGH)
    make_task(ada, title="no day, urgent", priority=Priority.URGENT)
    for title, days, priority in [
        ("later", 9, Priority.URGENT),
        ("soon, low", 3, Priority.LOW),
        ("soon", 3, Priority.HIGH),
    ]:
        day = TODAY + timedelta(days=days)
        sort = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)
        make_task(ada, title=title, priority=priority, due_on=day, due_sort=sort)

    rows = queries.get_today(actor=ada.actor, now=NOW).next.rows

    assert [row.title for row in rows] == ["soon", "soon, low", "later", "no day, urgent", "no day, high"]


def test_the_day_is_told_in_few_statements_however_much_there_is(ada: Person) -> None:
    save(ada, [{**PLAIN, "tags": {"home"}, "category": "Sales"}] * 60)

    with counted_statements() as statements:
        queries.get_today(actor=ada.actor, now=NOW)
        queries.get_first_steps(actor=ada.actor)

    assert len([statement for statement in statements if not statement.startswith("BEGIN")]) == 5


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

    page = visit("/today", as_=ada, most_statements=9)

    assert headings(page) == ["Running", "Overdue", "Due today", "In progress", "Next"]
    assert texts(page.select(".task-row__title")) == ["Runs", "Late", "Due", "Begun", "Next"]


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
