"""Questions about the work that is done for a customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import false, func, select

from webapp.customers.models import Customer
from webapp.storage.db import db
from webapp.tasks.models import Task, TimeEntry
from webapp.tasks.queries.rows import TaskRow, list_rows
from webapp.values.actor import Actor
from webapp.values.status import Status

MOST_LISTED = 15


@dataclass(frozen=True)
class CustomerWork:
    """The open tasks of a customer, those due first at the beginning, and what all of their work adds up to."""

    rows: list[TaskRow]
    open_count: int
    done_count: int
    tracked_seconds: int

    @property
    def count(self) -> int:
        """How many tasks they have, open or done."""
        return self.open_count + self.done_count


def get_work(*, customer_id: int, actor: Actor, now: datetime) -> CustomerWork:
    """
    Return what is done for a customer whom the actor may see.

    The time is that of their tasks, without what was written down for others, and with what was written down for them
    on other tasks. Tasks in the trash count nowhere.
    """
    counts: dict[Status, int] = {}
    seconds = 0
    for status, count, tracked in db.session.execute(
        select(Task.status, func.count(), func.sum(Task.tracked_seconds))
        .where(Task.customer_id == customer_id, Task.is_deleted == false())
        .group_by(Task.status)
    ):
        counts[status] = int(count)
        seconds += int(tracked or 0)
    open_ids = db.session.scalars(
        select(Task.id)
        .where(Task.customer_id == customer_id, Task.is_deleted == false(), Task.status != Status.DONE)
        .order_by(Task.due_sort, Task.id)
        .limit(MOST_LISTED)
    ).all()
    rows = list_rows(task_ids=open_ids, now=now, actor=actor)
    return CustomerWork(
        # The page says whose they are.
        rows=[rows[task_id]._replace(customer_name=None) for task_id in open_ids if task_id in rows],
        open_count=counts.get(Status.TODO, 0) + counts.get(Status.DOING, 0),
        done_count=counts.get(Status.DONE, 0),
        tracked_seconds=seconds + _sum_elsewhere(customer_id) - _sum_for_others(customer_id, actor=actor),
    )


def _sum_elsewhere(customer_id: int) -> int:
    """Return the time written down for a customer on tasks that are not theirs."""
    total = db.session.scalar(
        select(func.sum(TimeEntry.seconds))
        .join(Task, Task.id == TimeEntry.task_id)
        .where(
            TimeEntry.customer_id == customer_id,
            TimeEntry.deleted_at.is_(None),
            Task.is_deleted == false(),
            Task.customer_id.is_(None) | (Task.customer_id != customer_id),
        )
    )
    # MySQL returns SUM as Decimal and SQLite as int.
    return int(total or 0)


def _sum_for_others(customer_id: int, *, actor: Actor) -> int:
    """Return the time on a customer's tasks that was written down for others: there is little of it, found by them."""
    others = select(Customer.id).where(Customer.workspace_id == actor.workspace_id, Customer.id != customer_id)
    total = db.session.scalar(
        select(func.sum(TimeEntry.seconds))
        .join(Task, Task.id == TimeEntry.task_id)
        .where(
            TimeEntry.customer_id.in_(others),
            TimeEntry.deleted_at.is_(None),
            Task.customer_id == customer_id,
            Task.is_deleted == false(),
        )
    )
    return int(total or 0)
