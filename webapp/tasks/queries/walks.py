"""
How the tasks of a list are found: along an index that holds them in their order, in stretches of it.

A stretch is one plain range of one index, with a LIMIT of its own, so that it reads no more than it gives; those of a
page are put together and sorted here. What no index holds is asked of each task in turn, of so many a page and no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, false, func, or_, select

from webapp.storage.bulk import table_of
from webapp.storage.db import db, fetch_columns
from webapp.storage.dialect import along_index, stacked
from webapp.tasks.models import Task, TaskTag
from webapp.tasks.queries.conditions import CONDITIONS, Asked
from webapp.tasks.queries.rows import ROW_COLUMNS
from webapp.tasks.rules.criteria import Sort, Stretch
from webapp.tasks.rules.due import NO_DUE
from webapp.values.status import Status

# For one page so many tasks are asked what no index tells; whether they have a word that many have, first so few.
SCANNED = 2000
SCANNED_FIRST = 400

_T, _TAGS = table_of(Task), table_of(TaskTag)
_SECOND = timedelta(seconds=1)
_EARLIEST = datetime.min.replace(tzinfo=UTC)

# The columns of each order. They begin an index of models.Task behind workspace_id and is_deleted.
SORT_COLUMNS: dict[Sort, tuple[str, ...]] = {
    Sort.DUE: ("due_sort", "id"),
    Sort.PRIORITY: ("priority", "created_at", "id"),
    Sort.CREATED: ("created_at", "id"),
    Sort.UPDATED: ("updated_at", "id"),
    Sort.ESTIMATE: ("estimate_sort", "id"),
    Sort.TITLE: ("title_key", "id"),
}
_ORDERS_OF_A_KIND = (Sort.DUE, Sort.PRIORITY, Sort.CREATED, Sort.UPDATED)
# Kinds of tasks that have an index for each of these orders, the rarer before the more common.
_KINDS = {
    "tag": "tag",
    "customer": "customer",
    "no customer": "customer",
    "category": "category",
    "no category": "category",
    "no due": "due",
    "priority": "priority",
    "status": "status",
}
# Where the order is the kind's own, or had its index before the kinds were many.
_INDEXES = {
    ("category", Sort.CREATED): "ix_tasks_by_category",
    ("customer", Sort.CREATED): "ix_tasks_by_customer",
    ("priority", Sort.CREATED): "ix_tasks_by_priority",
    ("priority", Sort.PRIORITY): "ix_tasks_by_priority",
    ("due", Sort.DUE): "ix_tasks_by_due",
}


@dataclass(frozen=True)
class Walk:
    """
    Along which index, asking what on the way.

    :param kind: the condition that the index begins with, if any
    :param checks: conditions that the index does not hold
    :param is_sorted: whether the index is in the order of the list; if not, all that is found is sorted
    :param shown: columns that are wanted besides those of rows and of the order
    """

    kind: str | None
    index: str | None
    sort: Sort
    is_descending: bool
    checks: tuple[str, ...]
    is_sorted: bool = True
    shown: tuple[str, ...] = ()

    @property
    def is_scan(self) -> bool:
        """Whether tasks on the way may not be wanted, any number of them one after another."""
        return self.is_sorted and any(not name.startswith("due ") for name in self.checks)


@dataclass(frozen=True)
class Leg:
    """One stretch of a walk; `fixed` sort columns are those of the row it begins behind, None at the beginning."""

    walk: Walk
    fixed: int | None = None
    has_from: bool = False
    has_to: bool = False
    has_status: bool = False


Key = tuple[Any, ...]


def plan(asked: Asked, sort: Sort, *, is_descending: bool) -> Walk:
    """Return the walk that finds what is asked for in this order."""
    names = asked.names
    few: dict[str, str | None] = {"ids": None, "parent": "ix_tasks_parent_id"}
    for name, index in few.items():
        if name in names:
            checks = tuple(check for check in names if check != name)
            return Walk(name, index, sort, is_descending, checks, is_sorted=False)
    by_kind = [name for name in _KINDS if name in names and sort in _ORDERS_OF_A_KIND]
    kind = by_kind[0] if by_kind else None
    if kind is None and "open" in names and sort is Sort.DUE:
        # What is overdue is not done: each other status by itself is in the order of an index.
        kind = "open"
    checks = tuple(name for name in names if name != kind)
    return Walk(kind, _index_of(kind, sort), sort, is_descending, checks)


def _index_of(kind: str | None, sort: Sort) -> str:
    if kind is None:
        return f"ix_tasks_by_{sort}"
    if kind == "tag":
        return f"ix_task_tags_by_{sort}"
    name = "status" if kind == "open" else _KINDS[kind]
    return _INDEXES.get((name, sort), f"ix_tasks_by_{name}_{sort}")


def legs_of(walk: Walk, asked: Asked, *, behind: Key | None) -> tuple[list[Leg], dict[str, Any]]:
    """
    Return the stretches of a walk, and the values in them.

    :param behind: the sort key of the row that the walk begins behind
    """
    values = dict(asked.values)
    if behind is not None:
        values |= {f"behind_{place}": value for place, value in enumerate(behind)}
    legs: list[Leg] = []
    statuses: Sequence[Status | None] = asked.statuses if walk.kind == "open" else [None]
    for status in statuses:
        for leg, start, end in _stretches(walk, asked.stretches, behind=behind):
            number = len(legs)
            legs.append(replace(leg, has_status=status is not None))
            values |= {f"leg_status_{number}": status, f"leg_from_{number}": start, f"leg_to_{number}": end}
    return legs, values


def _stretches(
    walk: Walk, stretches: Sequence[Stretch], *, behind: Key | None
) -> Iterator[tuple[Leg, datetime | None, datetime | None]]:
    depth = len(SORT_COLUMNS[walk.sort])
    if not walk.is_sorted:
        yield Leg(walk, fixed=None if behind is None else depth), None, None
        return
    if walk.sort is not Sort.DUE:
        for fixed in [None] if behind is None else reversed(range(depth)):
            yield Leg(walk, fixed=fixed), None, None
        return
    if behind is not None:
        yield Leg(walk, fixed=1), None, None
    for stretch in stretches or [(None, None)]:
        start, end = _clipped(stretch, behind, walk.is_descending)
        if start is None or end is None or start <= end:
            yield Leg(walk, has_from=start is not None, has_to=end is not None), start, end


def _clipped(stretch: Stretch, behind: Key | None, is_descending: bool) -> Stretch:
    start, end = stretch
    if behind is None:
        return stretch
    at = behind[0]
    if is_descending:
        return start, min(end or at, at - _SECOND)
    # Nothing lies behind what has no due day.
    return (max(start or at, at + _SECOND), end) if at < NO_DUE else (NO_DUE, _EARLIEST)


def steps_of(walk: Walk) -> tuple[int, ...]:
    """Return how many tasks may be asked for a page, and again if they were too few: a common word is soon found."""
    return (SCANNED_FIRST, SCANNED) if any(name.startswith("word ") for name in walk.checks) else (SCANNED,)


def fetch(legs: Sequence[Leg], values: dict[str, Any], *, most: int, scanned: int = SCANNED) -> list[Any]:
    """Return the first `most` rows (`ROW_COLUMNS` and those of the order) of the stretches together, in order."""
    walk = legs[0].walk
    found = fetch_columns(
        _statement(tuple(legs), "rows", db.engine.dialect.name), {**values, "most": most, "scanned": scanned}
    ).all()
    if len(legs) > 1:
        found = sorted(found, key=lambda row: key_of(row, walk.sort), reverse=walk.is_descending)
    return list(found[:most])


def fetch_in_turn(legs: Sequence[Leg], values: dict[str, Any], *, most: int) -> list[Any]:
    """As `fetch` for stretches that lie behind each other: the further only when the nearer are not enough."""
    in_turn: dict[Stretch, list[int]] = {}
    for number in range(len(legs)):
        in_turn.setdefault((values[f"leg_from_{number}"], values[f"leg_to_{number}"]), []).append(number)
    found: list[Any] = []
    for stretch in reversed(in_turn) if legs[0].walk.is_descending else in_turn:
        numbers = in_turn[stretch]
        own = {
            f"leg_{name}_{place}": values[f"leg_{name}_{number}"]
            for place, number in enumerate(numbers)
            for name in ("from", "to", "status")
        }
        found += fetch([legs[number] for number in numbers], values | own, most=most - len(found))
        if len(found) >= most:
            break
    return found


def find_end(legs: Sequence[Leg], values: dict[str, Any], *, scanned: int | None = None) -> Key | None:
    """Return the sort key up to which a scan has asked, `SCANNED` or so many of each stretch; None: to the end."""
    walk = legs[0].walk
    columns = SORT_COLUMNS[walk.sort]
    found = fetch_columns(
        _statement(tuple(legs), "ends", db.engine.dialect.name), {**values, "scanned": (scanned or SCANNED) - 1}
    ).all()
    ends = [tuple(getattr(row, name) for name in columns) for row in found]
    return (max if walk.is_descending else min)(ends, default=None)


def count(legs: Sequence[Leg], values: dict[str, Any], *, most: int, scanned: int) -> int:
    """Return how many rows the stretches have, of each at most `most`."""
    return int(
        db.session.scalar(
            _statement(tuple(legs), "count", db.engine.dialect.name), {**values, "most": most, "scanned": scanned}
        )
        or 0
    )


def key_of(row: Any, sort: Sort) -> Key:
    """Return the sort key of a row."""
    return tuple(getattr(row, name) for name in SORT_COLUMNS[sort])


@lru_cache(maxsize=512)
def _statement(legs: tuple[Leg, ...], what: str, engine_name: str) -> Any:
    # Built once for each shape: to build and to compare a statement costs more than to run it.
    made = [_leg_statement(leg, number, what) for number, leg in enumerate(legs)]
    statement = stacked(made, engine_name=engine_name) if len(made) > 1 else made[0]
    return select(func.count()).select_from(statement.subquery()) if what == "count" else statement


def _leg_statement(leg: Leg, number: int, what: str) -> Any:
    walk = leg.walk
    source = _TAGS if walk.kind == "tag" else _T
    columns = [_column(walk, name) for name in SORT_COLUMNS[walk.sort]]
    order = [column.desc() if walk.is_descending else column.asc() for column in columns]
    if what == "ends":
        walked = select(*(column.label(name) for column, name in _named(walk))).where(*_range(leg, number))
        return along_index(walked.order_by(*order), source, walk.index).limit(1).offset(bindparam("scanned"))

    names = dict.fromkeys(["id"] if what == "count" else [*ROW_COLUMNS, *SORT_COLUMNS[walk.sort], *walk.shown])
    shown = [_T.c[name] for name in names]
    checks = [CONDITIONS[name] for name in walk.checks]
    if walk.is_scan:
        walked = select(*(column.label(name) for column, name in _named(walk))).where(*_range(leg, number))
        some = along_index(walked.order_by(*order), source, walk.index).limit(bindparam("scanned")).subquery()
        order = [some.c[name].desc() if walk.is_descending else some.c[name].asc() for name in SORT_COLUMNS[walk.sort]]
        statement = joined_in_order(select(*shown).select_from(some.join(_T, _T.c.id == some.c.id))).where(*checks)
    elif walk.kind == "tag":
        joined = _TAGS.join(_T, _T.c.id == _TAGS.c.task_id)
        statement = along_index(joined_in_order(select(*shown).select_from(joined)), source, walk.index)
        statement = statement.where(*_range(leg, number), *checks)
    else:
        statement = along_index(select(*shown), source, walk.index).where(*_range(leg, number), *checks)
    if what != "count" or walk.is_sorted:
        statement = statement.order_by(*order)
    return statement.limit(bindparam("most"))


def joined_in_order(statement: Any) -> Any:
    """Have a server read the tables in the order they are named: to begin with the tasks would be to read them all."""
    return statement.prefix_with("STRAIGHT_JOIN", dialect="mysql").prefix_with("STRAIGHT_JOIN", dialect="mariadb")


def _named(walk: Walk) -> list[tuple[ColumnElement[Any], str]]:
    return [(_column(walk, name), name) for name in SORT_COLUMNS[walk.sort]]


def _column(walk: Walk, name: str) -> ColumnElement[Any]:
    if walk.kind == "tag":
        return _TAGS.c["task_id" if name == "id" else name]
    return _T.c[name]


def _range(leg: Leg, number: int) -> list[ColumnElement[bool]]:
    """Return the conditions of one stretch: those that the index begins with, and where on it."""
    walk = leg.walk
    if walk.kind == "tag":
        conditions = [_TAGS.c.tag_id == bindparam("tag"), _TAGS.c.is_deleted == false()]
    elif walk.kind == "ids":
        conditions = [CONDITIONS["ids"], _T.c.is_deleted == false()]
    else:
        conditions = [_T.c.workspace_id == bindparam("workspace"), _T.c.is_deleted == false()]
        if leg.has_status:
            conditions.append(_T.c.status == bindparam(f"leg_status_{number}", type_=_T.c.status.type))
        elif walk.kind is not None:
            conditions.append(CONDITIONS[walk.kind])
    columns = [_column(walk, name) for name in SORT_COLUMNS[walk.sort]]
    if leg.fixed is not None and not walk.is_sorted:
        conditions.append(or_(*(_beyond(columns, fixed, walk.is_descending) for fixed in range(len(columns)))))
    elif leg.fixed is not None:
        conditions.append(_beyond(columns, leg.fixed, walk.is_descending))
    if leg.has_from:
        conditions.append(columns[0] >= bindparam(f"leg_from_{number}", type_=columns[0].type))
    if leg.has_to:
        conditions.append(columns[0] <= bindparam(f"leg_to_{number}", type_=columns[0].type))
    return conditions


def _beyond(columns: Sequence[ColumnElement[Any]], fixed: int, is_descending: bool) -> ColumnElement[bool]:
    """
    Return what shares the first `fixed` columns of a row and lies beyond it by the next: a range of the index.

    No single condition suits both engines: MariaDB makes no range of a row comparison, SQLite one over the first column
    only of whatever is written; a page deep among ten thousand equal values would read them all.
    """
    equal = [column == bindparam(f"behind_{place}", type_=column.type) for place, column in enumerate(columns[:fixed])]
    mark = bindparam(f"behind_{fixed}", type_=columns[fixed].type)
    further = columns[fixed] < mark if is_descending else columns[fixed] > mark
    return and_(*equal, further)
