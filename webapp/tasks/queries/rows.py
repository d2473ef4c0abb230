"""Tasks as lists show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, false, select

from webapp.customers.models import Customer
from webapp.storage.db import db
from webapp.tasks.models import Category, Tag, Task, TaskTag
from webapp.tasks.rules.due import is_overdue
from webapp.values.actor import Actor
from webapp.values.priority import Priority
from webapp.values.status import Status

_SHOWN_COLUMNS = (
    Task.id,
    Task.title,
    Task.title_key,
    Task.status,
    Task.priority,
    Task.customer_id,
    Task.series_id,
    Task.due_on,
    Task.due_at,
    Task.due_sort,
    Task.estimated_minutes,
    Task.estimate_sort,
    Task.tracked_seconds,
    Task.created_at,
    Task.updated_at,
    Task.version,
    Category.name.label("category_name"),
    Category.hue.label("category_hue"),
    Customer.name.label("customer_name"),
)


@dataclass(frozen=True)
class CategoryName:
    """A category as a row shows it."""

    name: str
    hue: int


@dataclass(frozen=True)
class TaskRow:
    """
    One task in a list. `tags` are names in order; `is_overdue` is as its viewer sees it.

    `is_blocked`: an open task waits for another; `subtasks_total` and `subtasks_done` count what it is made of.
    """

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


def list_rows(*, task_ids: Sequence[int], now: datetime, actor: Actor) -> dict[int, TaskRow]:
    """Return those of the tasks that the actor may see, by their ids."""
    if not task_ids:
        return {}
    # + 0 keeps SQLite from looking through all of the workspace for what the ids name already.
    is_theirs = Task.workspace_id + 0 == actor.workspace_id
    found = db.session.execute(shown().where(Task.id.in_(task_ids), is_theirs, Task.is_deleted == false())).all()
    return {row.id: row for row in rows_of(found, now=now, actor=actor)}


def row_of(task: Task, *, now: datetime, actor: Actor) -> TaskRow:
    """Return a loaded task (see `get_task`) as a row of a list shows it."""
    return _row(
        task,
        category=CategoryName(task.category.name, task.category.hue) if task.category else None,
        customer_name=task.customer.name if task.customer else None,
        tags=tuple(tag.name for tag in task.tags),
        now=now,
        actor=actor,
    )


def shown() -> Select[*tuple[Any, ...]]:
    """Select what rows show and lists are sorted by; never the description, which may be long."""
    return (
        select(*_SHOWN_COLUMNS)
        .outerjoin(Category, Category.id == Task.category_id)
        .outerjoin(Customer, Customer.id == Task.customer_id)
    )


def rows_of(found: Sequence[Any], *, now: datetime, actor: Actor) -> list[TaskRow]:
    """Return what `shown` selected as rows, in its order."""
    tags = _tag_names([row.id for row in found])
    return [
        _row(
            row,
            category=CategoryName(row.category_name, row.category_hue) if row.category_name is not None else None,
            customer_name=row.customer_name,
            tags=tags.get(row.id, ()),
            now=now,
            actor=actor,
        )
        for row in found
    ]


def _row(
    task: Any,
    *,
    category: CategoryName | None,
    customer_name: str | None,
    tags: tuple[str, ...],
    now: datetime,
    actor: Actor,
) -> TaskRow:
    return TaskRow(
        id=task.id,
        title=task.title,
        status=task.status,
        priority=task.priority,
        category=category,
        tags=tags,
        customer_id=task.customer_id,
        customer_name=customer_name,
        due_on=task.due_on,
        due_at=task.due_at,
        is_overdue=is_overdue(status=task.status, due_on=task.due_on, due_at=task.due_at, now=now, zone=actor.zone),
        estimated_minutes=task.estimated_minutes,
        tracked_seconds=task.tracked_seconds,
        version=task.version,
        series_id=task.series_id,
    )


def _tag_names(task_ids: list[int]) -> dict[int, tuple[str, ...]]:
    names: dict[int, tuple[str, ...]] = {}
    if task_ids:
        for task_id, name in db.session.execute(
            select(TaskTag.task_id, Tag.name)
            # An outer join only to begin with the tasks: MariaDB may else begin with the tags and read all of theirs.
            .outerjoin(Tag, Tag.id == TaskTag.tag_id)
            .where(TaskTag.task_id.in_(task_ids))
            .order_by(Tag.name_key)
        ):
            names[task_id] = (*names.get(task_id, ()), name)
    return names
