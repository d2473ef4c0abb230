"""Time as a table for other programs: one line for each entry and day. Pure."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from webapp.tasks.rules.entries import Attribution
from webapp.tasks.rules.timesheet import SheetEntry
from webapp.values.cells import safe_cell
from webapp.values.duration import MINUTE_SECONDS
from webapp.values.period import Period

HEADER = (
    "Day",
    "Start",
    "End",
    "Zone",
    "Duration",
    "Hours",
    "Task",
    "Category",
    "Tags",
    "Customer",
    "Person",
    "Note",
    "Billable",
)


def line_of(entry: SheetEntry, *, attribution: Attribution) -> tuple[str, ...]:
    """
    Return the cells of one entry on one day, safe to be opened by a spreadsheet.

    Start and end are as the clocks of its zone had them, and those of the part that counts on the day; what runs has no
    end. `Duration` is in hours, minutes and, where there are any, seconds; `Hours` is the same to a ten-thousandth.
    """
    zone = ZoneInfo(entry.zone)
    start, end = entry.started_at, entry.ended_at
    if attribution is Attribution.CLIPPED:
        midnight, next_midnight = Period.of_day(entry.day).instants(zone)
        start = max(start, midnight) if start else None
        end = min(end, next_midnight) if end else None
    return (
        entry.day.isoformat(),
        _local(start, zone),
        _local(end, zone),
        entry.zone,
        _clock(entry.seconds),
        f"{(Decimal(entry.seconds) / 3600).quantize(Decimal('0.0001'))}",
        *map(
            safe_cell,
            (
                entry.title,
                entry.category or "",
                ", ".join(entry.tags),
                entry.customer or "",
                entry.person,
                entry.note,
            ),
        ),
        "yes" if entry.is_billable else "no",
    )


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def _clock(seconds: int) -> str:
    minutes, rest = divmod(seconds, MINUTE_SECONDS)
    return f"{minutes // 60}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")
