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
from webapp.tasks.rules.recurrence import WORKING_DAYS, Basis, Missed, Repeat, Rule, Unit, instant_of, nth_date
from webapp.transfers.rules.cells import quoted
from webapp.transfers.rules.formats.attributes import Attributes, first_keys
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
from webapp.transfers.rules.rows import LeftOutLine, Line, RefusedLine, Remark, TaskLine
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
                yield _task(line, Attributes(values), recurring, reading.zone)
            except Unreadable as error:
                yield RefusedLine(line, str(error))


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


def _task(line: int, values: Attributes, recurring: _Recurring, zone: ZoneInfo) -> Line:
    uuid, word = values.line("uuid"), values.line("status")
    if word == "deleted":
        return LeftOutLine(line, "deleted tasks")
    if not uuid:
        raise Unreadable("It has no uuid.")
    if word not in _STATUSES:
        raise Unreadable(f"status: {quoted(word)} is not a status of Taskwarrior.")
    if word == "recurring" and recurring.heirs.get(uuid):
        return LeftOutLine(line, "recurring templates whose next task is in the file, and repeats")
    left_out, kept, remarks = LeftOut(), dict[str, Any](), list[Remark]()
    if parent := values.line("parent"):
        kept["parent"] = parent
    # When somebody began is no time that was measured: `start` stays what it was when it was paused.
    if started := values.value("start"):
        kept["start"] = started
    status = _STATUSES[word]
    created_at = values.instant("entry", zone=zone)
    completed_at = values.instant("end", zone=zone) if status is Status.DONE else None
    if created_at is None:
        remarks.append(Remark.CREATED_FROM_END if completed_at else Remark.CREATED_NOW)
    if status is Status.DONE and completed_at is None:
        remarks.append(Remark.END_UNKNOWN)
    task = TaskIn(
        source_ref=uuid,
        title=values.line("description"),
        status=Status.DOING if word == "pending" and started else status,
        priority=_priority(values, kept),
        category=fitting_name(values.line("project"), "projects", left_out) or None,
        tags=fitting_tags(_listed(values, "tags"), left_out),
        due_at=values.instant("due", zone=zone),
        estimated_minutes=_estimate(values, kept),
        created_at=created_at or completed_at,
        completed_at=completed_at,
        blocked_by_refs=_listed(values, "depends"),
        comments=_comments(values, zone),
    )
    task = _hidden(task, values, kept, zone)
    template = uuid if word == "recurring" else parent
    if word == "recurring" or recurring.heirs.get(template) == uuid:
        task = _repeating(task, values, recurring.rules.get(template, {}), left_out, zone)
    for name in _LEFT_OUT:
        if values.value(name):
            left_out.add(name)
    kept |= dict(values.rest())
    return TaskLine(
        line, replace(task, extra=extra_of(kept.items(), left_out)), remarks=tuple(remarks), left_out=left_out.names
    )


def _priority(values: Attributes, kept: dict[str, Any]) -> Priority:
    word = values.line("priority")
    if word not in _PRIORITIES:
        # Somebody has made priorities of their own.
        kept["priority"] = word
    return _PRIORITIES.get(word, Priority.MEDIUM)


def _listed(values: Attributes, name: str) -> tuple[str, ...]:
    """Return a list of words: older versions write them as one text, with commas."""
    value = values.value(name)
    words = value.split(",") if isinstance(value, str) else values.words(name)
    return tuple(word.strip() for word in words if word.strip())


def _estimate(values: Attributes, kept: dict[str, Any]) -> int | None:
    """Return an attribute `estimate` in minutes where it is a length of time; it is kept as it is in any case."""
    said = values.value("estimate")
    if said is not None:
        kept["estimate"] = said
    found = _PERIOD.fullmatch(said) if isinstance(said, str) else None
    if found is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return (days * 86_400 + hours * 3600 + minutes * 60 + seconds + 30) // 60 or None


def _comments(values: Attributes, zone: ZoneInfo) -> tuple[CommentIn, ...]:
    numbering = Numbering()
    comments = []
    for note in values.objects("annotations"):
        text = note.text("description")
        ref = numbering.ref(f"note-{digest_of(note.line('entry'), text)}")
        comments.append(CommentIn(ref, text, note.instant("entry", zone=zone)))
    return tuple(comments)


def _hidden(task: TaskIn, values: Attributes, kept: dict[str, Any], zone: ZoneInfo) -> TaskIn:
    """Hide a task until the day for which it waits, or is scheduled; never until after it is due."""
    for name in ("wait", "scheduled"):
        instant = values.instant(name, zone=zone)
        if instant is None:
            continue
        day = instant.astimezone(zone).date()
        if task.starts_on is None and (task.due_at is None or day <= task.due_at.astimezone(zone).date()):
            task = replace(task, starts_on=day)
        else:
            kept[name] = values.value(name)
    return task


def _repeating(
    task: TaskIn,
    values: Attributes,
    said: dict[str, Any],
    left_out: LeftOut,
    zone: ZoneInfo,
) -> TaskIn:
    """Return a task with the rule of its template, due at the first date that is not done with."""
    rule = _rule(said.get("recur"))
    if rule is None or task.due_at is None:
        left_out.add("recur")
        return task
    ends_at = Attributes(said).instant("until", zone=zone)
    is_chained = said.get("rtype") == "chained"
    for name in ("recur", "rtype", "until"):
        values.value(name)
    # Taskwarrior makes one task for each date that has come.
    repeat = Repeat(
        rule,
        basis=Basis.COMPLETION if is_chained else Basis.DUE,
        until=ends_at.astimezone(zone).date() if ends_at else None,
        missed=Missed.NEXT if is_chained else Missed.EACH,
    )
    return replace(task, repeat=repeat, due_at=_first_open(task.due_at, rule, values.line("mask"), zone))


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
