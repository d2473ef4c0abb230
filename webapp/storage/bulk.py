"""Statements for many rows. They leave the session's objects as they are: nobody may hold one of these rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import Table, delete, insert, update

from webapp.storage.db import Model, db

Item = TypeVar("Item")

ROWS_A_STATEMENT = 500


def insert_rows(model: type[Model], rows: Sequence[dict[str, Any]]) -> None:
    """Add rows; their ids are not told."""
    for chunk in in_chunks(rows):
        db.session.execute(insert(table_of(model)), list(chunk))


def update_rows(model: type[Model], values: Mapping[int, Mapping[str, Any]], *, now: datetime) -> None:
    """Change the given columns of rows, by id; those that come to hold the same share a statement."""
    groups: dict[tuple[tuple[str, Any], ...], list[int]] = {}
    for record_id, columns in values.items():
        groups.setdefault(tuple(columns.items()), []).append(record_id)
    table = table_of(model)
    for group, ids in groups.items():
        for chunk in in_chunks(ids):
            db.session.execute(
                update(table)
                .where(table.c.id.in_(chunk))
                .values(**dict(group), updated_at=now, version=table.c.version + 1)
            )


def delete_rows(model: type[Model], column: Any, ids: Sequence[int]) -> None:
    """Delete the rows of a table that have one of `ids` in `column`."""
    for chunk in in_chunks(ids):
        db.session.execute(delete(model).where(column.in_(chunk)).execution_options(synchronize_session=False))


def table_of(model: type[Model]) -> Table:
    """Return the table behind a model: statements on it know no objects."""
    return cast(Table, model.__table__)


def in_chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Cut what is listed into pieces that fit in one statement."""
    for start in range(0, len(items), ROWS_A_STATEMENT):
        yield items[start : start + ROWS_A_STATEMENT]
