"""What a page reads does not grow with the number of tasks, for every order and every single filter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text

from tests.cast import NOW, Person
from webapp.customers.models import Customer
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import Category, Tag, Task, TaskBlocker, TaskTag, TaskWord, TimeEntry
from webapp.tasks.queries import tasks as queries
from webapp.tasks.queries.board import list_columns
from webapp.tasks.queries.calendar import list_days
from webapp.tasks.queries.today import get_today
from webapp.tasks.rules.calendar import month_of
from webapp.tasks.rules.criteria import Due, Sort, State, TaskCriteria
from webapp.tasks.rules.due import due_sort
from webapp.tasks.rules.tasks import estimate_sort
from webapp.values.priority import Priority
from webapp.values.status import Status

FEW, MANY = 600, 3000
# Enough to reach what is stated as the most that is looked at.
CROWD = 4000
ALL = TaskCriteria(now=NOW, limit=25)
# Urgency is reckoned: how much that reads is bounded otherwise (tests/tasks/test_urgency.py).
KEPT_SORTS = [sort for sort in Sort if sort is not Sort.URGENCY]
CASES = {
    **{f"sort {sort}": replace(ALL, sort=sort) for sort in KEPT_SORTS},
    **{f"sort -{sort}": replace(ALL, sort=sort, is_descending=True) for sort in KEPT_SORTS},
    **{f"status {status}": replace(ALL, status=status) for status in Status},
    **{f"priority {priority.word}": replace(ALL, priority=priority) for priority in Priority},
    **{f"due {due}": replace(ALL, due=due) for due in Due},
    **{
        f"due {due} by {sort} {way}": replace(ALL, due=due, sort=sort, is_descending=way)
        for due in Due
        for sort in (Sort.DUE, Sort.PRIORITY, Sort.CREATED, Sort.UPDATED)
        for way in (False, True)
    },
    "category": replace(ALL, category="Cat 1"),
    "no category": replace(ALL, category="none"),
    "tag": replace(ALL, tag="rare"),
}
# A whole page, with its layout, its viewer and all that its rows show.
MOST_READ, MOST_STATEMENTS = 150, 8
FILTERS = [
    "",
    "status=todo",
    "status=done",
    "priority=high",
    "category=Cat+1",
    "category=none",
    "tag=rare",
    "tag=common",
    "customer=CUSTOMER",
    "customer=none",
    "due=overdue",
    "due=today",
    "due=week",
    "due=none",
    "due_from=2026-11-05&due_to=2026-11-25",
]
ORDERS = ["due", "-due", "priority", "-priority", "created", "-created", "updated", "-updated"]


def test_a_page_reads_as_much_of_many_tasks_as_of_few(ada: Person) -> None:
    fill(ada, FEW)
    small = {name: [cost_of(work) for work in pages(criteria, ada)] for name, criteria in CASES.items()}
    small["today"] = [cost_of(lambda: get_today(actor=ada.actor, now=NOW))]

    fill(ada, MANY, have=FEW)
    large = {name: [cost_of(work) for work in pages(criteria, ada)] for name, criteria in CASES.items()}
    large["today"] = [cost_of(lambda: get_today(actor=ada.actor, now=NOW))]

    # What reads them all, or all of a kind, costs five times as much.
    grown = {
        name: (small[name], large[name])
        for name in small
        if any(after > 2 * before + 100 for before, after in zip(small[name], large[name], strict=True))
    }
    assert grown == {}


def test_one_filter_in_any_order_stays_within_what_a_page_may_cost(ada: Person) -> None:
    small, large = (measure_pages(ada, count, have=have) for have, count in ((0, FEW), (FEW, MANY)))

    dear = {
        path: (statements, read)
        for costs in (small, large)
        for path, (statements, read) in costs.items()
        if statements > MOST_STATEMENTS or read > MOST_READ
    }
    assert dear == {}
    # What grows with the tasks grows fivefold here. Which tags and categories a page shows differs by some dozens.
    assert {path: (small[path], large[path]) for path in small if large[path][1] > small[path][1] + 60} == {}


def measure_pages(person: Person, count: int, *, have: int) -> dict[str, tuple[int, int]]:
    """Return, for each filter and order, how many statements its first page takes, and rows read on a server."""
    customer_id = fill(person, count, have=have)
    db.session.remove()
    paths = [
        f"/tasks?{asked}&sort={order}".replace("CUSTOMER", str(customer_id)) for asked in FILTERS for order in ORDERS
    ]
    return {path.replace(f"={customer_id}&", "=CUSTOMER&"): cost_of_page(person, path) for path in paths}


def cost_of_page(person: Person, path: str) -> tuple[int, int]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    before = page_rows_read()
    idle = page_rows_read() - before
    before = page_rows_read()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert person.client.get(path).status_code == 200, path
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(statements), page_rows_read() - before - idle


def page_rows_read() -> int:
    """Return the counters of the one connection there is, which the page takes from the pool, too; SQLite has none."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            return 0
        found = connection.execute(text("SHOW SESSION STATUS LIKE 'Handler_read%'"))
        return sum(int(value) for _, value in found)


CROWDS: dict[str, Callable[[int], dict[str, Any]]] = {
    "waiting for others": lambda number: {"status": Status.TODO, "has_blockers": number % 2 == 1},
    "of one priority": lambda number: {"status": Status.TODO, "priority": Priority.URGENT},
    "overdue": lambda number: {"status": Status.DOING, **due(NOW - timedelta(minutes=number + 1))},
    "due today": lambda number: {"status": Status.TODO, **due(NOW + timedelta(seconds=number % 600 + 1))},
    "due, and none without": lambda number: {"status": Status.TODO, **due(NOW + timedelta(days=2, minutes=number))},
    "without a due day": lambda number: {"status": Status.TODO, "priority": Priority.MEDIUM, **due(None)},
}


@pytest.mark.parametrize("crowd", CROWDS)
def test_what_is_reckoned_reads_as_much_of_a_large_crowd_as_of_a_small_one(ada: Person, crowd: str) -> None:
    costs = []
    for have, count in ((0, CROWD), (CROWD, 2 * CROWD)):
        fill(ada, count, CROWDS[crowd], have=have)
        make_links_words_and_times(ada, have=have, is_linked=crowd == "waiting for others")
        costs.append({name: cost_of(work) for name, work in reckoned(ada).items()})

    small, large = costs
    # What reads them all, or all of a kind, costs twice as much.
    grown = {name: (small[name], large[name]) for name in small if large[name] > 1.25 * small[name] + 100}
    assert grown == {}


@pytest.mark.server
def test_a_search_reads_no_more_when_the_server_has_not_yet_looked_at_an_import(ada: Person) -> None:
    fill(ada, MANY)
    # What it knows of a table is then that it is empty, until it looks again in its own time.
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE task_words STATS_AUTO_RECALC = 0"))
        connection.execute(text("ANALYZE TABLE task_words"))
    make_words(ada)
    search = replace(ALL, q="task common")

    read = cost_of(lambda: queries.list_tasks(criteria=search, actor=ada.actor))

    db.session.remove()
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE task_words STATS_AUTO_RECALC = DEFAULT"))
    # Each word is counted up to a thousand, which are written down and read again, and 400 tasks are asked.
    assert read < 7000


def reckoned(person: Person) -> dict[str, Callable[[], Any]]:
    actor = person.actor
    month = month_of(NOW.date(), 0)
    by_urgency = replace(ALL, sort=Sort.URGENCY, is_descending=True)
    return {
        "urgency": lambda: queries.list_tasks(criteria=by_urgency, actor=actor),
        "urgency, to do": lambda: queries.list_tasks(criteria=replace(by_urgency, status=Status.TODO), actor=actor),
        "today": lambda: get_today(actor=actor, now=NOW),
        "board": lambda: list_columns(criteria=ALL, actor=actor),
        "board, a word": lambda: list_columns(criteria=replace(ALL, q="task"), actor=actor),
        "calendar": lambda: list_days(criteria=ALL, span=month, actor=actor),
        "calendar, one tag": lambda: list_days(criteria=replace(ALL, tag="rare"), span=month, actor=actor),
        "blocked": lambda: queries.list_tasks(criteria=replace(ALL, state=State.BLOCKED), actor=actor),
        "a common word": lambda: queries.list_tasks(criteria=replace(ALL, q="task"), actor=actor),
        "two common words": lambda: queries.list_tasks(criteria=replace(ALL, q="task common"), actor=actor),
    }


def due(at: datetime | None) -> dict[str, Any]:
    return {"due_at": at, "due_sort": due_sort(due_on=None, due_at=at)}


def make_links_words_and_times(person: Person, *, have: int, is_linked: bool) -> None:
    """
    Give each task behind the first `have` two words and the time it took.

    Each second of them waits for two of the others, if that is asked.
    """
    mine = {"workspace_id": person.workspace_id}
    ids = make_words(person, have=have)
    with transaction():
        ended_at = NOW - timedelta(days=1)
        times = {"user_id": person.user_id, "started_at": ended_at - timedelta(hours=1), "ended_at": ended_at}
        times |= {"created_at": NOW, "updated_at": NOW, "day": ended_at.date(), "seconds": 3600, "zone": "UTC"}
        db.session.execute(insert(TimeEntry), [{**mine, **times, "task_id": id_} for id_ in ids])
        if is_linked:
            firsts, thens = ids[::2], ids[1::2]
            pairs = [*zip(firsts, thens, strict=True), *zip(firsts[:-1], thens[1:], strict=True)]
            links = [{**mine, "task_id": then, "blocked_by_id": first, "created_at": NOW} for first, then in pairs]
            db.session.execute(insert(TaskBlocker), links)
    with db.engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            connection.execute(text("ANALYZE TABLE task_words, time_entries, task_blockers"))
            connection.commit()


def make_words(person: Person, *, have: int = 0) -> list[int]:
    """Give each task behind the first `have` two words, and return their ids."""
    with transaction():
        ids = task_ids()[have:]
        mine = {"workspace_id": person.workspace_id}
        words = [{**mine, "word": word, "task_id": id_} for word in ("common", "task") for id_ in ids]
        db.session.execute(insert(TaskWord), words)
    return ids


def pages(criteria: TaskCriteria, person: Person) -> list[Callable[[], Any]]:
    """Return what fetches the first page of a list, and the one after and before a row in its midst."""
    order = criteria.with_order()
    page = queries.list_tasks(criteria=replace(criteria, limit=100), actor=person.actor)
    fetch = [lambda: queries.list_tasks(criteria=criteria, actor=person.actor)]
    if page.later is not None:
        deep = replace(order, after=page.later)
        before = queries.list_tasks(criteria=deep, actor=person.actor).earlier
        fetch.append(lambda: queries.list_tasks(criteria=deep, actor=person.actor))
        fetch.append(lambda: queries.list_tasks(criteria=replace(order, after=before), actor=person.actor))
    return fetch[: 1 if criteria.tag or criteria.due else 3]


def cost_of(work: Callable[[], Any]) -> int:
    """Return what the engine did for `work`: rows it read on a server, hundreds of steps of its machine on SQLite."""
    db.session.rollback()
    connection = db.session.connection()
    if connection.dialect.name != "sqlite":
        work()
        before = rows_read()
        idle = rows_read() - before
        before = rows_read()
        work()
        return rows_read() - before - idle
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    driver: Any = connection.connection.dbapi_connection
    driver.set_progress_handler(count, 100)
    work()
    driver.set_progress_handler(None, 0)
    return steps


def rows_read() -> int:
    found = db.session.execute(text("SHOW SESSION STATUS LIKE 'Handler_read%'"))
    return sum(int(value) for _, value in found)


def fill(person: Person, count: int, change: Callable[[int], dict[str, Any]] = lambda _: {}, *, have: int = 0) -> int:
    """
    Let there be `count` tasks, of each kind, mostly done, all through the year. Return a customer.

    :param have: how many of them this has made before
    """
    mine = {"workspace_id": person.workspace_id}
    with transaction():
        if not have:
            labels: list[Any] = [Category(name=f"Cat {n}", name_key=f"cat {n}", **mine) for n in range(4)]
            labels += [Tag(name=name, name_key=name, **mine) for name in ("rare", "common")]
            db.session.add_all(labels)
            db.session.add(Customer(name="Acme", name_key="acme", created_at=NOW, updated_at=NOW, **mine))
            db.session.flush()
        categories = list(db.session.scalars(select(Category).order_by(Category.id)))
        rare, common = db.session.scalars(select(Tag).order_by(Tag.id))
        customer = db.session.scalars(select(Customer)).one()
        tasks = [one(number, categories, customer, mine) | change(number) for number in range(have, count)]
        db.session.execute(insert(Task), tasks)
        pairs = [(id_, common.id) for id_ in task_ids()[have:]]
        if not have:
            pairs += [(id_, rare.id) for id_, _ in pairs[:40]]
        db.session.execute(insert(TaskTag), [{"task_id": id_, "tag_id": tag_id} for id_, tag_id in pairs])
    with db.engine.connect() as connection:
        # MySQL looks at its tables by itself; SQLite may have none of that, and has to do as well without.
        if connection.dialect.name != "sqlite":
            connection.execute(text("ANALYZE TABLE tasks, task_tags"))
            connection.commit()
    return customer.id


def task_ids() -> list[int]:
    return list(db.session.scalars(select(Task.id).order_by(Task.id)))


def one(number: int, categories: list[Category], customer: Customer, mine: dict[str, int]) -> dict[str, Any]:
    created_at = NOW - timedelta(hours=number)
    due_at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=number % 997) if number % 3 == 0 else None
    estimate = None if number % 4 == 0 else number % 7 * 15
    title = f"task {number * 7919 % 10007:05}"
    return {
        **mine,
        "title": title,
        "title_key": title,
        "description": "",
        "status": [Status.DONE, Status.DONE, Status.DONE, Status.TODO, Status.DOING][number % 5],
        "priority": Priority(number % 4 + 1),
        "category_id": None if number % 5 == 1 else categories[number % 4].id,
        "customer_id": customer.id if number % 6 == 0 else None,
        "due_on": None,
        "due_at": due_at,
        "due_sort": due_sort(due_on=None, due_at=due_at),
        "estimated_minutes": estimate,
        "estimate_sort": estimate_sort(estimate),
        "tracked_seconds": 0,
        "created_at": created_at,
        "created_on": created_at.date(),
        "updated_at": NOW - timedelta(hours=number * 31 % 5000),
        "is_deleted": number % 50 == 0,
        "version": 1,
    }
