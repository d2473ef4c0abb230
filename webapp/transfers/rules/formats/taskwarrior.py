"""
Tasks from Taskwarrior's `task export`: an array, or one object a line.

What Taskwarrior or its owner calls by names that are not known here is kept with the task as it is. Its ids and its
urgency are not: they are counted anew at every change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from webapp.tasks.rules.intake import CommentIn, TaskIn
from webapp.tasks.rules.recurrence import WORKING_DAYS, Basis, Repeat, Rule, Unit, instant_of, nth_date
from webapp.transfers.rules.cells import quoted
from webapp.transfers.rules.formats.attributes import Attributes, first_keys, refused
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
from webapp.transfers.rules.json_reading import json_objects
from webapp.transfers.rules.reading import TextSource
from webapp.transfers.rules.rows import LeftOutLine, Line, Remark, TaskLine
from webapp.values.priority import Priority
from webapp.values.status import Status

_STATUSES = {
    "pending": Status.TODO,
    "waiting": Status.TODO,
    "recurring": Status.TODO,
    "completed": Status.DONE,
}
_PRIORITIES = {"": Priority.MEDIUM, "H": Priority.HIGH, "M": Priority.MEDIUM, "L": Priority.LOW}
_OPEN = ("pending", "waiting")
_SOMEDAY = "9999"
_LEFT_OUT = ("id", "urgency", "modified")
_PERIOD = re.compile(
    r"P(?=.)(?:(?P<days>\d{1,4})D)?(?:T(?=.)(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,8})S)?)?",
    re.ASCII,
)
_RECUR_ISO = re.compile(r"P(?P<every>[1-9]\d{0,2})(?P<unit>[DWMY])", re.ASCII)
_RECUR_COUNTED = re.compile(r"(?P<every>[1-9]\d{0,2})?\s*(?P<unit>[a-z]+)", re.ASCII)
_UNITS = {
    "D": (Unit.DAY, 1),
    "W": (Unit.WEEK, 1),
    "M": (Unit.MONTH, 1),
    "Y": (Unit.YEAR, 1),
    **dict.fromkeys(("d", "day", "days", "daily"), (Unit.DAY, 1)),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks", "weekly"), (Unit.WEEK, 1)),
    **dict.fromkeys(("fortnight", "biweekly"), (Unit.WEEK, 2)),
    **dict.fromkeys(("mo", "mos", "mth", "mths", "month", "months", "monthly"), (Unit.MONTH, 1)),
    **dict.fromkeys(("bimonthly",), (Unit.MONTH, 2)),
    **dict.fromkeys(("q", "qtr", "qtrs", "quarter", "quarters", "quarterly"), (Unit.MONTH, 3)),
    **dict.fromkeys(("semiannual",), (Unit.MONTH, 6)),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years", "yearly", "annual"), (Unit.YEAR, 1)),
    **dict.fromkeys(("biannual", "biyearly"), (Unit.YEAR, 2)),
}


class Taskwarrior:
    """Reads what Taskwarrior exports."""

    label = "Taskwarrior"
    source = "Taskwarrior"
    needs_zone = True

    def recognises(self, head: Head) -> bool:
        """Tell whether the first object is a task of Taskwarrior."""
        return {"uuid", "status", "description", "entry"} <= first_keys(head)

    def read(self, text: TextSource, reading: Reading) -> Iterator[Line]:
        """Yield the tasks in order."""
        recurring = _Recurring.of(text)
        for line, values in json_objects(text):
            try:
                yield _Task(line, Attributes(values), recurring, reading.zone).line()
            except Unreadable as error:
                yield refused(line, values, "description", "uuid", because=error)


@dataclass
class _Recurring:
    """
    Recurring tasks and those that Taskwarrior has made of them.

    `heirs` is the uuid of the newest open one of each template: that one carries the rule on. `rules` are the
    attributes of the templates.
    """

    heirs: dict[str, str] = field(default_factory=dict)
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, text: TextSource) -> _Recurring:
        found = cls()
        newest: dict[str, str] = {}
        for _, values in json_objects(text):
            uuid, parent, due = (values.get(name) for name in ("uuid", "parent", "due"))
            if not isinstance(uuid, str):
                continue
            if values.get("status") == "recurring":
                found.rules[uuid] = {name: values.get(name) for name in ("recur", "rtype", "until")}
            if not (isinstance(parent, str) and isinstance(due, str) and values.get("status") in _OPEN):
                continue
            # Moments as Taskwarrior writes them sort as they come.
            if due >= newest.get(parent, ""):
                newest[parent], found.heirs[parent] = due, uuid
        return found


class _Task:
    """One task; `kept` is what no field here holds."""

    def __init__(self, line: int, values: Attributes, recurring: _Recurring, zone: ZoneInfo) -> None:
        self.number = line
        self.values = values
        self.recurring = recurring
        self.zone = zone
        self.left_out = LeftOut()
        self.kept: dict[str, Any] = {}
        self.remarks: list[Remark] = []

    def line(self) -> Line:
        uuid, word = self.values.line("uuid"), self.values.line("status")
        if word == "deleted":
            return LeftOutLine(self.number, "deleted tasks")
        if not uuid:
            raise Unreadable("It has no uuid.")
        if word not in _STATUSES:
            raise Unreadable(f"status: {quoted(word)} is not a status of Taskwarrior.")
        if word == "recurring" and self.recurring.heirs.get(uuid):
            return LeftOutLine(self.number, "recurring templates whose next task is in the file, and repeats")
        task = self._hidden(self._task(uuid, word))
        template = uuid if word == "recurring" else self._kept_line("parent")
        if word == "recurring" or self.recurring.heirs.get(template) == uuid:
            task = self._repeating(task, self.recurring.rules.get(template, {}))
        for name in _LEFT_OUT:
            if self.values.value(name):
                self.left_out.add(name)
        extra = extra_of((self.kept | dict(self.values.rest())).items(), self.left_out)
        task = replace(task, extra=extra)
        return TaskLine(self.number, task, remarks=tuple(self.remarks), left_out=self.left_out.names)

    def _task(self, uuid: str, word: str) -> TaskIn:
        values = self.values
        created_at, completed_at = values.instant("entry", zone=self.zone), None
        status = _STATUSES[word]
        if status is Status.DONE:
            completed_at = values.instant("end", zone=self.zone)
            if completed_at is None:
                self.remarks.append(Remark.END_UNKNOWN)
        if created_at is None:
            self.remarks.append(Remark.CREATED_FROM_END if completed_at else Remark.CREATED_NOW)
        # When somebody began is no time that was measured: it stays what it was through every pause.
        if self._kept_line("start") and word == "pending":
            status = Status.DOING
        return TaskIn(
            source_ref=uuid,
            title=values.line("description"),
            status=status,
            priority=self._priority(),
            category=fitting_name(values.line("project"), "projects", self.left_out) or None,
            tags=fitting_tags(_listed(values, "tags"), self.left_out),
            due_at=self._instant("due"),
            estimated_minutes=self._estimate(),
            created_at=created_at or completed_at,
            completed_at=completed_at,
            blocked_by_refs=_listed(values, "depends"),
            comments=self._comments(),
        )

    def _kept_line(self, name: str) -> str:
        """Return an attribute that is read and kept as it is, too."""
        said = self.values.line(name)
        if said:
            self.kept[name] = said
        return said

    def _instant(self, name: str) -> datetime | None:
        """Return a moment; “someday” is a day of the year 9999, and kept as it is."""
        if self.values.line(name).startswith(_SOMEDAY):
            self._kept_line(name)
            return None
        return self.values.instant(name, zone=self.zone)

    def _priority(self) -> Priority:
        word = self.values.line("priority")
        if word not in _PRIORITIES:
            # Somebody has made priorities of their own.
            self.kept["priority"] = word
        return _PRIORITIES.get(word, Priority.MEDIUM)

    def _estimate(self) -> int | None:
        """Return an attribute `estimate` in minutes where it is a length of time; it is kept as it is in any case."""
        said = self.values.value("estimate")
        if said is not None:
            self.kept["estimate"] = said
        found = _PERIOD.fullmatch(said) if isinstance(said, str) else None
        if found is None:
            return None
        days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return (days * 86_400 + hours * 3600 + minutes * 60 + seconds + 30) // 60 or None

    def _comments(self) -> tuple[CommentIn, ...]:
        numbering = Numbering()
        comments = []
        for note in self.values.objects("annotations"):
            text, at = note.text("description"), note.line("entry")
            ref = numbering.ref(f"note-{at or digest_of(text)}")
            comments.append(CommentIn(ref, text, note.instant("entry", zone=self.zone)))
        return tuple(comments)

    def _hidden(self, task: TaskIn) -> TaskIn:
        """Hide a task until the day for which it waits, or is scheduled; never until after it is due."""
        for name in ("wait", "scheduled"):
            instant = self._instant(name)
            if instant is None:
                continue
            day = instant.astimezone(self.zone).date()
            if task.starts_on is None and (task.due_at is None or day <= task.due_at.astimezone(self.zone).date()):
                task = replace(task, starts_on=day)
            else:
                self._kept_line(name)
        return task

    def _repeating(self, task: TaskIn, said: dict[str, Any]) -> TaskIn:
        """Return a task with the rule of its template, due at the first date that is not done with."""
        rule = _rule(said.get("recur"))
        if rule is None or task.due_at is None:
            return task
        ends_at = Attributes(said).instant("until", zone=self.zone)
        is_chained = said.get("rtype") == "chained"
        for name in ("recur", "rtype", "until"):
            self.values.value(name)
        # Dates that have come and are in no line are let go: an old file brings no more tasks than it holds.
        repeat = Repeat(
            rule,
            basis=Basis.COMPLETION if is_chained else Basis.DUE,
            until=ends_at.astimezone(self.zone).date() if ends_at else None,
        )
        due_at = _first_open(task.due_at, rule, self.values.line("mask"), self.zone)
        return replace(task, repeat=repeat, due_at=due_at)


def _listed(values: Attributes, name: str) -> tuple[str, ...]:
    """Return a list of words: older versions write them as one text, with commas."""
    value = values.value(name)
    words = value.split(",") if isinstance(value, str) else values.words(name)
    return tuple(word.strip() for word in words if word.strip())


def _first_open(due_at: datetime, rule: Rule, mask: str, zone: ZoneInfo) -> datetime:
    """Return the date of the first task that a mask says is open: `+` is done, `X` deleted, the rest open."""
    done = len(mask) - len(mask.lstrip("+X"))
    local = due_at.astimezone(zone)
    day = nth_date(rule, anchor=local.date(), n=done)
    return due_at if not done or day is None else instant_of(day, clock=local.time(), zone=zone)


def _rule(said: object) -> Rule | None:
    if not isinstance(said, str):
        return None
    if said == "weekdays":
        return Rule(Unit.WEEK, weekdays=WORKING_DAYS)
    found = _RECUR_ISO.fullmatch(said) or _RECUR_COUNTED.fullmatch(said.strip().lower())
    if found is None or found["unit"] not in _UNITS:
        return None
    unit, times = _UNITS[found["unit"]]
    every = int(found["every"] or 1) * times
    return Rule(unit, every=every) if every <= 999 else None
