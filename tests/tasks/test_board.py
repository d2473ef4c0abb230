"""The board: a column a status, what it holds, and how cards move."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup

from tests.cast import NOW, Person, make_task
from tests.page import Visit, texts, words
from tests.tasks.test_list_costs import cost_of, fill
from webapp.storage.db import db
from webapp.tasks.errors import TaskMovedMeanwhile
from webapp.tasks.models import Task
from webapp.tasks.operations import blockers
from webapp.tasks.operations import tasks as operations
from webapp.tasks.queries import board as queries
from webapp.tasks.rules.criteria import TaskCriteria
from webapp.values.priority import Priority
from webapp.values.status import Status


def cards(page: BeautifulSoup, status: str) -> list[str]:
    return texts(page.select(f"#column-{status} .task-card__title"))


def make_due(owner: Person, title: str, days: int) -> Task:
    due_at = datetime(2026, 11, 20, 12, tzinfo=UTC) + timedelta(days=days)
    return make_task(owner, title=title, due_at=due_at, due_sort=due_at)


def test_each_task_stands_in_the_column_of_its_status(visit: Visit, ada: Person, ben: Person) -> None:
    make_task(ada, title="waits")
    make_task(ada, title="is in work", status=Status.DOING)
    make_task(ada, title="is done", status=Status.DONE)
    make_task(ada, title="is gone", is_deleted=True)

    page = visit("board.index", as_=ben)

    assert [cards(page, status) for status in Status] == [["waits"], ["is in work"], ["is done"]]


def test_a_board_holds_nothing_of_a_stranger(visit: Visit, ada: Person, cy: Person) -> None:
    make_task(ada, title="secret")

    assert "secret" not in words(visit("board.index", as_=cy).main)


def test_the_most_pressing_comes_first(visit: Visit, ada: Person) -> None:
    for title, days in [("later", 5), ("soon", 1), ("late", -3)]:
        make_due(ada, title, days)
    make_task(ada, title="never", priority=Priority.LOW)
    make_task(ada, title="urgent", priority=Priority.URGENT)

    with time_machine.travel(NOW, tick=False):
        page = visit("board.index", as_=ada)

    assert cards(page, "todo") == ["late", "soon", "later", "urgent", "never"]


def test_what_matters_is_found_behind_what_is_due(ada: Person) -> None:
    for number in range(queries.MOST_IN_A_COLUMN + 5):
        make_due(ada, f"in a year {number}", 365 + number)
    make_task(ada, title="urgent", priority=Priority.URGENT)

    todo = queries.list_columns(criteria=TaskCriteria(now=NOW, status=Status.TODO), actor=ada.actor)[0]

    assert todo.rows[0].title == "urgent"
    assert (len(todo.rows), todo.has_more) == (queries.MOST_IN_A_COLUMN, True)


def test_a_card_says_what_holds_it_up_and_how_far_its_parts_are(visit: Visit, ada: Person, ben: Person) -> None:
    first, second = make_task(ada, title="first"), make_task(ada, title="second", assignee_id=ben.user_id)
    blockers.add_blocker(task_id=second.id, blocked_by_id=first.id, actor=ada.actor, now=NOW)

    page = visit("board.index", as_=ada)

    assert "Blocked" in words(page.select_one(f"#task-{second.id} .task-card__labels"))
    assert "Assigned to" in words(page.select_one(f"#task-{second.id} .task-card__labels"))
    assert "Blocked" not in words(page.select_one(f"#task-{first.id}"))


def test_a_blocked_card_is_not_done_and_says_why(visit: Visit, ada: Person) -> None:
    first, second = make_task(ada, title="first"), make_task(ada, title="second")
    blockers.add_blocker(task_id=second.id, blocked_by_id=first.id, actor=ada.actor, now=NOW)

    answer = visit.post(
        f"/tasks/{second.id}/status",
        {"status": "done", "was": "todo"},
        as_=ada,
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 409
    assert "first" in answer.json["detail"]  # type: ignore[index]
    assert cards(visit("board.index", as_=ada), "todo") == ["first", "second"]


def test_a_board_takes_few_statements_and_rows_however_much_there_is(visit: Visit, ada: Person) -> None:
    def look() -> None:
        queries.list_columns(criteria=TaskCriteria(now=NOW), actor=ada.actor)

    fill(ada, 600)
    few = cost_of(look)
    fill(ada, 3000, have=600)
    many = cost_of(look)

    assert many <= 1.5 * few + 100
    visit("board.index", as_=ada, most_statements=12)


def test_a_column_says_that_there_is_more(visit: Visit, ada: Person) -> None:
    for number in range(queries.MOST_IN_A_COLUMN + 1):
        make_task(ada, title=f"task {number}")

    page = visit("board.index", as_=ada, priority="medium")

    assert len(cards(page, "todo")) == queries.MOST_IN_A_COLUMN
    assert page.select_one("#column-todo .task-board__more a[href='/tasks?priority=medium&status=todo&sort=-urgency']")


def test_filters_hold_for_every_column(visit: Visit, ada: Person) -> None:
    make_task(ada, title="harbour one")
    make_task(ada, title="harbour two", status=Status.DONE)
    make_task(ada, title="other")

    page = visit("board.index", as_=ada, q="harbour")

    assert (cards(page, "todo"), cards(page, "done")) == (["harbour one"], ["harbour two"])
    assert page.select_one(".view-switch a[href='/tasks?q=harbour']")


def test_a_status_in_the_address_leaves_its_column_alone(visit: Visit, ada: Person) -> None:
    make_task(ada, title="waits")

    page = visit("/tasks/board?status=doing", as_=ada)

    assert texts(page.select("main h2")) == ["Doing 0"]
    assert page.select_one("a.chip[href='/tasks/board']")


@pytest.mark.parametrize("asked", ["status=late", "due=never", "priority=9", "q=%00", "sort=colour"])
def test_a_filter_that_is_not_known_is_refused(visit: Visit, ada: Person, asked: str) -> None:
    visit(f"/tasks/board?{asked}", as_=ada, status=422)


def test_a_button_moves_a_card_and_comes_back_to_the_board(visit: Visit, ada: Person) -> None:
    task = make_task(ada, title="waits")
    board = visit("board.index", as_=ada, q="waits")
    form = board.select_one("#column-todo .task-card__moves")
    assert form
    fields = {str(field["name"]): str(field["value"]) for field in form.select("input[name]")}
    assert [str(button["value"]) for button in form.select("button")] == ["doing", "done"]

    answer = visit.send(str(form["action"]), {**fields, "status": "doing"}, as_=ada)

    assert answer.location == "/tasks/board?q=waits"
    assert cards(visit.follow(answer, as_=ada), "doing") == [task.title]


def test_who_moves_what_somebody_has_moved_is_told_where_it_is(visit: Visit, ada: Person, ben: Person) -> None:
    task = make_task(ada)
    operations.set_status(task_id=task.id, status=Status.DOING, actor=ben.actor, now=NOW)

    with pytest.raises(TaskMovedMeanwhile, match="“Doing”"):
        operations.set_status(task_id=task.id, status=Status.DONE, was=Status.TODO, actor=ada.actor, now=NOW)
    answer = visit.post(
        f"/tasks/{task.id}/status",
        {"status": "done", "was": "todo"},
        as_=ada,
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 409
    assert "Somebody moved this task to “Doing” meanwhile" in answer.json["detail"]  # type: ignore[index]
    assert db.session.get_one(Task, task.id).status is Status.DOING


def test_two_who_move_a_card_to_one_place_agree(ada: Person, ben: Person) -> None:
    task = make_task(ada)
    operations.set_status(task_id=task.id, status=Status.DONE, was=Status.TODO, actor=ben.actor, now=NOW)

    operations.set_status(task_id=task.id, status=Status.DONE, was=Status.TODO, actor=ada.actor, now=NOW)

    assert db.session.get_one(Task, task.id).status is Status.DONE


@pytest.mark.parametrize("was", ["gone", "<b>", "TODO"])
def test_a_place_that_is_none_is_refused(visit: Visit, ada: Person, was: str) -> None:
    task = make_task(ada)

    visit.send(f"/tasks/{task.id}/status", {"status": "done", "was": was}, as_=ada, status=422)


def test_done_is_what_was_done_last(ada: Person) -> None:
    for hours in (3, 1, 2):
        at = NOW - timedelta(hours=hours)
        make_task(ada, title=str(hours), status=Status.DONE, completed_at=at, updated_at=at)

    done = queries.list_columns(criteria=replace(TaskCriteria(now=NOW), status=Status.DONE), actor=ada.actor)

    assert [[row.title for row in column.rows] for column in done] == [["1", "2", "3"]]
