"""Questions about changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select

from webapp.storage.db import db
from webapp.storage.journal import Change, ChangeRow, KeptRow
from webapp.tasks.queries.history import ChangeTold, changes_visible_to, is_about_task, tell_changes
from webapp.values.actor import Actor
from webapp.values.page import Page, Position, UnreadableCursor, cut_page, read_position

PAGE_ROWS = 25
_ORDER = "newest"


def list_changes(
    *, actor: Actor, now: datetime, after: str | None = None, task_id: int | None = None
) -> Page[ChangeTold]:
    """
    Return a page of what was changed in the actor's workspace, newest first. Three statements.

    :param after: a cursor of an earlier answer; None for the newest
    :param task_id: only what had to do with this task
    :raises UnreadableCursor: when it is not one of ours
    """
    position = read_position(after, order=_ORDER)
    is_backwards = position is not None and position.is_backwards
    statement = changes_visible_to(actor).order_by(Change.id.asc() if is_backwards else Change.id.desc())
    if position:
        statement = statement.where(_lies_beyond(position))
    if task_id is not None:
        statement = statement.where(is_about_task(task_id))
    return cut_page(
        tell_changes(db.session.execute(statement.limit(PAGE_ROWS + 1)).all(), actor=actor, now=now),
        limit=PAGE_ROWS,
        order=_ORDER,
        position=position,
        key_of=lambda change: (change.id,),
    )


def _lies_beyond(position: Position) -> ColumnElement[bool]:
    match position.key:
        case (int(change_id),) if change_id < 2**31:
            return Change.id > change_id if position.is_backwards else Change.id < change_id
    raise UnreadableCursor


def list_rows(*, change_id: int) -> list[KeptRow]:
    """Return the rows that a change wrote, in the order in which it did. Nothing is checked."""
    rows = db.session.execute(
        select(ChangeRow.task_id, ChangeRow.table_name, ChangeRow.row_key, ChangeRow.before, ChangeRow.after)
        .where(ChangeRow.change_id == change_id)
        .order_by(ChangeRow.position)
    )
    return [KeptRow(*row) for row in rows]


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
