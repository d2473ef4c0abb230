"""Tasks as lists show them."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import compress
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    String,
    bindparam,
    case,
    cast,
    false,
    func,
    literal_column,
    null,
    select,
    union_all,
)

from webapp.accounts.models import User
from webapp.customers.models import Customer
from webapp.storage.bulk import table_of
from webapp.storage.db import fetch_columns
from webapp.tasks.models import Category, Tag, Task, TaskBlocker
from webapp.values.actor import Actor
from webapp.values.priority import Priority
from webapp.values.status import Status

# What rows show; never the description, which may be long.
ROW_COLUMNS = (
    "id",
    "title",
    "status",
    "priority",
    "category_id",
    "customer_id",
    "assignee_id",
    "parent_id",
    "starts_on",
    "due_on",
    "due_at",
    "estimated_minutes",
    "tracked_seconds",
    "version",
    "series_id",
    "tag_list",
    "has_subtasks",
    "has_blockers",
)
_T = table_of(Task)
_DONE = Status.DONE
# What a row is read from, made of a loaded task.
_Found = namedtuple("_Found", list(ROW_COLUMNS))  # type: ignore[misc]


class CategoryName(NamedTuple):
    """A category as a row shows it."""

    name: str
    hue: int


class TaskRow(NamedTuple):
    """
    One task in a list. `tags` are names in order; `is_overdue` is as its viewer sees it.

    `is_blocked`: an open task waits for another; `subtasks_total` and `subtasks_done` count what it is made of.
    """

    # A tuple, because it takes a third of the time of a frozen dataclass to make, and a page makes dozens.

    id: int
    title: str
    status: Status
    priority: Priority
    category: CategoryName | None
    tags: tuple[str, ...]
    customer_id: int | None
    customer_name: str | None
    due_on: date | None
    due_at: datetime | None
    is_overdue: bool
    estimated_minutes: int | None
    tracked_seconds: int
    version: int
    parent_id: int | None = None
    parent_title: str | None = None
    assignee_id: int | None = None
    assignee_name: str | None = None
    starts_on: date | None = None
    is_blocked: bool = False
    subtasks_total: int = 0
    subtasks_done: int = 0
    series_id: int | None = None


@dataclass(frozen=True)
class _Marks:
    """What else is shown of some tasks, each by the id it belongs to."""

    tags: dict[int, tuple[str, str]]
    categories: dict[int, CategoryName]
    customers: dict[int, str]
    people: dict[int, str]
    parents: dict[int, str]
    parts: dict[int, tuple[int, int]]
    waiting: set[int]


def list_rows(*, task_ids: Sequence[int], now: datetime, actor: Actor) -> dict[int, TaskRow]:
    """Return those of the tasks that the actor may see, by their ids."""
    if not task_ids:
        return {}
    found = fetch_columns(_BY_IDS, {"ids": list(task_ids), "workspace": actor.workspace_id}).all()
    return {row.id: row for row in rows_of(found, now=now, actor=actor)}


_BY_IDS = select(*(_T.c[name] for name in ROW_COLUMNS)).where(
    _T.c.id.in_(bindparam("ids", expanding=True)),
    # + 0 keeps SQLite from looking through all of the workspace for what the ids name already.
    _T.c.workspace_id + 0 == bindparam("workspace"),
    _T.c.is_deleted == false(),
)


def rows_of(found: Sequence[Any], *, now: datetime, actor: Actor) -> list[TaskRow]:
    """Return what was read with `ROW_COLUMNS` as rows, in its order: one statement for all that they show besides."""
    marks = _list_marks(found)
    today = now.astimezone(actor.zone).date()
    return [_row(task, marks, now=now, today=today) for task in found]


def row_of(task: Task, *, now: datetime, actor: Actor) -> TaskRow:
    """Return a loaded task (see `get_task`) as a row of a list shows it."""
    found = _Found(*(getattr(task, name) for name in ROW_COLUMNS))
    marks = _list_marks([found], known=_loaded_marks(task))
    return _row(found, marks, now=now, today=now.astimezone(actor.zone).date())


def _loaded_marks(task: Task) -> _Marks:
    category, customer, assignee, parent = task.category, task.customer, task.assignee, task.parent
    return _Marks(
        tags={tag.id: (tag.name_key, tag.name) for tag in task.tags},
        categories={category.id: CategoryName(category.name, category.hue)} if category else {},
        customers={customer.id: customer.name} if customer else {},
        people={assignee.id: assignee.name} if assignee else {},
        parents={parent.id: parent.title} if parent and not parent.is_deleted else {},
        parts={},
        waiting=set(),
    )


def _row(task: Any, marks: _Marks, *, now: datetime, today: date) -> TaskRow:
    # Taken apart and put together by place: by name it costs three times as much, and a page makes dozens.
    (
        task_id,
        title,
        status,
        priority,
        category_id,
        customer_id,
        assignee_id,
        parent_id,
        starts_on,
        due_on,
        due_at,
        estimated_minutes,
        tracked_seconds,
        version,
        series_id,
        tag_list,
        has_subtasks,
        has_blockers,
    ) = task[: len(ROW_COLUMNS)]
    is_open = status is not _DONE
    total, done = marks.parts.get(task_id, (0, 0)) if has_subtasks else (0, 0)
    # As rules.due.is_overdue tells it, with the day looked up once.
    is_overdue = is_open and (due_at < now if due_at is not None else due_on is not None and due_on < today)
    return TaskRow(
        task_id,
        title,
        status,
        priority,
        marks.categories.get(category_id) if category_id else None,
        _tag_names(tag_list, marks.tags) if tag_list else (),
        customer_id,
        marks.customers.get(customer_id) if customer_id else None,
        due_on,
        due_at,
        is_overdue,
        estimated_minutes,
        tracked_seconds,
        version,
        parent_id,
        marks.parents.get(parent_id) if parent_id else None,
        assignee_id,
        marks.people.get(assignee_id) if assignee_id else None,
        starts_on,
        is_open and has_blockers and task_id in marks.waiting,
        total,
        done,
        series_id,
    )


def _tag_names(tag_list: str, known: dict[int, tuple[str, str]]) -> tuple[str, ...]:
    if "," not in tag_list:
        tag = known.get(int(tag_list))
        return (tag[1],) if tag else ()
    tags = (known.get(int(number)) for number in tag_list.split(","))
    return tuple(name for _, name in sorted(tag for tag in tags if tag))


def _list_marks(found: Sequence[Any], *, known: _Marks | None = None) -> _Marks:
    """Return what is shown besides, with one statement at most; names that are `known` are not asked for again."""
    # By column, each of all rows at once: to ask row by row costs as much as the statement.
    columns = dict(zip(ROW_COLUMNS, zip(*found, strict=True), strict=False))
    if not columns:
        return _Marks({}, {}, {}, {}, {}, {}, set())
    tag_lists = set(columns["tag_list"]) - {None, ""}
    wanted: dict[str, set[Any]] = {
        "tags": {int(number) for tag_list in tag_lists for number in tag_list.split(",")},
        "categories": set(columns["category_id"]),
        "customers": set(columns["customer_id"]),
        "people": set(columns["assignee_id"]),
        "parents": set(columns["parent_id"]),
        "parts": set(compress(columns["id"], columns["has_subtasks"])),
        "waiting": set(compress(columns["id"], columns["has_blockers"])),
    }
    ids = {kind: sorted(numbers - {None}) for kind, numbers in wanted.items()}
    kinds = tuple(kind for kind, numbers in ids.items() if numbers and not (known and kind in _NAMES))
    marks = known or _Marks({}, {}, {}, {}, {}, {}, set())
    if not kinds:
        return marks
    for kind, record_id, name, key, number in fetch_columns(
        _marks_statement(kinds), {kind: ids[kind] for kind in kinds}
    ):
        match kind:
            case "tags":
                marks.tags[record_id] = (key, name)
            case "categories":
                marks.categories[record_id] = CategoryName(name, number)
            case "parts":
                # MySQL returns SUM as Decimal and SQLite as int.
                marks.parts[record_id] = (int(number), int(key))
            case "waiting":
                marks.waiting.add(record_id)
            case _:
                getattr(marks, kind)[record_id] = name
    return marks


_NAMES = {"tags", "categories", "customers", "people", "parents"}


@cache
def _marks_statement(kinds: tuple[str, ...]) -> Any:
    none: ColumnElement[Any] = null()
    zero: ColumnElement[Any] = literal_column("0")
    tags, categories, customers, people = table_of(Tag), table_of(Category), table_of(Customer), table_of(User)
    blockers, parts, others = table_of(TaskBlocker), _T.alias("parts"), _T.alias("others")
    done = cast(func.sum(case((parts.c.status == Status.DONE, 1), else_=0)), String(12))
    statements = {
        "tags": select(tags.c.id, tags.c.name, tags.c.name_key.label("key"), zero).where(_is_in(tags.c.id, "tags")),
        "categories": select(categories.c.id, categories.c.name, none, categories.c.hue).where(
            _is_in(categories.c.id, "categories")
        ),
        "customers": select(customers.c.id, customers.c.name, none, zero).where(_is_in(customers.c.id, "customers")),
        "people": select(people.c.id, people.c.name, none, zero).where(_is_in(people.c.id, "people")),
        "parents": select(_T.c.id, _T.c.title, none, zero).where(
            _is_in(_T.c.id, "parents"), _T.c.is_deleted == false()
        ),
        "parts": select(parts.c.parent_id, none, done, func.count())
        .where(_is_in(parts.c.parent_id, "parts"), parts.c.is_deleted == false())
        .group_by(parts.c.parent_id),
        "waiting": select(blockers.c.task_id, none, none, zero)
        .join(others, others.c.id == blockers.c.blocked_by_id)
        .where(_is_in(blockers.c.task_id, "waiting"), others.c.status != Status.DONE, others.c.is_deleted == false()),
    }
    chosen = []
    for kind in kinds:
        record_id, name, key, number = statements[kind].selected_columns
        chosen.append(
            statements[kind].with_only_columns(
                literal_column(f"'{kind}'").label("kind"),
                record_id.label("record_id"),
                name.label("name"),
                key.label("sort_key"),
                number.label("number"),
                maintain_column_froms=True,
            )
        )
    return union_all(*chosen) if len(chosen) > 1 else chosen[0]


def _is_in(column: ColumnElement[Any], kind: str) -> ColumnElement[bool]:
    return column.in_(bindparam(kind, expanding=True))
