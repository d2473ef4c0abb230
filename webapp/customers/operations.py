"""Changes to customers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete

from webapp.customers import queries
from webapp.customers.errors import CustomerEditedMeanwhile
from webapp.customers.models import Customer
from webapp.customers.rules import LONGEST_NAME_KEY, CustomerDetails, checked
from webapp.storage.db import db
from webapp.storage.journal import recorded
from webapp.storage.once import once
from webapp.storage.transaction import transactional
from webapp.values.actor import Actor
from webapp.values.request_key import RequestKey
from webapp.values.text import name_key


@transactional
def create_customer(
    *, details: CustomerDetails, actor: Actor, now: datetime, request_key: RequestKey | None = None
) -> int:
    """
    Add a customer to the actor's workspace and return their id.

    :raises InvalidInput: naming the field that cannot be accepted
    """
    details = checked(details)

    def add() -> int:
        customer = Customer(workspace_id=actor.workspace_id, created_at=now)
        _write(customer, details, now)
        db.session.add(customer)
        db.session.flush()
        return customer.id

    with recorded("customer.created", f"Added the customer “{details.name}”", actor=actor, now=now):
        return once(request_key=request_key, user_id=actor.user_id, now=now, work=add)


@transactional
def save_customer(*, customer_id: int, details: CustomerDetails, version: int, actor: Actor, now: datetime) -> None:
    """
    Change a customer.

    :param version: the version that the person had before them
    :raises CustomerEditedMeanwhile: when it is not the newest
    :raises InvalidInput: naming the field that cannot be accepted
    """
    details = checked(details)
    customer = queries.get_customer(customer_id=customer_id, actor=actor)
    if customer.version != version:
        raise CustomerEditedMeanwhile
    with recorded("customer.saved", f"Changed the customer “{details.name}”", actor=actor, now=now):
        _write(customer, details, now)


@transactional
def archive_customer(*, customer_id: int, actor: Actor, now: datetime) -> None:
    """Keep a customer and all their work, and offer them no more. One who is archived stays so."""
    _set_archived(customer_id, True, actor=actor, now=now)


@transactional
def unarchive_customer(*, customer_id: int, actor: Actor, now: datetime) -> None:
    """Offer a customer again."""
    _set_archived(customer_id, False, actor=actor, now=now)


@transactional
def restore_customer(
    *,
    uid: str,
    details: CustomerDetails,
    is_archived: bool,
    created_at: datetime,
    updated_at: datetime,
    actor: Actor,
) -> int:
    """
    Add a customer as they were elsewhere, by the name of the record there, and return their id.

    :raises InvalidInput: naming the field that cannot be accepted
    """
    details = checked(details)
    customer = Customer(workspace_id=actor.workspace_id, uid=uid, created_at=created_at, is_archived=is_archived)
    _write(customer, details, updated_at)
    db.session.add(customer)
    db.session.flush()
    return customer.id


@transactional
def remove_unchanged_customers(*, customer_ids: Sequence[int], actor: Actor) -> None:
    """Remove those of these customers that nobody has changed since they were added."""
    db.session.execute(
        delete(Customer)
        .where(Customer.workspace_id == actor.workspace_id, Customer.id.in_(customer_ids), Customer.version == 1)
        .execution_options(synchronize_session=False)
    )


def _set_archived(customer_id: int, is_archived: bool, *, actor: Actor, now: datetime) -> None:
    customer = queries.get_customer(customer_id=customer_id, actor=actor)
    if customer.is_archived is not is_archived:
        summary = f"{'Archived' if is_archived else 'Brought back'} the customer “{customer.name}”"
        with recorded("customer.archived", summary, actor=actor, now=now):
            customer.is_archived, customer.updated_at = is_archived, now


def _write(customer: Customer, details: CustomerDetails, now: datetime) -> None:
    customer.name = details.name
    customer.name_key = name_key(details.name)[:LONGEST_NAME_KEY]
    customer.email = details.email
    customer.phone = details.phone
    customer.company = details.company
    customer.notes = details.notes
    customer.rate_cents = None if details.hourly_rate is None else int(details.hourly_rate * 100)
    customer.currency = details.currency
    customer.updated_at = now
