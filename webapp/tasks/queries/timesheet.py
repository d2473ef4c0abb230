"""What days were spent on: totals, a page of entries, a week to type into, and everything as a stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal, or_, select

from webapp.accounts.models import User
from webapp.customers.models import Customer
from webapp.storage.bulk import in_chunks
from webapp.storage.db import db
from webapp.tasks.models import Category, EntryDay, Tag, Task, TaskTag, TimeEntry
from webapp.tasks.queries.week import latest_day, list_row_names
from webapp.tasks.rules import day_line, week_grid
from webapp.tasks.rules import timesheet as rules
from webapp.tasks.rules.day_line import DayLine
from webapp.tasks.rules.entries import Attribution, seconds_by_day
from webapp.tasks.rules.rounding import rounded_parts
from webapp.tasks.rules.timesheet import Share, SheetCriteria, SheetEntry, Totals
from webapp.tasks.rules.week_grid import Cell, Grid, TypedCell
from webapp.values.actor import Actor
from webapp.values.page import Page, Position, UnreadableCursor, cut_page, read_position
from webapp.values.period import Period
from webapp.workspaces.models import Membership

PAGE_ROWS = 50
# Of one day; nobody reads more, and totals count all.
MOST_OF_A_DAY = 500
STREAMED_AT_ONCE = 500
_ORDER = "time"


@dataclass(frozen=True)
class EntriesSheet:
    """Totals of a period and one page of its entries; `running` are those that run, which are on no page."""

    totals: Totals
    page: Page[SheetEntry]
    running: tuple[SheetEntry, ...]


@dataclass(frozen=True)
class DaySheet:
    """One day: its totals, and its entries by the clock; `is_cut` when there are more of them."""

    totals: Totals
    line: DayLine
    is_cut: bool


@dataclass(frozen=True)
class WeekSheet:
    """One week: its totals, and the table that is typed into."""

    totals: Totals
    grid: Grid


def get_list(*, criteria: SheetCriteria, actor: Actor, now: datetime, after: str | None = None) -> EntriesSheet:
    """
    Return what `criteria` asks for in the actor's workspace, with what runs counted up to `now`. Three statements.

    Time on tasks in the trash is left out.

    :param after: a cursor of an earlier page
    :raises UnreadableCursor: when it is not one of ours
    """
    running = list_running(criteria=criteria, actor=actor, now=now)
    return EntriesSheet(
        totals=rules.add_up([*_list_ended(criteria, actor=actor), *map(_as_share, running)], period=criteria.period),
        page=_page_of_entries(criteria, actor=actor, after=after),
        running=running,
    )


def list_entry_ids(*, criteria: SheetCriteria, actor: Actor, limit: int) -> list[int]:
    """Return the ids of the ended entries that `criteria` asks for, at most so many."""
    entry_id = _days(criteria).entry_id
    found = _narrowed(select(entry_id), criteria, actor=actor).distinct().order_by(entry_id).limit(limit)
    return list(db.session.scalars(found))


def get_day(*, day: Period, actor: Actor, now: datetime) -> DaySheet:
    """Return one day of the actor's. Three statements."""
    criteria = SheetCriteria(period=day, user_id=actor.user_id)
    running = list_running(criteria=criteria, actor=actor, now=now)
    rows = db.session.execute(_entries(criteria, actor=actor).limit(MOST_OF_A_DAY + 1)).all()
    return DaySheet(
        totals=rules.add_up([*_list_ended(criteria, actor=actor), *map(_as_share, running)], period=day),
        line=day_line.lay_out(
            [*(_sheet_entry(row, criteria, actor=actor) for row in rows[:MOST_OF_A_DAY]), *running],
            day=day,
            zone=actor.zone,
            now=now,
        ),
        is_cut=len(rows) > MOST_OF_A_DAY,
    )


def get_week(
    *,
    week: Period,
    actor: Actor,
    now: datetime,
    added: Sequence[int] = (),
    typed: Mapping[Cell, TypedCell] | None = None,
    errors: Mapping[tuple[int, date], str] | None = None,
) -> WeekSheet:
    """
    Return a week of the actor's. Two statements, and one for tasks without time that are to have a row.

    :param added: ids of such tasks; those that the actor cannot see are left out
    :param typed, errors: what stands in cells that were not saved, and why
    """
    criteria = SheetCriteria(period=week, user_id=actor.user_id)
    shares = list_shares(criteria=criteria, actor=actor, now=now)
    return WeekSheet(
        totals=rules.add_up(shares, period=week),
        grid=week_grid.lay_out(
            period=week,
            shares=shares,
            added=list_row_names(added, actor=actor, with_trash=typed is not None),
            latest=latest_day(actor=actor, now=now),
            typed=typed,
            errors=errors,
        ),
    )


def list_shares(*, criteria: SheetCriteria, actor: Actor, now: datetime) -> list[Share]:
    """Return what each task took on each day, with what runs counted up to `now`."""
    running = list_running(criteria=criteria, actor=actor, now=now)
    return [*_list_ended(criteria, actor=actor), *map(_as_share, running)]


def stream_entries(*, criteria: SheetCriteria, actor: Actor, now: datetime) -> Iterator[SheetEntry]:
    """
    Yield every entry that `criteria` asks for, oldest day first and within a day by the clock; what runs comes last.

    Whatever their number, no more than those of one day are held at once.
    """
    position: tuple[date, int] | None = None
    of_day: list[SheetEntry] = []
    while True:
        statement = _entries(criteria, actor=actor, is_oldest_first=True)
        if position is not None:
            statement = statement.where(_lies_beyond(criteria, position, is_newer=True))
        rows = db.session.execute(statement.limit(STREAMED_AT_ONCE)).all()
        for entry in _with_tags([_sheet_entry(row, criteria, actor=actor) for row in rows]):
            if of_day and of_day[0].day != entry.day:
                yield from sorted(of_day, key=_by_clock)
                of_day.clear()
            of_day.append(entry)
        if len(rows) < STREAMED_AT_ONCE:
            break
        position = rows[-1].day, rows[-1].entry_id
    yield from sorted(of_day, key=_by_clock)
    yield from _with_tags(list_running(criteria=criteria, actor=actor, now=now))


def list_running(*, criteria: SheetCriteria, actor: Actor, now: datetime) -> tuple[SheetEntry, ...]:
    """Return what runs of what `criteria` asks for, up to `now`: one for each day it has run on, oldest first."""
    of_whom = TimeEntry.running_user_id == criteria.user_id
    if criteria.user_id is None:
        of_whom = TimeEntry.running_user_id.in_(
            select(Membership.user_id).where(Membership.workspace_id == actor.workspace_id)
        )
    found = db.session.execute(
        select(*_entry_columns(), TimeEntry.id.label("entry_id"), TimeEntry.day, TimeEntry.seconds)
        .select_from(TimeEntry)
        .join(Task, Task.id == TimeEntry.task_id)
        .outerjoin(Category, Category.id == Task.category_id)
        .outerjoin(Customer, Customer.id == _customer_id())
        # Whom it runs for is what leads to it: of the workspace's entries hardly any run.
        .where(of_whom, TimeEntry.workspace_id + 0 == actor.workspace_id, *_conditions(criteria))
    )
    running: list[SheetEntry] = []
    for row in found:
        entry = replace(_sheet_entry(row, replace(criteria, rounding=None), actor=actor), is_running=True)
        shares = seconds_by_day(row.started_at, now, ZoneInfo(row.zone), row.interrupted_seconds) or {row.day: 0}
        if criteria.attribution is Attribution.START:
            shares = {row.day: sum(shares.values())}
        shares = rounded_parts(shares, criteria.rounding)
        running += (
            replace(entry, day=day, seconds=seconds, whole_seconds=sum(shares.values()))
            for day, seconds in shares.items()
            if criteria.period.start <= day < criteria.period.end
        )
    return tuple(running)


@dataclass(frozen=True)
class _Days:
    """Where it is kept which seconds count on which day."""

    entry_id: Any
    day: Any
    workspace_id: Any
    user_id: Any
    task_id: Any
    seconds: Any


_LIVED = _Days(
    EntryDay.entry_id, EntryDay.day, EntryDay.workspace_id, EntryDay.user_id, EntryDay.task_id, EntryDay.seconds
)
_BEGUN = _Days(
    TimeEntry.id, TimeEntry.day, TimeEntry.workspace_id, TimeEntry.user_id, TimeEntry.task_id, TimeEntry.seconds
)


def _days(criteria: SheetCriteria) -> _Days:
    return _LIVED if criteria.attribution is Attribution.CLIPPED else _BEGUN


def _narrowed(statement: Select[Any], criteria: SheetCriteria, *, actor: Actor) -> Select[Any]:
    """Join what entries are about to a statement about days, and leave what is asked for."""
    days = _days(criteria)
    if criteria.attribution is Attribution.CLIPPED:
        statement = statement.select_from(EntryDay).join(TimeEntry, TimeEntry.id == EntryDay.entry_id)
    else:
        statement = statement.select_from(TimeEntry).where(
            # What runs has none yet.
            TimeEntry.deleted_at.is_(None),
            TimeEntry.seconds > 0,
        )
    statement = (
        statement.join(Task, Task.id == days.task_id)
        .outerjoin(Category, Category.id == Task.category_id)
        .outerjoin(Customer, Customer.id == _customer_id())
        .where(
            days.workspace_id == actor.workspace_id,
            days.day >= criteria.period.start,
            days.day < criteria.period.end,
            *_conditions(criteria),
        )
    )
    return statement if criteria.user_id is None else statement.where(days.user_id == criteria.user_id)


def _conditions(criteria: SheetCriteria) -> Iterator[ColumnElement[bool]]:
    yield Task.is_deleted == false()
    if criteria.task_id is not None:
        yield TimeEntry.task_id == criteria.task_id
    if criteria.category_id is not None:
        # + 0: time is found by its days, or by who it runs for, and not by all tasks that a category ever had.
        category_id = Task.category_id + 0
        yield category_id.is_(None) if criteria.category_id == "none" else category_id == criteria.category_id
    if criteria.customer_id is not None:
        kept = _customer_id()
        yield kept.is_(None) if criteria.customer_id == "none" else kept == criteria.customer_id
    if criteria.tag_id is not None:
        yield exists(
            select(literal(1)).where(TaskTag.task_id == Task.id, TaskTag.tag_id == criteria.tag_id).correlate(Task)
        )
    if criteria.is_billable is not None:
        yield TimeEntry.is_billable == criteria.is_billable
    if criteria.statuses:
        yield Task.status.in_(criteria.statuses)


def _customer_id() -> ColumnElement[int]:
    # Whom an entry was for: said by itself, or by its task.
    return func.coalesce(TimeEntry.customer_id, Task.customer_id)


def _list_ended(criteria: SheetCriteria, *, actor: Actor) -> list[Share]:
    days = _days(criteria)
    kinds = (
        days.task_id,
        Task.title,
        Category.id,
        Category.name,
        Customer.id,
        Customer.name,
        days.day,
        TimeEntry.is_billable,
        TimeEntry.started_at.is_not(None).label("is_clocked"),
    )
    if criteria.rounding is not None:
        # Each entry is rounded by itself, and sums are sums of that.
        return [_as_share(_sheet_entry(row, criteria, actor=actor)) for row in _fetch_all(criteria, actor=actor)]
    rows = db.session.execute(_narrowed(select(*kinds, func.sum(days.seconds)), criteria, actor=actor).group_by(*kinds))
    # MySQL returns SUM as Decimal and SQLite as int.
    return [
        Share(task_id, title, category_id, category, customer_id, customer, day, int(seconds), billable, bool(clocked))
        for task_id, title, category_id, category, customer_id, customer, day, billable, clocked, seconds in rows
    ]


def _fetch_all(criteria: SheetCriteria, *, actor: Actor) -> Iterator[Any]:
    yield from db.session.execute(_entries(criteria, actor=actor))


def _as_share(entry: SheetEntry) -> Share:
    return Share(
        task_id=entry.task_id,
        title=entry.title,
        category_id=entry.category_id,
        category=entry.category,
        customer_id=entry.customer_id,
        customer=entry.customer,
        day=entry.day,
        seconds=entry.seconds,
        is_billable=entry.is_billable,
        is_clocked=entry.started_at is not None,
        is_running=entry.is_running,
    )


def _entry_columns() -> Sequence[Any]:
    # Not joins: MariaDB would begin with the few people, and read all that they ever did.
    person, email = (
        select(column).where(User.id == TimeEntry.user_id).scalar_subquery() for column in (User.name, User.email)
    )
    return (
        TimeEntry.task_id,
        TimeEntry.user_id,
        Task.title,
        Category.id.label("category_id"),
        Category.name.label("category"),
        Customer.id.label("customer_id"),
        Customer.name.label("customer"),
        TimeEntry.seconds.label("whole_seconds"),
        TimeEntry.interrupted_seconds,
        TimeEntry.started_at,
        TimeEntry.ended_at,
        TimeEntry.zone,
        TimeEntry.note,
        TimeEntry.is_billable,
        person.label("person"),
        email.label("email"),
    )


def _entries(criteria: SheetCriteria, *, actor: Actor, is_oldest_first: bool = False) -> Select[Any]:
    days = _days(criteria)
    order = (days.day, days.entry_id)
    return _narrowed(
        select(*_entry_columns(), days.entry_id.label("entry_id"), days.day, days.seconds), criteria, actor=actor
    ).order_by(*(column.asc() if is_oldest_first else column.desc() for column in order))


def _sheet_entry(row: Any, criteria: SheetCriteria, *, actor: Actor) -> SheetEntry:
    values = dict(row._mapping)
    user_id, email = values.pop("user_id"), values.pop("email")
    # Whom an imported file named cannot log in: everybody may correct their time.
    can_change = user_id == actor.user_id or email is None
    entry = SheetEntry(**values, is_own=user_id == actor.user_id, can_change=can_change)
    return entry if criteria.rounding is None else rules.rounded_entry(entry, criteria.rounding)


def _page_of_entries(criteria: SheetCriteria, *, actor: Actor, after: str | None) -> Page[SheetEntry]:
    position = read_position(after, order=_ORDER)
    is_backwards = position is not None and position.is_backwards
    statement = _entries(criteria, actor=actor, is_oldest_first=is_backwards)
    if position is not None:
        statement = statement.where(_lies_beyond(criteria, _read_key(position), is_newer=is_backwards))
    rows = db.session.execute(statement.limit(PAGE_ROWS + 1)).all()
    page = cut_page(
        [_sheet_entry(row, criteria, actor=actor) for row in rows],
        limit=PAGE_ROWS,
        order=_ORDER,
        position=position,
        key_of=lambda entry: (entry.day.isoformat(), entry.entry_id),
    )
    # Within a day by the clock: an entry written later may have happened earlier.
    by_day = sorted(page.rows, key=_by_clock, reverse=True)
    return replace(page, rows=sorted(by_day, key=lambda entry: entry.day, reverse=True))


def _read_key(position: Position) -> tuple[date, int]:
    match position.key:
        case (str(day), int(entry_id)) if entry_id < 2**31:
            try:
                return date.fromisoformat(day), entry_id
            except ValueError:
                pass
    raise UnreadableCursor


def _lies_beyond(criteria: SheetCriteria, key: tuple[date, int], *, is_newer: bool) -> ColumnElement[bool]:
    days, (day, entry_id) = _days(criteria), key
    if is_newer:
        found = and_(days.day >= day, or_(days.day > day, days.entry_id > entry_id))
    else:
        found = and_(days.day <= day, or_(days.day < day, days.entry_id < entry_id))
    return found


def _by_clock(entry: SheetEntry) -> tuple[bool, float, int]:
    return entry.started_at is None, entry.started_at.timestamp() if entry.started_at else 0.0, entry.entry_id


def _with_tags(entries: Sequence[SheetEntry]) -> list[SheetEntry]:
    names: dict[int, list[str]] = {}
    for chunk in in_chunks(sorted({entry.task_id for entry in entries})):
        for task_id, name in db.session.execute(
            select(TaskTag.task_id, Tag.name)
            .join(Tag, Tag.id == TaskTag.tag_id)
            .where(TaskTag.task_id.in_(chunk))
            .order_by(TaskTag.task_id, Tag.name_key)
        ):
            names.setdefault(task_id, []).append(name)
    return [replace(entry, tags=tuple(names.get(entry.task_id, ()))) for entry in entries]
