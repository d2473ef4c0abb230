"""Many tasks and entries as they arrive from elsewhere: what is told about each, and how it is known again. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from webapp.errors import InvalidInput
from webapp.tasks.rules.recurrence import Repeat, checked
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.values.text import name_key

# What was spent on a task as one number, without clock times, is an entry with this before the task's reference.
TOTAL_PREFIX = "total:"
LONGEST_REF = 120
# The source of the made-up work that a new person may look around in.
SAMPLE_SOURCE = "sample"
# Why a task that comes again elsewhere comes in once.
ONCE_DONE = "It is done, so that nothing comes again from it."


@dataclass(frozen=True)
class CommentIn:
    """
    What somebody said about a task elsewhere. `source_ref` is unique within the task.

    `author_name` is who said it there, "" where nobody says so; `user_id` is 0 until somebody knows who that is here.
    """

    source_ref: str
    text: str
    created_at: datetime | None = None
    author_name: str = ""
    user_id: int = 0
    edited_at: datetime | None = None


@dataclass(frozen=True)
class TaskIn:
    """
    A task from elsewhere. `source_ref` is what it is called there (at most `LONGEST_REF` characters).

    `parent_ref` and `blocked_by_refs` are what the tasks it is a part of, and waits for, are called there: they may
    come before or after it, or be here already. `repeat` begins a series with this task, which then needs a due day.
    `extra` is what the other program says and no field here holds: names, and values as JSON text.

    `category` and `tags` are names, made when they are new. Everything is already as it may be kept: clean, of bearable
    length, instants aware. A task that is not done has no `completed_at`. Where it is not known when a task was made,
    or when a done one was completed, that is None: the moment of the intake counts, and stays at later ones.
    """

    source_ref: str
    title: str
    created_at: datetime | None = None
    description: str = ""
    status: Status = Status.TODO
    priority: Priority = Priority.MEDIUM
    category: str | None = None
    tags: tuple[str, ...] = ()
    customer_id: int | None = None
    assignee_id: int | None = None
    due_on: date | None = None
    due_at: datetime | None = None
    estimated_minutes: int | None = None
    completed_at: datetime | None = None
    starts_on: date | None = None
    parent_ref: str | None = None
    blocked_by_refs: tuple[str, ...] = ()
    comments: tuple[CommentIn, ...] = ()
    repeat: Repeat | None = None
    extra: tuple[tuple[str, str], ...] = ()
    own: OwnFacts | None = None


@dataclass(frozen=True)
class OwnFacts:
    """
    What only a file of ours says about a task, and what a new one made from it takes over as it is.

    `source` and `source_ref` are where it came from in the first place, `series_ref` and `occurrence` what it is a date
    of and which.
    """

    position: int
    created_on: date
    completed_on: date | None
    updated_at: datetime
    source: str | None = None
    source_ref: str | None = None
    series_ref: str | None = None
    occurrence: int | None = None


@dataclass(frozen=True)
class SeriesIn:
    """
    A task that comes again, from a file of ours: `columns` are those of models.Series that hold no other record.

    `category` and `tags` are names.
    """

    ref: str
    columns: dict[str, Any]
    user_id: int = 0
    category: str | None = None
    tags: tuple[str, ...] = ()
    customer_id: int | None = None
    assignee_id: int | None = None


@dataclass(frozen=True)
class EntryIn:
    """
    Time from elsewhere, spent on the task called `task_ref` there.

    Either an interval (`started_at`, `ended_at`, both aware) or a plain duration of `seconds`; its `day` is that of the
    intake where none is known. `zone` is where it was lived, where that is not the zone of the intake; `customer_id`
    whom it was for, where that is not the task's; `own_source` and `own_ref` where it came from in the first place, of
    a file of ours.
    """

    source_ref: str
    task_ref: str
    user_id: int
    started_at: datetime | None = None
    ended_at: datetime | None = None
    interrupted_seconds: int = 0
    day: date | None = None
    seconds: int = 0
    note: str = ""
    is_billable: bool = False
    zone: str = ""
    customer_id: int | None = None
    own_source: str | None = None
    own_ref: str | None = None

    @property
    def is_total(self) -> bool:
        """Whether this is all that was spent on a task, as one number."""
        return self.source_ref.startswith(TOTAL_PREFIX)

    @property
    def counted_seconds(self) -> int:
        """What counts: the interval less its interruptions, or the plain duration."""
        if self.started_at is None or self.ended_at is None:
            return self.seconds
        return int((self.ended_at - self.started_at).total_seconds()) - self.interrupted_seconds


def total_of(*, task_ref: str, user_id: int, day: date | None, seconds: int) -> EntryIn:
    """Return the one entry that stands for all time spent on a task; entries with clock times replace it."""
    return EntryIn(source_ref=f"{TOTAL_PREFIX}{task_ref}", task_ref=task_ref, user_id=user_id, day=day, seconds=seconds)


@dataclass(frozen=True)
class LinkIn:
    """What a task is a part of, and what it waits for, by what they are called there."""

    task_ref: str
    parent_ref: str | None
    blocked_by_refs: tuple[str, ...]


class Outcome(StrEnum):
    """What became, or would become, of one task or entry."""

    CREATED = "created"
    UPDATED = "updated"
    # It is here already and the same as in the file.
    UNCHANGED = "unchanged"
    # The file has changed it, and so has somebody here: theirs is kept.
    KEPT = "kept"
    # Somebody put it in the trash here: it stays there.
    TRASHED = "trashed"
    # A total, where entries already say what was spent.
    COVERED = "covered"
    # An entry of a task that is not here.
    NO_TASK = "no task"


@dataclass(frozen=True)
class Change:
    """What was done to one record of a table: `before` is None for what is new, else the row as JSON can keep it."""

    table: str
    record_id: int
    before: dict[str, Any] | None = None
    is_removed: bool = False


@dataclass
class Taken:
    """What became of each task and entry, by its source_ref, and what was changed, in that order."""

    tasks: dict[str, Outcome] = field(default_factory=dict)
    entries: dict[str, Outcome] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    # What had to be left out of a task, in a sentence, by its source_ref.
    left_out: dict[str, str] = field(default_factory=dict)


@dataclass
class TakenBack:
    """How many tasks and entries were removed or put back, and how many were kept because somebody changed them."""

    undone: int = 0
    kept: int = 0


def said_of_task(task: TaskIn) -> str:
    """Return the fingerprint of what a file says about a task."""
    return _fingerprint(
        *(task.title, task.description, task.status.value, task.priority.value, *_names(task.category, task.tags)),
        *(task.customer_id, task.assignee_id, task.due_on, _seconds(task.due_at), task.estimated_minutes),
        *(_seconds(task.created_at), _seconds(task.completed_at)),
        # What came later counts only where it says something: what was taken in before goes on being known.
        *_told(
            starts_on=task.starts_on,
            parent=task.parent_ref,
            blocked_by=sorted(task.blocked_by_refs),
            comments=[(c.source_ref, c.text, _seconds(c.created_at), c.author_name) for c in task.comments],
            repeat=task.repeat,
            extra=task.extra,
        ),
    )


def kept_of_task(
    *,
    title: str,
    description: str,
    status: Status,
    priority: Priority,
    category: str | None,
    tags: Iterable[str],
    customer_id: int | None,
    assignee_id: int | None,
    due_on: date | None,
    due_at: datetime | None,
    estimated_minutes: int | None,
    completed_at: datetime | None,
    starts_on: date | None = None,
    parent_id: int | None = None,
    blocked_by_ids: Iterable[int] = (),
    comments: Iterable[tuple[str, str]] = (),
) -> str:
    """
    Return the fingerprint of what people can change about a task; category and tags are names.

    :param comments: the references and texts of those that were taken in
    """
    return _fingerprint(
        *(title, description, status.value, priority.value, *_names(category, tags)),
        *(customer_id, assignee_id, due_on, _seconds(due_at), estimated_minutes, _seconds(completed_at)),
        *_told(starts_on=starts_on, parent=parent_id, blocked_by=sorted(blocked_by_ids), comments=sorted(comments)),
    )


def kept_as_said(task: TaskIn, *, comments: Iterable[tuple[str, str]] = ()) -> str:
    """Return the fingerprint that a task has which is as a file says, its links and other comments apart."""
    return kept_of_task(
        title=task.title,
        description=task.description,
        status=task.status,
        priority=task.priority,
        category=task.category,
        tags=task.tags,
        customer_id=task.customer_id,
        assignee_id=task.assignee_id,
        due_on=task.due_on,
        due_at=task.due_at,
        estimated_minutes=task.estimated_minutes,
        completed_at=task.completed_at,
        starts_on=task.starts_on,
        comments=comments,
    )


def is_due_next(task: TaskIn) -> bool:
    """Tell whether a task comes again and says no day: it is due on the next that fits."""
    return task.repeat is not None and task.status is not Status.DONE and task.due_on is None and task.due_at is None


def why_not_repeated(task: TaskIn) -> str:
    """Say why a task that comes again elsewhere cannot here; "" where it can, or never does."""
    if task.repeat is None or is_due_next(task):
        return ""
    if task.status is Status.DONE:
        return ONCE_DONE
    try:
        checked(task.repeat, due=task.due_on or (task.due_at.date() if task.due_at else None))
    except InvalidInput as refusal:
        return once_because(refusal)
    return ""


def once_because(refusal: InvalidInput) -> str:
    """Say that a task does not come again here, and why."""
    return f"It does not come again here. {refusal.message}"


def kept_of_own_entry(entry: EntryIn, *, task_id: int) -> str:
    """Return the fingerprint that an entry has which is as a file of ours says, which tells its day."""
    if entry.day is None:
        raise ValueError("A file of ours tells the day of each entry.")
    return kept_of_entry(
        task_id=task_id,
        user_id=entry.user_id,
        started_at=entry.started_at,
        ended_at=entry.ended_at,
        day=entry.day,
        seconds=entry.counted_seconds,
        note=entry.note,
        is_billable=entry.is_billable,
        customer_id=entry.customer_id,
    )


def said_of_entry(entry: EntryIn) -> str:
    """Return the fingerprint of what a file says about an entry."""
    return _fingerprint(
        *(entry.task_ref, entry.user_id, _seconds(entry.started_at), _seconds(entry.ended_at)),
        *(entry.interrupted_seconds, entry.day, entry.seconds, entry.note),
        *_billable(entry.is_billable),
        *_told(zone=entry.zone, customer=entry.customer_id),
    )


def kept_of_entry(
    *,
    task_id: int,
    user_id: int,
    started_at: datetime | None,
    ended_at: datetime | None,
    day: date,
    seconds: int,
    note: str,
    is_billable: bool,
    customer_id: int | None = None,
) -> str:
    """Return the fingerprint of what people can change about an entry."""
    return _fingerprint(
        *(task_id, user_id, _seconds(started_at), _seconds(ended_at), day, seconds, note),
        *_billable(is_billable),
        *_told(customer=customer_id),
    )


def join_hash(*, said: str, kept: str) -> str:
    """Return what a row keeps of both fingerprints."""
    return said + kept


def sealed_again(source_hash: str, *, kept: str) -> str:
    """Return what a row keeps where the file has said nothing new, and the row is another than it was."""
    return source_hash[:_HALF] + kept


def is_said_again(source_hash: str | None, said: str) -> bool:
    """Tell whether a file says the same as when the row was taken in."""
    return source_hash is not None and source_hash[:_HALF] == said


def is_untouched(source_hash: str | None, kept: str | None) -> bool:
    """Tell whether nobody has changed a row since it was taken in."""
    return source_hash is not None and source_hash[_HALF:] == kept


_HALF = 16


def _fingerprint(*parts: object) -> str:
    # Two of them are only ever compared for one record: 64 bits are plenty.
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:_HALF]


def _billable(is_billable: bool) -> tuple[str, ...]:
    # Only where it is: what was taken in before there was this mark is still known as the same.
    return ("billable",) if is_billable else ()


def _told(**facts: object) -> list[tuple[str, object]]:
    return [(name, value) for name, value in facts.items() if value]


def _names(category: str | None, tags: Iterable[str]) -> tuple[str | None, list[str]]:
    return name_key(category) if category else None, sorted(name_key(tag) for tag in tags)


def _seconds(instant: datetime | None) -> int | None:
    return None if instant is None else int(instant.timestamp())
