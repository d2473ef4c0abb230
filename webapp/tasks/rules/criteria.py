"""What a list of tasks is asked for. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from webapp.values.period import day_start
from webapp.values.priority import Priority
from webapp.values.status import Status

DEFAULT_LIMIT = 50
# A search looks through this many of the newest tasks.
SEARCHED_AT_MOST = 20_000
WEEK_DAYS = 7


class Sort(StrEnum):
    """What a list is ordered by: small, early and A first, and what has none last."""

    DUE = "due"
    PRIORITY = "priority"
    CREATED = "created"
    UPDATED = "updated"
    ESTIMATE = "estimate"
    TITLE = "title"


class Due(StrEnum):
    """Which due days are asked for. Overdue is what is late and not done; the week is the next seven days."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    NONE = "none"


@dataclass(frozen=True)
class TaskCriteria:
    """
    Which tasks, in which order, from where on.

    :param now: what `due` is reckoned from
    :param category: a name, or `none` for tasks without one
    :param q: words looked for in title and description
    :param sort: None leaves the order to the filters: what is due by its due day, anything else newest first
    :param after: a cursor that a page of this list gave
    """

    now: datetime
    status: Status | None = None
    priority: Priority | None = None
    category: str | None = None
    tag: str | None = None
    due: Due | None = None
    q: str | None = None
    sort: Sort | None = None
    is_descending: bool = False
    after: str | None = None
    limit: int = DEFAULT_LIMIT

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter holds tasks back."""
        return any((self.status, self.priority, self.category, self.tag, self.due, self.q))

    @property
    def sort_word(self) -> str:
        """The order as addresses name it, `-created`."""
        order = self.with_order()
        return f"{'-' if order.is_descending else ''}{order.sort}"

    def with_order(self) -> TaskCriteria:
        """Return the same with the order spelled out."""
        if self.sort is not None:
            return self
        if self.due is not None:
            # Without a due day all are alike by it: then the newest comes first.
            return replace(self, sort=Sort.DUE, is_descending=self.due is Due.NONE)
        return replace(self, sort=Sort.CREATED, is_descending=True)


@dataclass(frozen=True)
class DueWindow:
    """
    What counts as due in a stretch of local days, `first` to `last` (included); without `first`, all before `now`.

    `starts_at` and `ends_at` (exclusive) are the same for instants; `sorts_from` and `sorts_to` (included) hold every
    `due_sort` there can be in it, and a few more.
    """

    first: date | None
    last: date
    starts_at: datetime | None
    ends_at: datetime
    sorts_from: datetime | None
    sorts_to: datetime


def due_window(due: Due, *, now: datetime, zone: ZoneInfo) -> DueWindow:
    """Return the days and instants that `due` (not NONE) means at `now` for somebody who lives in `zone`."""
    today = now.astimezone(zone).date()
    if due is Due.OVERDUE:
        yesterday = today - timedelta(days=1)
        return DueWindow(None, yesterday, None, now, None, max(_end_of(yesterday), now))
    last = today if due is Due.TODAY else today + timedelta(days=WEEK_DAYS - 1)
    starts_at, ends_at = day_start(today, zone), day_start(last + timedelta(days=1), zone)
    return DueWindow(today, last, starts_at, ends_at, min(_end_of(today), starts_at), max(_end_of(last), ends_at))


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=UTC)
