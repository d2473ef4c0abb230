"""Questions about customers. Those of another workspace are not found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, or_, select

from webapp.customers.errors import CustomerNotFound
from webapp.customers.models import Customer
from webapp.errors import InvalidInput
from webapp.storage.db import db
from webapp.values.actor import Actor
from webapp.values.cursor import Cursor, read_cursor, write_cursor
from webapp.values.page import Page
from webapp.values.text import name_key

PAGE_ROWS = 50


def get_customer(*, customer_id: int, actor: Actor) -> Customer:
    """
    Return a customer.

    :raises CustomerNotFound: when they are not in the actor's workspace
    """
    customer = db.session.scalar(
        select(Customer)
        .where(Customer.id == customer_id, Customer.workspace_id == actor.workspace_id)
        .execution_options(populate_existing=True)
    )
    if customer is None:
        raise CustomerNotFound
    return customer


def list_customers(
    *, actor: Actor, words: str = "", after: str | None = None, limit: int = PAGE_ROWS
) -> Page[Customer]:
    """
    Return one page of the customers whose name, company or e-mail holds `words`, by name.

    :param after: a cursor that an earlier page gave
    :raises InvalidInput: when the cursor is none of this list
    """
    position = _read(after)
    is_backwards = position is not None and position[0] == "before"
    statement = select(Customer).where(Customer.workspace_id == actor.workspace_id)
    if words:
        statement = statement.where(_holds(words))
    if position:
        _, key, row_id = position
        beyond = Customer.name_key < key if is_backwards else Customer.name_key > key
        beside = Customer.id < row_id if is_backwards else Customer.id > row_id
        statement = statement.where(or_(beyond, and_(Customer.name_key == key, beside)))
    order = (
        (Customer.name_key.desc(), Customer.id.desc()) if is_backwards else (Customer.name_key.asc(), Customer.id.asc())
    )
    rows = list(db.session.scalars(statement.order_by(*order).limit(limit + 1)))
    has_more = len(rows) > limit
    rows = rows[:limit][::-1] if is_backwards else rows[:limit]
    return Page(
        rows=rows,
        earlier=_write("before", rows[:1]) if (has_more if is_backwards else position) else None,
        later=_write("after", rows[-1:]) if (is_backwards or has_more) else None,
    )


def list_names(*, actor: Actor) -> list[tuple[int, str]]:
    """Return the id and name of the first 500 customers by name, to choose from."""
    rows = db.session.execute(
        select(Customer.id, Customer.name)
        .where(Customer.workspace_id == actor.workspace_id)
        .order_by(Customer.name_key, Customer.id)
        .limit(500)
    )
    return [(row.id, row.name) for row in rows]


def find_ids_by_name(*, names: Iterable[str], actor: Actor) -> dict[str, int]:
    """Return the ids of the customers of these names, by `name_key`; of several of one name, the first added."""
    keys = sorted({name_key(name) for name in names})
    rows = db.session.execute(
        select(Customer.name_key, Customer.id)
        .where(Customer.workspace_id == actor.workspace_id, Customer.name_key.in_(keys))
        .order_by(Customer.id.desc())
    )
    return {row.name_key: row.id for row in rows}


def _holds(words: str) -> ColumnElement[bool]:
    return or_(
        Customer.name_key.contains(name_key(words), autoescape=True),
        Customer.company.icontains(words, autoescape=True),
        Customer.email.icontains(words, autoescape=True),
    )


def _read(cursor: str | None) -> tuple[str, str, int] | None:
    if cursor is None:
        return None
    try:
        match read_cursor(cursor):
            case ["before" | "after" as direction, str(key), int(row_id)]:
                return direction, key, row_id
    except ValueError:
        pass
    raise InvalidInput("This page of the list cannot be found. Start again from its first page.", field="after")


def _write(direction: str, rows: Sequence[Customer]) -> str | None:
    if not rows:
        return None
    cursor: Cursor = [direction, rows[0].name_key, rows[0].id]
    return write_cursor(cursor)
