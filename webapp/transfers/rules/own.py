"""
Our own formats: which facts of a workspace a file holds, in which order and how each is written. Pure.

    as_json(task), as_cells(task)                     what a file says about a record, its keys in their order
    from_json(OwnTask, said), from_cells(OwnTask, said)                   the record again, all that the file can hold

How a fact is written follows from its type alone (`_WAYS`), the same for whoever writes and whoever reads.
docs/export.md tells people the same.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.values.text import name_key

FORMAT = "devtrackr tasks 1"
# What a spreadsheet could take for a formula is written with a mark in front, and so is what begins with the mark.
MARK = "'"
_MARKED = ("=", "+", "-", "@", "\t", "\r", MARK)


@dataclass(frozen=True)
class OwnCategory:
    """A category and its hue, 1 to 8."""

    name: str
    hue: int


@dataclass(frozen=True)
class OwnTag:
    """A tag; most have no hue."""

    name: str
    hue: int | None


@dataclass(frozen=True)
class OwnCustomer:
    """A customer; `hourly_rate` is a decimal string with two places."""

    ref: str
    name: str
    email: str
    phone: str
    company: str
    notes: str
    hourly_rate: str | None
    currency: str | None
    is_archived: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class OwnSeries:
    """A task that comes again, as models.series keeps it; `category` and `tags` are names, `customer` is a ref."""

    ref: str
    person: str
    created_at: datetime
    stopped_at: datetime | None
    unit: str
    every: int
    weekdays: str
    nth: int | None
    is_last_day: bool
    basis: str
    missed: str
    until_on: date | None
    times: int | None
    zone: str
    anchor_on: date
    anchor_n: int
    clock: str | None
    newest_n: int
    newest_on: date
    skipped: tuple[str, ...]
    wakes_at: datetime | None
    title: str
    description: str
    priority: Priority
    category: str | None
    tags: tuple[str, ...]
    customer: str | None
    assignee: str | None
    estimated_minutes: int | None
    days_ahead: int | None


@dataclass(frozen=True)
class OwnComment:
    """What somebody said about a task."""

    person: str
    created_at: datetime
    edited_at: datetime | None
    text: str


@dataclass(frozen=True)
class OwnTask:
    """
    A task with what belongs to it alone.

    `parent`, `blocked_by` and `series` are refs, `customer` is one in JSON and a name in a table. `source` and
    `source_ref` tell which other program it came from and what it is called there; `extra` is what that program knows
    about it and we have no field for, each as JSON text by its name. `tracked_seconds` is what its entries add up to:
    only a table has it, for people, and who reads it back leaves it to the entries.
    """

    ref: str
    title: str
    description: str
    status: Status
    priority: Priority
    category: str | None
    tags: tuple[str, ...]
    customer: str | None
    assignee: str | None
    parent: str | None
    position: int
    starts_on: date | None
    due_on: date | None
    due_at: datetime | None
    estimated_minutes: int | None
    blocked_by: tuple[str, ...]
    created_at: datetime
    created_on: date
    updated_at: datetime
    completed_at: datetime | None
    completed_on: date | None
    source: str | None
    source_ref: str | None
    series: str | None = None
    occurrence: int | None = None
    extra: tuple[tuple[str, str], ...] = ()
    comments: tuple[OwnComment, ...] = ()
    tracked_seconds: int = 0


@dataclass(frozen=True)
class OwnEntry:
    """
    Time that somebody spent on a task: an interval of the clock, or a plain duration, which has no `started_at`.

    `seconds` are what counts, the interval less its interruptions. `task` is a ref, `customer` as in a task: whom it
    was for, where that is not the task's. `task_title`: only a table has it, for people.
    """

    ref: str
    task: str
    person: str
    customer: str | None
    started_at: datetime | None
    ended_at: datetime | None
    day: date
    seconds: int
    interrupted_seconds: int
    zone: str
    is_billable: bool
    note: str
    source: str | None
    source_ref: str | None
    task_title: str = ""


Own = OwnCategory | OwnTag | OwnCustomer | OwnSeries | OwnComment | OwnTask | OwnEntry
AnyOwn = TypeVar("AnyOwn", OwnCategory, OwnTag, OwnCustomer, OwnSeries, OwnComment, OwnTask, OwnEntry)


class Section(StrEnum):
    """The lists of a JSON file, in their order: what others refer to comes first."""

    CATEGORIES = "categories"
    TAGS = "tags"
    CUSTOMERS = "customers"
    SERIES = "series"
    TASKS = "tasks"
    ENTRIES = "entries"


SECTIONS: dict[Section, type[Own]] = {
    Section.CATEGORIES: OwnCategory,
    Section.TAGS: OwnTag,
    Section.CUSTOMERS: OwnCustomer,
    Section.SERIES: OwnSeries,
    Section.TASKS: OwnTask,
    Section.ENTRIES: OwnEntry,
}

# What only a table has, for people, and what a table cannot hold.
_TABLE_ONLY = {"tracked_seconds", "task_title"}
_JSON_ONLY = {"series", "occurrence", "extra", "comments"}


def keys_of(kind: type[Own]) -> tuple[str, ...]:
    """Return the keys of a record in a JSON file, in their order."""
    return tuple(fact.name for fact in _JSON_FACTS[kind])


def columns_of(kind: type[Own]) -> tuple[str, ...]:
    """Return the columns of a table of such records, in their order."""
    return tuple(fact.name for fact in _TABLE_FACTS[kind])


def as_json(record: Own) -> dict[str, Any]:
    """Return a record as JSON can hold it."""
    return {fact.name: _written(fact, record) for fact in _JSON_FACTS[type(record)]}


def as_line(record: Own) -> str:
    """Return a record as one line of a file."""
    return json.dumps(as_json(record), ensure_ascii=False)


def as_cells(record: Own) -> list[str]:
    """Return a record as a row of a table."""
    return [_as_cell(_written(fact, record)) for fact in _TABLE_FACTS[type(record)]]


def from_json(kind: type[AnyOwn], said: Mapping[str, Any]) -> AnyOwn:
    """
    Return the record that a JSON file tells of; keys that are not known are for the caller to speak of.

    :raises ValueError: with a sentence
    """
    return kind(**{fact.name: _read(fact, said) for fact in _FACTS[kind] if fact.name in said or fact.is_needed})


def from_cells(kind: type[AnyOwn], said: Mapping[str, str]) -> AnyOwn:
    """
    Return the record that a row of a table tells of, its cells by the names of their columns.

    :raises ValueError: with a sentence
    """
    found = {fact.name: _from_cell(fact, said[fact.name]) for fact in _TABLE_FACTS[kind] if fact.name in said}
    return from_json(kind, found)


def marked(text: str) -> str:
    """Return the text of a cell as no spreadsheet takes it for a formula; `unmarked` gives it back."""
    return MARK + text if text.startswith(_MARKED) else text


def unmarked(cell: str) -> str:
    """Return what was written in a cell of ours."""
    return cell[1:] if cell.startswith(MARK) else cell


def names_of_people(people: Iterable[tuple[int, str]]) -> dict[int, str]:
    """
    Return what people are called in a file, by their ids: their names, numbered where two have the same.

    Names that a file has given stay as they are when they come out again.
    """
    ordered = sorted(people)
    taken = Counter(name_key(name) for _, name in ordered)
    called: dict[int, str] = {}
    seen: set[str] = set()
    for person_id, name in ordered:
        number, other = 1, name
        while name_key(other) in seen or (number > 1 and name_key(other) in taken):
            number += 1
            other = f"{name} ({number})"
        seen.add(name_key(other))
        called[person_id] = other
    return called


@dataclass(frozen=True)
class _Way:
    """How facts of a type are written in JSON and read again, and what a sentence calls them."""

    called: str
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _same(kind: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        # True is an int in Python, and none in a file.
        if type(value) is not kind:
            raise ValueError
        return value

    return read


def _instant(value: str) -> datetime:
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError
    return instant.astimezone(UTC)


def _texts(value: list[str]) -> tuple[str, ...]:
    return tuple(_same(str)(text) for text in _same(list)(value))


def _written_instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


_WAYS = {
    "str": _Way("text", str, _same(str)),
    "int": _Way("a whole number", int, _same(int)),
    "bool": _Way("true or false", bool, _same(bool)),
    "date": _Way("a day like 2026-11-20", date.isoformat, date.fromisoformat),
    "datetime": _Way("an instant like 2026-11-20T15:00:00Z", _written_instant, _instant),
    "Status": _Way("one of todo, doing and done", lambda status: status.value, Status),
    "Priority": _Way("one of low, medium, high and urgent", lambda priority: priority.word, Priority.from_word),
    "tuple[str, ...]": _Way("a list of texts", list, _texts),
    "tuple[tuple[str, str], ...]": _Way(
        "an object", dict, lambda value: tuple((name, _same(str)(text)) for name, text in _same(dict)(value).items())
    ),
    "tuple[OwnComment, ...]": _Way(
        "a list of comments",
        lambda comments: [as_json(comment) for comment in comments],
        lambda value: tuple(from_json(OwnComment, _same(dict)(comment)) for comment in _same(list)(value)),
    ),
}


@dataclass(frozen=True)
class _Fact:
    """One field of a record."""

    name: str
    way: _Way
    may_be_empty: bool
    is_needed: bool

    @classmethod
    def of(cls, field: Field[Any]) -> _Fact:
        kind = str(field.type)
        return cls(field.name, _WAYS[kind.removesuffix(_OR_NONE)], kind.endswith(_OR_NONE), field.default is MISSING)


_OR_NONE = " | None"
_FACTS: dict[type, tuple[_Fact, ...]] = {
    kind: tuple(_Fact.of(field) for field in fields(kind))
    for kind in (OwnCategory, OwnTag, OwnCustomer, OwnSeries, OwnComment, OwnTask, OwnEntry)
}
_JSON_FACTS = {kind: tuple(fact for fact in facts if fact.name not in _TABLE_ONLY) for kind, facts in _FACTS.items()}
_TABLE_FACTS = {kind: tuple(fact for fact in facts if fact.name not in _JSON_ONLY) for kind, facts in _FACTS.items()}


def _written(fact: _Fact, record: Own) -> Any:
    value = getattr(record, fact.name)
    return None if value is None else fact.way.write(value)


def _read(fact: _Fact, said: Mapping[str, Any]) -> Any:
    if fact.name not in said:
        raise ValueError(f"“{fact.name}” is missing.")
    value = said[fact.name]
    if value is None and fact.may_be_empty:
        return None
    try:
        return fact.way.read(value)
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise ValueError(f"“{fact.name}” is not {fact.way.called}.") from None


def _as_cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return marked(", ".join(re.sub(r"[\\,]", r"\\\g<0>", text) for text in value))
    return marked(str(value))


def _from_cell(fact: _Fact, cell: str) -> Any:
    text = unmarked(cell)
    if not text and fact.may_be_empty:
        return None
    if fact.way is _WAYS["int"]:
        return int(text) if re.fullmatch(r"-?\d{1,18}", text, re.ASCII) else text
    if fact.way is _WAYS["bool"]:
        return {"yes": True, "no": False}.get(text, text)
    return _parts(text) if fact.way is _WAYS["tuple[str, ...]"] else text


def _parts(text: str) -> list[str]:
    """Take a list apart at its commas; one with a backslash before it belongs to a name."""
    if not text:
        return []
    parts = [""]
    for piece in re.findall(r"\\.|, ?|[^\\,]+|\\", text, re.DOTALL):
        if piece.startswith(","):
            parts.append("")
        else:
            parts[-1] += piece[1:] if len(piece) == 2 and piece[0] == "\\" else piece
    return parts
