"""How pressing tasks are, as the database has them; the list by urgency; the weights of a workspace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import NOW, TODAY, Person, make_person, make_task
from tests.conftest import empty_database
from tests.page import Visit, check, counted_statements, error_of, texts, words
from tests.tasks.test_list_costs import FEW, MANY, cost_of, fill
from webapp.errors import NotAllowed
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import NO_DUE, Category, Task, UrgencyWeights
from webapp.tasks.operations.blockers import add_blocker
from webapp.tasks.operations.timers import start_timer
from webapp.tasks.operations.urgency import save_weights
from webapp.tasks.queries.tasks import list_tasks
from webapp.tasks.queries.urgency import get_weights, list_most_urgent, urgencies
from webapp.tasks.rules.criteria import Sort, TaskCriteria
from webapp.tasks.rules.due import due_sort
from webapp.tasks.rules.urgency import NOT_URGENT, Weights
from webapp.values.page import UnreadableCursor
from webapp.values.priority import Priority
from webapp.values.status import Status

MOST_URGENT = TaskCriteria(NOW, sort=Sort.URGENCY, is_descending=True)


def due(day: date) -> dict[str, object]:
    return {"due_on": day, "due_sort": due_sort(due_on=day, due_at=None)}


def link(owner: Person, task: Task, blocker: Task) -> None:
    add_blocker(task_id=task.id, blocked_by_id=blocker.id, actor=owner.actor, now=NOW)


def points(owner: Person, task: Task) -> dict[str, str]:
    found = urgencies(task_ids=[task.id], now=NOW, actor=owner.actor)[task.id]
    return {term.name: str(term.points) for term in found.terms}


def test_urgencies_are_read_from_the_task_and_what_hangs_on_it(ada: Person) -> None:
    task = make_task(ada, priority=Priority.HIGH, created_at=NOW - timedelta(days=365), **due(TODAY))
    before, after, done = make_task(ada), make_task(ada), make_task(ada, status=Status.DONE)
    link(ada, task, before)
    link(ada, task, done)
    link(ada, after, task)
    start_timer(task_id=task.id, actor=ada.actor, now=NOW)

    assert points(ada, task) == {
        "due": "8.80",
        "blocking": "8.00",
        "active": "4.00",
        "high": "3.90",
        "age": "2.00",
        "blocked": "-5.00",
    }
    found = urgencies(task_ids=[task.id, done.id, 999_999], now=NOW, actor=ada.actor)
    assert found[done.id] == NOT_URGENT
    assert set(found) == {task.id, done.id}


def test_what_waits_passes_its_urgency_on_through_others(ada: Person) -> None:
    last = make_task(
        ada,
        title="Last",
        priority=Priority.URGENT,
        created_at=NOW - timedelta(days=365),
        **due(TODAY - timedelta(days=9)),
    )
    middle, first = make_task(ada, title="Middle", priority=Priority.LOW), make_task(ada, priority=Priority.LOW)
    link(ada, last, middle)
    link(ada, middle, first)

    # 12 + 6 + 2 - 5 of the last; the first two have 8 - 5 and 8 of their own.
    assert points(ada, middle) == {"blocking": "8.00", "blocked": "-5.00", "inherited": "12.00"}
    assert points(ada, first) == {"blocking": "8.00", "inherited": "7.00"}


def test_urgencies_of_others_are_not_told(ada: Person, cy: Person) -> None:
    task = make_task(ada)

    assert urgencies(task_ids=[task.id], now=NOW, actor=cy.actor) == {}


def test_urgencies_of_many_tasks_take_few_statements(ada: Person) -> None:
    task_ids = [make_task(ada).id for _ in range(30)]

    with counted_statements() as statements:
        found = urgencies(task_ids=task_ids, now=NOW, actor=ada.actor)

    assert len(found) == 30
    assert len(statements) <= 2


def ids(owner: Person, criteria: TaskCriteria, *, window: int = 200) -> list[int]:
    """Return the ids on all pages, walked to the end and back again."""
    forward: list[int] = []
    pages = []
    after = None
    while True:
        page = list_most_urgent(criteria=replace(criteria, after=after), actor=owner.actor, window=window)
        pages.append([row.id for row in page.rows])
        forward += pages[-1]
        if page.later is None:
            break
        after = page.later
    for expected in reversed(pages[:-1]):
        page = list_most_urgent(criteria=replace(criteria, after=page.earlier), actor=owner.actor, window=window)
        assert [row.id for row in page.rows] == expected
    return forward


A_TASK = st.fixed_dictionaries(
    {
        "status": st.sampled_from(Status),
        "priority": st.sampled_from(Priority),
        "created_at": st.integers(0, 400).map(lambda days: NOW - timedelta(days=days)),
        "day": st.none() | st.integers(-10, 20).map(lambda days: TODAY + timedelta(days=days)),
        "starts_on": st.sampled_from([None, None, TODAY + timedelta(days=3)]),
    }
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kinds=st.lists(A_TASK, max_size=14),
    links=st.lists(
        st.tuples(st.integers(0, 13), st.integers(0, 13)).filter(lambda pair: pair[0] < pair[1]), max_size=5
    ),
    is_descending=st.booleans(),
    limit=st.integers(1, 6),
    window=st.integers(1, 5),
)
def test_the_list_by_urgency_is_that_of_a_plain_sort(
    app: Flask,
    kinds: list[dict[str, object]],
    links: list[tuple[int, int]],
    is_descending: bool,
    limit: int,
    window: int,
) -> None:
    empty_database()
    owner = make_person(app, name="Ada", email="ada@example.com")
    tasks = []
    for kind in kinds:
        day = kind.pop("day")
        tasks.append(make_task(owner, due_on=day, due_sort=due_sort(due_on=day, due_at=None), **kind))  # type: ignore[arg-type]
    for one, other in links:
        if other < len(tasks):
            link(owner, tasks[one], tasks[other])
    found = urgencies(task_ids=[task.id for task in tasks], now=NOW, actor=owner.actor)
    order = sorted(
        tasks,
        key=lambda task: (task.status is not Status.DONE, found[task.id].total, -task.id),
        reverse=is_descending,
    )
    expected = [task.id for task in order]
    criteria = TaskCriteria(NOW, sort=Sort.URGENCY, is_descending=is_descending, limit=limit)

    assert ids(owner, criteria) == expected
    # Where it did not look at all tasks it still says nothing but what is so.
    page = list_most_urgent(criteria=criteria, actor=owner.actor, window=window)
    if page.among is None:
        assert [row.id for row in page.rows] == expected[:limit]


def test_a_list_that_cannot_look_at_all_says_so_where_it_must(ada: Person) -> None:
    pressing = make_task(
        ada, priority=Priority.URGENT, created_at=NOW - timedelta(days=400), **due(TODAY - timedelta(days=9))
    )
    for _ in range(8):
        make_task(ada)

    first = list_most_urgent(criteria=replace(MOST_URGENT, limit=1), actor=ada.actor, window=3)
    more = list_most_urgent(criteria=MOST_URGENT, actor=ada.actor, window=3)

    assert ([row.id for row in first.rows], first.among) == ([pressing.id], None)
    assert more.among == len(more.rows) < 9


def test_what_is_done_comes_last_and_filters_hold(ada: Person) -> None:
    done = make_task(ada, status=Status.DONE, priority=Priority.URGENT)
    low, high = make_task(ada, priority=Priority.LOW), make_task(ada, priority=Priority.HIGH)

    assert ids(ada, MOST_URGENT) == [high.id, low.id, done.id]
    assert ids(ada, replace(MOST_URGENT, priority=Priority.LOW)) == [low.id]
    assert ids(ada, replace(MOST_URGENT, status=Status.DONE)) == [done.id]
    assert [row.id for row in list_tasks(criteria=MOST_URGENT, actor=ada.actor).rows] == [high.id, low.id, done.id]


def test_later_pages_are_reckoned_from_when_the_first_was(ada: Person) -> None:
    old, soon = (
        make_task(ada, priority=Priority.LOW, created_at=NOW - timedelta(days=365)),
        make_task(ada, priority=Priority.LOW, **due(TODAY + timedelta(days=14))),
    )
    third = make_task(ada, priority=Priority.LOW)
    first = list_most_urgent(criteria=replace(MOST_URGENT, limit=1), actor=ada.actor)
    assert [row.id for row in first.rows] == [soon.id]

    later = TaskCriteria(NOW + timedelta(days=300), sort=Sort.URGENCY, is_descending=True, after=first.later)

    assert [row.id for row in list_most_urgent(criteria=later, actor=ada.actor).rows] == [old.id, third.id]


@pytest.mark.parametrize(
    "after",
    ["x", "WyJkdWUiLDAsMSwyXQ", "WyItdXJnZW5jeSIsMCwieCIsMSwyXQ", "WyItdXJnZW5jeSIsMCw5OTk5OTk5OTk5OTk5OTksMSwyXQ"],
)
def test_a_cursor_of_another_list_is_refused(ada: Person, after: str) -> None:
    with pytest.raises(UnreadableCursor):
        list_most_urgent(criteria=replace(MOST_URGENT, after=after), actor=ada.actor)


def test_the_page_of_the_list_sorts_both_ways(visit: Visit, ada: Person) -> None:
    make_task(ada, title="Low", priority=Priority.LOW)
    make_task(ada, title="Urgent", priority=Priority.URGENT, due_sort=NO_DUE)

    def titles(sort: str) -> list[str]:
        return texts(visit(f"/tasks?sort={sort}", as_=ada).select(".task-row__title"))

    assert titles("-urgency") == ["Urgent", "Low"]
    assert titles("urgency") == ["Low", "Urgent"]


def test_the_list_by_urgency_reads_as_much_of_many_tasks_as_of_few(ada: Person) -> None:
    link(ada, make_task(ada), make_task(ada))
    fill(ada, FEW)
    small = cost_of(lambda: list_most_urgent(criteria=MOST_URGENT, actor=ada.actor, window=40))

    fill(ada, MANY, have=FEW + 2)
    large = cost_of(lambda: list_most_urgent(criteria=MOST_URGENT, actor=ada.actor, window=40))

    # A little more: of few tasks, those due first and those that matter most are often the same.
    assert large <= 1.5 * small


def test_a_rare_kind_of_task_is_found_among_many(ada: Person) -> None:
    fill(ada, MANY)
    rare = Category(workspace_id=ada.workspace_id, name="Rare", name_key="rare")
    with transaction():
        db.session.add(rare)
    wanted = [
        make_task(ada, priority=Priority.LOW, category_id=rare.id).id,
        make_task(ada, priority=Priority.LOW, category_id=rare.id, status=Status.DONE).id,
    ]

    page = list_most_urgent(criteria=replace(MOST_URGENT, category="Rare"), actor=ada.actor)

    assert ([row.id for row in page.rows], page.among) == (wanted, None)


OTHERS = {
    **dict.fromkeys(("blocking", "urgent", "high", "medium", "active", "age", "waiting", "blocked"), "0"),
    "due": "3.5",
    "low": "-1",
}


def test_an_owner_changes_the_weights_and_goes_back(visit: Visit, ada: Person, ben: Person) -> None:
    task = make_task(ada, priority=Priority.LOW, **due(TODAY - timedelta(days=9)))

    visit.send("urgency.save", OTHERS, as_=ada)

    assert points(ben, task) == {"due": "3.50", "low": "-1.00"}
    assert get_weights(actor=ada.actor) == Weights(**{name: Decimal(value) for name, value in OTHERS.items()})
    assert visit("urgency.show", as_=ada).find("input", attrs={"name": "due", "value": "3.5"})
    visit.send("urgency.reset", as_=ada)
    assert get_weights(actor=ada.actor) == Weights()
    assert db.session.get(UrgencyWeights, ada.workspace_id) is None


def test_the_second_of_two_owners_is_told_what_the_first_saved(visit: Visit, ada: Person) -> None:
    mark = {"mark": str(field_of(visit("urgency.show", as_=ada), "mark")["value"])}
    visit.send("urgency.save", {**OTHERS, **mark, "age": "7"}, as_=ada)

    page = check(visit.send("urgency.save", {**OTHERS, **mark, "age": "9"}, as_=ada, status=409))

    assert get_weights(actor=ada.actor).age == 7
    assert "Another owner changed" in words(page.main)
    assert "Saved meanwhile: 7" in words(page.main)
    assert field_of(page, "age")["value"] == "9"
    visit.send("urgency.save", {**OTHERS, "mark": str(field_of(page, "mark")["value"]), "age": "9"}, as_=ada)
    assert get_weights(actor=ada.actor).age == 9


def field_of(page: BeautifulSoup, name: str) -> Tag:
    field = page.find("input", attrs={"name": name})
    assert field is not None
    return field


def test_weights_are_shown_before_they_are_saved(visit: Visit, ada: Person) -> None:
    make_task(ada, title="Late", priority=Priority.LOW, **due(TODAY - timedelta(days=900)))

    page = check(visit.send("urgency.save", {**OTHERS, "preview": "1"}, as_=ada, status=200))

    assert texts(page.select("main td")) == ["12.00", "2.50"]
    assert "Nothing is saved yet." in words(page.main)
    assert get_weights(actor=ada.actor) == Weights()


@pytest.mark.parametrize(
    "typed, sentence", [("", "Write a number"), ("many", "Write a number"), ("101", "between"), ("1.234", "two digits")]
)
def test_what_is_no_weight_comes_back_as_typed(visit: Visit, ada: Person, typed: str, sentence: str) -> None:
    page = check(visit.send("urgency.save", {**OTHERS, "blocked": typed}, as_=ada, status=422))

    assert sentence in error_of(page, "blocked")
    assert field_of(page, "blocked")["value"] == typed
    assert get_weights(actor=ada.actor) == Weights()


def test_who_is_no_owner_reads_the_weights_and_leaves_them(visit: Visit, ada: Person, ben: Person, cy: Person) -> None:
    assert not visit("urgency.show", as_=ben).select("main form")
    visit.send("urgency.save", OTHERS, as_=ben, status=403)
    visit.send("urgency.reset", as_=ben, status=403)
    with pytest.raises(NotAllowed):
        save_weights(weights=Weights(due=Decimal(1)), actor=ben.actor, now=NOW)
    visit.send("urgency.save", OTHERS, as_=cy)

    assert get_weights(actor=ada.actor) == Weights()
