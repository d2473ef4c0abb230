"""Questions about tasks. What is in the trash or in another workspace is not found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, literal, or_, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from webapp.accounts.models import User
from webapp.storage.db import db
from webapp.storage.dialect import walk_index
from webapp.tasks.errors import TaskNotFound
from webapp.tasks.models import Category, Tag, Task, TaskTag
from webapp.tasks.queries.rows import CategoryName as CategoryName
from webapp.tasks.queries.rows import TaskRow as TaskRow
from webapp.tasks.queries.rows import list_rows as list_rows
from webapp.tasks.queries.rows import row_of as row_of
from webapp.tasks.queries.rows import rows_of, shown
from webapp.tasks.rules.criteria import (
    SEARCHED_AT_MOST,
    Due,
    DueWindow,
    Estimate,
    RecordOrNone,
    Sort,
    TaskCriteria,
    due_range,
    due_window,
)
from webapp.tasks.rules.due import EARLIEST_YEAR, NO_DUE
from webapp.tasks.rules.tasks import NO_ESTIMATE
from webapp.values.actor import Actor
from webapp.values.page import Key, Page, UnreadableCursor, cut_page, read_position
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.values.text import name_key

# A tag on fewer tasks than this is looked up from the tag, one on more by walking the list in its order.
RARE_TAG_TASKS = 500
MOST_TRASH_SHOWN = 100

Column = InstrumentedAttribute[Any]

# The columns of a list's order. Each begins an index of models.Task behind workspace_id and is_deleted.
_SORT_COLUMNS: dict[Sort, tuple[Column, ...]] = {
    Sort.DUE: (Task.due_sort, Task.id),
    Sort.PRIORITY: (Task.priority, Task.created_at, Task.id),
    Sort.CREATED: (Task.created_at, Task.id),
    Sort.UPDATED: (Task.updated_at, Task.id),
    Sort.ESTIMATE: (Task.estimate_sort, Task.id),
    Sort.TITLE: (Task.title_key, Task.id),
}
# Those that have an index of their own for each status.
_STATUS_SORTS = {Sort.CREATED, Sort.DUE, Sort.PRIORITY}


def get_task(*, task_id: int, actor: Actor) -> Task:
    """
    Return a task with its category, customer and tags, and the name of its parent and its assignee.

    :raises TaskNotFound: when it is in the trash, or not in the actor's workspace
    """
    task = db.session.scalar(
        select(Task)
        .where(Task.id == task_id, Task.workspace_id == actor.workspace_id, Task.is_deleted == false())
        .options(
            joinedload(Task.category),
            joinedload(Task.customer),
            joinedload(Task.assignee).load_only(User.name),
            joinedload(Task.parent).load_only(Task.title, Task.is_deleted, raiseload=True),
            selectinload(Task.tags),
        )
        .execution_options(populate_existing=True)
    )
    if task is None:
        raise TaskNotFound
    return task


def list_tasks(*, criteria: TaskCriteria, actor: Actor) -> Page[TaskRow]:
    """
    Return one page of the tasks that `criteria` asks for.

    The cursor holds the sort key of the row it follows, so that what is added or finished meanwhile shifts no page.

    :raises UnreadableCursor: when the cursor is not one of this order
    """
    criteria = criteria.with_order()
    if criteria.sort is Sort.URGENCY:
        # Here, because it asks this module for what may be most urgent.
        from webapp.tasks.queries.urgency import list_most_urgent

        return list_most_urgent(criteria=criteria, actor=actor)
    columns = _SORT_COLUMNS[_sort(criteria)]
    position = read_position(criteria.after, order=criteria.sort_word)
    is_descending = criteria.is_descending != (position is not None and position.is_backwards)

    conditions = _conditions(criteria, actor=actor)
    beyond = _beyond(columns, _read_key(columns, position.key), is_descending=is_descending) if position else [true()]
    branches = [(*conditions, *status, stretch) for status in _statuses(criteria) for stretch in beyond]
    found = _list_rows(
        branches,
        columns,
        is_descending,
        criteria.limit + 1,
        index=index_for(criteria),
        now=criteria.now,
        actor=actor,
    )

    page = cut_page(
        found,
        limit=criteria.limit,
        order=criteria.sort_word,
        position=position,
        key_of=lambda pair: _write_key(pair[1]),
    )
    return Page([row for row, _ in page.rows], earlier=page.earlier, later=page.later)


def list_matching_ids(*, criteria: TaskCriteria, actor: Actor, limit: int) -> list[int]:
    """Return the ids of the tasks that `criteria` asks for on all of its pages, the first made first."""
    branches = [
        select(Task.id).where(*_conditions(criteria, actor=actor), *status).order_by(Task.id).limit(limit).subquery()
        for status in _statuses(criteria)
    ]
    found = db.session.scalars(union_all(*(select(branch.c.id) for branch in branches)))
    return sorted(found)[:limit]


def list_windows(
    *,
    criteria: TaskCriteria,
    windows: Sequence[tuple[Status, Sort, bool]],
    among: Collection[int],
    limit: int,
    actor: Actor,
) -> list[list[int]]:
    """
    Return, for each status, order and direction, the ids of the first tasks of `criteria`, in no order; one statement.

    The last list holds those of `among` that are among them.
    """
    conditions = _conditions(criteria, actor=actor)
    slices = []
    for number, (status, sort, is_descending) in enumerate(windows):
        columns = _SORT_COLUMNS[sort]
        first = select(literal(number).label("number"), Task.id).where(*conditions, Task.status == status)
        index = index_for(replace(criteria, status=status, sort=sort))
        if index is not None:
            first = walk_index(first, table="tasks", index=index)
        slices.append(first.order_by(*_ordered(columns, is_descending)).limit(limit).subquery())
    if among:
        # + 0 keeps SQLite from looking through all of the workspace for what the ids name already.
        _, *others = conditions
        is_theirs = Task.workspace_id + 0 == actor.workspace_id
        statuses = {status for status, *_ in windows}
        chosen = select(literal(len(windows)).label("number"), Task.id).where(Task.id.in_(among), is_theirs, *others)
        slices.append(chosen.where(Task.status.in_(statuses)).subquery())
    found: list[list[int]] = [[] for _ in range(len(windows) + 1)]
    for number, task_id in db.session.execute(union_all(*(select(*slice_.c) for slice_ in slices))):
        found[number].append(task_id)
    return found


def is_search_cut(*, actor: Actor) -> bool:
    """Tell whether there are more tasks than a search looks through."""
    return _oldest_searched(actor) is not None


def list_deleted_tasks(*, actor: Actor) -> list[Task]:
    """Return what was put in the trash last, newest first, at most `MOST_TRASH_SHOWN`."""
    return list(
        db.session.scalars(
            select(Task)
            .where(Task.workspace_id == actor.workspace_id, Task.is_deleted == true())
            .order_by(Task.updated_at.desc(), Task.id.desc())
            .limit(MOST_TRASH_SHOWN)
        )
    )


def _list_rows(
    branches: Sequence[Sequence[ColumnElement[bool]]],
    columns: Sequence[Column],
    is_descending: bool,
    limit: int,
    *,
    index: str | None,
    now: datetime,
    actor: Actor,
) -> list[tuple[TaskRow, tuple[Any, ...]]]:
    """Return rows with their sort keys. Each branch is one stretch of one index, so none reads more than `limit`."""
    ordered = select(*columns).order_by(*_ordered(columns, is_descending)).limit(limit)
    if index is not None:
        ordered = walk_index(ordered, table="tasks", index=index)
    slices = [ordered.where(*branch).subquery() for branch in branches]
    chosen = union_all(*(select(*slice_.c) for slice_ in slices)).subquery() if len(slices) > 1 else slices[0]
    found = db.session.execute(
        shown()
        .join(chosen, chosen.c.id == Task.id)
        .order_by(*_ordered([chosen.c[column.key] for column in columns], is_descending))
        .limit(limit)
    ).all()
    keys = [tuple(getattr(row, column.key) for column in columns) for row in found]
    return list(zip(rows_of(found, now=now, actor=actor), keys, strict=True))


def _ordered(columns: Sequence[Any], is_descending: bool) -> list[Any]:
    return [column.desc() if is_descending else column.asc() for column in columns]


def _conditions(criteria: TaskCriteria, *, actor: Actor) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Task.workspace_id == actor.workspace_id,
        Task.is_deleted == false(),
    ]
    if criteria.priority is not None:
        conditions.append(Task.priority == criteria.priority)
    if criteria.category is not None:
        conditions.append(_in_category(criteria.category, actor))
    if criteria.tag is not None:
        conditions.append(_tagged(criteria.tag, actor))
    if criteria.due is not None:
        conditions += _is_due(criteria.due, now=criteria.now, actor=actor)
    if criteria.has_due_range:
        conditions += due_within(due_range(criteria.due_from, criteria.due_to, zone=actor.zone))
    if criteria.estimate is not None:
        conditions += _is_estimated(criteria.estimate)
    if criteria.customer_id is not None:
        conditions.append(_is_of(Task.customer_id, criteria.customer_id))
    if criteria.assignee_id is not None:
        conditions.append(
            _is_of(Task.assignee_id, actor.user_id if criteria.assignee_id == "me" else criteria.assignee_id)
        )
    if criteria.q:
        conditions += _holds_words(criteria.q, actor)
    return conditions


def filters_of(criteria: TaskCriteria, *, actor: Actor) -> list[ColumnElement[bool]]:
    """Return the conditions for what `criteria` asks for, for whoever lists tasks in an order of their own."""
    statuses = [and_(*status) for status in _statuses(criteria) if status]
    return [*_conditions(criteria, actor=actor), *([or_(*statuses)] if statuses else [])]


def _is_of(column: Column, record_id: RecordOrNone) -> ColumnElement[bool]:
    return column.is_(None) if record_id == "none" else column == record_id


def _is_estimated(estimate: Estimate) -> list[ColumnElement[bool]]:
    if estimate == "none":
        return [Task.estimate_sort == NO_ESTIMATE]
    shortest, longest = (None, None) if estimate == "any" else estimate
    conditions: list[ColumnElement[bool]] = [Task.estimate_sort < NO_ESTIMATE]
    if shortest is not None:
        conditions.append(Task.estimate_sort >= shortest)
    if longest is not None:
        conditions.append(Task.estimate_sort <= longest)
    return conditions


def _statuses(criteria: TaskCriteria) -> list[tuple[ColumnElement[bool], ...]]:
    """Return the branches of the status condition: an index is ordered within one status, not across two."""
    if criteria.status is not None:
        statuses = [criteria.status] if criteria.due is not Due.OVERDUE or criteria.status is not Status.DONE else []
    elif criteria.due is Due.OVERDUE:
        statuses = [Status.TODO, Status.DOING]
    else:
        return [()]
    return [(Task.status == status,) for status in statuses] or [(false(),)]


def index_for(criteria: TaskCriteria) -> str | None:
    """Return the index that holds just the rows wanted in just this order; with several filters there is none."""
    sort = _sort(criteria)
    has_status = criteria.status is not None or criteria.due is Due.OVERDUE
    by_due = criteria.due is not None and sort is Sort.DUE
    others = [
        criteria.priority,
        criteria.category,
        criteria.tag,
        criteria.q,
        criteria.due_from,
        criteria.due_to,
        criteria.estimate,
        criteria.customer_id,
        criteria.assignee_id,
        None if by_due else criteria.due,
    ]
    given = [value for value in others if value is not None]
    if not given:
        return f"ix_tasks_by_status_{sort}" if has_status and sort in _STATUS_SORTS else f"ix_tasks_by_{sort}"
    if has_status or sort is not Sort.CREATED or len(given) > 1 or not (criteria.priority or criteria.category):
        return None
    return "ix_tasks_by_priority" if criteria.priority is not None else "ix_tasks_by_category"


def _in_category(name: str, actor: Actor) -> ColumnElement[bool]:
    if name.strip().lower() == "none":
        return Task.category_id.is_(None)
    # Asked first: of a number MySQL knows which index is short, of a subquery it does not.
    category_id = db.session.scalar(
        select(Category.id).where(Category.workspace_id == actor.workspace_id, Category.name_key == name_key(name))
    )
    return false() if category_id is None else Task.category_id == category_id


def _tagged(name: str, actor: Actor) -> ColumnElement[bool]:
    tag_id = select(Tag.id).where(Tag.workspace_id == actor.workspace_id, Tag.name_key == name_key(name))
    task_ids = list(
        db.session.scalars(
            select(TaskTag.task_id).where(TaskTag.tag_id == tag_id.scalar_subquery()).limit(RARE_TAG_TASKS + 1)
        )
    )
    if len(task_ids) <= RARE_TAG_TASKS:
        return Task.id.in_(task_ids)
    # With a LIMIT, so that MySQL asks it of each task in turn and does not begin with all that have the tag.
    has_tag = select(TaskTag.task_id).where(TaskTag.task_id == Task.id, TaskTag.tag_id == tag_id.scalar_subquery())
    return has_tag.limit(1).scalar_subquery().is_not(None)


def _is_due(due: Due, *, now: datetime, actor: Actor) -> list[ColumnElement[bool]]:
    if due is Due.NONE:
        return [Task.due_sort == NO_DUE]
    return due_within(due_window(due, now=now, zone=actor.zone))


def due_within(window: DueWindow) -> list[ColumnElement[bool]]:
    """Return the conditions for what is due in `window`: a range of the index first, then what is exact."""
    on_a_day: list[ColumnElement[bool]] = [Task.due_on <= window.last]
    at_an_instant: list[ColumnElement[bool]] = [Task.due_at < window.ends_at]
    sorts: list[ColumnElement[bool]] = [Task.due_sort <= window.sorts_to]
    if window.first is not None and window.starts_at is not None and window.sorts_from is not None:
        on_a_day.append(Task.due_on >= window.first)
        at_an_instant.append(Task.due_at >= window.starts_at)
        sorts.append(Task.due_sort >= window.sorts_from)
    return [*sorts, or_(and_(*on_a_day), and_(*at_an_instant))]


def _holds_words(words: str, actor: Actor) -> list[ColumnElement[bool]]:
    holds = or_(Task.title.icontains(words, autoescape=True), Task.description.icontains(words, autoescape=True))
    oldest = _oldest_searched(actor)
    return [holds] if oldest is None else [Task.created_at >= oldest, holds]


def _oldest_searched(actor: Actor) -> datetime | None:
    oldest: datetime | None = db.session.scalar(
        select(Task.created_at)
        .where(Task.workspace_id == actor.workspace_id, Task.is_deleted == false())
        .order_by(Task.created_at.desc(), Task.id.desc())
        .offset(SEARCHED_AT_MOST)
        .limit(1)
    )
    return oldest


def _beyond(columns: Sequence[Column], values: Sequence[Any], *, is_descending: bool) -> list[ColumnElement[bool]]:
    """
    Return what lies beyond a row as stretches of the index: first what shares all columns but the last, and so on.

    No single condition suits both engines: MariaDB makes no range of a row comparison, SQLite one over the first column
    only of whatever is written; a page deep among ten thousand equal values would read them all.
    """
    stretches = []
    for depth in reversed(range(len(columns))):
        equal = [column == value for column, value in zip(columns[:depth], values, strict=False)]
        further = columns[depth] < values[depth] if is_descending else columns[depth] > values[depth]
        stretches.append(and_(*equal, further))
    return stretches


def _sort(criteria: TaskCriteria) -> Sort:
    sort = criteria.with_order().sort
    if sort is None:
        raise RuntimeError("with_order always sets the order.")
    return sort


def _write_key(values: Sequence[Any]) -> Key:
    return tuple(value.isoformat() if isinstance(value, datetime) else value for value in values)


def _read_key(columns: Sequence[Column], key: Key) -> list[Any]:
    try:
        return [_read_value(column, value) for column, value in zip(columns, key, strict=True)]
    except ValueError:
        raise UnreadableCursor from None


def _read_value(column: Column, value: str | int | None) -> Any:
    python_type = {"title_key": str, "priority": Priority, "id": int, "estimate_sort": int}.get(column.key, datetime)
    if python_type is datetime and isinstance(value, str):
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is not UTC or instant.year < EARLIEST_YEAR:
            raise ValueError(value)
        return instant
    if python_type is Priority and isinstance(value, int):
        return Priority(value)
    if python_type in (int, str) and isinstance(value, python_type):
        return value
    raise ValueError(value)
