"""
The CSV of a Todoist project: a row is a task, a section, or a note on the task above it.

The rows have no numbers of their own. A task is known by its section, the tasks it is part of, and its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo, available_timezones

from webapp.tasks.rules.intake import CommentIn, TaskIn
from webapp.tasks.rules.quick_add.days import Calendar
from webapp.tasks.rules.quick_add.repeats import match_every
from webapp.tasks.rules.quick_add.words import split_words
from webapp.tasks.rules.recurrence import Repeat
from webapp.transfers.rules.cells import DayOrder, Unit, quoted
from webapp.transfers.rules.formats.headings import Cells, Columns, heading_key
from webapp.transfers.rules.formats.lines import (
    LeftOut,
    Numbering,
    Unreadable,
    digest_of,
    extra_of,
    fitting_name,
    fitting_tags,
)
from webapp.transfers.rules.formats.reader import Head, Reading
from webapp.transfers.rules.reading import BadRow, Row, TextSource, open_sheet
from webapp.transfers.rules.rows import LeftOutLine, Line, RefusedLine, Remark, TaskLine
from webapp.values.priority import Priority

_FIELDS = {
    name.lower(): name.lower()
    for name in (
        *("TYPE", "CONTENT", "DESCRIPTION", "PRIORITY", "INDENT", "AUTHOR", "RESPONSIBLE", "DATE", "DATE_LANG"),
        *("TIMEZONE", "DURATION", "DURATION_UNIT", "DEADLINE", "DEADLINE_LANG"),
    )
}
# What Todoist's help says of its CSV: 1 is the highest, and an empty cell means 1. (Its API counts the other way.)
_PRIORITIES = {
    "": Priority.URGENT,
    "1": Priority.URGENT,
    "2": Priority.HIGH,
    "3": Priority.MEDIUM,
    "4": Priority.LOW,
}
_LABEL = re.compile(r"(?<!\S)@([^\s@]+)")
_PERSON = re.compile(r"(?P<name>.*?)\s*\(\d+\)", re.DOTALL)
_OTHER_WORDS = {"daily": "every day", "weekly": "every week", "monthly": "every month", "yearly": "every year"}


@dataclass
class _Task:
    """A task whose notes may still follow."""

    line: TaskLine
    notes: Numbering


class Todoist:
    """Reads the CSV of a Todoist project."""

    label = "Todoist"
    source = ""
    needs_zone = True

    def recognises(self, head: Head) -> bool:
        """Tell whether the columns are those of Todoist."""
        return {"type", "content", "priority", "indent"} <= {heading_key(heading) for heading in head.header}

    def read(self, text: TextSource, reading: Reading) -> Iterator[Line]:
        """Yield the tasks in order, each with the notes below it."""
        sheet = open_sheet(text, reading.delimiter)
        return _Reader(Columns(sheet.header, _FIELDS), reading.zone).read(sheet.rows())


class _Reader:
    def __init__(self, columns: Columns, zone: ZoneInfo) -> None:
        self.columns = columns
        self.zone = zone
        self.section = ""
        self.numbering = Numbering()
        # Those that the next task may be part of: how far in each stands, its words, and its reference.
        self.above: list[tuple[int, str, str | None]] = []
        self.last: _Task | None = None

    def read(self, rows: Iterator[Row | BadRow]) -> Iterator[Line]:
        for row in rows:
            if isinstance(row, BadRow):
                yield from self._finished()
                yield RefusedLine(row.line, row.message)
                continue
            cells = Cells(row, self.columns)
            match cells.line("type"):
                case "task":
                    yield from self._finished()
                    yield from self._task(row.line, cells)
                case "note":
                    yield from self._note(row.line, cells)
                case "section":
                    yield from self._finished()
                    self.section, self.above = cells.line("content"), []
                case "meta":
                    yield LeftOutLine(row.line, "settings of the project")
                case other:
                    yield from self._finished()
                    yield RefusedLine(row.line, f"{quoted(other)} is none of task, section and note.")
        yield from self._finished()

    def _finished(self) -> Iterator[Line]:
        if self.last is not None:
            yield self.last.line
        self.last = None

    def _task(self, line: int, cells: Cells) -> Iterator[Line]:
        content = cells.line("content")
        try:
            indent = _indent(cells.line("indent"))
        except Unreadable as error:
            yield RefusedLine(line, str(error))
            return
        while self.above and self.above[-1][0] >= indent:
            self.above.pop()
        words = _LABEL.sub("", content)
        path = [self.section, *(title for _, title, _ in self.above), " ".join(words.split()) or content]
        ref = self.numbering.ref(f"task-{digest_of(*path)}")
        parent = self.above[-1] if self.above else None
        try:
            self.last = _Task(self._task_line(line, cells, ref, parent[2] if parent else None), Numbering())
        except Unreadable as error:
            self.above.append((indent, path[-1], None))
            yield RefusedLine(line, str(error))
            return
        if parent and parent[2] is None:
            left_out = (*self.last.line.left_out, "the task it is part of, which is refused")
            self.last.line = replace(self.last.line, left_out=left_out)
        self.above.append((indent, path[-1], ref))

    def _task_line(self, line: int, cells: Cells, ref: str, parent_ref: str | None) -> TaskLine:
        content, left_out = cells.line("content"), LeftOut()
        if not content:
            raise Unreadable("There is no title here.")
        extra: list[tuple[str, str]] = []
        due = _Due.of(cells, self.zone)
        deadline = _day(cells, "deadline", self.zone)
        due_on, due_at = due.on, due.at
        if due.words:
            extra.append(("date", due.words))
        if deadline and (due_on or due_at or due.repeat or due.words):
            extra.append(("deadline", deadline.isoformat()))
        elif deadline:
            due_on = deadline
        minutes = self._minutes(cells, extra)
        if author := cells.line("author"):
            extra.append(("author", author))
        extra += cells.others()
        task = TaskIn(
            source_ref=ref,
            title=" ".join(_LABEL.sub("", content).split()) or content,
            description=cells.text("description"),
            priority=_priority(cells),
            category=fitting_name(self.section, "sections", left_out) or None,
            tags=fitting_tags(_LABEL.findall(content), left_out),
            due_on=due_on,
            due_at=due_at,
            repeat=due.repeat,
            estimated_minutes=minutes,
            parent_ref=parent_ref,
            extra=extra_of(extra, left_out),
        )
        remarks = (Remark.CREATED_NOW, *((Remark.CLOCK_SKIPPED,) if due.was_skipped else ()))
        return TaskLine(line, task, _person(cells.line("responsible")), remarks=remarks, left_out=left_out.names)

    def _minutes(self, cells: Cells, extra: list[tuple[str, str]]) -> int | None:
        duration, unit = cells.line("duration"), cells.line("duration_unit")
        if not duration:
            return None
        if unit == "minute":
            return (cells.seconds("duration", unit=Unit.MINUTES) or 0) // 60 or None
        # Whole days that it takes up say nothing about the work in them.
        extra.append(("duration", f"{duration} {unit}".strip()))
        return None

    def _note(self, line: int, cells: Cells) -> Iterator[Line]:
        text = cells.text("content")
        if self.last is None:
            yield RefusedLine(line, "This note belongs to the task above it, and there is none that was taken in.")
        elif text:
            ref = self.last.notes.ref(f"note-{digest_of(text)}")
            comment = CommentIn(
                ref, text, created_at=_said_at(cells, self.zone), author_name=_person(cells.line("author"))
            )
            task = self.last.line.task
            self.last.line = replace(self.last.line, task=replace(task, comments=(*task.comments, comment)))


@dataclass(frozen=True)
class _Due:
    """What a date cell says; `words` where it is none of a day, a moment, and a repeat."""

    on: date | None = None
    at: datetime | None = None
    repeat: Repeat | None = None
    words: str = ""
    was_skipped: bool = False

    @classmethod
    def of(cls, cells: Cells, zone: ZoneInfo) -> _Due:
        text = cells.line("date")
        if not text:
            return cls()
        try:
            moment = cells.moment("date", order=DayOrder.DAY_FIRST, zone=_zone(cells, zone))
        except Unreadable:
            repeat = _repeat(text) if cells.line("date_lang").lower()[:2] in ("", "en") else None
            return cls(repeat=repeat) if repeat else cls(words=text)
        if moment is None:
            return cls()
        if not moment.has_clock:
            return cls(on=moment.day)
        return cls(at=moment.instant, was_skipped=moment.was_skipped)


def _repeat(text: str) -> Repeat | None:
    """Return how often a task comes that is due “every monday”, None where that says more than a repeat can."""
    said = text.lower()
    said = _OTHER_WORDS.get(said, re.sub(r"^ev\b", "every", said))
    if said.startswith("every! "):
        said = f"every {said.removeprefix('every! ')} after completion"
    words = split_words(said)
    # Which day it is matters for nothing but a first day: what names one says more than a repeat can.
    every = match_every(words, 0, Calendar(date(2000, 1, 1)))
    if every is None or every.length != len(words) or every.first is not None or every.repeat.until is not None:
        return None
    return every.repeat


def _zone(cells: Cells, zone: ZoneInfo) -> ZoneInfo:
    name = cells.line("timezone")
    if not name:
        return zone
    if name not in available_timezones():
        raise Unreadable(f"{cells.heading('timezone')}: there is no zone {quoted(name)}.")
    return ZoneInfo(name)


def _day(cells: Cells, field: str, zone: ZoneInfo) -> date | None:
    moment = cells.moment(field, order=DayOrder.DAY_FIRST, zone=zone)
    return moment.day if moment else None


def _said_at(cells: Cells, zone: ZoneInfo) -> datetime | None:
    try:
        moment = cells.moment("date", order=DayOrder.DAY_FIRST, zone=_zone(cells, zone))
    except Unreadable:
        return None
    return moment.instant if moment and moment.has_clock else None


def _indent(text: str) -> int:
    if not text:
        return 1
    if not re.fullmatch(r"[1-9]\d?", text, re.ASCII):
        raise Unreadable(f"INDENT: {quoted(text)} is not how far in a task stands; that is 1, 2 and so on.")
    return int(text)


def _priority(cells: Cells) -> Priority:
    word = cells.line("priority")
    if word not in _PRIORITIES:
        raise Unreadable(f"PRIORITY: {quoted(word)} is not one of 1, 2, 3 and 4.")
    return _PRIORITIES[word]


def _person(text: str) -> str:
    found = _PERSON.fullmatch(text)
    return found["name"] if found else text
