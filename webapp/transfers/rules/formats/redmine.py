"""
The issues of Redmine as CSV, in any of its languages, with commas or semicolons, points or commas in numbers.

The time spent on an issue comes as one number, without its parts: that of the column for the issue alone, never that of
the column that adds up its parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from webapp.tasks.rules.intake import TaskIn
from webapp.transfers.rules.cells import DayOrder, Moment, Unit, quoted
from webapp.transfers.rules.formats.headings import Cells, Columns, heading_key, read_rows
from webapp.transfers.rules.formats.lines import LeftOut, Unreadable, extra_of, fitting_name, fitting_tags
from webapp.transfers.rules.formats.reader import Head, Reading
from webapp.transfers.rules.formats.redmine_words import BLOCKED_BY, NO, PRIORITIES, REDMINE_FIELDS, STATUSES
from webapp.transfers.rules.reading import Row, TextSource, open_sheet
from webapp.transfers.rules.rows import Line, Remark, TaskLine
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.values.text import name_key

_NEEDED = {"ref", "tracker", "status", "subject"}
_RELATION = re.compile(r"(?P<kind>[^#,]*?)\s*#(?P<ref>\d+)", re.ASCII)
_NUMBER = re.compile(r"(?:.*#)?(?P<ref>\d{1,12})", re.ASCII)


class Redmine:
    """Reads the issues that Redmine exports."""

    label = "Redmine"
    source = "Redmine"
    needs_zone = True

    def recognises(self, head: Head) -> bool:
        """Tell whether the columns are those of Redmine's issues, in any of its languages."""
        return {REDMINE_FIELDS.get(heading_key(heading), "") for heading in head.header} >= _NEEDED

    def read(self, text: TextSource, reading: Reading) -> Iterator[Line]:
        """Yield the issues in order."""
        sheet = open_sheet(text, reading.delimiter)
        columns = Columns(sheet.header, REDMINE_FIELDS)
        order = columns.day_order(sheet, "created", "closed", "updated", "start", "due")
        return read_rows(sheet, lambda row: _Issue(row, columns, order, reading.zone).line())


class _Issue:
    def __init__(self, row: Row, columns: Columns, order: DayOrder, zone: ZoneInfo) -> None:
        self.number = row.line
        self.cells = Cells(row, columns)
        self.order = order
        self.zone = zone
        self.left_out = LeftOut()
        self.remarks: list[Remark] = []

    def line(self) -> TaskLine:
        cells = self.cells
        created, closed, start = (self._moment(field) for field in ("created", "closed", "start"))
        spent = cells.seconds("spent", unit=Unit.HOURS)
        status = self._status(closed, spent)
        completed_at = closed.instant if closed and status is Status.DONE else None
        if created is None:
            self.remarks.append(Remark.CREATED_NOW)
        if status is Status.DONE and completed_at is None:
            self.remarks.append(Remark.END_UNKNOWN)
        if self.cells.line("updated"):
            self.left_out.add(self.cells.heading("updated"))
        due = self._moment("due")
        blockers, relations = self._relations()
        task = TaskIn(
            source_ref=self._ref("ref"),
            title=cells.line("subject"),
            description=cells.text("description"),
            status=status,
            priority=self._priority(),
            category=fitting_name(cells.line("project"), "projects", self.left_out) or None,
            tags=fitting_tags((cells.line(field) for field in ("tracker", "category", "version")), self.left_out),
            due_on=due.day if due else None,
            starts_on=start.day if start and (due is None or start.day <= due.day) else None,
            estimated_minutes=self._estimate(),
            created_at=created.instant if created else None,
            completed_at=completed_at,
            parent_ref=self._ref("parent") if cells.line("parent") else None,
            blocked_by_refs=blockers,
            extra=extra_of(self._extra(relations), self.left_out),
        )
        total = (self._spent_on(closed, start, created), spent) if spent else None
        person = cells.line("assignee")
        remarks, left_out = tuple(self.remarks), self.left_out.names
        return TaskLine(self.number, task, person, total=total, remarks=remarks, left_out=left_out)

    def _ref(self, field: str) -> str:
        text = self.cells.line(field)
        found = _NUMBER.fullmatch(text)
        if found is None:
            raise Unreadable(f"{self.cells.heading(field)}: {quoted(text)} is not the number of an issue.")
        return found["ref"]

    def _status(self, closed: Moment | None, spent: int | None) -> Status:
        """Return what the word means: an issue that was opened again still says when it was closed."""
        word = self.cells.line("status")
        known = STATUSES.get(name_key(word))
        if known is not None:
            return known
        if closed is not None:
            return Status.DONE
        return Status.DOING if spent or self.cells.line("done") not in ("", "0") else Status.TODO

    def _priority(self) -> Priority:
        return PRIORITIES.get(name_key(self.cells.line("priority")), Priority.MEDIUM)

    def _estimate(self) -> int | None:
        seconds = self.cells.seconds("estimate", unit=Unit.HOURS)
        return max(1, (seconds + 30) // 60) if seconds else None

    def _spent_on(self, closed: Moment | None, start: Moment | None, created: Moment | None) -> date | None:
        last = closed or start or created
        return last.day if last else None

    def _relations(self) -> tuple[tuple[str, ...], str]:
        """Return the issues it waits for, and the words for those it has to do with otherwise."""
        blockers: list[str] = []
        others: list[str] = []
        for part in self.cells.line("related").split(","):
            found = _RELATION.fullmatch(part.strip())
            if found and name_key(found["kind"]) in BLOCKED_BY:
                blockers.append(found["ref"])
            elif part.strip():
                others.append(part.strip())
        return tuple(blockers), ", ".join(others)

    def _extra(self, relations: str) -> Iterator[tuple[str, str]]:
        """Yield what no field holds: columns that somebody has made, and some of Redmine's own."""
        for field in ("status", "priority"):
            known = STATUSES if field == "status" else PRIORITIES
            if (word := self.cells.line(field)) and name_key(word) not in known:
                yield self.cells.heading(field), word
        if relations:
            yield self.cells.heading("related"), relations
        if name_key(self.cells.line("private")) not in NO:
            yield self.cells.heading("private"), self.cells.line("private")
        if self.cells.line("done") not in ("", "0", "100"):
            yield self.cells.heading("done"), self.cells.line("done")
        if self.cells.line("start") and self._starts_late():
            yield self.cells.heading("start"), self.cells.line("start")
        yield from self.cells.others()

    def _starts_late(self) -> bool:
        start, due = self._moment("start"), self._moment("due")
        return bool(start and due and start.day > due.day)

    def _moment(self, field: str) -> Moment | None:
        moment = self.cells.moment(field, order=self.order, zone=self.zone)
        if moment and moment.was_skipped and Remark.CLOCK_SKIPPED not in self.remarks:
            self.remarks.append(Remark.CLOCK_SKIPPED)
        return moment
