"""Questions about customers. Those of another workspace are not found."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from webapp.customers.errors import CustomerNotFound
from webapp.customers.models import Customer
from webapp.errors import InvalidInput
from webapp.storage.db import db
from webapp.values.actor import Actor
from webapp.values.page import Page, Position, UnreadableCursor, cut_page, read_position
from webapp.values.period import day_start
from webapp.values.text import name_key

PAGE_ROWS = 50
_ORDER = "name"

# So many can be chosen from at once; others by their own page.
MOST_CHOICES = 100


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
    *,
    actor: Actor,
    words: str = "",
    created_from: date | None = None,
    created_to: date | None = None,
    is_archived: bool | None = None,
    after: str | None = None,
    limit: int = PAGE_ROWS,
) -> Page[Customer]:
    """
    Return one page of the customers whose name, company or e-mail holds `words`, by name.

    :param created_from, created_to: the days they were added between, both included, where the actor lives
    :param is_archived: only those who are, or are not; None for all
    :param after: a cursor that an earlier page gave
    :raises UnreadableCursor: when the cursor is none of this list
    """
    position = read_position(after, order=_ORDER)
    is_backwards = position is not None and position.is_backwards
    order = (Customer.name_key, Customer.id)
    statement = select(Customer).where(Customer.workspace_id == actor.workspace_id)
    if words:
        statement = statement.where(_holds(words))
    if created_from is not None:
        statement = statement.where(Customer.created_at >= day_start(created_from, actor.zone))
    if created_to is not None:
        statement = statement.where(Customer.created_at < day_start(created_to + timedelta(days=1), actor.zone))
    if is_archived is not None:
        statement = statement.where(Customer.is_archived == (true() if is_archived else false()))
    if position:
        statement = statement.where(_lies_beyond(position))
    statement = statement.order_by(*(column.desc() if is_backwards else column.asc() for column in order))
    return cut_page(
        list(db.session.scalars(statement.limit(limit + 1))),
        limit=limit,
        order=_ORDER,
        position=position,
        key_of=lambda customer: (customer.name_key, customer.id),
    )


def list_names(*, actor: Actor) -> list[tuple[int, str]]:
    """Return the id and name of the first 500 customers by name, to choose from; the archived are not offered."""
    rows = db.session.execute(
        select(Customer.id, Customer.name)
        .where(Customer.workspace_id == actor.workspace_id, Customer.is_archived == false())
        .order_by(Customer.name_key, Customer.id)
        .limit(500)
    )
    return [(row.id, row.name) for row in rows]


def list_choices(*, chosen: int | None, actor: Actor) -> list[tuple[int, str]]:
    """
    Return the id and name of the first customers by name who are not archived, at most `MOST_CHOICES`, to choose from.

    :param chosen: who was chosen before; they are offered whoever they are, last if they are not among the others
    """
    mine = select(Customer.id, Customer.name).where(Customer.workspace_id == actor.workspace_id)
    active = mine.where(Customer.is_archived == false()).order_by(Customer.name_key, Customer.id).limit(MOST_CHOICES)
    choices = [(row.id, row.name) for row in db.session.execute(active)]
    if chosen is not None and chosen not in dict(choices):
        choices += [(row.id, row.name) for row in db.session.execute(mine.where(Customer.id == chosen))]
    return choices


def check_customer_id(*, customer_id: int | None, actor: Actor) -> None:
    """Refuse a customer who is not in the actor's workspace. :raises InvalidInput: naming the field `customer`"""
    if customer_id is None:
        return
    found = select(Customer.id).where(Customer.id == customer_id, Customer.workspace_id == actor.workspace_id)
    if db.session.scalar(found) is None:
        raise InvalidInput("There is no such customer.", field="customer")


def is_billed_by_hour(*, customer_id: int | None) -> bool:
    """Tell whether an hour of work for a customer costs something; the customer is not checked."""
    if customer_id is None:
        return False
    return bool(db.session.scalar(select(Customer.rate_cents).where(Customer.id == customer_id)))


def list_billed_by_hour(*, customer_ids: Collection[int]) -> set[int]:
    """Return which of some customers pay for an hour of work; they are not checked."""
    if not customer_ids:
        return set()
    asked = select(Customer.id).where(Customer.id.in_(sorted(customer_ids)), Customer.rate_cents > 0)
    return set(db.session.scalars(asked))


def find_ids_by_name(*, names: Iterable[str], actor: Actor) -> dict[str, int]:
    """Return the ids of the customers of these names, by `name_key`; of several of one name, the first added."""
    keys = sorted({name_key(name) for name in names})
    rows = db.session.execute(
        select(Customer.name_key, Customer.id)
        .where(Customer.workspace_id == actor.workspace_id, Customer.name_key.in_(keys))
        .order_by(Customer.id.desc())
    )
    return {row.name_key: row.id for row in rows}


def find_ids_by_uid(*, uids: Iterable[str], actor: Actor) -> dict[str, int]:
    """Return the ids of the customers that bear these names of records, by these."""
    rows = db.session.execute(
        select(Customer.uid, Customer.id).where(
            Customer.workspace_id == actor.workspace_id, Customer.uid.in_(sorted(set(uids)))
        )
    )
    return {row.uid: row.id for row in rows}


def find_by_names(*, names: Iterable[str], actor: Actor) -> dict[str, tuple[int, str]]:
    """
    Return the id and name of the customers of these names, by `name_key`; the archived are not offered.

    Of several of one name it is the first that was added.
    """
    keys = sorted({name_key(name) for name in names})
    rows = db.session.execute(
        select(Customer.name_key, Customer.id, Customer.name)
        .where(
            Customer.workspace_id == actor.workspace_id,
            Customer.is_archived == false(),
            Customer.name_key.in_(keys),
        )
        .order_by(Customer.id.desc())
    )
    return {row.name_key: (row.id, row.name) for row in rows}


def _holds(words: str) -> ColumnElement[bool]:
    return or_(
        Customer.name_key.contains(name_key(words), autoescape=True),
        Customer.company.icontains(words, autoescape=True),
        Customer.email.icontains(words, autoescape=True),
    )


def _lies_beyond(position: Position) -> ColumnElement[bool]:
    match position.key:
        case (str(key), int(row_id)):
            beyond = Customer.name_key < key if position.is_backwards else Customer.name_key > key
            beside = Customer.id < row_id if position.is_backwards else Customer.id > row_id
            return or_(beyond, and_(Customer.name_key == key, beside))
    raise UnreadableCursor
