"""Questions about the week that is typed into: its cells, its rows, and the last day of it that can be."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, false, func, select, true

from webapp.customers.models import Customer
from webapp.storage.bulk import in_chunks
from webapp.storage.db import db
from webapp.tasks.models import Category, EntryDay, Task, TimeEntry
from webapp.tasks.rules.entries import SLACK_AHEAD
from webapp.tasks.rules.week_grid import MOST_ROWS, Cell, Part, RowName
from webapp.values.actor import Actor
from webapp.values.period import Period


def latest_day(*, actor: Actor, now: datetime) -> date:
    """Return the last day on which the actor may write time down."""
    return (now + SLACK_AHEAD).astimezone(actor.zone).date()


def list_timed_task_ids(*, period: Period, actor: Actor) -> list[int]:
    """Return the tasks that the actor spent time on in a period, those with the most first, at most a hundred."""
    rows = db.session.execute(
        select(EntryDay.task_id)
        .join(Task, Task.id == EntryDay.task_id)
        .where(*_of_person(period, actor), Task.is_deleted == false())
        .group_by(EntryDay.task_id)
        .order_by(func.sum(EntryDay.seconds).desc(), EntryDay.task_id)
        .limit(MOST_ROWS)
    )
    return [row.task_id for row in rows]


def list_parts(*, task_ids: Collection[int], period: Period, actor: Actor) -> dict[Cell, list[Part]]:
    """Return which entries of the actor's make up what the cells of a week say, without what runs."""
    parts: dict[Cell, list[Part]] = {}
    for chunk in in_chunks(sorted(task_ids)):
        for row in db.session.execute(
            select(
                EntryDay.task_id,
                EntryDay.day,
                EntryDay.entry_id,
                EntryDay.seconds,
                TimeEntry.started_at,
                (TimeEntry.note != "").label("has_words"),
            )
            .join(TimeEntry, TimeEntry.id == EntryDay.entry_id)
            .where(*_of_person(period, actor), EntryDay.task_id.in_(chunk))
        ):
            parts.setdefault(Cell(row.task_id, row.day), []).append(
                Part(row.entry_id, row.seconds, is_plain=row.started_at is None, has_words=bool(row.has_words))
            )
    return parts


def list_row_names(task_ids: Sequence[int], *, actor: Actor, with_trash: bool) -> list[RowName]:
    """Return what those of some tasks are called that the actor may see; what is in the trash only `with_trash`."""
    if not task_ids:
        return []
    rows = db.session.execute(
        select(Task.id, Task.title, Category.name, Customer.name)
        .outerjoin(Category, Category.id == Task.category_id)
        .outerjoin(Customer, Customer.id == Task.customer_id)
        .where(
            Task.id.in_(sorted(set(task_ids))[:MOST_ROWS]),
            Task.workspace_id == actor.workspace_id,
            # What somebody typed into has its row, with the sentence that says what became of it.
            true() if with_trash else Task.is_deleted == false(),
        )
    )
    return [RowName(*row) for row in rows]


def _of_person(period: Period, actor: Actor) -> Sequence[ColumnElement[bool]]:
    return (
        EntryDay.user_id == actor.user_id,
        EntryDay.day >= period.start,
        EntryDay.day < period.end,
        EntryDay.workspace_id == actor.workspace_id,
    )
