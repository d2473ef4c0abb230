"""What may be changed of many tasks at once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from webapp.errors import InvalidInput
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.values.text import counted

# One unit of work: more would keep others waiting.
MOST_TASKS = 5_000
MOST_DAYS = 3_650
TITLES_NAMED = 3


class Keep(Enum):
    """Leave it as it is; None would take it away."""

    KEEP = "keep"


KEEP = Keep.KEEP


@dataclass(frozen=True)
class Shift:
    """By so many days later, or earlier if negative; what is not due stays so."""

    days: int


@dataclass(frozen=True)
class BulkEdit:
    """What is to become of each of many tasks. `category` is a name; `due` a day, or an aware instant."""

    status: Status | Keep = KEEP
    priority: Priority | Keep = KEEP
    category: str | Keep | None = KEEP
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    due: date | datetime | Shift | Keep | None = KEEP
    estimated_minutes: int | Keep | None = KEEP
    customer_id: int | Keep | None = KEEP
    assignee_id: int | Keep | None = KEEP
    parent_id: int | Keep | None = KEEP

    @property
    def changed(self) -> list[str]:
        """The words for what it changes."""
        words = {
            "status": self.status is not KEEP,
            "priority": self.priority is not KEEP,
            "category": self.category is not KEEP,
            "tags": bool(self.add_tags or self.remove_tags),
            "due": self.due is not KEEP,
            "estimate": self.estimated_minutes is not KEEP,
            "customer": self.customer_id is not KEEP,
            "assignee": self.assignee_id is not KEEP,
            "parent": self.parent_id is not KEEP,
        }
        return [word for word, is_changed in words.items() if is_changed]


def check_count(count: int) -> None:
    """:raises InvalidInput: for no task, or more than can be changed at once"""
    if count == 0:
        raise InvalidInput("Select the tasks to change first.")
    if count > MOST_TASKS:
        raise InvalidInput(f"At most {MOST_TASKS:,} tasks can be changed at once. Narrow the list with a filter.")


def check_edit(edit: BulkEdit) -> None:
    """:raises InvalidInput: for one that changes nothing, or contradicts itself"""
    if not edit.changed:
        raise InvalidInput("Choose what to change.")
    if isinstance(edit.due, Shift) and not 0 < abs(edit.due.days) <= MOST_DAYS:
        raise InvalidInput(f"Move by 1 to {MOST_DAYS:,} days, or by −1 and so on for earlier.", field="days")


def describe(edit: BulkEdit, count: int) -> str:
    """Return what the change is called in the history."""
    return f"Changed {counted(count, 'task')}: {', '.join(edit.changed)}"


def describe_deletion(count: int) -> str:
    """Return what putting tasks in the trash is called in the history."""
    return f"Put {counted(count, 'task')} in the trash"


def describe_waiting(titles: Sequence[str]) -> str:
    """Return the sentence about tasks that wait for others and cannot be done therefore."""
    named = ", ".join(f"“{title}”" for title in titles[:TITLES_NAMED])
    more = f" and {len(titles) - TITLES_NAMED:,} more" if len(titles) > TITLES_NAMED else ""
    wait = "waits for another task" if len(titles) == 1 else "wait for other tasks"
    return f"{named}{more} {wait}. Finish those first, leave these out, or say why they are done all the same."
