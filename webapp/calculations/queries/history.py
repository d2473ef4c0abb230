"""
Questions about what was worked out. What belongs to another workspace is not found.

A page of the history walks one index, newest first. What no index tells (words, mostly) is asked of each calculation on
the way, of `SCANNED` a page and no more: the page then says how far it has looked, and its last cursor leads on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, false, or_, select

from webapp.accounts.models import User
from webapp.calculations.engine.operations import Operation
from webapp.calculations.models import Calculation, CalculationUse
from webapp.calculations.queries.record import Record
from webapp.calculations.rules.uses import UseKind
from webapp.errors import NotFound
from webapp.storage.db import db
from webapp.storage.dialect import along_index, in_given_order
from webapp.values.actor import Actor
from webapp.values.page import Page, Position, UnreadableCursor, cut_page, read_position, write_cursor
from webapp.values.period import Period

PAGE_ROWS = 20
# Of one task or customer: so many are shown, of so many that are newest.
LOOKED_AT_OF_ONE = 20
MOST_OF_ONE = 5
# For one page so many calculations are asked what no index tells.
SCANNED = 2_000
_LARGEST_ID = 2**31 - 1
# The names of the two orders.
_NEWEST, _DAY = "newest", "day"


@dataclass(frozen=True)
class HistoryFilters:
    """
    Which calculations are wanted; what is left out does not matter.

    `operation` finds those that used it, in an expression, too; `use` any other thing, as kind and name. `period` is of
    the days of those who made them. `outcome` is `answered` or `refused`.
    """

    words: str = ""
    operation: Operation | None = None
    use: tuple[UseKind, str] | None = None
    task_id: int | None = None
    customer_id: int | None = None
    user_id: int | None = None
    period: Period | None = None
    outcome: str | None = None
    error_code: str | None = None


@dataclass(frozen=True)
class History(Page[Record]):
    """A page of the history. `looked_through`: how many were asked before the page was full, when it is not."""

    looked_through: int | None = None


@dataclass(frozen=True)
class Newest:
    """What was worked out for a customer or a task last, newest first; `has_more` when it is not all."""

    rows: list[Record]
    has_more: bool


@dataclass(frozen=True)
class _Walk:
    """The index that is walked: where it begins, its order, and what it does not hold and is asked on the way."""

    index: str
    conditions: list[ColumnElement[bool]]
    order: tuple[Any, ...]
    checks: list[ColumnElement[bool]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return _DAY if len(self.order) > 1 else _NEWEST

    def along(self, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        """Keep MySQL to the index: it may think that another leads to a page sooner, past rows of other workspaces."""
        return along_index(statement, self.order[-1].class_.__table__, self.index)  # type: ignore[no-any-return]


def get_calculation(*, calculation_id: int, actor: Actor) -> Record:
    """
    Return a calculation, hidden or not.

    :raises NotFound: when there is none in the actor's workspace
    """
    row = None
    if 0 < calculation_id <= _LARGEST_ID:
        row = db.session.execute(
            _named().where(Calculation.id == calculation_id, Calculation.workspace_id == actor.workspace_id)
        ).one_or_none()
    if row is None:
        raise NotFound
    return _record(row)


def list_calculations(*, actor: Actor, filters: HistoryFilters | None = None, after: str | None = None) -> History:
    """
    Return a page of the history, newest first, without what is hidden.

    :param after: a cursor of an earlier answer; None for the newest
    :raises UnreadableCursor: when it is not one of ours
    """
    walk = _plan(filters or HistoryFilters(), actor)
    position = read_position(after, order=walk.name)
    is_backwards = position is not None and position.is_backwards
    conditions = walk.conditions if position is None else [*walk.conditions, _lies_beyond(walk, position)]
    end = _find_end(walk, conditions, is_backwards=is_backwards) if walk.checks else None
    most = SCANNED if walk.checks else PAGE_ROWS + 1
    found = _read(walk, conditions, looked_at=most, limit=PAGE_ROWS + 1, is_backwards=is_backwards)
    page = cut_page(
        found,
        limit=PAGE_ROWS,
        order=walk.name,
        position=position,
        key_of=lambda record: (record.day.toordinal(), record.id) if walk.name == _DAY else (record.id,),
    )
    if end is None or len(found) > PAGE_ROWS:
        return History(page.rows, page.earlier, page.later)
    onward = write_cursor(walk.name, end, is_backwards=is_backwards)
    back = write_cursor(walk.name, position.key, is_backwards=not is_backwards) if position else None
    earlier, later = (onward, page.later or back) if is_backwards else (page.earlier or back, onward)
    return History(page.rows, earlier, later, looked_through=SCANNED)


def list_newest_for(*, actor: Actor, customer_id: int | None = None, task_id: int | None = None) -> Newest:
    """Return what was worked out last for a customer, or for a task; what was refused lately is left out."""
    walk = _plan(HistoryFilters(customer_id=customer_id, task_id=task_id), actor)
    rows = _read(walk, walk.conditions, looked_at=LOOKED_AT_OF_ONE, limit=LOOKED_AT_OF_ONE)
    answered = [record for record in rows if not record.error_code][:MOST_OF_ONE]
    return Newest(answered, has_more=len(rows) > len(answered))


def search_calculations(*, actor: Actor, words: str, limit: int) -> list[Record]:
    """Return the newest calculations that hold `words`, of the `SCANNED` newest there are."""
    walk = _plan(HistoryFilters(words=words), actor)
    return _read(walk, walk.conditions, looked_at=SCANNED, limit=limit)


def list_revisions(*, calculation_id: int, actor: Actor) -> list[Record]:
    """Return the calculations that took the place of this one, oldest first; at most one page of them."""
    statement = (
        _named()
        .where(
            Calculation.revises_id == calculation_id,
            Calculation.workspace_id + 0 == actor.workspace_id,
            Calculation.is_hidden == false(),
        )
        .order_by(Calculation.id)
        .limit(PAGE_ROWS)
    )
    return [_record(row) for row in db.session.execute(statement)]


def _plan(filters: HistoryFilters, actor: Actor) -> _Walk:
    """Choose the index that leaves the least to be asked."""
    here = Calculation.workspace_id == actor.workspace_id
    # + 0 keeps the engines from walking through the workspace's for the few of a customer.
    checked_here = Calculation.workspace_id + 0 == actor.workspace_id
    shown = Calculation.is_hidden == false()
    by_id = (Calculation.id,)
    use = (UseKind.OPERATION, filters.operation.value) if filters.operation else filters.use
    wanted: dict[str, ColumnElement[bool]] = {}
    if filters.task_id is not None:
        wanted["task"] = Calculation.task_id == filters.task_id
    if filters.customer_id is not None:
        wanted["customer"] = Calculation.customer_id == filters.customer_id
    if filters.error_code is not None:
        wanted["error"] = Calculation.error_code == filters.error_code
    if filters.period is not None:
        wanted["day"] = and_(Calculation.day >= filters.period.start, Calculation.day < filters.period.end)
    if filters.user_id is not None:
        wanted["person"] = Calculation.user_id == filters.user_id
    if filters.outcome is not None:
        is_refused = Calculation.error_code != ""
        wanted["outcome"] = is_refused if filters.outcome == "refused" else Calculation.error_code == ""
    if filters.words:
        wanted["words"] = _holds(filters.words)
    if use is not None:
        kind, name = use
        used = [
            CalculationUse.workspace_id == actor.workspace_id,
            CalculationUse.kind == kind,
            CalculationUse.name == name,
            CalculationUse.is_hidden == false(),
        ]
        return _Walk("ix_calculation_uses_of", used, (CalculationUse.calculation_id,), list(wanted.values()))
    for name, conditions, order in (
        ("task", [shown, checked_here], by_id),
        ("customer", [shown, checked_here], by_id),
        ("error", [here, shown], by_id),
        ("day", [here, shown], (Calculation.day, Calculation.id)),
        ("person", [here, shown], by_id),
    ):
        if name in wanted:
            return _Walk(f"ix_calculations_by_{name}", [*conditions, wanted.pop(name)], order, list(wanted.values()))
    return _Walk("ix_calculations_newest", [here, shown], by_id, list(wanted.values()))


def _holds(words: str) -> ColumnElement[bool]:
    texts = (Calculation.typed, Calculation.reading, Calculation.result, Calculation.note)
    return or_(*(text.icontains(words, autoescape=True) for text in texts))


def _read(
    walk: _Walk, conditions: list[ColumnElement[bool]], *, looked_at: int, limit: int, is_backwards: bool = False
) -> list[Record]:
    """Return what is wanted of the next `looked_at` rows of the walk, at most `limit`, nearest first."""
    order = _in_order(walk.order, is_backwards=is_backwards)
    # A table of its own, so that no engine finds another way and reads more than these.
    stretch = (
        walk.along(select(walk.order[-1].label("id"))).where(*conditions).order_by(*order).limit(looked_at).subquery()
    )
    shown = (Calculation.day, Calculation.id) if walk.name == _DAY else (Calculation.id,)
    statement = (
        select(Calculation, User.name)
        .select_from(stretch)
        .join(Calculation, Calculation.id == stretch.c.id)
        .join(User, User.id == Calculation.user_id)
        .where(*walk.checks)
        .order_by(*_in_order(shown, is_backwards=is_backwards))
        .limit(limit)
    )
    return [_record(row) for row in db.session.execute(in_given_order(statement))]


def _find_end(walk: _Walk, conditions: list[ColumnElement[bool]], *, is_backwards: bool) -> tuple[int, ...] | None:
    """Return the key of the last row that is looked at; None where all that there are can be."""
    order = _in_order(walk.order, is_backwards=is_backwards)
    asked = walk.along(select(*walk.order)).where(*conditions).order_by(*order).offset(SCANNED - 1).limit(2)
    rows = db.session.execute(asked).all()
    if len(rows) < 2:
        return None
    return tuple(part.toordinal() if isinstance(part, date) else part for part in rows[0])


def _in_order(columns: tuple[Any, ...], *, is_backwards: bool) -> list[Any]:
    return [column.asc() if is_backwards else column.desc() for column in columns]


def _lies_beyond(walk: _Walk, position: Position) -> ColumnElement[bool]:
    day, number = _read_key(walk, position)
    column = walk.order[-1]
    is_beyond: ColumnElement[bool] = column > number if position.is_backwards else column < number
    if day is None:
        return is_beyond
    first = walk.order[0]
    if position.is_backwards:
        return and_(first >= day, or_(first > day, is_beyond))
    return and_(first <= day, or_(first < day, is_beyond))


def _read_key(walk: _Walk, position: Position) -> tuple[date | None, int]:
    match position.key:
        case (int(number),) if walk.name == _NEWEST:
            return None, number
        case (int(ordinal), int(number)) if walk.name == _DAY and 0 < ordinal <= date.max.toordinal():
            return date.fromordinal(ordinal), number
    raise UnreadableCursor


def _named() -> Select[Calculation, str]:
    return select(Calculation, User.name).join(User, User.id == Calculation.user_id)


def _record(row: Row[Calculation, str]) -> Record:
    return Record(row[0], row[1])
