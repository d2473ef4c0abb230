"""Whole rows of tasks and entries as JSON can keep them, so that a change can be taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from webapp.storage.bulk import in_chunks, table_of
from webapp.storage.db import db
from webapp.storage.types import EnumValue, UtcDateTime
from webapp.tasks.models import Task, TaskBlocker, TaskTag, TimeEntry
from webapp.tasks.rules.intake import Change


def list_whole_rows(model: type[Task] | type[TimeEntry], ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return whole rows by id."""
    table = table_of(model)
    rows: dict[int, dict[str, Any]] = {}
    for chunk in in_chunks(ids):
        for row in db.session.execute(select(table).where(table.c.id.in_(chunk))).mappings():
            rows[row["id"]] = {str(name): value for name, value in row.items()}
    return rows


def snapshot_tasks(task_ids: Sequence[int]) -> list[Change]:
    """
    Return tasks as they are, for a change that is about to be made.

    Each has the ids of its tags as `tag_ids`, and of what it waits for as `blocked_by_ids`.
    """
    tags: dict[int, list[int]] = {}
    blockers: dict[int, list[int]] = {}
    for chunk in in_chunks(task_ids):
        for task_id, tag_id in db.session.execute(
            select(TaskTag.task_id, TaskTag.tag_id).where(TaskTag.task_id.in_(chunk))
        ):
            tags.setdefault(task_id, []).append(tag_id)
        for task_id, other_id in db.session.execute(
            select(TaskBlocker.task_id, TaskBlocker.blocked_by_id).where(TaskBlocker.task_id.in_(chunk))
        ):
            blockers.setdefault(task_id, []).append(other_id)
    return [
        Change(
            "tasks",
            change.record_id,
            {
                **(change.before or {}),
                "tag_ids": tags.get(change.record_id, []),
                "blocked_by_ids": blockers.get(change.record_id, []),
            },
        )
        for change in snapshot_rows(Task, task_ids)
    ]


def snapshot_rows(model: type[Task] | type[TimeEntry], ids: Sequence[int], *, is_removed: bool = False) -> list[Change]:
    """Return rows as they are, for a change that is about to be made; they are going to be removed if `is_removed`."""
    return [
        Change(model.__tablename__, record_id, {name: _as_json(value) for name, value in row.items()}, is_removed)
        for record_id, row in list_whole_rows(model, ids).items()
    ]


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return getattr(value, "value", value)


def values_of_snapshot(model: type[Task] | type[TimeEntry], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a snapshot holds as the columns take it."""
    values: dict[str, Any] = {}
    # A column that has been added since takes its default; one that has gone is left out.
    for column in table_of(model).columns:
        if column.name not in kept:
            continue
        value = kept[column.name]
        if value is not None and isinstance(column.type, UtcDateTime):
            value = datetime.fromisoformat(value).astimezone(UTC)
        elif value is not None and isinstance(column.type, EnumValue):
            value = column.type.enum(value)
        elif value is not None and column.type.python_type is date:
            value = date.fromisoformat(value)
        values[column.name] = value
    return values
