"""When a task is due: on a day, or at an instant. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from webapp.values.status import Status

EARLIEST_YEAR = 1970
LATEST_YEAR = 2999

# What has no due day comes after everything that has one.
NO_DUE = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)

_LAST_SECOND = time(23, 59, 59)
_SHAPE = re.compile(
    r"(?P<year>\d{1,6})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:[T ]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?)?",
    re.ASCII,
)


def parse_due(text: str, *, zone: ZoneInfo) -> date | datetime:
    """
    Read `2026-11-20` as a day and `2026-11-20T15:00` as an instant in `zone`, returned aware in UTC.

    Where the clocks are turned back and a time happens twice, the first is meant.

    :raises ValueError: with a sentence for the person, when it is neither or there is no such day or time
    """
    shape = _SHAPE.fullmatch(text.strip())
    if shape is None:
        raise ValueError("Write the day as 2026-11-20, or with a time as 2026-11-20T15:00.")
    year, month, day = int(shape["year"]), int(shape["month"]), int(shape["day"])
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(f"Choose a year from {EARLIEST_YEAR} to {LATEST_YEAR}.")
    try:
        due_on = date(year, month, day)
    except ValueError:
        raise ValueError(f"There is no {year:04}-{month:02}-{day:02} in the calendar.") from None
    if shape["hour"] is None:
        return due_on
    try:
        clock = time(int(shape["hour"]), int(shape["minute"]), int(shape["second"] or 0))
    except ValueError:
        raise ValueError("Write the time from 00:00 to 23:59.") from None
    return local_instant(datetime.combine(due_on, clock), zone=zone)


def local_instant(local: datetime, *, zone: ZoneInfo) -> datetime:
    """
    Return the instant at which clocks in `zone` show the naive `local`, aware in UTC; of two, the first.

    :raises ValueError: with a sentence, when the clocks skip it
    """
    instant = local.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local:
        raise ValueError(
            f"There is no {local:%H:%M} on {local:%Y-%m-%d} in {zone.key}: the clocks are put forward. "
            "Choose a time before or after."
        )
    return instant


def format_due(*, due_on: date | None, due_at: datetime | None, zone: ZoneInfo) -> str:
    """Write a due day or instant as `parse_due` reads it; nothing due is the empty string."""
    if due_at is not None:
        return due_at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    return due_on.isoformat() if due_on is not None else ""


def due_sort(*, due_on: date | None, due_at: datetime | None) -> datetime:
    """Return the one instant that a task is sorted by: a day counts as its last second in UTC, nothing as `NO_DUE`."""
    if due_at is not None:
        return due_at
    return datetime.combine(due_on, _LAST_SECOND, tzinfo=UTC) if due_on is not None else NO_DUE


def is_overdue(*, status: Status, due_on: date | None, due_at: datetime | None, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether a task is late: not done, and its day has ended or its instant has passed where the viewer lives."""
    if status is Status.DONE:
        return False
    if due_at is not None:
        return due_at < now
    return due_on is not None and due_on < now.astimezone(zone).date()
