"""What may be changed of many time entries at once. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.errors import InvalidInput
from webapp.tasks.rules.bulk import KEEP, Keep
from webapp.values.text import counted

# One unit of work: more would keep others waiting.
MOST_ENTRIES = 5_000


@dataclass(frozen=True)
class EntryEdit:
    """What is to become of time entries. A customer of None is that of the task; an empty note is none."""

    task_id: int | Keep = KEEP
    is_billable: bool | Keep = KEEP
    customer_id: int | Keep | None = KEEP
    note: str | Keep = KEEP

    @property
    def changed(self) -> list[str]:
        """The words for what it changes."""
        words = {
            "task": self.task_id is not KEEP,
            "billable": self.is_billable is not KEEP,
            "customer": self.customer_id is not KEEP,
            "note": self.note is not KEEP,
        }
        return [word for word, is_changed in words.items() if is_changed]


def check_count(count: int) -> None:
    """:raises InvalidInput: for no entry, or more than can be changed at once"""
    if count == 0:
        raise InvalidInput("Select the entries to change first.")
    if count > MOST_ENTRIES:
        raise InvalidInput(f"At most {MOST_ENTRIES:,} entries can be changed at once. Show fewer days.")


def check_edit(edit: EntryEdit) -> None:
    """:raises InvalidInput: for one that changes nothing"""
    if not edit.changed:
        raise InvalidInput("Choose what to change.")


def describe(edit: EntryEdit, count: int) -> str:
    """Return what the change is called in the history."""
    return f"Changed {counted(count, 'time entry', 'time entries')}: {', '.join(edit.changed)}"


def describe_deletion(count: int) -> str:
    """Return what deleting entries is called in the history."""
    return f"Deleted {counted(count, 'time entry', 'time entries')}"
