"""How a change is told: which of its columns are worth a line, and what they are called. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from webapp.values.text import shortened

UNDO_DAYS = 30
# What is nobody else's business: reminders and saved views are each person's own. Undoing it is of the same kind.
PRIVATE_KINDS = (
    "reminder.added",
    "reminder.snoozed",
    "reminder.deleted",
    "view.saved",
    "view.changed",
    "view.deleted",
)
# Rows of these are told to the one person whose they are: in no other change than a private one.
PRIVATE_TABLES = frozenset({"reminders", "saved_views"})
# A longer text is told by its beginning.
LONGEST_TEXT = 160

_UNDID, _REDID = "Undid: ", "Redid: "

Value = str | int | bool | date | datetime | Enum | None

# Technical columns, and those that follow from others.
_UNTOLD = frozenset(
    {
        "id",
        "workspace_id",
        "user_id",
        "task_id",
        "title_key",
        "name_key",
        "due_sort",
        "estimate_sort",
        "completed_at",
        "completed_on",
        "created_at",
        "created_on",
        "is_deleted",
        "source",
        "source_ref",
        "source_hash",
        "uid",
        "position",
        "running_user_id",
        "is_paused",
        "series_id",
        "occurrence",
        "zone",
        "day",
    }
)
_LABELS = {
    "assignee_id": "Who does it",
    "category_id": "Category",
    "customer_id": "Customer",
    "parent_id": "Part of",
    "blocked_by_id": "Waits for",
    "tag_id": "Tag",
    "due_on": "Due",
    "due_at": "Due",
    "starts_on": "Hidden until",
    "estimated_minutes": "Estimate",
    "seconds": "Time",
    "interrupted_seconds": "Breaks",
    "is_billable": "Billable",
    "started_at": "Began",
    "ended_at": "Ended",
    "deleted_at": "Deleted",
    "archived_at": "Archived",
    "basis": "Counted from",
    "minutes_before": "Before",
    "at": "At",
    "snoozed_until": "Put off until",
    "hue": "Colour",
}
# What a row is called that came or went, and the column that tells which it is.
_RECORDS = {
    "categories": ("Category", "name"),
    "customers": ("Customer", "name"),
    "tags": ("Tag", "name"),
    "task_tags": ("Tag", "tag_id"),
    "task_blockers": ("Waits for", "blocked_by_id"),
    "tasks": ("Task", "title"),
    "time_entries": ("Time", "seconds"),
}
# What a series holds is told by the summary of the change, and by the lines of its tasks.
_UNTOLD_TABLES = frozenset({"task_series", "series_tags"})
# What a line is about when it is not the task or the customer itself.
_PREFIXES = {"time_entries": "Time", "categories": "Category", "tags": "Tag", "reminders": "Reminder"}


@dataclass(frozen=True)
class Told:
    """One value as a page writes it: `kind` is text, day, instant, minutes or seconds."""

    kind: str
    value: str | int | date | datetime


@dataclass(frozen=True)
class Line:
    """What one column was before a change, and after it; None is nothing."""

    label: str
    before: Told | None
    after: Told | None


def is_too_old(at: datetime, *, now: datetime) -> bool:
    """Tell whether a change was made too long ago to be undone."""
    return at < now - timedelta(days=UNDO_DAYS)


def summary_of_undoing(summary: str) -> str:
    """Return how the undoing of a change of this summary is called: undoing what was undone does it again."""
    return f"{_REDID if is_undoing(summary) else _UNDID}{what_was_done(summary)}"


def is_undoing(summary: str) -> bool:
    """Tell whether a change of this summary took another one back."""
    return summary.startswith(_UNDID)


def what_was_done(summary: str) -> str:
    """Return what was done first, however often it was undone and done again since."""
    return summary.removeprefix(_UNDID).removeprefix(_REDID)


def tell(table: str, before: Mapping[str, Value] | None, after: Mapping[str, Value] | None) -> list[Line]:
    """
    Return what one row of a change is worth telling: a line for a row that came or went, else one for each column.

    :param before: the row's columns, ids of other records replaced by their names
    """
    if table in _UNTOLD_TABLES:
        return []
    if before is None or after is None:
        return _tell_whole(table, before, after)
    lines = [
        Line(_label(table, name), told(name, before.get(name)), told(name, value))
        for name, value in after.items()
        if name not in _UNTOLD
    ]
    lines = [line for line in lines if line.before != line.after]
    return _joined(lines)


def told(column: str, value: Value) -> Told | None:
    """Return a value as a page writes it; None for what is empty."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return Told("text", "yes" if value else "no")
    if isinstance(value, Enum):
        return Told("text", _word(value))
    if isinstance(value, datetime):
        return Told("instant", value)
    if isinstance(value, date):
        return Told("day", value)
    if isinstance(value, int):
        return Told(_unit(column), value) if _unit(column) != "text" else Told("text", str(value))
    text = str(value)
    return Told("text", shortened(text, longest=LONGEST_TEXT))


def _tell_whole(table: str, before: Mapping[str, Value] | None, after: Mapping[str, Value] | None) -> list[Line]:
    values = before or after or {}
    label, column = _RECORDS.get(table, (_sentence(table.removeprefix("task_").removesuffix("s")), ""))
    if table == "tasks" or (table in {"categories", "tags"} and before is None):
        # The summary says it, or the line of the task that has it now.
        return []
    column = column or next((name for name in ("title", "name", "text", "body", "note") if name in values), "")
    if not column:
        return [
            Line(label, Told("text", "removed"), None) if after is None else Line(label, None, Told("text", "added"))
        ]
    return [Line(label, told(column, (before or {}).get(column)), told(column, (after or {}).get(column)))]


def _joined(lines: list[Line]) -> list[Line]:
    """Make one line of two about the same: due on a day before, and at a time after."""
    joined: dict[str, Line] = {}
    for line in lines:
        other = joined.get(line.label)
        joined[line.label] = (
            line if other is None else Line(line.label, other.before or line.before, other.after or line.after)
        )
    return list(joined.values())


def _label(table: str, column: str) -> str:
    label = _LABELS.get(column) or _sentence(column.removesuffix("_id").removesuffix("_at").removesuffix("_on"))
    prefix = _PREFIXES.get(table)
    return label if prefix is None or prefix == label else f"{prefix}: {label[0].lower()}{label[1:]}"


def _sentence(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def _unit(column: str) -> str:
    return next((unit for unit in ("minutes", "seconds") if column.endswith(unit)), "text")


def _word(value: Enum) -> str:
    label = getattr(value, "label", None)
    return label if isinstance(label, str) else _sentence(value.name.lower())
