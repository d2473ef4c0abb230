"""What tasks refer to, from a file of ours: categories, tags, customers and tasks that come again, as they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal

from webapp.customers import operations as customer_operations
from webapp.customers import queries as customer_queries
from webapp.customers.rules import CustomerDetails
from webapp.tasks.operations import intake_labels
from webapp.tasks.rules.intake import Change, SeriesIn
from webapp.transfers.queries.known import find_new_records
from webapp.transfers.rules.own import OwnCategory, OwnCustomer, OwnSeries, OwnTag
from webapp.transfers.rules.rows import Line, OwnRecord
from webapp.values.actor import Actor
from webapp.values.text import name_key

# What of a series is told by other records.
_OF_OTHERS = {"ref", "person", "category", "tags", "customer", "assignee", "skipped"}


@dataclass(frozen=True)
class Written:
    """What was new and is here now, the ids of the customers among it, and the changes of the other tables."""

    new: list[OwnRecord]
    customer_ids: list[int]
    changes: list[Change]


def write_records(lines: Sequence[Line], *, people: Mapping[str, int], actor: Actor, now: datetime) -> Written:
    """Make what is not here yet; what is here stays as it is. Inside an operation."""
    new = find_new_records(lines, actor=actor)
    if not new:
        return Written([], [], [])
    customer_ids = [_customer(record, actor=actor) for record in new if isinstance(record, OwnCustomer)]
    changes = intake_labels.take_in_labels(
        categories={record.name: record.hue for record in new if isinstance(record, OwnCategory)},
        tags={record.name: record.hue for record in new if isinstance(record, OwnTag)},
        actor=actor,
    )
    series = [record for record in new if isinstance(record, OwnSeries)]
    customers = customer_queries.find_ids_by_uid(uids=[s.customer for s in series if s.customer], actor=actor)
    changes += intake_labels.take_in_series(
        series=[_series(record, people=people, customers=customers, actor=actor) for record in series],
        actor=actor,
        now=now,
    )
    return Written(new, customer_ids, changes)


def _customer(record: OwnCustomer, *, actor: Actor) -> int:
    return customer_operations.restore_customer(
        uid=record.ref,
        details=CustomerDetails(
            name=record.name,
            email=record.email,
            phone=record.phone,
            company=record.company,
            notes=record.notes,
            hourly_rate=Decimal(record.hourly_rate) if record.hourly_rate is not None else None,
            currency=record.currency,
        ),
        is_archived=record.is_archived,
        created_at=record.created_at,
        updated_at=record.updated_at,
        actor=actor,
    )


def _series(record: OwnSeries, *, people: Mapping[str, int], customers: Mapping[str, int], actor: Actor) -> SeriesIn:
    return SeriesIn(
        ref=record.ref,
        columns={
            **{fact.name: getattr(record, fact.name) for fact in fields(record) if fact.name not in _OF_OTHERS},
            "skipped": list(record.skipped),
        },
        user_id=people.get(name_key(record.person), actor.user_id),
        category=record.category,
        tags=record.tags,
        customer_id=customers.get(record.customer) if record.customer else None,
        assignee_id=people.get(name_key(record.assignee)) if record.assignee else None,
    )
