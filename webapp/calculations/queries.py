"""Questions about calculations. What belongs to another workspace is not found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Select, or_, select

from webapp.accounts.models import User
from webapp.calculations.engine.factory import operator_for
from webapp.calculations.engine.numbers import NumberStyle, write_number
from webapp.calculations.engine.operators import Operation
from webapp.calculations.models import Calculation
from webapp.errors import InvalidInput, NotFound
from webapp.storage.db import db
from webapp.values.actor import Actor
from webapp.values.cursor import read_cursor, write_cursor
from webapp.values.page import Page

PAGE_SIZE = 20
_LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class CalculationRow:
    """One calculation, and the name of whoever made it."""

    id: int
    operation: Operation
    operands: tuple[Decimal, ...]
    result: Decimal
    is_exact: bool
    note: str
    revises_id: int | None
    created_at: datetime
    user_name: str

    @property
    def label(self) -> str:
        """What was done, in a word or two."""
        return operator_for(self.operation).label

    def expression(self, style: NumberStyle) -> str:
        """The calculation on one line, without its result."""
        return operator_for(self.operation).write([write_number(operand, style) for operand in self.operands])

    def written_result(self, style: NumberStyle) -> str:
        """The result for reading."""
        return write_number(self.result, style)

    def copied_result(self, style: NumberStyle) -> str:
        """The result for another program or another form: without signs between thousands."""
        return write_number(self.result, style, is_grouped=False)

    def typed_operands(self, style: NumberStyle) -> list[str]:
        """The numbers as this person would type them."""
        return [write_number(operand, style, is_grouped=False) for operand in self.operands]


def get_calculation(*, calculation_id: int, actor: Actor) -> CalculationRow:
    """
    Return a calculation.

    :raises NotFound: when there is none in the actor's workspace
    """
    row = None
    if 0 < calculation_id <= _LARGEST_ID:
        row = db.session.execute(_visible_to(actor).where(Calculation.id == calculation_id)).one_or_none()
    if row is None:
        raise NotFound
    return _row(*row)


def list_calculations(*, actor: Actor, after: str | None = None) -> Page[CalculationRow]:
    """
    Return a page of the history, newest first.

    :param after: a cursor of an earlier answer; None for the newest
    :raises InvalidInput: when it is not one of ours
    """
    way, calculation_id = _read_place(after) if after else ("older", 0)
    statement = _visible_to(actor).limit(PAGE_SIZE + 1)
    if way == "newer":
        statement = statement.where(Calculation.id > calculation_id).order_by(Calculation.id)
    else:
        if calculation_id:
            statement = statement.where(Calculation.id < calculation_id)
        statement = statement.order_by(Calculation.id.desc())
    found = [_row(*row) for row in db.session.execute(statement)]
    has_more = len(found) > PAGE_SIZE
    rows = found[:PAGE_SIZE]
    if way == "newer":
        rows.reverse()
    has_newer, has_older = (has_more, True) if way == "newer" else (bool(calculation_id), has_more)
    return Page(
        rows=rows,
        earlier=write_cursor(["newer", rows[0].id]) if rows and has_newer else None,
        later=write_cursor(["older", rows[-1].id]) if rows and has_older else None,
    )


def search_calculations(*, actor: Actor, words: str, limit: int) -> list[CalculationRow]:
    """Return the newest calculations whose note or result holds `words`."""
    holds = or_(Calculation.note.icontains(words, autoescape=True), Calculation.result.contains(words, autoescape=True))
    statement = _visible_to(actor).where(holds).order_by(Calculation.id.desc()).limit(limit)
    return [_row(*row) for row in db.session.execute(statement)]


def list_revisions(*, calculation_id: int, actor: Actor) -> list[CalculationRow]:
    """Return the calculations that were made from this one, oldest first; at most one page of them."""
    statement = _visible_to(actor).where(Calculation.revises_id == calculation_id)
    return [_row(*row) for row in db.session.execute(statement.order_by(Calculation.id).limit(PAGE_SIZE))]


def _visible_to(actor: Actor) -> Select[Calculation, str]:
    return (
        select(Calculation, User.name)
        .join(User, User.id == Calculation.user_id)
        .where(Calculation.workspace_id == actor.workspace_id)
    )


def _row(calculation: Calculation, user_name: str) -> CalculationRow:
    return CalculationRow(
        id=calculation.id,
        operation=Operation(calculation.operation),
        operands=tuple(Decimal(operand) for operand in calculation.operands),
        result=Decimal(calculation.result),
        is_exact=calculation.is_exact,
        note=calculation.note,
        revises_id=calculation.revises_id,
        created_at=calculation.created_at,
        user_name=user_name,
    )


def _read_place(after: str) -> tuple[str, int]:
    try:
        way, calculation_id = read_cursor(after)
        if way not in ("newer", "older") or not isinstance(calculation_id, int):
            raise ValueError(way)
    except ValueError:
        raise InvalidInput(
            "This page of the history cannot be found. Start again from the newest.", field="after"
        ) from None
    return str(way), calculation_id
