"""What calculations take from the work: time and tasks, added up as the pages add them up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from tests.cast import NOW, Person, make_entry, make_task
from tests.tasks.test_time_cost import WEEK, make_history, work_of
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import Category, Tag, Task, TaskTag
from webapp.tasks.operations import entries, timers
from webapp.tasks.queries import figures
from webapp.tasks.queries.figures import ChosenTasks, TaskFacts, TimeSum
from webapp.tasks.queries.timesheet import get_list
from webapp.tasks.rules.entries import Interval
from webapp.tasks.rules.timesheet import SheetCriteria
from webapp.values.period import Period
from webapp.values.status import Status
from webapp.values.text import name_key

HOUR = 3600
MONTH = Period(date(2026, 11, 1), date(2026, 12, 1))


def make_label(model: type[Category] | type[Tag], owner: Person, name: str) -> int:
    with transaction():
        label = model(workspace_id=owner.workspace_id, name=name, name_key=name_key(name))
        db.session.add(label)
    return label.id


def facts(task: Task, person: Person) -> TaskFacts:
    db.session.rollback()
    found = figures.find_task(task_id=task.id, actor=person.actor)
    assert found is not None
    return found


def test_time_of_a_task_is_everybodys_with_what_runs(ada: Person, ben: Person) -> None:
    task = make_task(ada)
    make_entry(task, ada, seconds=HOUR)
    make_entry(task, ben, seconds=2 * HOUR)
    timers.start_timer(task_id=task.id, actor=ben.actor, now=NOW)

    total = figures.sum_time_of_task(task=facts(task, ada), actor=ada.actor, now=NOW + timedelta(minutes=30))

    assert total == TimeSum(3 * HOUR + 1800, 1, is_running=True)


def test_time_is_what_the_timesheet_shows(ada: Person, ben: Person) -> None:
    review, tag_id = make_label(Category, ada, "Review"), make_label(Tag, ada, "urgent")
    plain, reviewed = make_task(ada), make_task(ada, category_id=review, status=Status.DOING)
    with transaction():
        db.session.add(TaskTag(task_id=reviewed.id, tag_id=tag_id))
    for task, person, days in ((plain, ada, 0), (reviewed, ada, 1), (reviewed, ben, 2), (reviewed, ada, 30)):
        make_entry(task, person, started_at=NOW - timedelta(days=days), seconds=HOUR + days)
    everything = SheetCriteria(period=MONTH, user_id=None)

    for criteria in (
        everything,
        replace(everything, category_id=review),
        replace(everything, category_id="none"),
        replace(everything, tag_id=tag_id),
        replace(everything, user_id=ada.user_id),
        replace(everything, task_id=reviewed.id),
        replace(everything, customer_id="none"),
        replace(everything, is_billable=True),
        replace(everything, statuses=(Status.DOING,)),
    ):
        total = figures.sum_time(criteria=criteria, actor=ada.actor, now=NOW)
        shown = get_list(criteria=criteria, actor=ada.actor, now=NOW).totals
        assert (total.seconds, total.tasks) == (shown.seconds, len(shown.tasks))


def test_time_past_midnight_belongs_to_both_days_also_when_the_clocks_change(ada: Person) -> None:
    task = make_task(ada)
    # In Berlin the clocks went back at three in the morning of 25 October: 22:00 to 04:00 are seven hours.
    night = Interval(datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2026, 10, 25, 3, tzinfo=UTC))
    entries.create_entry(task_id=task.id, spent=night, actor=ada.actor, now=NOW)

    def seconds_on(day: date) -> int:
        criteria = SheetCriteria(period=Period.of_day(day), user_id=None)
        return figures.sum_time(criteria=criteria, actor=ada.actor, now=NOW).seconds

    assert [seconds_on(date(2026, 10, day)) for day in (23, 24, 25, 26)] == [0, 2 * HOUR, 5 * HOUR, 0]


def test_a_running_timer_counts_on_its_days_only(ada: Person) -> None:
    task = make_task(ada)
    timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)
    after_midnight = NOW + timedelta(hours=10)
    today = SheetCriteria(period=Period.of_day(date(2026, 11, 20)), user_id=ada.user_id)
    yesterday = replace(today, period=Period.of_day(date(2026, 11, 19)))

    total = figures.sum_time(criteria=today, actor=ada.actor, now=after_midnight)

    # From 15:42 to midnight in Berlin.
    assert (total.seconds, total.is_running) == (8 * HOUR + 18 * 60, True)
    assert not figures.sum_time(criteria=yesterday, actor=ada.actor, now=after_midnight).is_running


def test_a_stranger_and_the_trash_have_no_time(ada: Person, cy: Person) -> None:
    task, thrown_away = make_task(ada), make_task(ada, is_deleted=True, deleted_at=NOW)
    make_entry(task, ada)
    make_entry(thrown_away, ada)
    month = SheetCriteria(period=MONTH, user_id=None)

    assert figures.find_task(task_id=task.id, actor=cy.actor) is None
    assert figures.find_task(task_id=thrown_away.id, actor=ada.actor) is None
    assert figures.list_tasks_titled(title=task.title, actor=cy.actor) == []
    assert figures.sum_time(criteria=month, actor=cy.actor, now=NOW).seconds == 0
    assert figures.sum_time(criteria=replace(month, task_id=task.id), actor=cy.actor, now=NOW).seconds == 0
    assert figures.sum_time(criteria=month, actor=ada.actor, now=NOW).seconds == HOUR


def test_tasks_are_counted_by_the_day_they_were_finished_or_created(ada: Person, ben: Person, cy: Person) -> None:
    review = make_label(Category, ada, "Review")
    make_task(ada, estimated_minutes=60)
    make_task(ada, estimated_minutes=30, status=Status.DONE, category_id=review, created_on=date(2026, 10, 1))
    make_task(ada, status=Status.DONE, completed_on=date(2026, 10, 2), created_on=date(2026, 10, 1))
    make_task(ada, status=Status.DOING, assignee_id=ben.user_id, created_on=date(2025, 1, 1))
    make_task(ada, is_deleted=True, deleted_at=NOW)
    make_task(cy)

    def counts(**asked: Any) -> tuple[int, int, int]:
        total = figures.sum_tasks(criteria=ChosenTasks(**asked), actor=ada.actor)
        return total.tasks, total.estimated_tasks, total.estimated_minutes

    assert counts(period=MONTH) == (1, 1, 60)
    assert counts(period=MONTH, statuses=(Status.DONE,)) == (1, 1, 30)
    assert counts(period=MONTH, statuses=(Status.DONE,), category_id="none") == (0, 0, 0)
    assert counts(period=None, statuses=figures.OPEN) == (2, 1, 60)
    assert counts(period=None, statuses=figures.OPEN, assignee_id=ben.user_id) == (1, 0, 0)
    # All that was ever done is not asked for.
    assert counts(period=None, statuses=(Status.DONE,)) == (0, 0, 0)


def test_titles_find_tasks_whatever_their_case(ada: Person) -> None:
    long_title = "x" * 300
    task, other = make_task(ada, title="Write the Report"), make_task(ada, title=long_title)
    make_task(ada, title="x" * 301)

    assert [found.id for found in figures.list_tasks_titled(title="write  the report", actor=ada.actor)] == [task.id]
    assert [found.id for found in figures.list_tasks_titled(title=long_title, actor=ada.actor)] == [other.id]


@pytest.mark.parametrize("name", ["category", "tag", "customer"])
def test_a_week_costs_as_much_after_years_as_after_a_week(ada: Person, name: str) -> None:
    review, tag_id = make_label(Category, ada, "Review"), make_label(Tag, ada, "urgent")
    tasks = [make_task(ada, title=f"Task {number}", category_id=review) for number in range(10)]
    with transaction():
        db.session.add_all(TaskTag(task_id=task.id, tag_id=tag_id) for task in tasks)
    task_ids = [task.id for task in tasks]
    week = SheetCriteria(period=WEEK, user_id=None)
    asked = {
        "category": replace(week, category_id=review),
        "tag": replace(week, tag_id=tag_id),
        "customer": replace(week, customer_id="none"),
    }[name]
    question: Callable[[], Any] = lambda: figures.sum_time(criteria=asked, actor=ada.actor, now=NOW)  # noqa: E731

    make_history(ada, task_ids, range(7))
    question()
    of_a_week = work_of(question)
    make_history(ada, task_ids, range(7, 90))

    assert question().seconds == 70 * HOUR
    assert work_of(question) <= 1.3 * of_a_week


@pytest.mark.parametrize("name", ["created", "open of a customer", "finished of a category"])
def test_tasks_cost_as_much_after_years_as_at_the_beginning(ada: Person, name: str) -> None:
    review = make_label(Category, ada, "Review")
    for number in range(20):
        make_task(ada, title=f"New {number}", category_id=review, status=Status.DONE if number % 2 else Status.TODO)
    asked = {
        "created": ChosenTasks(MONTH),
        "open of a customer": ChosenTasks(None, figures.OPEN, customer_id="none"),
        "finished of a category": ChosenTasks(MONTH, (Status.DONE,), category_id=review),
    }[name]
    question: Callable[[], Any] = lambda: figures.sum_tasks(criteria=asked, actor=ada.actor)  # noqa: E731
    expected, at_first = question(), work_of(question)

    make_old_tasks(ada, 800, category_id=review)

    assert question() == expected
    assert work_of(question) <= 1.3 * at_first + 30


def make_old_tasks(owner: Person, count: int, *, category_id: int) -> None:
    """Put tasks that were finished years ago straight into their table."""
    long_ago = datetime(2020, 5, 5, tzinfo=UTC)
    values = {
        "workspace_id": owner.workspace_id,
        "title": "Old",
        "title_key": "old",
        "description": "",
        "status": Status.DONE,
        "category_id": category_id,
        "created_at": long_ago,
        "created_on": long_ago.date(),
        "updated_at": long_ago,
        "completed_at": long_ago,
        "completed_on": long_ago.date(),
    }
    with transaction():
        db.session.execute(insert(Task), [values] * count)
    if db.engine.dialect.name != "sqlite":
        db.session.execute(text("ANALYZE TABLE tasks")).all()
