"""What is a part of what: no circles, no endless stairs, and what becomes of the parts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from itertools import pairwise
from threading import Barrier

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from tests.cast import NOW, Person, make_task
from tests.page import Visit, error_of, texts, words
from webapp.errors import DomainError, InvalidInput
from webapp.storage.db import db
from webapp.tasks.models import Task
from webapp.tasks.operations import subtasks, timers
from webapp.tasks.operations import tasks as operations
from webapp.tasks.queries.parents import count_levels, list_subtasks, list_way_up
from webapp.tasks.queries.tasks import get_task
from webapp.tasks.queries.timers import find_running
from webapp.tasks.rules.parents import MOST_LEVELS, Step, check_parent
from webapp.tasks.rules.tasks import TaskDetails
from webapp.values.status import Status

LATER = NOW + timedelta(hours=1)
CONNECTIONS = 4


def put_under(task: Task, parent: Task | None, person: Person, *, now: datetime = NOW) -> None:
    """Give a task a parent, as its form does."""
    db.session.rollback()
    held = db.session.get_one(Task, task.id, populate_existing=True)
    details = TaskDetails(title=held.title, parent_id=parent.id if parent else None)
    operations.save_task(task_id=task.id, details=details, version=held.version, actor=person.actor, now=now)


def parent_of(task: Task) -> int | None:
    db.session.rollback()
    return db.session.get_one(Task, task.id, populate_existing=True).parent_id


def parts_of(task: Task, person: Person) -> list[int]:
    return [part.id for part in list_subtasks(task_id=task.id, now=NOW, actor=person.actor)]


def chain(person: Person, length: int) -> list[Task]:
    """Tasks each of which is a part of the one before."""
    tasks = [make_task(person, title=f"Level {number}") for number in range(1, length + 1)]
    for above, below in pairwise(tasks):
        put_under(below, above, person)
    return tasks


def test_check_parent_names_the_way_round() -> None:
    way_up = [Step(3, "Paint"), Step(2, "Kitchen"), Step(1, "House")]

    with pytest.raises(InvalidInput, match="“House” › “Kitchen” › “Paint”") as refusal:
        check_parent(task=Step(1, "House"), levels_of_task=3, way_up=way_up)

    assert refusal.value.field == "parent"


def test_check_parent_keeps_long_titles_short() -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_parent(task=Step(1, "x" * 500), levels_of_task=2, way_up=[Step(2, "y" * 500), Step(1, "x" * 500)])

    assert len(refusal.value.message) < 300


def test_a_task_becomes_a_part_of_another_and_stands_alone_again(ada: Person) -> None:
    house, kitchen = make_task(ada, title="House"), make_task(ada, title="Kitchen")

    put_under(kitchen, house, ada)
    assert parts_of(house, ada) == [kitchen.id]
    assert [step.title for step in list_way_up(task_id=kitchen.id, actor=ada.actor)] == ["Kitchen", "House"]

    put_under(kitchen, None, ada)
    assert parts_of(house, ada) == []


def test_parts_stand_in_the_order_in_which_they_came(ada: Person) -> None:
    house = make_task(ada, title="House")
    parts = [make_task(ada, title=title) for title in ("Roof", "Attic", "Cellar")]
    for part in reversed(parts):
        put_under(part, house, ada)

    assert parts_of(house, ada) == [part.id for part in reversed(parts)]


def test_a_circle_is_refused_with_its_path(ada: Person) -> None:
    top, middle, bottom = chain(ada, 3)

    with pytest.raises(InvalidInput, match="“Level 1” › “Level 2” › “Level 3”"):
        put_under(top, bottom, ada)
    with pytest.raises(InvalidInput, match="a part of itself"):
        put_under(middle, middle, ada)

    assert (parent_of(top), parent_of(middle), parent_of(bottom)) == (None, top.id, middle.id)


def test_a_circle_through_the_trash_is_refused(ada: Person) -> None:
    top, middle, bottom = chain(ada, 3)
    operations.delete_task(task_id=middle.id, actor=ada.actor, now=NOW)
    operations.restore_task(task_id=bottom.id, actor=ada.actor, now=NOW)

    with pytest.raises(InvalidInput, match="already"):
        put_under(top, bottom, ada)


def test_there_are_five_levels_and_no_more(ada: Person) -> None:
    tasks = chain(ada, MOST_LEVELS)
    assert count_levels(task_id=tasks[0].id) == MOST_LEVELS
    extra = make_task(ada, title="Extra")

    with pytest.raises(InvalidInput, match="6 levels"):
        put_under(extra, tasks[-1], ada)
    with pytest.raises(InvalidInput, match="6 levels"):
        put_under(tasks[0], extra, ada)


def test_a_parent_elsewhere_or_in_the_trash_is_none(ada: Person, cy: Person) -> None:
    task, theirs, gone = make_task(ada), make_task(cy), make_task(ada)
    operations.delete_task(task_id=gone.id, actor=ada.actor, now=NOW)

    for parent in (theirs, gone):
        with pytest.raises(InvalidInput, match="no such task"):
            put_under(task, parent, ada)
        with pytest.raises(InvalidInput, match="no such task"):
            operations.create_task(details=TaskDetails(title="New", parent_id=parent.id), actor=ada.actor, now=NOW)


def test_the_page_counts_what_is_not_in_the_trash(visit: Visit, ada: Person) -> None:
    house = make_task(ada, title="House")
    done, _, gone = (
        subtasks.add_subtask(task_id=house.id, title=title, actor=ada.actor, now=NOW)
        for title in ("Done", "Open", "Gone")
    )
    operations.set_status(task_id=done, status=Status.DONE, actor=ada.actor, now=NOW)
    operations.delete_task(task_id=gone, actor=ada.actor, now=NOW)

    page = visit(f"/tasks/{house.id}", as_=ada)

    assert words(page.select_one(".progress__text")) == "1 of 2 done"
    assert texts(page.select(".part__title")) == ["Done", "Open"]


def test_a_part_is_added_on_the_page_for_the_same_customer_and_category(visit: Visit, ada: Person) -> None:
    house_id = operations.create_task(details=TaskDetails(title="House", category="Home"), actor=ada.actor, now=NOW)

    visit.send(f"/tasks/{house_id}/subtasks", {"title": "Roof"}, as_=ada)

    page = visit(f"/tasks/{house_id}", as_=ada)
    part = page.select_one(".part__title")
    assert part is not None
    below = visit(str(part["href"]), as_=ada)
    assert words(below.select_one(".page-head__back")) == "Tasks House"
    assert "Home" in words(below.select_one(".facts"))


@pytest.mark.parametrize("typed", ["", " ", "x" * 501, "a\0b"])
def test_a_part_without_a_title_comes_back(visit: Visit, ada: Person, typed: str) -> None:
    house = make_task(ada, title="House")

    answer = visit.send(f"/tasks/{house.id}/subtasks", {"title": typed}, as_=ada, status=422)

    page = BeautifulSoup(answer.text, "html.parser")
    field = page.select_one("#subtask-title")
    assert field is not None
    assert field["value"] == typed
    assert page.select_one("#subtask-title-error") is not None
    assert parts_of(house, ada) == []


def test_the_sixth_level_is_refused_on_the_page(visit: Visit, ada: Person) -> None:
    bottom = chain(ada, MOST_LEVELS)[-1]

    answer = visit.send(f"/tasks/{bottom.id}/subtasks", {"title": "Too deep"}, as_=ada, status=422)

    page = BeautifulSoup(answer.text, "html.parser")
    assert "6 levels" in words(page.select_one("#subtask-title-error"))
    # The page it came back on can only be sent to: its other forms lead to the one that can be opened.
    assert {str(field["value"]) for field in page.select("input[name=next]")} >= {f"/tasks/{bottom.id}"}
    assert not page.select(f"input[name=next][value='/tasks/{bottom.id}/subtasks']")


def test_move_up_puts_a_part_before_the_one_above(visit: Visit, ada: Person) -> None:
    house = make_task(ada, title="House")
    one, two, three = (
        subtasks.add_subtask(task_id=house.id, title=title, actor=ada.actor, now=NOW) for title in ("1", "2", "3")
    )

    visit.send(f"/tasks/{three}/up", as_=ada)
    assert parts_of(house, ada) == [one, three, two]
    visit.send(f"/tasks/{one}/up", as_=ada)
    assert parts_of(house, ada) == [one, three, two]
    visit.send(f"/tasks/{house.id}/up", as_=ada, status=404)


@pytest.mark.server
def test_move_up_at_once_with_deleting_finds_it_or_not(app: Flask, ada: Person) -> None:
    house = make_task(ada, title="House")
    one, two = (
        subtasks.add_subtask(task_id=house.id, title=title, actor=ada.actor, now=NOW) for title in ("One", "Two")
    )
    barrier = Barrier(2)

    def run(is_deleting: bool) -> None:
        for _ in range(15):
            with app.app_context():
                barrier.wait(timeout=10)
                try:
                    if is_deleting:
                        operations.delete_task(task_id=two, actor=ada.actor, now=NOW)
                        operations.restore_task(task_id=two, actor=ada.actor, now=NOW)
                    else:
                        subtasks.move_up(task_id=two, actor=ada.actor, now=NOW)
                except DomainError:
                    pass
                finally:
                    db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, [True, False]))

    assert sorted(parts_of(house, ada)) == sorted([one, two])


def test_the_way_up_ends_at_what_is_in_the_trash(visit: Visit, ada: Person) -> None:
    top, middle, bottom = chain(ada, 3)
    operations.delete_task(task_id=middle.id, actor=ada.actor, now=NOW)
    operations.restore_task(task_id=bottom.id, actor=ada.actor, now=NOW)

    page = visit(f"/tasks/{bottom.id}", as_=ada)

    assert words(page.select_one(".page-head__back")) == "Tasks"
    assert parts_of(top, ada) == []


def test_delete_takes_the_parts_along_and_restore_brings_back_those_that_went_with_it(ada: Person) -> None:
    top, middle, bottom = chain(ada, 3)
    before = make_task(ada, title="Gone before")
    put_under(before, top, ada)
    operations.delete_task(task_id=before.id, actor=ada.actor, now=NOW)
    timers.start_timer(task_id=bottom.id, actor=ada.actor, now=NOW)

    assert operations.delete_task(task_id=top.id, actor=ada.actor, now=LATER) == 2
    db.session.rollback()
    assert find_running(user_id=ada.user_id) is None
    assert all(db.session.get_one(Task, task.id).is_deleted for task in (top, middle, bottom))

    operations.restore_task(task_id=top.id, actor=ada.actor, now=LATER)
    db.session.rollback()
    assert not any(db.session.get_one(Task, task.id).is_deleted for task in (top, middle, bottom))
    assert db.session.get_one(Task, before.id).is_deleted
    assert parent_of(bottom) == middle.id


def test_the_message_says_that_parts_went_along(visit: Visit, ada: Person) -> None:
    top, _middle, _bottom = chain(ada, 3)

    answer = visit.send(f"/tasks/{top.id}/delete", as_=ada)

    assert "in the trash, with 2 subtasks." in words(visit.follow(answer, as_=ada).select_one(".flash"))


def test_a_task_falls_to_whoever_adds_it_and_to_whom_they_say(ada: Person, ben: Person, cy: Person) -> None:
    mine = operations.create_task(details=TaskDetails(title="Mine"), actor=ada.actor, now=NOW)
    his = operations.create_task(details=TaskDetails(title="His", assignee_id=ben.user_id), actor=ada.actor, now=NOW)

    assert get_task(task_id=mine, actor=ada.actor).assignee_id == ada.user_id
    assert get_task(task_id=his, actor=ada.actor).assignee_id == ben.user_id
    with pytest.raises(InvalidInput, match="no such person") as refusal:
        operations.create_task(details=TaskDetails(title="No", assignee_id=cy.user_id), actor=ada.actor, now=NOW)
    assert refusal.value.field == "assignee"


@pytest.mark.parametrize("due", [{"due_on": date(2026, 11, 20)}, {"due_at": NOW}])
def test_a_task_does_not_hide_until_after_it_is_due(ada: Person, due: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match="after it is due") as refusal:
        operations.create_task(
            details=TaskDetails(title="Late", starts_on=date(2026, 11, 22), **due),  # type: ignore[arg-type]
            actor=ada.actor,
            now=NOW,
        )

    assert refusal.value.field == "starts"


def test_the_form_keeps_and_shows_start_parent_and_assignee(visit: Visit, ada: Person, ben: Person) -> None:
    house = make_task(ada, title="House")
    fields = {"title": "Kitchen", "starts": "2026-12-01", "parent": str(house.id), "assignee": str(ben.user_id)}
    answer = visit.send("/tasks", fields, as_=ada)

    task_id = int(answer.location.rsplit("/", 1)[1])
    task = get_task(task_id=task_id, actor=ada.actor)
    assert (task.starts_on, task.parent_id, task.assignee_id) == (date(2026, 12, 1), house.id, ben.user_id)
    page = visit(f"/tasks/{task_id}/edit", as_=ada)
    more = page.select_one("main details.disclosure")
    assert more is not None
    assert more.has_attr("open")
    chosen = {str(select["name"]): words(select.find("option", selected=True)) for select in page.select("main select")}
    assert (chosen["parent"], chosen["assignee"]) == ("House", "Ben Ito")


def test_a_form_that_does_not_speak_of_them_changes_them_not(visit: Visit, ada: Person, ben: Person) -> None:
    house = make_task(ada, title="House")
    task_id = operations.create_task(
        details=TaskDetails(title="Kitchen", parent_id=house.id, assignee_id=ben.user_id, starts_on=date(2026, 12, 1)),
        actor=ada.actor,
        now=NOW,
    )

    visit.send(f"/tasks/{task_id}", {"title": "Cooking", "version": "1"}, as_=ada)

    task = get_task(task_id=task_id, actor=ada.actor)
    assert (task.title, task.parent_id, task.assignee_id) == ("Cooking", house.id, ben.user_id)
    assert task.starts_on == date(2026, 12, 1)


def test_the_form_of_a_new_task_takes_its_first_values_from_the_address(visit: Visit, ada: Person) -> None:
    house = make_task(ada, title="House")

    page = visit(f"/tasks/new?parent={house.id}&title=Paint&due=2026-12-24&request_key=x&status=bad", as_=ada)

    assert words(page.select_one("#parent option[selected]")) == "House"
    assert page.select_one("#title")["value"] == "Paint"  # type: ignore[index]
    assert page.select_one("#due")["value"] == "2026-12-24"  # type: ignore[index]


def test_few_fields_come_first(visit: Visit, ada: Person) -> None:
    page = visit("/tasks/new", as_=ada)

    more = page.select_one("main details.disclosure")
    assert more is not None
    assert not more.has_attr("open")
    assert page.select_one("#assignee") is None


@pytest.mark.parametrize(
    "name, typed",
    [
        ("parent", "abc"),
        ("parent", "-1"),
        ("parent", "99999999"),
        ("parent", "9" * 400),
        ("assignee", "1; drop"),
        ("assignee", "99999999"),
        ("starts", "0000-01-01"),
        ("starts", "99999-12-31"),
        ("starts", "2026-02-30"),
        ("starts", "tomorrow\0"),
    ],
)
def test_bad_input_opens_the_rest_with_a_sentence(visit: Visit, ada: Person, name: str, typed: str) -> None:
    make_task(ada)

    answer = visit.send("/tasks", {"title": "Kept", name: typed}, as_=ada, status=422)

    page = BeautifulSoup(answer.text, "html.parser")
    assert error_of(page, name)
    assert page.select_one("main details.disclosure[open]") is not None


@pytest.mark.server
def test_fifty_who_make_circles_at_once_make_none(app: Flask, ada: Person) -> None:
    tasks = [make_task(ada, title=f"T{number}") for number in range(5)]
    ids = [task.id for task in tasks]
    edges = [(ids[number % 5], ids[(number * 3 + 1 + number // 5) % 5]) for number in range(50)]
    # As many at once as there are connections: whoever waited for one would only be late.
    barrier = Barrier(CONNECTIONS)

    def put(number: int) -> None:
        with app.app_context():
            if number < CONNECTIONS:
                barrier.wait()
            child, parent = edges[number]
            try:
                held = db.session.get_one(Task, child)
                details = TaskDetails(title=held.title, parent_id=parent)
                operations.save_task(task_id=child, details=details, version=held.version, actor=ada.actor, now=NOW)
            except DomainError:
                return
            finally:
                db.session.remove()

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        list(threads.map(put, range(50)))

    db.session.rollback()
    parents = {task_id: db.session.get_one(Task, task_id, populate_existing=True).parent_id for task_id in ids}
    assert any(parents.values())
    for task_id in ids:
        seen: list[int] = []
        above: int | None = task_id
        while above is not None:
            assert above not in seen
            seen.append(above)
            above = parents[above]
