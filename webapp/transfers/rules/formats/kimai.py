"""
Time from Kimai: the export as CSV, whose headings are translated, and what its API answers.

The CSV gives a day and two clock times in the zone of whoever exported it, which the file does not name.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from zoneinfo import ZoneInfo

from webapp.tasks.rules.intake import EntryIn
from webapp.transfers.rules.cells import DayOrder, Moment, Unit, quoted
from webapp.transfers.rules.formats.attributes import Attributes, first_keys, refused
from webapp.transfers.rules.formats.headings import Cells, Columns, heading_key, read_rows
from webapp.transfers.rules.formats.kimai_words import KIMAI_FIELDS, NO, YES
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
from webapp.transfers.rules.json_reading import json_objects
from webapp.transfers.rules.reading import Row, Sheet, TextSource, open_sheet
from webapp.transfers.rules.rows import Line, RefusedLine, Remark, lengths_differ

_NEEDED = {"date", "begin", "end", "duration", "customer", "project", "activity"}
_DAY_SECONDS = 24 * 3600
_MOST_DAYS = 31
_UNNAMED = "Time without a project"
# What the API says of an entry that nothing here can hold.
_LEFT_OUT = ("rate", "internalRate", "hourlyRate", "fixedRate", "exported", "metaFields")


class Kimai:
    """Reads the CSV export of Kimai."""

    label = "Kimai, CSV export"
    source = "Kimai"
    needs_zone = True

    def recognises(self, head: Head) -> bool:
        """Tell whether the columns are those of Kimai, in any of its languages."""
        return {KIMAI_FIELDS.get(heading_key(heading), "") for heading in head.header} >= _NEEDED

    def read(self, text: TextSource, reading: Reading) -> Iterator[Line]:
        """Yield the entries in order, and the tasks they are for."""
        sheet = open_sheet(text, reading.delimiter)
        columns = Columns(sheet.header, KIMAI_FIELDS)
        cells = (Cells(row, columns) for row in sheet.rows() if isinstance(row, Row))
        tags = tags_by_task((_task_ref(one), split_tags(one.line("tags"))) for one in cells)
        return lines_of(_entries(sheet, columns, reading.zone), tags)


def _task_ref(cells: Cells) -> str:
    return f"task-{digest_of(*(cells.line(field) for field in ('customer', 'project', 'activity')))}"


def _entries(sheet: Sheet, columns: Columns, zone: ZoneInfo) -> Iterator[Tracked | RefusedLine]:
    order = columns.day_order(sheet, "date")
    numbering = Numbering()
    return read_rows(sheet, lambda row: _entry(row, columns, order, zone, numbering))


def _entry(row: Row, columns: Columns, order: DayOrder, zone: ZoneInfo, numbering: Numbering) -> Tracked:
    cells, left_out = Cells(row, columns), LeftOut()
    project, activity = cells.line("project"), cells.line("activity")
    person = cells.line("name") or cells.line("user") or cells.line("email")
    for field in ("user", "email"):
        if cells.line(field) and cells.line(field) != person:
            left_out.add(cells.heading(field))
    for heading, _ in cells.others():
        left_out.add(heading)
    entry, remarks = _when(cells, order, zone)
    when = str(entry.started_at.astimezone(zone).replace(tzinfo=None) if entry.started_at else entry.day)
    number = cells.line("id")
    entry = replace(
        entry,
        source_ref=f"entry-{number}" if number else numbering.ref(f"entry-{digest_of(person, when)}"),
        task_ref=_task_ref(cells),
        note=fitting_note(cells.text("description"), left_out),
        is_billable=_is_billable(cells),
    )
    return Tracked(
        line=row.line,
        entry=entry,
        title=" – ".join(name for name in (project, activity) if name) or _UNNAMED,
        category=project,
        customer=cells.line("customer"),
        person=person,
        remarks=remarks,
        is_title_made=not (project or activity),
        left_out=left_out.names,
    )


def _when(cells: Cells, order: DayOrder, zone: ZoneInfo) -> tuple[EntryIn, tuple[Remark, ...]]:
    """Return an entry with nothing but its time, and what there is to say about that."""
    seconds = cells.seconds("duration", unit=Unit.HOURS)
    pause = cells.seconds("break", unit=Unit.HOURS) or 0
    start = cells.moment("date", "begin", order=order, zone=zone)
    if start is None:
        raise Unreadable("It is not said on which day it was.")
    empty = EntryIn(source_ref="", task_ref="", user_id=0)
    if not start.has_clock:
        if seconds is None:
            raise Unreadable("It is not said from when to when, or how long.")
        return replace(empty, day=start.day, seconds=seconds), ()
    clock = cells.line("end")
    if not clock:
        raise Unreadable(STILL_RUNNING)
    end = _end(clock, start, None if seconds is None else seconds + pause, zone)
    counted = int((end.instant - start.instant).total_seconds()) - pause
    entry = replace(empty, started_at=start.instant, ended_at=end.instant, interrupted_seconds=pause)
    return entry, remarks_on_time(start, end, said_seconds=seconds, counted_seconds=counted)


def _end(clock: str, start: Moment, length: int | None, zone: ZoneInfo) -> Moment:
    """Return when it ended: only the clock is known, and by its length how many midnights lie between."""
    end = clock_after(clock, start, zone)
    if length is None:
        return end
    missing = length - int((end.instant - start.instant).total_seconds())
    days = min(max((missing + _DAY_SECONDS // 2) // _DAY_SECONDS, 0), _MOST_DAYS)
    return clock_after(clock, start, zone, days=days + (end.day - start.day).days) if days else end


def _is_billable(cells: Cells) -> bool:
    word = cells.line("billable").casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise Unreadable(f"{cells.heading('billable')}: {quoted(word)} is neither yes nor no.")


class KimaiApi:
    """Reads what the API of Kimai answers when it is asked for time entries."""

    label = "Kimai, from its API"
    source = "Kimai"
    needs_zone = False

    def recognises(self, head: Head) -> bool:
        """Tell whether the first object is a time entry of Kimai."""
        return {"begin", "end", "project", "activity", "user"} <= first_keys(head)

    def read(self, text: TextSource, reading: Reading) -> Iterator[Line]:
        """Yield the entries in order, and the tasks they are for."""
        return lines_of(_api_entries(text, reading.zone), tags_by_task(_api_tags(text)))


def _api_tags(text: TextSource) -> Iterator[tuple[str, tuple[str, ...]]]:
    for _, values in json_objects(text):
        with suppress(Unreadable):
            yield _api_task_ref(Attributes(values)), Attributes(values).words("tags")


def _api_task_ref(values: Attributes) -> str:
    return f"task-{_named(values, 'project', 'Project')[1]}-{_named(values, 'activity', 'Activity')[1]}"


def _api_entries(text: TextSource, zone: ZoneInfo) -> Iterator[Tracked | RefusedLine]:
    for line, values in json_objects(text):
        try:
            yield _api_entry(line, Attributes(values), zone)
        except Unreadable as error:
            yield refused(line, values, "description", "id", because=error)


def _api_entry(line: int, values: Attributes, zone: ZoneInfo) -> Tracked:
    left_out = LeftOut()
    number = values.line("id")
    start, end = values.instant("begin", zone=zone), values.instant("end", zone=zone)
    if not number or start is None:
        raise Unreadable("It has no number, or it is not said when it began.")
    if end is None:
        raise Unreadable(STILL_RUNNING)
    project, _, customer = _named(values, "project", "Project")
    activity, _, _ = _named(values, "activity", "Activity")
    person, _, _ = _named(values, "user", "Kimai user")
    seconds, pause = values.number("duration"), values.number("break") or 0
    for name in _LEFT_OUT:
        if values.value(name):
            left_out.add(name)
    counted = int((end - start).total_seconds()) - pause
    entry = EntryIn(
        source_ref=f"entry-{number}",
        task_ref=_api_task_ref(values),
        user_id=0,
        started_at=start,
        ended_at=end,
        interrupted_seconds=pause,
        note=fitting_note(values.text("description"), left_out),
        is_billable=values.value("billable") is True,
    )
    # They are the task's; here they have to be a list like anywhere else.
    values.words("tags")
    if any(True for _ in values.rest()):
        left_out.add("other attributes")
    return Tracked(
        line=line,
        entry=entry,
        title=f"{project} – {activity}",
        category=project,
        customer=customer,
        person=person,
        remarks=(Remark.LENGTH_DIFFERS,) if lengths_differ(seconds or None, counted) else (),
        is_title_made=not isinstance(values.value("project"), dict),
        left_out=left_out.names,
    )


def _named(values: Attributes, name: str, what: str) -> tuple[str, str, str]:
    """Return what something is called, its number, and its customer: often nothing but the number is there."""
    found = values.value(name)
    if not isinstance(found, dict):
        number = values.line(name)
        if not number:
            raise Unreadable(f"It has no {name}.")
        return f"{what} {number}", number, ""
    thing = Attributes(found)
    number = thing.line("id")
    if not number:
        raise Unreadable(f"Its {name} has no number.")
    customer = thing.value("customer")
    called = thing.line("alias", "name", "username") or f"{what} {number}"
    return called, number, Attributes(customer).line("name") if isinstance(customer, dict) else ""
