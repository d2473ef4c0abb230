"""Lists of tasks agree with a plain filter and sort in Python, and pages neither skip nor repeat."""

from __future__ import annotations

import base64
import json
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
from webapp.errors import InvalidInput
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import Category, Tag, Task, TaskTag
from webapp.tasks.queries import tasks as queries
from webapp.tasks.rules.criteria import Due, Sort, TaskCriteria
from webapp.tasks.rules.due import due_sort, is_overdue
from webapp.tasks.rules.tasks import estimate_sort, title_key
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.values.text import name_key

ALL = TaskCriteria(now=NOW)
BASE = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
WORDS = ["offer", "Review", "100% done", "a_b", "é", "\\", "Ω report", "write tests"]
CATEGORIES = ["Sales", "Build"]
TAGS = ["home", "Office"]

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
            "created_at": st.integers(0, 4).map(lambda hours: BASE - timedelta(hours=hours)),
            "updated_at": st.integers(0, 4).map(lambda hours: BASE + timedelta(hours=hours)),
            "is_deleted": st.sampled_from([False, False, False, True]),
        }
    ),
    max_size=24,
)
CRITERIA = st.builds(
    TaskCriteria,
    now=st.just(NOW),
    status=st.sampled_from([None, None, *Status]),
    priority=st.sampled_from([None, None, *Priority]),
    category=st.sampled_from([None, None, None, "none", "sales", "BUILD", "Nobody"]),
    tag=st.sampled_from([None, None, None, "home", "OFFICE", "other"]),
    due=st.sampled_from([None, None, *Due]),
    q=st.sampled_from([None, None, "offer", "OFFER", "%", "_", "\\", "0% d", "zebra"]),
    sort=st.sampled_from([None, *Sort]),
    is_descending=st.booleans(),
    limit=st.integers(1, 7),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(specs=SPECS, criteria=CRITERIA)
def test_list_tasks_agrees_with_plain_python(ada: Person, specs: list[dict[str, Any]], criteria: TaskCriteria) -> None:
    kept = save(ada, specs)
    order = criteria.with_order()
    assert order.sort is not None
    wanted = [task for task in kept if fits(task, criteria, ada)]
    wanted.sort(key=KEYS[order.sort], reverse=order.is_descending)

    forward, last_page = walk(ada, criteria)
    backward = walk_back(ada, criteria, last_page)

    assert forward == [task["id"] for task in wanted]
    assert backward == forward


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


def test_a_common_tag_is_filtered_as_a_rare_one_is(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    save(ada, [{**PLAIN, "tags": {"home"}}, PLAIN, {**PLAIN, "tags": {"home", "Office"}}])
    criteria = replace(ALL, tag="home")
    rare = queries.list_tasks(criteria=criteria, actor=ada.actor)

    monkeypatch.setattr(queries, "RARE_TAG_TASKS", 1)

    assert queries.list_tasks(criteria=criteria, actor=ada.actor) == rare
    assert len(rare.rows) == 2


def test_a_search_looks_through_the_newest_tasks_only(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    save(ada, [{**PLAIN, "created_at": BASE + timedelta(minutes=number)} for number in range(6)])
    assert not queries.is_search_cut(actor=ada.actor)

    monkeypatch.setattr(queries, "SEARCHED_AT_MOST", 4)
    found = queries.list_tasks(criteria=replace(ALL, q="plain"), actor=ada.actor)

    assert queries.is_search_cut(actor=ada.actor)
    # The newest four, and the fifth, from whose instant on it looks.
    assert len(found.rows) == 5


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
    ],
)
def test_a_search_minds_neither_case_nor_accents(ada: Person, title: str, words: str) -> None:
    save(ada, [{**PLAIN, "title": title}, {**PLAIN, "description": f"here: {title}"}, PLAIN])

    found = queries.list_tasks(criteria=replace(ALL, q=words), actor=ada.actor).rows

    assert len(found) == 2


@pytest.mark.parametrize("words", ["%", "_", "\\", "5_% off", "🖋️🖋️", "straße"])
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
        (replace(ALL, tag="home"), 3),
    ],
)
def test_a_page_takes_few_statements_however_many_rows(ada: Person, criteria: TaskCriteria, statements: int) -> None:
    save(ada, [{**PLAIN, "tags": {"home", "Office"}, "category": "Sales", "due": date(2026, 1, 1)}] * 20)

    with counted_statements() as counted:
        page = queries.list_tasks(criteria=criteria, actor=ada.actor)

    # BEGIN is counted on SQLite.
    assert len([statement for statement in counted if not statement.startswith("BEGIN")]) <= statements
    assert criteria.priority is Priority.LOW or len(page.rows) == 20


PLAIN: dict[str, Any] = {
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
        for table in (TaskTag, Task, Category, Tag):
            db.session.execute(table.__table__.delete())  # type: ignore[attr-defined]
        mine = {"workspace_id": person.workspace_id}
        categories = {name: Category(name=name, name_key=name_key(name), hue=1, **mine) for name in CATEGORIES}
        tags = {name: Tag(name=name, name_key=name_key(name), **mine) for name in TAGS}
        db.session.add_all([*categories.values(), *tags.values()])
        db.session.flush()
        kept = []
        for spec in specs:
            due = spec["due"]
            due_at = due if isinstance(due, datetime) else None
            due_on = due if due is not None and due_at is None else None
            columns = {
                name: spec[name]
                for name in ("title", "description", "status", "priority", "estimated_minutes", "created_at")
            } | {
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
            }
            task_id = db.session.execute(insert(Task).values(columns)).inserted_primary_key[0]  # type: ignore[attr-defined]
            for tag in spec["tags"]:
                db.session.execute(insert(TaskTag).values(task_id=task_id, tag_id=tags[tag].id))
            kept.append({**spec, **columns, "id": task_id})
    return [task for task in kept if not task["is_deleted"]]


def fits(task: dict[str, Any], criteria: TaskCriteria, person: Person) -> bool:
    """Tell whether a task is one that `criteria` asks for."""
    category, tag, q = criteria.category, criteria.tag, criteria.q
    return (
        criteria.status in (None, task["status"])
        and criteria.priority in (None, task["priority"])
        and (category is None or (task["category"] or "none").lower() == category.lower())
        and (tag is None or tag.lower() in {name.lower() for name in task["tags"]})
        and (q is None or q.lower() in task["title"].lower() or q.lower() in task["description"].lower())
        and (criteria.due is None or is_due(task, criteria.due, person))
    )


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
    """Return the ids on all pages, and the last page."""
    ids: list[int] = []
    page = queries.list_tasks(criteria=criteria, actor=person.actor)
    assert page.earlier is None
    while True:
        assert len(page.rows) <= criteria.limit
        ids += [row.id for row in page.rows]
        if page.later is None:
            return ids, page
        page = queries.list_tasks(criteria=replace(criteria, after=page.later), actor=person.actor)
        assert page.rows


def walk_back(person: Person, criteria: TaskCriteria, page: Any) -> list[int]:
    """Return the ids on all pages from `page` back to the first, in the order of the list."""
    ids = [row.id for row in page.rows]
    while page.earlier is not None:
        page = queries.list_tasks(criteria=replace(criteria, after=page.earlier), actor=person.actor)
        assert page.rows
        assert page.later is not None
        ids = [row.id for row in page.rows] + ids
    return ids
