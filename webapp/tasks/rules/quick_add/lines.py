"""A text of one or several lines: each becomes a task. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from webapp.errors import InvalidInput
from webapp.tasks.rules.due import local_instant
from webapp.tasks.rules.quick_add.reading import (
    Fields,
    Part,
    Understood,
    mentioned_customers,
    parse,
    with_first_due,
)
from webapp.tasks.rules.quick_add.signs import Kind, Known
from webapp.tasks.rules.recurrence import describe
from webapp.tasks.rules.tasks import TaskDetails, checked
from webapp.values.priority import Priority

MOST_LINES = 100
LONGEST_TEXT = 20_000


@dataclass(frozen=True)
class Line:
    """
    One line that becomes a task: its number from 1, where it begins in the text, and what was understood of it.

    `fields` have the day on which what repeats is due first, which the line need not say. Scripts in browsers count
    places in units of UTF-16: there it begins at `script_start`.
    """

    number: int
    start: int
    script_start: int
    understood: Understood
    fields: Fields

    @property
    def says_more(self) -> bool:
        """Whether there is more to show than a title."""
        return bool(self.understood.parts or self.understood.unknown_customers)

    @property
    def repeat_words(self) -> str:
        """How it repeats, in words; empty when it does not."""
        return describe(self.fields.repeat) if self.fields.repeat else ""

    @property
    def first_due(self) -> date | None:
        """The day it is due first, where that follows from how it repeats."""
        has_part = any(part.kind is Kind.DUE for part in self.understood.parts)
        return None if has_part or self.fields.due is None else _day_of(self.fields.due)

    def place_of(self, part: Part) -> int:
        """Return where a part begins in the text."""
        return self.start + part.start

    def script_place_of(self, part: Part) -> int:
        """Return where a part begins in the text, as scripts count."""
        return self.script_start + _script_length(self.understood.text[: part.start])

    def due_day_of(self, part: Part) -> date | None:
        """Return the day that a part gives; for a time alone the day that follows from it."""
        if part.day or self.fields.due is None or any(other.day for other in self.understood.parts):
            return part.day
        return _day_of(self.fields.due)


def split_lines(text: str) -> list[tuple[int, str]]:
    """
    Return the lines that hold something, each with where it begins.

    :raises InvalidInput: when they are too many, or too long together
    """
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(
            f"This has {len(text):,} characters; {LONGEST_TEXT:,} can be added at once. Import a file for more.",
            field="text",
        )
    lines: list[tuple[int, str]] = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            lines.append((start, line))
        start += len(line) + 1
    if len(lines) > MOST_LINES:
        raise InvalidInput(
            f"These are {len(lines):,} lines; up to {MOST_LINES} tasks can be added at once. Import a file for more.",
            field="text",
        )
    return lines


def names_in(text: str) -> tuple[str, ...]:
    """Return the names of customers that a text mentions."""
    return tuple(dict.fromkeys(name for line in text.split("\n") for name in mentioned_customers(line)))


def read_lines(
    text: str, *, now: datetime, zone: ZoneInfo, is_month_first: bool, customers: Mapping[str, Known]
) -> list[Line]:
    """
    Read each line of a text.

    :param customers: those that the text mentions (see `names_in`), by `name_key`
    :raises InvalidInput: when it holds more than can be added at once
    """
    today = now.astimezone(zone).date()
    lines = []
    script_start = place = 0
    for number, (start, line) in enumerate(split_lines(text), start=1):
        understood = parse(line, now=now, zone=zone, is_month_first=is_month_first, customers=customers)
        script_start += _script_length(text[place:start])
        place = start
        fields = with_first_due(understood.fields, today=today)
        lines.append(Line(number, start, script_start, understood, fields))
    return lines


def without_part(text: str, lines: Iterable[Line], *, place: int) -> str:
    """Return the text with a backslash before the part that begins at a place of it; as it is when none does."""
    begins = {line.place_of(part) for line in lines for part in line.understood.parts}
    return f"{text[:place]}\\{text[place:]}" if place in begins else text


def details_of(lines: Iterable[Line], *, zone: ZoneInfo) -> list[TaskDetails]:
    """
    Return what is to be saved.

    :raises InvalidInput: saying which line cannot be, and why
    """
    lines = list(lines)
    details = []
    for line in lines:
        try:
            details.append(checked(_details(line.fields, zone=zone)))
        except InvalidInput as refusal:
            which = f"Line {line.number}: " if len(lines) > 1 else ""
            raise InvalidInput(which + refusal.message, field="text") from None
    return details


def _day_of(due: date | datetime) -> date:
    return due.date() if isinstance(due, datetime) else due


def _script_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _details(fields: Fields, *, zone: ZoneInfo) -> TaskDetails:
    is_moment = isinstance(fields.due, datetime)
    return TaskDetails(
        title=fields.title,
        priority=Priority.MEDIUM if fields.priority is None else fields.priority,
        category=fields.category,
        tags=fields.tags,
        due_on=None if is_moment else fields.due,
        due_at=local_instant(fields.due, zone=zone) if isinstance(fields.due, datetime) else None,
        estimated_minutes=fields.estimated_minutes,
        customer_id=fields.customer.id if fields.customer else None,
        repeat=fields.repeat,
        starts_on=fields.starts_on,
    )
