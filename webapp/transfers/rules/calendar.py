"""A calendar as other programs read it (iCalendar, RFC 5545). Pure: the same facts give the same bytes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component, Event, Todo
from icalendar.prop import vDuration, vText, vUri

from webapp.values.period import day_start
from webapp.values.priority import Priority
from webapp.values.status import Status

# Of what is done, and of the time that was spent, so much is told.
PAST_DAYS = 30
MOST_TASKS = 1_000
MOST_ENTRIES = 1_000
# How often a calendar is asked to look again.
REFRESH = timedelta(hours=1)

# Another number whenever the same facts are written in another way.
_WAY_OF_WRITING = 1
_PRODUCT = "-//DevTrackr//Calendar feed//EN"
# 1 is the highest and 9 the lowest there is; 5 is ordinary.
_PRIORITIES = {Priority.URGENT: 1, Priority.HIGH: 3, Priority.MEDIUM: 5, Priority.LOW: 9}
_STATUSES = {Status.TODO: "NEEDS-ACTION", Status.DOING: "IN-PROCESS", Status.DONE: "COMPLETED"}
# Some readers end a line at each of these, whatever stands before it.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


class FeedShape(StrEnum):
    """What tasks are in a calendar: events are shown by every program, tasks by some, which let them be ticked off."""

    EVENTS = "events"
    TASKS = "tasks"
    BOTH = "both"


@dataclass(frozen=True)
class FeedTask:
    """A task as a calendar tells of it. `uid` and `parent_uid` are lasting names, `address` is that of its page."""

    uid: str
    title: str
    description: str
    status: Status
    priority: Priority
    labels: tuple[str, ...]
    starts_on: date | None
    due_on: date | None
    due_at: datetime | None
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None
    version: int
    parent_uid: str | None
    parts_done: int
    parts_total: int
    address: str


@dataclass(frozen=True)
class FeedEntry:
    """Time that was spent, from when to when, as a calendar tells of it."""

    uid: str
    title: str
    note: str
    started_at: datetime
    ended_at: datetime
    updated_at: datetime
    version: int
    address: str


@dataclass(frozen=True)
class FeedContents:
    """All that a calendar tells. `zone` is where its reader lives: days begin there."""

    name: str
    shape: FeedShape
    zone: ZoneInfo
    tasks: tuple[FeedTask, ...]
    entries: tuple[FeedEntry, ...] = ()

    @property
    def changed_at(self) -> datetime | None:
        """When the newest change was made among what is in it."""
        changes = [task.updated_at for task in self.tasks] + [entry.updated_at for entry in self.entries]
        return max(changes, default=None)


def fingerprint(contents: FeedContents) -> str:
    """Return what is the same as long as `write_calendar` writes the same; it takes a tenth of the time to make."""
    return hashlib.sha256(repr((_WAY_OF_WRITING, contents)).encode()).hexdigest()[:32]


def write_calendar(contents: FeedContents) -> bytes:
    """Return a calendar. Nothing in it depends on when it is asked for: as long as the facts are the same, it is."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    # The first is of a standard, the other is what most read.
    for key in ("name", "x-wr-calname"):
        calendar.add(key, _text(contents.name))
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for task in contents.tasks:
        if contents.shape is not FeedShape.EVENTS:
            calendar.add_component(_todo(task, contents.zone))
        if contents.shape is not FeedShape.TASKS and (task.due_on or task.due_at):
            calendar.add_component(_due_event(task))
    for entry in contents.entries:
        calendar.add_component(_entry_event(entry))
    return bytes(calendar.to_ical())


def _todo(task: FeedTask, zone: ZoneInfo) -> Todo:
    todo = Todo()
    _tell(todo, task, uid=task.uid)
    todo.add("summary", _text(task.title))
    if task.due_on or task.due_at:
        todo.add("due", task.due_on or task.due_at)
    starts = _start(task, zone)
    if starts is not None:
        todo.add("dtstart", starts)
    todo.add("priority", _PRIORITIES[task.priority])
    todo.add("status", _STATUSES[task.status])
    if task.completed_at:
        todo.add("completed", task.completed_at)
    if task.status is Status.DONE:
        todo.add("percent-complete", 100)
    elif task.parts_total:
        todo.add("percent-complete", 100 * task.parts_done // task.parts_total)
    if task.parent_uid:
        todo.add("related-to", _uid(task.parent_uid))
    return todo


def _start(task: FeedTask, zone: ZoneInfo) -> date | datetime | None:
    """Return when a task begins, of the same type as its end, and only if that is later: nothing else may be told."""
    if task.starts_on is None:
        return None
    if task.due_at is not None:
        start = day_start(task.starts_on, zone)
        return start if start < task.due_at else None
    return task.starts_on if task.due_on is None or task.starts_on < task.due_on else None


def _due_event(task: FeedTask) -> Event:
    event = Event()
    _tell(event, task, uid=f"{task.uid}-due")
    event.add("summary", _text(f"✓ {task.title}" if task.status is Status.DONE else task.title))
    # An instant ends when it begins. A day lasts until the next.
    event.add("dtstart", task.due_at or task.due_on)
    if task.due_on:
        event.add("dtend", task.due_on + timedelta(days=1))
    # It takes no time: nobody is busy because something is due.
    event.add("transp", "TRANSPARENT")
    return event


def _tell(component: Component, task: FeedTask, *, uid: str) -> None:
    component.add("uid", _uid(uid))
    _stamp(component, task.updated_at, version=task.version)
    component.add("created", task.created_at)
    if task.description:
        component.add("description", _text(task.description))
    if task.labels:
        component.add("categories", [_text(label) for label in task.labels])
    component.add("url", vUri(task.address))


def _entry_event(entry: FeedEntry) -> Event:
    event = Event()
    event.add("uid", _uid(f"{entry.uid}-time"))
    _stamp(event, entry.updated_at, version=entry.version)
    event.add("summary", _text(entry.title))
    if entry.note:
        event.add("description", _text(entry.note))
    event.add("dtstart", entry.started_at)
    event.add("dtend", entry.ended_at)
    event.add("transp", "TRANSPARENT")
    event.add("url", vUri(entry.address))
    return event


def _stamp(component: Component, updated_at: datetime, *, version: int) -> None:
    # The stamp is when the record was revised last, not when somebody asked: an unchanged calendar stays the same.
    component.add("dtstamp", updated_at.astimezone(UTC))
    component.add("last-modified", updated_at.astimezone(UTC))
    component.add("sequence", version - 1)


def _uid(name: str) -> str:
    return f"{name}@devtrackr"


def _text(text: str) -> vText:
    return _Text(_LINE_ENDS.sub("\n", text))


class _Text(vText):
    """Text as it stands: the library takes a backslash before an N for the end of a line, also in `C:\\New`."""

    def to_ical(self) -> bytes:
        return b"\\\\N".join(vText(part).to_ical() for part in self.split("\\N"))
