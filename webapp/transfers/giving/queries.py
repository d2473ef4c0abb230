"""
What a file of ours holds, read in pieces: never more than `BATCH` tasks or entries are in memory.

All of a file is of one moment (storage.transaction.one_moment).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, and_, false, or_, select

from webapp.accounts.models import User
from webapp.customers.models import Customer
from webapp.storage.bulk import table_of
from webapp.storage.dialect import along_index, in_given_order
from webapp.storage.transaction import one_moment
from webapp.tasks.models import Category, Comment, Series, SeriesTag, Tag, Task, TaskBlocker, TaskTag, TimeEntry
from webapp.tasks.queries.conditions import ask
from webapp.tasks.rules.criteria import TaskCriteria
from webapp.transfers.rules import SUCCESSOR_NAME
from webapp.transfers.rules.own import (
    FORMAT,
    Own,
    OwnCategory,
    OwnComment,
    OwnCustomer,
    OwnEntry,
    OwnSeries,
    OwnTag,
    OwnTask,
    Section,
    as_cells,
    as_line,
    columns_of,
    names_of_people,
)
from webapp.values.actor import Actor
from webapp.workspaces.models import Membership

Item = TypeVar("Item")

BATCH = 500
# A spreadsheet takes a file that begins with it for UTF-8.
_UTF8_MARK = "\ufeff"

_T, _ENTRIES, _SERIES, _CUSTOMERS = table_of(Task), table_of(TimeEntry), table_of(Series), table_of(Customer)
_CATEGORIES, _TAGS, _TASK_TAGS, _SERIES_TAGS = (table_of(model) for model in (Category, Tag, TaskTag, SeriesTag))
_COMMENTS, _LINKS = table_of(Comment), table_of(TaskBlocker)
_PARENT, _BLOCKER, _T_CUSTOMER = _T.alias("parents"), _T.alias("blocking"), _CUSTOMERS.alias("for_customers")
# All that a task has in a file, but for what is looked up.
_TASK_COLUMNS = (
    *("id", "title", "description", "status", "priority", "assignee_id", "position", "starts_on", "due_on", "due_at"),
    *("estimated_minutes", "created_at", "created_on", "updated_at", "completed_at", "completed_on", "source"),
    *("source_ref", "occurrence", "tracked_seconds", "has_blockers", "extra"),
)


@dataclass(frozen=True)
class _Wanted:
    """
    What a file is asked for, of one workspace.

    :param conditions: on the tasks, beside that they are in no trash; None for all of them
    :param are_few: whether the conditions name the tasks one by one
    """

    connection: Connection
    workspace_id: int
    conditions: list[ColumnElement[bool]] | None
    are_few: bool
    people: dict[int, str]

    @property
    def of_tasks(self) -> ColumnElement[bool]:
        """Which tasks are in the file."""
        return and_(_T.c.workspace_id == self.workspace_id, _T.c.is_deleted == false(), *(self.conditions or []))

    def called(self, user_id: int) -> str:
        """Return what somebody is called in the file; who is no member any more has left their name behind."""
        return self.people.get(user_id, SUCCESSOR_NAME)

    def assigned(self, user_id: int | None) -> str | None:
        """Return what whoever it is assigned to is called, if anybody is."""
        return None if user_id is None else self.called(user_id)

    def rows(self, statement: Select[Any]) -> Sequence[Any]:
        """Return rows, their values as the tables' types have them."""
        return self.connection.execute(statement).all()

    def batches(self, statement: Select[Any], table: Table) -> Iterator[Sequence[Any]]:
        """Yield all rows in the order of their names, `BATCH` at a time: each batch begins behind the one before."""
        ordered = statement.order_by(table.c.uid).limit(BATCH)
        if not self.are_few:
            ordered = in_given_order(along_index(ordered, table, f"ix_{table.name}_by_uid"))
        last = ""
        while found := self.rows(ordered.where(table.c.workspace_id == self.workspace_id, table.c.uid > last)):
            yield found
            last = found[-1].ref


def write_json(*, criteria: TaskCriteria, actor: Actor) -> Generator[str, None, None]:
    """
    Yield a JSON file piece by piece: all of the workspace, or the tasks that a list shows and what belongs to them.

    The order of the list does not matter, nor where a page of it begins.
    """
    with _wanted(criteria, actor=actor) as wanted:
        yield f'{{\n"format": "{FORMAT}"'
        for section, batches in _sections(wanted):
            yield f',\n"{section}": ['
            is_empty = True
            for batch in batches:
                yield ("\n" if is_empty else ",\n") + ",\n".join(map(as_line, batch))
                is_empty = False
            yield "]" if is_empty else "\n]"
        yield "\n}\n"


def write_tasks(*, criteria: TaskCriteria, actor: Actor) -> Generator[str, None, None]:
    """Yield a table of tasks as CSV, as `write_json` does."""
    with _wanted(criteria, actor=actor) as wanted:
        yield _UTF8_MARK + _table([columns_of(OwnTask)])
        for batch in _tasks(wanted, _T_CUSTOMER.c.name):
            yield _table(map(as_cells, batch))


def write_entries(*, criteria: TaskCriteria, actor: Actor) -> Generator[str, None, None]:
    """Yield a table of the time spent on tasks as CSV, as `write_json` does."""
    with _wanted(criteria, actor=actor) as wanted:
        yield _UTF8_MARK + _table([columns_of(OwnEntry)])
        for batch in _entries(wanted, _T_CUSTOMER.c.name):
            yield _table(map(as_cells, batch))


@contextmanager
def _wanted(criteria: TaskCriteria, *, actor: Actor) -> Iterator[_Wanted]:
    asked = ask(criteria, actor=actor)
    conditions = [*asked.conditions(), *([false()] if asked.is_empty else [])] if criteria.is_narrowed else None
    with one_moment() as connection:
        people = connection.execute(
            select(User.id, User.name)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.workspace_id == actor.workspace_id)
        ).all()
        yield _Wanted(
            connection,
            actor.workspace_id,
            conditions,
            are_few="ids" in asked.names,
            people=names_of_people((user_id, name) for user_id, name in people),
        )


def _table(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _sections(wanted: _Wanted) -> Iterator[tuple[Section, Iterator[Sequence[Own]]]]:
    yield Section.CATEGORIES, _labels(wanted, _CATEGORIES, OwnCategory)
    yield Section.TAGS, _labels(wanted, _TAGS, OwnTag)
    yield Section.CUSTOMERS, _customers(wanted)
    yield Section.SERIES, _series(wanted)
    yield Section.TASKS, _tasks(wanted, _T_CUSTOMER.c.uid)
    yield Section.ENTRIES, _entries(wanted, _T_CUSTOMER.c.uid)


def _labels(
    wanted: _Wanted, table: Table, kind: type[OwnCategory] | type[OwnTag]
) -> Iterator[Sequence[OwnCategory | OwnTag]]:
    named = select(table.c.name, table.c.hue).where(table.c.workspace_id == wanted.workspace_id)
    if wanted.conditions is not None:
        used = (
            select(_T.c.category_id)
            if table is _CATEGORIES
            else select(_TASK_TAGS.c.tag_id).join(_T, _T.c.id == _TASK_TAGS.c.task_id)
        )
        named = named.where(table.c.id.in_(used.where(wanted.of_tasks)))
    if found := wanted.rows(named.order_by(table.c.name_key)):
        yield [kind(name=row.name, hue=row.hue) for row in found]


def _customers(wanted: _Wanted) -> Iterator[Sequence[OwnCustomer]]:
    columns = [column for column in _CUSTOMERS.c if column.name not in ("id", "uid", "workspace_id")]
    statement = select(_CUSTOMERS.c.uid.label("ref"), *columns)
    if wanted.conditions is not None:
        of_tasks = select(_T.c.customer_id).where(wanted.of_tasks)
        of_entries = select(_ENTRIES.c.customer_id).join(_T, _T.c.id == _ENTRIES.c.task_id).where(wanted.of_tasks)
        statement = statement.where(or_(_CUSTOMERS.c.id.in_(of_tasks), _CUSTOMERS.c.id.in_(of_entries)))
    for batch in wanted.batches(statement, _CUSTOMERS):
        yield [
            OwnCustomer(
                ref=row.ref,
                name=row.name,
                email=row.email,
                phone=row.phone,
                company=row.company,
                notes=row.notes,
                hourly_rate=None if row.rate_cents is None else f"{Decimal(row.rate_cents) / 100:.2f}",
                currency=row.currency,
                is_archived=row.is_archived,
                created_at=row.created_at,
                updated_at=row.updated_at,
            )
            for row in batch
        ]


def _series(wanted: _Wanted) -> Iterator[Sequence[OwnSeries]]:
    joined = _SERIES.outerjoin(_CATEGORIES, _CATEGORIES.c.id == _SERIES.c.category_id).outerjoin(
        _CUSTOMERS, _CUSTOMERS.c.id == _SERIES.c.customer_id
    )
    statement = select(
        *_SERIES.c, _SERIES.c.uid.label("ref"), _CATEGORIES.c.name.label("category"), _CUSTOMERS.c.uid.label("customer")
    ).select_from(joined)
    if wanted.conditions is not None:
        statement = statement.where(_SERIES.c.id.in_(select(_T.c.series_id).where(wanted.of_tasks)))
    for batch in wanted.batches(statement, _SERIES):
        tags = _tags(wanted, _SERIES_TAGS.c.series_id, [row.id for row in batch])
        yield [
            OwnSeries(
                ref=row.ref,
                person=wanted.called(row.user_id),
                created_at=row.created_at,
                stopped_at=row.stopped_at,
                unit=row.unit.value,
                every=row.every,
                weekdays=row.weekdays,
                nth=row.nth,
                is_last_day=row.is_last_day,
                basis=row.basis.value,
                missed=row.missed.value,
                until_on=row.until_on,
                times=row.times,
                zone=row.zone,
                anchor_on=row.anchor_on,
                anchor_n=row.anchor_n,
                clock=row.clock,
                newest_n=row.newest_n,
                newest_on=row.newest_on,
                skipped=tuple(row.skipped),
                wakes_at=row.wakes_at,
                title=row.title,
                description=row.description,
                priority=row.priority,
                category=row.category,
                tags=tags.get(row.id, ()),
                customer=row.customer,
                assignee=wanted.assigned(row.assignee_id),
                estimated_minutes=row.estimated_minutes,
                days_ahead=row.days_ahead,
            )
            for row in batch
        ]


def _tasks(wanted: _Wanted, customer: ColumnElement[Any]) -> Iterator[Sequence[OwnTask]]:
    joined = (
        _T.outerjoin(_CATEGORIES, _CATEGORIES.c.id == _T.c.category_id)
        .outerjoin(_T_CUSTOMER, _T_CUSTOMER.c.id == _T.c.customer_id)
        .outerjoin(_PARENT, and_(_PARENT.c.id == _T.c.parent_id, _PARENT.c.is_deleted == false()))
        .outerjoin(_SERIES, _SERIES.c.id == _T.c.series_id)
    )
    statement = (
        select(
            *(_T.c[name] for name in _TASK_COLUMNS),
            _T.c.uid.label("ref"),
            _CATEGORIES.c.name.label("category"),
            customer.label("customer"),
            _PARENT.c.uid.label("parent"),
            _SERIES.c.uid.label("series"),
        )
        .select_from(joined)
        .where(wanted.of_tasks)
    )
    for batch in wanted.batches(statement, _T):
        ids = [row.id for row in batch]
        tags = _tags(wanted, _TASK_TAGS.c.task_id, ids)
        blockers = _blockers(wanted, [row.id for row in batch if row.has_blockers])
        comments = _comments(wanted, ids)
        yield [
            OwnTask(
                ref=row.ref,
                title=row.title,
                description=row.description,
                status=row.status,
                priority=row.priority,
                category=row.category,
                tags=tags.get(row.id, ()),
                customer=row.customer,
                assignee=wanted.assigned(row.assignee_id),
                parent=row.parent,
                position=row.position,
                starts_on=row.starts_on,
                due_on=row.due_on,
                due_at=row.due_at,
                estimated_minutes=row.estimated_minutes,
                blocked_by=blockers.get(row.id, ()),
                created_at=row.created_at,
                created_on=row.created_on,
                updated_at=row.updated_at,
                completed_at=row.completed_at,
                completed_on=row.completed_on,
                source=row.source,
                source_ref=row.source_ref,
                series=row.series,
                occurrence=row.occurrence,
                extra=tuple((name, said) for name, said in row.extra or ()),
                comments=comments.get(row.id, ()),
                tracked_seconds=row.tracked_seconds,
            )
            for row in batch
        ]


def _tags(wanted: _Wanted, owner: Column[int], ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    links = owner.table
    statement = (
        select(owner.label("owner"), _TAGS.c.name)
        .join_from(links, _TAGS, _TAGS.c.id == links.c.tag_id)
        .where(owner.in_(ids))
        .order_by(_TAGS.c.name_key)
    )
    return _grouped((row.owner, row.name) for row in wanted.rows(statement))


def _blockers(wanted: _Wanted, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    if not ids:
        return {}
    statement = (
        select(_LINKS.c.task_id, _BLOCKER.c.uid)
        .join_from(_LINKS, _BLOCKER, _BLOCKER.c.id == _LINKS.c.blocked_by_id)
        .where(_LINKS.c.task_id.in_(ids), _BLOCKER.c.is_deleted == false())
        .order_by(_BLOCKER.c.uid)
    )
    return _grouped((row.task_id, row.uid) for row in wanted.rows(statement))


def _comments(wanted: _Wanted, ids: Sequence[int]) -> dict[int, tuple[OwnComment, ...]]:
    said = [
        (row.task_id, OwnComment(wanted.called(row.user_id), row.created_at, row.edited_at, row.text))
        for row in wanted.rows(select(_COMMENTS).where(_COMMENTS.c.task_id.in_(ids)))
    ]
    # Not as the database sorts: two of the same second stand in the same order wherever they are.
    return _grouped(sorted(said, key=lambda one: (one[1].created_at, one[1].person, one[1].text)))


def _grouped(pairs: Iterable[tuple[int, Item]]) -> dict[int, tuple[Item, ...]]:
    groups: dict[int, list[Item]] = {}
    for key, item in pairs:
        groups.setdefault(key, []).append(item)
    return {key: tuple(items) for key, items in groups.items()}


def _entries(wanted: _Wanted, customer: ColumnElement[Any]) -> Iterator[Sequence[OwnEntry]]:
    joined = _ENTRIES.join(_T, _T.c.id == _ENTRIES.c.task_id).outerjoin(
        _T_CUSTOMER, _T_CUSTOMER.c.id == _ENTRIES.c.customer_id
    )
    is_over = or_(_ENTRIES.c.started_at.is_(None), _ENTRIES.c.ended_at.is_not(None))
    statement = (
        select(
            *_ENTRIES.c,
            _ENTRIES.c.uid.label("ref"),
            _T.c.uid.label("task"),
            _T.c.title.label("task_title"),
            customer.label("customer"),
        )
        .select_from(joined)
        .where(wanted.of_tasks, _ENTRIES.c.deleted_at.is_(None), is_over)
    )
    for batch in wanted.batches(statement, _ENTRIES):
        yield [
            OwnEntry(
                ref=row.ref,
                task=row.task,
                person=wanted.called(row.user_id),
                customer=row.customer,
                started_at=row.started_at,
                ended_at=row.ended_at,
                day=row.day,
                seconds=row.seconds,
                interrupted_seconds=row.interrupted_seconds,
                zone=row.zone,
                is_billable=row.is_billable,
                note=row.note,
                source=row.source,
                source_ref=row.source_ref,
                task_title=row.task_title,
            )
            for row in batch
        ]
