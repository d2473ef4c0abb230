"""Questions about calculations. What belongs to another workspace is not found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, or_, select

from webapp.accounts.models import User
from webapp.calculations.engine.first.factory import operator_for
from webapp.calculations.engine.first.operators import Operation
from webapp.calculations.engine.numbers import NumberStyle, write_number
from webapp.calculations.models import Calculation
from webapp.customers.models import Customer
from webapp.errors import NotFound
from webapp.storage.db import db
from webapp.values.actor import Actor
from webapp.values.page import Page, Position, UnreadableCursor, cut_page, read_position

PAGE_ROWS = 20
MOST_OF_A_CUSTOMER = 5
_ORDER = "newest"
_LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class CalculationRow:
    """One calculation, and the names of whoever made it and whom it was made for."""

    id: int
    operation: Operation
    operands: tuple[Decimal, ...]
    result: Decimal
    is_exact: bool
    note: str
    revises_id: int | None
    created_at: datetime
    user_name: str
    customer_id: int | None = None
    customer_name: str | None = None

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


@dataclass(frozen=True)
class CustomerCalculations:
    """What was worked out for a customer last, newest first, and how to write it; `has_more` when it is not all."""

    rows: list[CalculationRow]
    has_more: bool
    style: NumberStyle


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


def list_calculations(
    *, actor: Actor, after: str | None = None, customer_id: int | None = None
) -> Page[CalculationRow]:
    """
    Return a page of the history, newest first.

    :param after: a cursor of an earlier answer; None for the newest
    :param customer_id: only what was worked out for them
    :raises UnreadableCursor: when it is not one of ours
    """
    position = read_position(after, order=_ORDER)
    is_backwards = position is not None and position.is_backwards
    found = _visible_to(actor) if customer_id is None else _made_for(customer_id, actor)
    statement = found.order_by(Calculation.id.asc() if is_backwards else Calculation.id.desc())
    if position:
        statement = statement.where(_lies_beyond(position))
    return cut_page(
        [_row(*row) for row in db.session.execute(statement.limit(PAGE_ROWS + 1))],
        limit=PAGE_ROWS,
        order=_ORDER,
        position=position,
        key_of=lambda row: (row.id,),
    )


def list_newest_for(*, customer_id: int, number_format: str, actor: Actor) -> CustomerCalculations:
    """Return what was worked out for a customer last, as somebody reads whose numbers look like `number_format`."""
    statement = _made_for(customer_id, actor).order_by(Calculation.id.desc()).limit(MOST_OF_A_CUSTOMER + 1)
    rows = [_row(*row) for row in db.session.execute(statement)]
    return CustomerCalculations(
        rows[:MOST_OF_A_CUSTOMER], has_more=len(rows) > MOST_OF_A_CUSTOMER, style=NumberStyle.of(number_format)
    )


def search_calculations(*, actor: Actor, words: str, limit: int) -> list[CalculationRow]:
    """Return the newest calculations whose note or result holds `words`."""
    holds = or_(Calculation.note.icontains(words, autoescape=True), Calculation.result.contains(words, autoescape=True))
    statement = _visible_to(actor).where(holds).order_by(Calculation.id.desc()).limit(limit)
    return [_row(*row) for row in db.session.execute(statement)]


def list_revisions(*, calculation_id: int, actor: Actor) -> list[CalculationRow]:
    """Return the calculations that were made from this one, oldest first; at most one page of them."""
    statement = _visible_to(actor).where(Calculation.revises_id == calculation_id)
    return [_row(*row) for row in db.session.execute(statement.order_by(Calculation.id).limit(PAGE_ROWS))]


def _visible_to(actor: Actor) -> Select[Calculation, str, str | None]:
    return _named().where(Calculation.workspace_id == actor.workspace_id)


def _made_for(customer_id: int, actor: Actor) -> Select[Calculation, str, str | None]:
    # + 0 keeps the engines from walking through the workspace's for the few of a customer.
    return _named().where(Calculation.customer_id == customer_id, Calculation.workspace_id + 0 == actor.workspace_id)


def _named() -> Select[Calculation, str, str | None]:
    return (
        select(Calculation, User.name, Customer.name)
        .join(User, User.id == Calculation.user_id)
        .outerjoin(Customer, Customer.id == Calculation.customer_id)
    )


def _row(calculation: Calculation, user_name: str, customer_name: str | None) -> CalculationRow:
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
        customer_id=calculation.customer_id,
        customer_name=customer_name,
    )


def _lies_beyond(position: Position) -> ColumnElement[bool]:
    match position.key:
        case (int(calculation_id),):
            return Calculation.id > calculation_id if position.is_backwards else Calculation.id < calculation_id
    raise UnreadableCursor
