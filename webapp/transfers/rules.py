"""Decisions about files, on paper. Pure."""

from __future__ import annotations

from enum import StrEnum


class ImportKind(StrEnum):
    """What the rows of a file are."""

    TASKS = "tasks"
    ENTRIES = "entries"


class ImportState(StrEnum):
    """How far an import has come."""

    UPLOADED = "uploaded"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"
