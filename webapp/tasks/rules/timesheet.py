"""Which days a timesheet shows, whose time and which of it, and what it adds up to. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

from webapp.errors import InvalidInput
from webapp.tasks.rules.entries import Attribution, seconds_by_day
from webapp.tasks.rules.rounding import Rounding, rounded, rounded_parts
from webapp.values.period import Period, named_period
from webapp.values.status import Status

WEEK_DAYS = 7
LONGEST_DAYS = 366
# A bar as high as the row stands for at least this much, so that a quiet week does not look like a full one.
FULL_DAY_SECONDS = 8 * 3600

RecordOrNone = int | Literal["none"]


class View(StrEnum):
    """How a timesheet is laid out."""

    DAY = "day"
    WEEK = "week"
    LIST = "list"

    @property
    def most_days(self) -> int:
        """How many days fit."""
        return {View.DAY: 1, View.WEEK: WEEK_DAYS, View.LIST: LONGEST_DAYS}[self]


@dataclass(frozen=True)
class SheetCriteria:
    """Which time a timesheet shows. Whatever is None asks for nothing; a person of None is everybody."""

    period: Period
    user_id: int | None
    task_id: int | None = None
    category_id: RecordOrNone | None = None
    tag_id: int | None = None
    customer_id: RecordOrNone | None = None
    is_billable: bool | None = None
    # Of tasks that are now in one of these; () for all.
    statuses: tuple[Status, ...] = ()
    attribution: Attribution = Attribution.CLIPPED
    rounding: Rounding | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether something of this time may be left out."""
        asked = (self.task_id, self.category_id, self.tag_id, self.customer_id, self.is_billable)
        return any(value is not None for value in asked)


@dataclass(frozen=True)
class Share:
    """What was spent on one task on one day, of one kind: for one customer, billable or not, by the clock or not."""

    task_id: int
    title: str
    category_id: int | None
    category: str | None
    customer_id: int | None
    customer: str | None
    day: date
    seconds: int
    is_billable: bool = False
    is_clocked: bool = True
    is_running: bool = False


@dataclass(frozen=True)
class Sum:
    """What one day, task, category or customer took; `key` and `name` are None for none of them."""

    key: int | date | None
    name: str | None
    seconds: int
    billable_seconds: int
    is_running: bool


@dataclass(frozen=True)
class DaySum:
    """What one day took. `bar` is its height beside the other days, 0 to 100."""

    day: date
    seconds: int
    billable_seconds: int
    bar: int


@dataclass(frozen=True)
class Totals:
    """
    What a timesheet adds up to: every day of the period oldest first, all else with the most time first.

    Days, tasks, categories and customers each add up to `seconds`. What runs is in all of them.
    """

    seconds: int
    billable_seconds: int
    running_seconds: int
    is_running: bool
    days: tuple[DaySum, ...]
    tasks: tuple[Sum, ...]
    categories: tuple[Sum, ...]
    customers: tuple[Sum, ...]

    @property
    def billable_share(self) -> float | None:
        """Which part of it is billable, of one; None where there is nothing."""
        return self.billable_seconds / self.seconds if self.seconds else None


def choose_view(*, asked: View | None, first: date | None, last: date | None) -> View:
    """Return the view asked for; without one a week while the days fit beside each other, else the list."""
    if asked is not None:
        return asked
    is_long = first is not None and last is not None and (last - first).days >= WEEK_DAYS
    return View.LIST if is_long else View.WEEK


def choose_period(
    *, first: date | None, last: date | None, today: date, week_start: int, view: View = View.LIST
) -> Period:
    """
    Return the days asked for, both included; this week where nothing is asked, a week where one end is.

    A day view shows the first of them, or today.

    :param week_start: the first day of the week, 0 is Monday
    :raises InvalidInput: for a period that ends before it starts or is longer than the view can show
    """
    if first is not None and last is not None and last < first:
        raise InvalidInput("The last day is before the first.", field="to")
    if view is View.DAY:
        day = first or last or today
        return Period(day, day + timedelta(days=1))
    if first is None and last is None:
        return named_period("this-week", today=today, week_start=week_start)
    if first is None:
        first = (last or today) - timedelta(days=WEEK_DAYS - 1)
    if last is None:
        last = first + timedelta(days=WEEK_DAYS - 1)
    if (last - first).days >= view.most_days:
        raise InvalidInput(_TOO_LONG[view], field="to")
    return Period(first, last + timedelta(days=1))


_TOO_LONG = {
    View.WEEK: f"A week has {WEEK_DAYS} days. Choose the list for more of them.",
    View.LIST: f"A list shows {LONGEST_DAYS} days at most. Choose days closer together.",
}


def week_of(day: date, *, week_start: int) -> Period:
    """Return the week that a day lies in."""
    return named_period("this-week", today=day, week_start=week_start)


def add_up(shares: Iterable[Share], *, period: Period) -> Totals:
    """Add up what was spent on the days of `period`, in each way that there is."""
    days: dict[date, list[int]] = {day: [0, 0] for day in period.days()}
    tasks, categories, customers = _Sums(), _Sums(), _Sums()
    whole = billable = running = 0
    is_running = False
    for share in shares:
        billed = share.seconds if share.is_billable else 0
        whole += share.seconds
        billable += billed
        running += share.seconds if share.is_running else 0
        is_running |= share.is_running
        days[share.day][0] += share.seconds
        days[share.day][1] += billed
        tasks.add(share.task_id, share.title, share)
        categories.add(share.category_id, share.category, share)
        customers.add(share.customer_id, share.customer, share)
    tallest = max(FULL_DAY_SECONDS, *(seconds for seconds, _ in days.values()))
    return Totals(
        seconds=whole,
        billable_seconds=billable,
        running_seconds=running,
        is_running=is_running,
        days=tuple(
            DaySum(day, seconds, billed, round(100 * seconds / tallest)) for day, (seconds, billed) in days.items()
        ),
        tasks=tasks.ordered(),
        categories=categories.ordered(),
        customers=customers.ordered(),
    )


class _Sums:
    def __init__(self) -> None:
        self._sums: dict[int | None, Sum] = {}

    def add(self, key: int | None, name: str | None, share: Share) -> None:
        there = self._sums.get(key, Sum(key, name, 0, 0, False))
        self._sums[key] = Sum(
            key,
            name,
            there.seconds + share.seconds,
            there.billable_seconds + (share.seconds if share.is_billable else 0),
            there.is_running or share.is_running,
        )

    def ordered(self) -> tuple[Sum, ...]:
        # None of them comes last: it is what is left.
        return tuple(
            sorted(self._sums.values(), key=lambda one: (one.key is None, -one.seconds, one.name or "", str(one.key)))
        )


@dataclass(frozen=True)
class SheetEntry:
    """What one time entry adds to one day. One that passed midnight is shown on each of its days, with its part."""

    entry_id: int
    task_id: int
    title: str
    category_id: int | None
    category: str | None
    customer_id: int | None
    customer: str | None
    person: str
    is_own: bool
    can_change: bool
    day: date
    seconds: int
    whole_seconds: int
    interrupted_seconds: int
    started_at: datetime | None
    ended_at: datetime | None
    zone: str
    note: str
    is_billable: bool
    tags: tuple[str, ...] = ()
    is_running: bool = False

    @property
    def is_part(self) -> bool:
        """Whether the rest of it is on another day."""
        return self.seconds != self.whole_seconds

    @property
    def begins(self) -> datetime | None:
        """When it began, as the clocks showed it where it was lived."""
        return self.started_at.astimezone(ZoneInfo(self.zone)) if self.started_at else None

    @property
    def ends(self) -> datetime | None:
        """When it ended, as the clocks showed it where it was lived."""
        return self.ended_at.astimezone(ZoneInfo(self.zone)) if self.ended_at else None


def rounded_entry(entry: SheetEntry, rounding: Rounding) -> SheetEntry:
    """Return an entry that has ended as it is shown: rounded by itself, its parts adding up to its rounded length."""
    whole = rounded(entry.whole_seconds, rounding)
    if not entry.is_part or entry.started_at is None or entry.ended_at is None:
        return replace(entry, seconds=whole, whole_seconds=whole)
    parts = seconds_by_day(entry.started_at, entry.ended_at, ZoneInfo(entry.zone), entry.interrupted_seconds)
    return replace(entry, seconds=rounded_parts(parts, rounding)[entry.day], whole_seconds=whole)
