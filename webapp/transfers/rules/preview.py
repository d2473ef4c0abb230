"""The first lines of a file as a page shows them before anything is taken in. As JSON can keep it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from webapp.transfers.rules import ImportKind
from webapp.transfers.rules.judging import Judgement
from webapp.transfers.rules.rows import EntryLine, Line, RefusedLine, TaskLine
from webapp.values.status import Status

SHOWN_ROWS = 8
# Of so many tasks the titles are held, to say what the first entries are about.
MOST_TITLES = 1_000


@dataclass
class FirstRows:
    """The first tasks and the first entries of a file; `titles` are those of the tasks so far, by reference."""

    kind: ImportKind
    zone: ZoneInfo
    tasks: list[dict[str, Any]] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)

    def add(self, line: Line, judgement: Judgement) -> None:
        """Take a line, as long as there is room for it."""
        shown: dict[str, Any] = {"line": line.line, "message": judgement.message}
        if isinstance(line, TaskLine):
            if len(self.entries) < SHOWN_ROWS and len(self.titles) < MOST_TITLES:
                self.titles[line.task.source_ref] = line.task.title
            _append(self.tasks, shown | _task(line, self.zone))
        elif isinstance(line, EntryLine):
            title = self.titles.get(line.entry.task_ref, line.entry.task_ref)
            _append(self.entries, shown | _entry(line) | {"task": title})
        elif isinstance(line, RefusedLine) and self.kind is not ImportKind.BOTH:
            _append(self.tasks if self.kind is ImportKind.TASKS else self.entries, shown)


def _append(rows: list[dict[str, Any]], row: dict[str, Any]) -> None:
    if len(rows) < SHOWN_ROWS:
        rows.append(row)


def _task(line: TaskLine, zone: ZoneInfo) -> dict[str, Any]:
    task = line.task
    due = task.due_on or (task.due_at.astimezone(zone).date() if task.due_at else None)
    return {
        "title": task.title,
        "status": task.status.value,
        "priority": task.priority.word,
        "category": task.category,
        "tags": list(task.tags),
        "person": line.person,
        "customer": line.customer,
        "estimated_minutes": task.estimated_minutes,
        "seconds": line.total[1] if line.total else None,
        "due_on": due.isoformat() if due else None,
        "created_on": _day_in(zone, task.created_at),
        "completed_on": _day_in(zone, task.completed_at),
        "comments": len(task.comments),
    }


def _entry(line: EntryLine) -> dict[str, Any]:
    entry = line.entry
    return {
        "task_ref": entry.task_ref,
        "person": line.person,
        "started_at": entry.started_at.isoformat() if entry.started_at else None,
        "ended_at": entry.ended_at.isoformat() if entry.ended_at else None,
        "day": entry.day.isoformat() if entry.day else None,
        "interrupted_seconds": entry.interrupted_seconds,
        "seconds": entry.counted_seconds,
        "is_billable": entry.is_billable,
        "note": entry.note,
    }


def _day_in(zone: ZoneInfo, instant: datetime | None) -> str | None:
    return instant.astimezone(zone).date().isoformat() if instant else None


def as_values(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows as `FirstRows` keeps them, days, instants and statuses as such."""
    readers: dict[str, Any] = dict.fromkeys(("started_at", "ended_at"), datetime.fromisoformat)
    readers |= dict.fromkeys(("created_on", "completed_on", "due_on", "day"), date.fromisoformat)
    readers["status"] = Status
    return [
        {name: readers[name](value) if value and name in readers else value for name, value in row.items()}
        for row in rows
    ]
