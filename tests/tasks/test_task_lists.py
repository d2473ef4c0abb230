"""Lists of tasks agree with a plain filter and sort in Python, and pages neither skip nor repeat."""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from tests.cast import NOW, Person, make_task
from tests.page import counted_statements
from webapp.customers.models import Customer
from webapp.errors import InvalidInput
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import Category, Tag, Task, TaskBlocker, TaskTag
from webapp.tasks.operations import derived
from webapp.tasks.queries import conditions, walks
from webapp.tasks.queries import tasks as queries
from webapp.tasks.rules.criteria import Due, Sort, State, TaskCriteria
from webapp.tasks.rules.due import due_sort, is_overdue
from webapp.tasks.rules.tasks import estimate_sort, title_key
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.values.text import name_key

ALL = TaskCriteria(now=NOW)
BASE = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ORDERS = [Sort.DUE, Sort.PRIORITY, Sort.CREATED, Sort.UPDATED, Sort.ESTIMATE, Sort.TITLE]
WORDS = ["offer", "Review", "100% done", "a_b", "é", "\\", "Ω report", "write tests"]
CATEGORIES = ["Sales", "Build"]
TAGS = ["home", "Office"]
CUSTOMERS = ["Acme", "Globex"]
DAYS = st.one_of(st.none(), st.integers(-6, 6).map(lambda days: date(2026, 11, 20) + timedelta(days=days)))

SPECS = st.lists(
    st.fixed_dictionaries(
        {
            "title": st.sampled_from(WORDS),
            "description": st.sampled_from(["", "", "an offer inside", "nothing"]),
            "status": st.sampled_from(Status),
            "priority": st.sampled_from(Priority),
            "category": st.sampled_from([None, *CATEGORIES]),
            "tags": st.sets(st.sampled_from(TAGS)),
            "due": st.one_of(
                st.none(),
                st.integers(-9, 9).map(lambda days: date(2026, 11, 20) + timedelta(days=days)),
                st.integers(-220, 220).map(lambda hours: BASE + timedelta(hours=hours)),
            ),
            "estimated_minutes": st.sampled_from([None, 0, 30, 90]),
            "customer": st.sampled_from([None, None, *CUSTOMERS]),
            "is_assigned": st.booleans(),
            "starts_on": st.sampled_from([None, None, date(2026, 11, 20), date(2026, 11, 21)]),
            # Which of those before it it is a part of, and waits for.
            "parent": st.one_of(st.none(), st.integers(0, 5)),
            "waits_for": st.one_of(st.none(), st.integers(0, 5)),
            "created_at": st.integers(0, 4).map(lambda hours: BASE - timedelta(hours=hours)),
            "updated_at": st.integers(0, 4).map(lambda hours: BASE + timedelta(hours=hours)),
            "is_deleted": st.sampled_from([False, False, False, True]),
        }
    ),
    max_size=24,
)


def mostly(nothing: Any, *others: Any) -> st.SearchStrategy[Any]:
    """Nothing twice as often as anything else together: lists have few filters at once."""
    return st.one_of(st.just(nothing), st.just(nothing), st.sampled_from(others))


CRITERIA = st.builds(
    TaskCriteria,
    now=st.just(NOW),
    status=mostly(None, *Status),
    priority=mostly(None, *Priority),
    category=mostly(None, "none", "sales", "BUILD", "Nobody"),
    tag=mostly(None, "home", "OFFICE", "other"),
    due=mostly(None, *Due),
    estimate=mostly(None, "none", "any", (None, 30), (30, None), (1, 89)),
    customer_id=mostly(None, "none", 0, 1),
    assignee_id=mostly(None, "none", "me"),
    state=mostly(None, *State),
    parent_id=mostly(None, 0),
    is_top_level=mostly(False, True),
    q=mostly(None, "offer", "OFF", "100", "a b", "write te", "Ω", "zebra", "%"),
    sort=st.sampled_from([None, *ORDERS]),
    is_descending=st.booleans(),
    limit=st.integers(1, 7),
)
CRITERIA = CRITERIA | st.builds(
    lambda criteria, first, last: replace(criteria, due=None, due_from=first, due_to=last), CRITERIA, DAYS, DAYS
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(specs=SPECS, criteria=CRITERIA, scanned=st.sampled_from([3, 2000]), most_ids=st.sampled_from([1, 1000]))
def test_list_tasks_agrees_with_plain_python(
    ada: Person,
    monkeypatch: pytest.MonkeyPatch,
    specs: list[dict[str, Any]],
    criteria: TaskCriteria,
    scanned: int,
    most_ids: int,
) -> None:
    # However far a page looks, and whether or not what is wanted is few enough to be fetched by its ids.
    monkeypatch.setattr(walks, "SCANNED", scanned)
    monkeypatch.setattr(conditions, "MOST_IDS", most_ids)
    kept = save(ada, specs)
    criteria = with_ids(criteria, kept)
    order = criteria.with_order()
    assert order.sort is not None
    wanted = [task for task in kept if fits(task, criteria, ada, kept)]
    wanted.sort(key=KEYS[order.sort], reverse=order.is_descending)

    forward, last_page = walk(ada, criteria)
    backward = walk_back(ada, criteria, last_page)

    assert forward == [task["id"] for task in wanted]
    assert backward == forward
    assert queries.list_matching_ids(criteria=criteria, actor=ada.actor, limit=100) == sorted(forward)
    assert queries.count_tasks(criteria=criteria, actor=ada.actor) == queries.TaskCount(len(wanted), is_more=False)


def test_a_page_tells_all_that_a_row_shows(ada: Person, ben: Person) -> None:
    spec = {"title": "Late", "category": "Sales", "tags": {"Office", "home"}, "due": date(2026, 11, 19)}
    save(ada, [{**PLAIN, **spec}])

    (row,) = queries.list_tasks(criteria=ALL, actor=ben.actor).rows

    assert (row.title, row.tags, row.due_on, row.is_overdue) == ("Late", ("home", "Office"), date(2026, 11, 19), True)
    assert row.category == queries.CategoryName("Sales", 1)


def test_a_list_holds_nothing_of_another_workspace(ada: Person, cy: Person) -> None:
    save(ada, [PLAIN])

    assert queries.list_tasks(criteria=ALL, actor=cy.actor).rows == []


def test_what_is_added_meanwhile_shifts_no_page(ada: Person) -> None:
    save(ada, [{**PLAIN, "created_at": BASE + timedelta(minutes=number)} for number in range(6)])
    criteria = replace(ALL, limit=3)
    first = queries.list_tasks(criteria=criteria, actor=ada.actor)

    make_task(ada, created_at=BASE + timedelta(days=1))
    second = queries.list_tasks(criteria=replace(criteria, after=first.later), actor=ada.actor)

    assert not {row.id for row in first.rows} & {row.id for row in second.rows}
    assert len(second.rows) == 3


@pytest.mark.parametrize("due", [Due.WEEK, Due.OVERDUE])
def test_what_is_due_is_put_in_another_order_as_far_as_can_be_read(
    ada: Person, monkeypatch: pytest.MonkeyPatch, due: Due
) -> None:
    monkeypatch.setattr(queries, "CANDIDATES", 3)
    monkeypatch.setattr(queries, "CANDIDATES_OF_EACH", 3)
    sign = -1 if due is Due.OVERDUE else 1
    days = [date(2026, 11, 20) + timedelta(days=sign * number) for number in (1, 2, 3, 4, 5)]
    kept = save(ada, [{**PLAIN, "due": day, "priority": Priority(4 - n % 4)} for n, day in enumerate(days)])

    page = queries.list_tasks(criteria=replace(ALL, due=due, sort=Sort.PRIORITY, is_descending=True), actor=ada.actor)

    # Those due next, or overdue last, and it says so.
    assert [row.id for row in page.rows] == [task["id"] for task in kept[:3]]
    assert page.out_of == 3
    exact = queries.list_tasks(criteria=replace(ALL, due=due, sort=Sort.DUE), actor=ada.actor)
    assert len(exact.rows) == 5
    assert exact.out_of is None


@pytest.mark.parametrize(
    "after",
    ["", "x", "e30", "W10", "bnVsbA", "%00", "é", "a" * 5000, "WyItY3JlYXRlZCIsMCwxLDJd", "WyJkdWUiLDAsIjIwMjYiLDFd"],
)
@pytest.mark.parametrize("sort", list(Sort))
def test_an_unreadable_cursor_is_refused(ada: Person, after: str, sort: Sort) -> None:
    with pytest.raises(InvalidInput) as refusal:
        queries.list_tasks(criteria=replace(ALL, sort=sort, after=after), actor=ada.actor)

    assert refusal.value.field == "after"


@pytest.mark.parametrize(
    "title,words",
    [
        ("Écrire l’offre", "écrire"),
        ("écrire l’offre", "ÉCRIRE"),
        ("Écrire l’offre", "ecrire"),
        ("ecrire l’offre", "Écrire"),
        ("Über Ångström", "uber angstrom"),
        ("ΩΜΕΓΑ", "ωμεγα"),
        ("Задача", "задача"),
        ("مراجعة عقد", "عقد"),
        ("🖋️ sign", "🖋"),
        ("50% off_now", "50% off_"),
        ("Die Straße kehren", "strasse"),
        ("Write the report", "repo wri"),
        ("会議の準備をする", "準備"),
        ("会議の準備", "会"),
        ("หนังสือเดินทาง", "เดินทาง"),
        ("हिन्दी में लिखो", "हिन्दी"),
    ],
)
def test_a_search_minds_neither_case_nor_accents(ada: Person, title: str, words: str) -> None:
    save(ada, [{**PLAIN, "title": title}, {**PLAIN, "description": f"here: {title}"}, PLAIN])

    found = queries.list_tasks(criteria=replace(ALL, q=words), actor=ada.actor).rows

    assert len(found) == 2


@pytest.mark.parametrize("words", ["%", "_", "\\", "5 zoff", "imes", "🖋️🖋️", "会", "strassen"])
def test_a_search_finds_only_what_is_there(ada: Person, words: str) -> None:
    save(ada, [{**PLAIN, "title": "50 times off"}, {**PLAIN, "title": "🎉 Strasse"}])

    assert queries.list_tasks(criteria=replace(ALL, q=words), actor=ada.actor).rows == []


ODD = st.one_of(
    st.none(),
    st.integers(-1, 2**64),
    st.text(max_size=20),
    st.sampled_from(["0001-01-01T00:00:00+14:00", "2026-11-20", "9999-12-31T23:59:59+00:00", "\ud800", "\0"]),
    st.booleans(),
    st.lists(st.integers(), max_size=2),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sort=st.sampled_from(Sort), is_backwards=st.sampled_from([0, 1, 2]), values=st.lists(ODD, max_size=4))
def test_a_forged_cursor_is_refused_or_leads_somewhere(
    ada: Person, sort: Sort, is_backwards: int, values: list[Any]
) -> None:
    packed = json.dumps([sort.value, is_backwards, *values]).encode()
    after = base64.urlsafe_b64encode(packed).decode().rstrip("=")

    # Anything but a refusal or a page is an error.
    with suppress(InvalidInput):
        assert queries.list_tasks(criteria=replace(ALL, sort=sort, after=after), actor=ada.actor).rows == []


def test_the_cursor_of_another_order_is_refused(ada: Person) -> None:
    save(ada, [PLAIN, PLAIN])
    page = queries.list_tasks(criteria=replace(ALL, sort=Sort.TITLE, limit=1), actor=ada.actor)

    with pytest.raises(InvalidInput):
        queries.list_tasks(criteria=replace(ALL, sort=Sort.UPDATED, after=page.later), actor=ada.actor)


@pytest.mark.parametrize(
    "criteria,statements",
    [
        (ALL, 2),
        (replace(ALL, status=Status.TODO, category="Sales", priority=Priority.LOW), 3),
        (replace(ALL, due=Due.OVERDUE), 2),
        (replace(ALL, q="plain"), 3),
        (replace(ALL, q="plain pla"), 3),
        (replace(ALL, q="plain office"), 2),
        (replace(ALL, q="plain inside"), 4),
        (replace(ALL, tag="home"), 3),
    ],
)
def test_a_page_takes_few_statements_however_many_rows(ada: Person, criteria: TaskCriteria, statements: int) -> None:
    save(
        ada,
        [{**PLAIN, "description": "inside", "tags": {"home", "Office"}, "category": "Sales", "due": date(2026, 1, 1)}]
        * 20,
    )

    with counted_statements() as counted:
        page = queries.list_tasks(criteria=criteria, actor=ada.actor)

    # BEGIN is counted on SQLite.
    assert len([statement for statement in counted if not statement.startswith("BEGIN")]) <= statements
    assert criteria.priority is Priority.LOW or "of" in (criteria.q or "") or len(page.rows) == 20


PLAIN: dict[str, Any] = {
    "customer": None,
    "is_assigned": False,
    "starts_on": None,
    "parent": None,
    "waits_for": None,
    "title": "Plain",
    "description": "",
    "status": Status.TODO,
    "priority": Priority.MEDIUM,
    "category": None,
    "tags": set(),
    "due": None,
    "estimated_minutes": None,
    "created_at": BASE,
    "updated_at": BASE,
    "is_deleted": False,
}

KEYS: dict[Sort, Callable[[dict[str, Any]], Any]] = {
    Sort.DUE: lambda task: (task["due_sort"], task["id"]),
    Sort.PRIORITY: lambda task: (task["priority"], task["created_at"], task["id"]),
    Sort.CREATED: lambda task: (task["created_at"], task["id"]),
    Sort.UPDATED: lambda task: (task["updated_at"], task["id"]),
    Sort.ESTIMATE: lambda task: (task["estimate_sort"], task["id"]),
    Sort.TITLE: lambda task: (task["title_key"], task["id"]),
}


def save(person: Person, specs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Replace all tasks by these, and return what is not in the trash with its id and its sort keys."""
    with transaction():
        for table in (TaskBlocker, TaskTag, Task, Category, Tag, Customer):
            db.session.execute(table.__table__.delete())  # type: ignore[attr-defined]
        mine = {"workspace_id": person.workspace_id}
        categories = {name: Category(name=name, name_key=name_key(name), hue=1, **mine) for name in CATEGORIES}
        tags = {name: Tag(name=name, name_key=name_key(name), **mine) for name in TAGS}
        customers = {
            name: Customer(name=name, name_key=name_key(name), created_at=NOW, updated_at=NOW, **mine)
            for name in CUSTOMERS
        }
        db.session.add_all([*categories.values(), *tags.values(), *customers.values()])
        db.session.flush()
        made: list[dict[str, Any]] = []
        for spec in specs:
            due = spec["due"]
            due_at = due if isinstance(due, datetime) else None
            due_on = due if due is not None and due_at is None else None
            plain = ("title", "description", "status", "priority", "estimated_minutes", "created_at", "starts_on")
            columns = {name: spec[name] for name in plain} | {
                "workspace_id": person.workspace_id,
                "updated_at": spec["updated_at"],
                "is_deleted": spec["is_deleted"],
                "created_on": spec["created_at"].date(),
                "due_on": due_on,
                "due_at": due_at,
                "due_sort": due_sort(due_on=due_on, due_at=due_at),
                "estimate_sort": estimate_sort(spec["estimated_minutes"]),
                "title_key": title_key(spec["title"]),
                "category_id": categories[spec["category"]].id if spec["category"] else None,
                "customer_id": customers[spec["customer"]].id if spec["customer"] else None,
                "assignee_id": person.user_id if spec["is_assigned"] else None,
                "parent_id": made[spec["parent"]]["id"]
                if (spec["parent"] or 0) < len(made) and spec["parent"]
                else None,
            }
            task_id = db.session.execute(insert(Task).values(columns)).inserted_primary_key[0]  # type: ignore[attr-defined]
            for tag in spec["tags"]:
                db.session.execute(insert(TaskTag).values(task_id=task_id, tag_id=tags[tag].id))
            blocker_id = earlier(made, spec["waits_for"])
            if blocker_id is not None:
                db.session.add(TaskBlocker(task_id=task_id, blocked_by_id=blocker_id, created_at=NOW, **mine))
            made.append({**spec, **columns, "id": task_id, "blocker_id": blocker_id})
        derived.follow(task["id"] for task in made)
    return [task for task in made if not task["is_deleted"]]


def earlier(made: list[dict[str, Any]], place: int | None) -> int | None:
    """Return the id of the task that was made at a place, if one was."""
    return made[place]["id"] if place is not None and place < len(made) else None


def with_ids(criteria: TaskCriteria, kept: list[dict[str, Any]]) -> TaskCriteria:
    """Return criteria with ids of what there is instead of 0 and 1."""
    if isinstance(criteria.customer_id, int):
        ids = sorted({task["customer_id"] for task in kept if task["customer_id"]})
        criteria = replace(criteria, customer_id=ids[criteria.customer_id] if criteria.customer_id < len(ids) else 9)
    if criteria.parent_id is not None:
        parents = [task["parent_id"] for task in kept if task["parent_id"]]
        criteria = replace(criteria, parent_id=parents[0] if parents else 9)
    return criteria


def fits(task: dict[str, Any], criteria: TaskCriteria, person: Person, kept: list[dict[str, Any]]) -> bool:
    """Tell whether a task is one that `criteria` asks for."""
    category, tag = criteria.category, criteria.tag
    mine = {"me": person.user_id, "none": None}
    return (
        criteria.status in (None, task["status"])
        and criteria.priority in (None, task["priority"])
        and (category is None or (task["category"] or "none").lower() == category.lower())
        and (tag is None or tag.lower() in {name.lower() for name in task["tags"]})
        and (criteria.q is None or holds(task, criteria.q))
        and (criteria.due is None or is_due(task, criteria.due, person))
        and is_within(task, criteria, person)
        and (criteria.estimate is None or is_estimated(task, criteria.estimate))
        and (
            criteria.customer_id is None
            or task["customer_id"] == mine.get(str(criteria.customer_id), criteria.customer_id)
        )
        and (criteria.assignee_id is None or task["assignee_id"] == mine[str(criteria.assignee_id)])
        and (criteria.parent_id is None or task["parent_id"] == criteria.parent_id)
        and (not criteria.is_top_level or task["parent_id"] is None)
        and (criteria.state is None or is_in_state(task, criteria.state, kept))
    )


def holds(task: dict[str, Any], typed: str) -> bool:
    """Tell whether each word typed begins a word of the task."""
    there = re.findall(r"[^\W_]+", f"{task['title']} {task['description']}".casefold())
    there = [unicodedata.normalize("NFD", word)[0] + word[1:] if word == "é" else word for word in there]
    typed_words = re.findall(r"[^\W_]+", typed.casefold())
    return bool(typed_words) and all(any(word.startswith(part) for word in there) for part in typed_words)


def is_estimated(task: dict[str, Any], estimate: Any) -> bool:
    """Tell whether a task has such an estimate."""
    minutes = task["estimated_minutes"]
    if minutes is None or estimate == "none":
        return minutes is None and estimate == "none"
    shortest, longest = (None, None) if estimate == "any" else estimate
    return (shortest is None or minutes >= shortest) and (longest is None or minutes <= longest)


def is_in_state(task: dict[str, Any], state: State, kept: list[dict[str, Any]]) -> bool:
    """Tell whether a task waits for an open one, or can be worked on."""
    waits = any(other["id"] == task["blocker_id"] and other["status"] is not Status.DONE for other in kept)
    if state is State.BLOCKED:
        return task["status"] is not Status.DONE and waits
    has_begun = task["starts_on"] is None or task["starts_on"] <= date(2026, 11, 20)
    return task["status"] is not Status.DONE and not waits and has_begun


def is_within(task: dict[str, Any], criteria: TaskCriteria, person: Person) -> bool:
    """Tell whether a task is due in the days asked for, from Ada's calendar."""
    if not criteria.has_due_range:
        return True
    day = task["due_at"].astimezone(person.actor.zone).date() if task["due_at"] else task["due_on"]
    return day is not None and (criteria.due_from or day) <= day <= (criteria.due_to or day)


def is_due(task: dict[str, Any], due: Due, person: Person) -> bool:
    """Tell whether a task is due when `due` says, from Ada's calendar."""
    zone = person.actor.zone
    if due is Due.OVERDUE:
        return is_overdue(status=task["status"], due_on=task["due_on"], due_at=task["due_at"], now=NOW, zone=zone)
    day = task["due_at"].astimezone(zone).date() if task["due_at"] else task["due_on"]
    if due is Due.NONE or day is None:
        return due is Due.NONE and day is None
    last = date(2026, 11, 20) if due is Due.TODAY else date(2026, 11, 26)
    return bool(date(2026, 11, 20) <= day <= last)


def walk(person: Person, criteria: TaskCriteria) -> tuple[list[int], Any]:
    """Return the ids on all pages, and the last page that leads back."""
    ids: list[int] = []
    page = last = queries.list_tasks(criteria=criteria, actor=person.actor)
    assert page.earlier is None
    while True:
        assert len(page.rows) <= criteria.limit
        # Only a page that ended its looking early may be short.
        assert page.later is None or len(page.rows) == criteria.limit or page.looked_through
        ids += [row.id for row in page.rows]
        last = page if page.rows or page.earlier else last
        if page.later is None:
            return ids, last
        page = queries.list_tasks(criteria=replace(criteria, after=page.later), actor=person.actor)


def walk_back(person: Person, criteria: TaskCriteria, page: Any) -> list[int]:
    """Return the ids on all pages from `page` back to the first, in the order of the list."""
    ids = [row.id for row in page.rows]
    while page.earlier is not None:
        page = queries.list_tasks(criteria=replace(criteria, after=page.earlier), actor=person.actor)
        assert page.later is not None or not page.rows
        ids = [row.id for row in page.rows] + ids
    return ids
