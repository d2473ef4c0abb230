"""Questions about tasks. What is in the trash or in another workspace is not found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import false, select, true
from sqlalchemy.orm import joinedload, selectinload, undefer

from webapp.accounts.models import User
from webapp.storage.db import db
from webapp.tasks.errors import TaskNotFound
from webapp.tasks.models import Task
from webapp.tasks.queries import walks
from webapp.tasks.queries.conditions import Asked, ask, filters_of
from webapp.tasks.queries.rows import CategoryName as CategoryName
from webapp.tasks.queries.rows import TaskRow as TaskRow
from webapp.tasks.queries.rows import list_rows as list_rows
from webapp.tasks.queries.rows import row_of as row_of
from webapp.tasks.queries.rows import rows_of
from webapp.tasks.queries.urgency import list_most_urgent
from webapp.tasks.queries.walks import Key
from webapp.tasks.rules.criteria import Due, Sort, TaskCriteria
from webapp.tasks.rules.due import EARLIEST_YEAR
from webapp.values.actor import Actor
from webapp.values.page import Key as PageKey
from webapp.values.page import Page, Position, UnreadableCursor, cut_page, read_position, write_cursor
from webapp.values.priority import Priority

MOST_TRASH_SHOWN = 100
MOST_COUNTED = 1000
# Of what is due in some days so many can be put in another order: what is read stays that of a page.
CANDIDATES = 30
# Of what is overdue, which is read from each status that is not done.
CANDIDATES_OF_EACH = 25
# For one count so many tasks are asked what no index tells.
SCANNED_TO_COUNT = 20_000


def get_task(*, task_id: int, actor: Actor) -> Task:
    """
    Return a task with its category, customer and tags, the name of its parent and its assignee, and what is kept of it
    from elsewhere.

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
            undefer(Task.extra),
        )
        .execution_options(populate_existing=True)
    )
    if task is None:
        raise TaskNotFound
    return task


@dataclass(frozen=True)
class TaskPage(Page[TaskRow]):
    """
    One page of a list of tasks.

    `looked_through`: how many tasks were asked before the page was full, when it is not: `later` (or `earlier`, going
    back) leads on from there. `out_of`: the list is made of so many that are due next (or were overdue last), no more.
    `among`: by urgency, how many were looked at, where others may belong here.
    """

    looked_through: int | None = None
    out_of: int | None = None
    among: int | None = None


@dataclass(frozen=True)
class TaskCount:
    """How many tasks there are; `is_more` when they were not counted to the end."""

    number: int
    is_more: bool


def list_tasks(*, criteria: TaskCriteria, actor: Actor) -> TaskPage:
    """
    Return one page of the tasks that `criteria` asks for.

    The cursor holds the sort key of the row it follows, so that what is added or finished meanwhile shifts no page.

    :raises UnreadableCursor: when the cursor is not one of this order
    """
    criteria = criteria.with_order()
    if criteria.sort is Sort.URGENCY:
        page = list_most_urgent(criteria=criteria, actor=actor)
        return TaskPage(page.rows, earlier=page.earlier, later=page.later, among=page.among)
    position = read_position(criteria.after, order=criteria.sort_word)
    behind = _read_key(_sort(criteria), position.key) if position else None
    asked = ask(criteria, actor=actor)
    if asked.is_empty:
        return _page([], criteria, position, actor=actor)
    if asked.stretches and criteria.sort is not Sort.DUE and not {"ids", "parent"} & set(asked.names):
        return _page_of_candidates(asked, criteria, position, behind, actor=actor)
    return _page_of_walk(asked, criteria, position, behind, actor=actor)


def _page_of_walk(
    asked: Asked, criteria: TaskCriteria, position: Position | None, behind: Key | None, *, actor: Actor
) -> TaskPage:
    sort = _sort(criteria)
    is_descending = criteria.is_descending != (position is not None and position.is_backwards)
    walk = walks.plan(asked, sort, is_descending=is_descending)
    legs, values = walks.legs_of(walk, asked, behind=behind)
    if not legs:
        return _page([], criteria, position, actor=actor)
    if asked.stretches and sort is Sort.DUE and behind is None and not walk.is_scan:
        # Several in one statement read a page of each.
        found = walks.fetch_in_turn(legs, values, most=criteria.limit + 1)
        return _page(found, criteria, position, actor=actor)
    end: Key = ()
    for scanned in walks.steps_of(walk):
        found = walks.fetch(legs, values, most=criteria.limit + 1, scanned=scanned)
        if not walk.is_scan or (len(legs) == 1 and len(found) > criteria.limit):
            return _page(found, criteria, position, actor=actor)
        reached = walks.find_end(legs, values, scanned=scanned)
        if reached is None:
            return _page(found, criteria, position, actor=actor)
        end = reached
        found = [row for row in found if _is_up_to(walks.key_of(row, sort), end, is_descending)]
        if len(found) > criteria.limit:
            return _page(found, criteria, position, actor=actor)
    return _cut_short(found, criteria, position, end, actor=actor)


def _page_of_candidates(
    asked: Asked, criteria: TaskCriteria, position: Position | None, behind: Key | None, *, actor: Actor
) -> TaskPage:
    """
    Return a page of what is due in some days, in another order than by due day.

    No index holds both: those due next are taken, or those overdue last, so many as can be read for a page, and sorted.
    """
    sort = _sort(criteria)
    walk = walks.plan(asked, Sort.DUE, is_descending=criteria.due is Due.OVERDUE)
    walk = replace(walk, shown=walks.SORT_COLUMNS[sort])
    legs, values = walks.legs_of(walk, asked, behind=None)
    most = CANDIDATES_OF_EACH if walk.kind == "open" else CANDIDATES
    found = walks.fetch_in_turn(legs, values, most=most + 1)
    is_descending = criteria.is_descending != (position is not None and position.is_backwards)
    rows = sorted(found[:most], key=lambda row: walks.key_of(row, sort), reverse=is_descending)
    if behind is not None:
        rows = [row for row in rows if not _is_up_to(walks.key_of(row, sort), behind, is_descending)]
    page = _page(rows[: criteria.limit + 1], criteria, position, actor=actor)
    return replace(page, out_of=most) if len(found) > most else page


def _is_up_to(key: Key, end: Key, is_descending: bool) -> bool:
    return key >= end if is_descending else key <= end


def _page(found: Sequence[Any], criteria: TaskCriteria, position: Position | None, *, actor: Actor) -> TaskPage:
    page = cut_page(
        found,
        limit=criteria.limit,
        order=criteria.sort_word,
        position=position,
        key_of=lambda row: _write_key(walks.key_of(row, _sort(criteria))),
    )
    return TaskPage(rows_of(page.rows, now=criteria.now, actor=actor), earlier=page.earlier, later=page.later)


def _cut_short(
    found: Sequence[Any], criteria: TaskCriteria, position: Position | None, end: Key, *, actor: Actor
) -> TaskPage:
    """Return a page that is not full, with the way on from the last task that was asked."""
    page = _page(found, criteria, position, actor=actor)
    order, key = criteria.sort_word, _write_key(end)
    if position is not None and position.is_backwards:
        return replace(
            page,
            earlier=write_cursor(order, key, is_backwards=True),
            later=page.later or write_cursor(order, key, is_backwards=False),
            looked_through=walks.SCANNED,
        )
    earlier = page.earlier or (write_cursor(order, key, is_backwards=True) if position is not None else None)
    later = write_cursor(order, key, is_backwards=False)
    return replace(page, earlier=earlier, later=later, looked_through=walks.SCANNED)


def count_tasks(*, criteria: TaskCriteria, actor: Actor, most: int = MOST_COUNTED) -> TaskCount:
    """Count the tasks on all pages of `criteria`, at most `most`."""
    asked = ask(criteria, actor=actor)
    if asked.is_empty:
        return TaskCount(0, is_more=False)
    walk = walks.plan(asked, Sort.DUE if asked.stretches else _sort(criteria), is_descending=False)
    legs, values = walks.legs_of(walk, asked, behind=None)
    number = walks.count(legs, values, most=most + 1, scanned=SCANNED_TO_COUNT)
    is_short = number <= most and walk.is_scan and walks.find_end(legs, values, scanned=SCANNED_TO_COUNT) is not None
    return TaskCount(min(number, most), is_more=number > most or is_short)


def list_matching_ids(*, criteria: TaskCriteria, actor: Actor, limit: int) -> list[int]:
    """
    Return the ids of the tasks on all pages of `criteria`, the first made first; however long it takes to find them.

    :param limit: ask for one more than may be changed, to learn that there are more
    """
    statement = select(Task.id).where(*filters_of(ask(criteria, actor=actor), actor=actor))
    return list(db.session.scalars(statement.order_by(Task.id).limit(limit)))


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


def _sort(criteria: TaskCriteria) -> Sort:
    sort = criteria.with_order().sort
    if sort is None:
        raise RuntimeError("with_order always sets the order.")
    return sort


def _write_key(values: Key) -> PageKey:
    return tuple(value.isoformat() if isinstance(value, datetime) else value for value in values)


def _read_key(sort: Sort, key: PageKey) -> Key:
    try:
        return tuple(_read_value(name, value) for name, value in zip(walks.SORT_COLUMNS[sort], key, strict=True))
    except ValueError:
        raise UnreadableCursor from None


def _read_value(name: str, value: str | int | None) -> Any:
    python_type = {"title_key": str, "priority": Priority, "id": int, "estimate_sort": int}.get(name, datetime)
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
