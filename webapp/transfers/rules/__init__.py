"""Decisions about files, on paper. Pure."""

from __future__ import annotations

from enum import StrEnum

# What the records of somebody who has left are kept under.
SUCCESSOR_NAME = "Former member"


class ImportKind(StrEnum):
    """What the rows of a file are."""

    TASKS = "tasks"
    ENTRIES = "entries"
    # Of a named format: whatever its lines are.
    BOTH = "both"


class ImportState(StrEnum):
    """How far an import has come: what is uploaded has been looked over, what is checked or waits is the worker's."""

    CHECKING = "checking"
    UPLOADED = "uploaded"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"


class ChangeKind(StrEnum):
    """Which table a change of an import is about."""

    TASK = "task"
    ENTRY = "entry"
    CATEGORY = "category"
    TAG = "tag"
    PERSON = "person"
    CUSTOMER = "customer"
    COMMENT = "comment"
    SERIES = "series"


class ChangeAction(StrEnum):
    """What an import did to a record."""

    CREATED = "created"
    UPDATED = "updated"
    REMOVED = "removed"


def address_of(import_id: int) -> str:
    """Return the address of the page of an import, where it can be undone."""
    return f"/tasks/imports/{import_id}"
