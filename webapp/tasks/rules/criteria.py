"""What a list of tasks is asked for. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

from webapp.values.period import day_start
from webapp.values.priority import Priority
from webapp.values.status import Status

DEFAULT_LIMIT = 25
WEEK_DAYS = 7
# Later than anything can be due (rules.due), and earlier than what stands for no due day.
LAST_DAY = date(2300, 1, 1)
_SECOND = timedelta(seconds=1)

# From one instant to another, both included; None: from the beginning, or to the end.
Stretch = tuple[datetime | None, datetime | None]


class Sort(StrEnum):
    """What a list is ordered by: small, early and A first, and what has none last."""

    DUE = "due"
    PRIORITY = "priority"
    CREATED = "created"
    UPDATED = "updated"
    ESTIMATE = "estimate"
    TITLE = "title"
    # Reckoned, not kept: lists in this order are made another way (queries.urgency).
    URGENCY = "urgency"


class Due(StrEnum):
    """Which due days are asked for. Overdue is what is late and not done; the week is the next seven days."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    NONE = "none"


class State(StrEnum):
    """Whether a task can be worked on: it waits for others, or it is open, waits for none and has begun."""

    BLOCKED = "blocked"
    READY = "ready"


# Of a customer or an assignee: a number, or tasks that have none.
RecordOrNone = int | Literal["none"]
# Whether there is an estimate, or minutes from and to (included; None leaves a side open).
Estimate = Literal["none", "any"] | tuple[int | None, int | None]


@dataclass(frozen=True)
class TaskCriteria:
    """
    Which tasks, in which order, from where on.

    :param now: what `due` is reckoned from
    :param category: a name, or `none` for tasks without one
    :param due_from, due_to: local days, both included; what has no due day is not in between
    :param assignee_id: `me` is whoever asks
    :param parent_id: tasks that are part of this one
    :param is_top_level: tasks that are part of no other
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
    due_from: date | None = None
    due_to: date | None = None
    estimate: Estimate | None = None
    customer_id: RecordOrNone | None = None
    assignee_id: RecordOrNone | Literal["me"] | None = None
    state: State | None = None
    parent_id: int | None = None
    is_top_level: bool = False
    q: str | None = None
    sort: Sort | None = None
    is_descending: bool = False
    after: str | None = None
    limit: int = DEFAULT_LIMIT

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter holds tasks back."""
        held_back = (self.status, self.priority, self.category, self.tag, self.due, self.q, self.state)
        return (
            any(held_back)
            or self.is_top_level
            or any(
                value is not None
                for value in (
                    self.due_from,
                    self.due_to,
                    self.estimate,
                    self.customer_id,
                    self.assignee_id,
                    self.parent_id,
                )
            )
        )

    @property
    def has_due_range(self) -> bool:
        """Whether a first or a last due day is asked for."""
        return self.due_from is not None or self.due_to is not None

    @property
    def sort_word(self) -> str:
        """The order as addresses name it, `-created`."""
        sort, is_descending = self._order
        return f"{'-' if is_descending else ''}{sort}"

    def with_order(self) -> TaskCriteria:
        """Return the same with the order spelled out."""
        if self.sort is not None:
            return self
        sort, is_descending = self._order
        return replace(self, sort=sort, is_descending=is_descending)

    @property
    def _order(self) -> tuple[Sort, bool]:
        if self.sort is not None:
            return self.sort, self.is_descending
        if self.due is not None or self.has_due_range:
            # Without a due day all are alike by it: then the newest comes first.
            return Sort.DUE, self.due is Due.NONE
        return Sort.CREATED, True


@dataclass(frozen=True)
class DueWindow:
    """
    What counts as due in a stretch of local days, `first` to `last` (included); without `first`, all until `last`.

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
    return due_range(today, today if due is Due.TODAY else today + timedelta(days=WEEK_DAYS - 1), zone=zone)


def due_range(first: date | None, last: date | None, *, zone: ZoneInfo) -> DueWindow:
    """Return the days and instants from `first` to `last`, both included, for somebody who lives in `zone`."""
    last = last or LAST_DAY
    ends_at = day_start(last + timedelta(days=1), zone)
    sorts_to = max(_end_of(last), ends_at)
    if first is None:
        return DueWindow(None, last, None, ends_at, None, sorts_to)
    starts_at = day_start(first, zone)
    return DueWindow(first, last, starts_at, ends_at, min(_end_of(first), starts_at), sorts_to)


def due_stretches(window: DueWindow) -> tuple[Stretch, ...]:
    """
    Return the stretches of `due_sort`, both ends included, that hold what is due in `window` and nothing else.

    Days and instants stand in one order, each day at its last second in UTC and no instant at any such second: so a day
    that is not wanted among instants that are, and a wanted one among others, are points that can be told apart.
    """
    start, end = window.starts_at, window.ends_at - _SECOND
    # Local days begin and end less than a day before or after those of UTC.
    near = {day + timedelta(days=away) for day in (window.first or window.last, window.last) for away in (-1, 0, 1)}
    stretches: list[Stretch] = []
    last_point = None
    for day in sorted(near):
        point = _end_of(day)
        is_wanted = day <= window.last and (window.first is None or day >= window.first)
        is_inside = point <= end and (start is None or point >= start)
        if is_inside and not is_wanted:
            stretches.append((start, point - _SECOND))
            start = point + _SECOND
        elif is_wanted and point > end:
            last_point = point
    stretches.append((start, end))
    if last_point is not None:
        stretches.append((last_point, last_point))
    return tuple((first, last) for first, last in stretches if first is None or last is None or first <= last)


def not_before(now: datetime, stretches: Sequence[Stretch], *, day: date) -> tuple[Stretch, ...]:
    """Return the parts of the stretches of what is due on `day` (see `due_stretches`) in which nothing is late yet."""
    now, point = now.replace(microsecond=0), _end_of(day)
    kept: list[tuple[datetime, datetime]] = []
    for first, last in stretches:
        if first is None or last is None:
            raise ValueError("A day has a beginning and an end.")
        if first <= point <= last:
            # The day itself is not over, whatever its second in UTC.
            kept += [(max(first, now), point - _SECOND), (point, point), (max(point + _SECOND, now), last)]
        else:
            kept.append((max(first, now), last))
    return tuple((first, last) for first, last in kept if first <= last)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=UTC)
