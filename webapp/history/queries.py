"""Questions about changes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from webapp.storage.db import db
from webapp.storage.journal import Change, ChangeRow


def list_rows(*, change_id: int) -> list[ChangeRow]:
    """Return the rows that a change wrote, in the order in which it did. Nothing is checked."""
    return list(
        db.session.scalars(select(ChangeRow).where(ChangeRow.change_id == change_id).order_by(ChangeRow.position))
    )


def find_later_change_of_row(*, change: Change, table: str, row_key: str) -> Change | None:
    """Return the newest change that stands and wrote a row after `change` did."""
    return _newest_later(change, (ChangeRow.table_name == table) & (ChangeRow.row_key == row_key))


def find_later_change_of_tasks(*, change: Change, task_ids: Sequence[int]) -> Change | None:
    """Return the newest change that stands and had to do with one of these tasks after `change`."""
    return _newest_later(change, ChangeRow.task_id.in_(task_ids))


def _newest_later(change: Change, is_about: ColumnElement[bool]) -> Change | None:
    return db.session.scalars(
        select(Change)
        .join(ChangeRow, ChangeRow.change_id == Change.id)
        # What was undone does not stand, and an undoing only takes away.
        .where(is_about, Change.id > change.id, Change.undone_at.is_(None), Change.undo_of_id.is_(None))
        .order_by(Change.id.desc())
        .limit(1)
    ).first()
