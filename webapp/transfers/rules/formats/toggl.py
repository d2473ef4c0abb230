"""
The detailed report of Toggl Track as CSV.

Its times are those of the profile's zone, which the file does not name. An entry is known by who began it and when.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from webapp.tasks.rules.intake import EntryIn
from webapp.transfers.rules.cells import DayOrder, Moment, Unit
from webapp.transfers.rules.formats.headings import Cells, Columns, heading_key, read_rows
from webapp.transfers.rules.formats.lines import (
    STILL_RUNNING,
    LeftOut,
    Numbering,
    Unreadable,
    digest_of,
    fitting_note,
    split_tags,
)
from webapp.transfers.rules.formats.reader import Head, Reading
from webapp.transfers.rules.formats.tracked import Tracked, clock_after, lines_of, remarks_on_time, tags_by_task
from webapp.transfers.rules.reading import Row, Sheet, TextSource, open_sheet
from webapp.transfers.rules.rows import Line, RefusedLine

# What “Amount (USD)” and its like are called depends on the currency: they are money, and left out.
_FIELDS = {
    **{name: name for name in ("user", "client", "project", "task", "description", "billable", "duration", "tags")},
    **{name: name for name in ("start date", "start time", "end date", "end time")},
    "member": "user",
    "stop date": "end date",
    "stop time": "end time",
}
_NEEDED = {"project", "description", "start date", "start time", "duration", "tags"}
_UNNAMED = "Time without a description"


class Toggl:
    """Reads the detailed report of Toggl Track."""

    label = "Toggl Track, detailed report"
    source = "Toggl"
    needs_zone = True

    def recognises(self, head: Head) -> bool:
        """Tell whether the columns are those of the detailed report."""
        return {_FIELDS.get(heading_key(heading), "") for heading in head.header} >= _NEEDED

    def read(self, text: TextSource, reading: Reading) -> Iterator[Line]:
        """Yield the entries in order, and the tasks they are for."""
        sheet = open_sheet(text, reading.delimiter)
        columns = Columns(sheet.header, _FIELDS)
        cells = (Cells(row, columns) for row in sheet.rows() if isinstance(row, Row))
        tags = tags_by_task((_task_ref(one), split_tags(one.line("tags"))) for one in cells)
        return lines_of(_entries(sheet, columns, reading.zone), tags)


def _task_ref(cells: Cells) -> str:
    name, description = cells.line("task"), cells.line("description")
    return f"task-{digest_of(cells.line('client'), cells.line('project'), name, '' if name else description)}"


def _entries(sheet: Sheet, columns: Columns, zone: ZoneInfo) -> Iterator[Tracked | RefusedLine]:
    order = columns.day_order(sheet, "start date", "end date")
    numbering = Numbering()
    return read_rows(sheet, lambda row: _entry(row, columns, order, zone, numbering))


def _entry(row: Row, columns: Columns, order: DayOrder, zone: ZoneInfo, numbering: Numbering) -> Tracked:
    cells, left_out = Cells(row, columns), LeftOut()
    start = cells.moment("start date", "start time", order=order, zone=zone)
    if start is None or not start.has_clock:
        raise Unreadable("It is not said when it began.")
    seconds = cells.seconds("duration", unit=Unit.HOURS)
    end = _end(cells, start, seconds, order, zone)
    for heading, _ in cells.others():
        left_out.add(heading)
    user, project = cells.line("user"), cells.line("project")
    description, name = cells.line("description"), cells.line("task")
    title = name or description or project or _UNNAMED
    counted = int((end.instant - start.instant).total_seconds())
    # By its clock: in whichever zone the file is read, it is the same entry.
    clock = start.instant.astimezone(zone).replace(tzinfo=None)
    entry = EntryIn(
        source_ref=numbering.ref(f"entry-{digest_of(user, str(clock))}"),
        task_ref=_task_ref(cells),
        user_id=0,
        started_at=start.instant,
        ended_at=end.instant,
        note=fitting_note(description, left_out) if name else "",
        is_billable=cells.line("billable").lower() == "yes",
    )
    return Tracked(
        line=row.line,
        entry=entry,
        title=title,
        category=project,
        customer=cells.line("client"),
        person=user,
        remarks=remarks_on_time(start, end, said_seconds=seconds, counted_seconds=counted),
        is_title_made=not (name or description),
        left_out=left_out.names,
    )


def _end(cells: Cells, start: Moment, seconds: int | None, order: DayOrder, zone: ZoneInfo) -> Moment:
    if cells.line("end date") and cells.line("end time"):
        end = cells.moment("end date", "end time", order=order, zone=zone, after=start.instant)
        if end is not None:
            return end
    if clock := cells.line("end time"):
        return clock_after(clock, start, zone)
    if seconds is None:
        raise Unreadable(STILL_RUNNING)
    instant = start.instant + timedelta(seconds=seconds)
    return Moment(instant.astimezone(zone).date(), instant, has_clock=True)
