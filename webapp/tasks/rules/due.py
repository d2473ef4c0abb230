"""When a task is due: on a day, or at an instant. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.tasks.rules.entries import read_instants
from webapp.values.status import Status

EARLIEST_YEAR = 1900
LATEST_YEAR = 2199

# What has no due day comes after everything that has one.
NO_DUE = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)

_LAST_SECOND = time(23, 59, 59)
_SECOND = timedelta(seconds=1)


def local_instant(moment: datetime, *, zone: ZoneInfo) -> datetime:
    """
    Return the instant at which clocks in `zone` show the naive `moment`, aware in UTC; of two, the first.

    :raises InvalidInput: for a time that the clocks skip in spring
    """
    return read_instants(moment, zone, field="due")[0]


def due_sort(*, due_on: date | None, due_at: datetime | None) -> datetime:
    """
    Return the one instant that a task is sorted by: a day counts as its last second in UTC, nothing as `NO_DUE`.

    No instant is sorted by a last second, but by the one before: whatever is sorted by a last second is a day.
    """
    if due_at is not None:
        at = due_at.astimezone(UTC).replace(microsecond=0)
        return at - _SECOND if at.time() == _LAST_SECOND else at
    return datetime.combine(due_on, _LAST_SECOND, tzinfo=UTC) if due_on is not None else NO_DUE


def is_overdue(*, status: Status, due_on: date | None, due_at: datetime | None, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether a task is late: not done, and its day has ended or its instant has passed where the viewer lives."""
    if status is Status.DONE:
        return False
    if due_at is not None:
        return due_at < now
    return due_on is not None and due_on < now.astimezone(zone).date()
