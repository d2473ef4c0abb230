"""What was changed, told in words: names instead of ids, before and after."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, literal, not_, or_, select, union_all

from webapp.accounts.models import User
from webapp.storage import journal
from webapp.storage.db import db
from webapp.storage.journal import Change, ChangeRow
from webapp.tasks.rules.history import PRIVATE_KINDS, PRIVATE_TABLES, Line, is_too_old, is_undoing, tell
from webapp.values.actor import Actor
from webapp.workspaces.models import Membership
from webapp.workspaces.rules import Role

SHOWN_ON_TASK = 5
# Of a change of many rows a page tells the first.
ROWS_TOLD = 12

# How records are called in words, by their table.
_NAME_COLUMNS = {"users": "name", "tasks": "title", "categories": "name", "tags": "name", "customers": "name"}


@dataclass(frozen=True)
class ChangePart:
    """What a change did to one task, which is named where it did something to others, too."""

    task_id: int | None
    title: str | None
    lines: list[Line]


@dataclass(frozen=True)
class ChangeTold:
    """One change as a page tells it."""

    id: int
    at: datetime
    who: str
    summary: str
    # The lines of each task, under its title where they are about several.
    parts: list[ChangePart]
    # How many rows it has besides those that are told.
    more: int
    is_undone: bool
    can_undo: bool
    is_undoing: bool
    # The page that undoes it, where that is not done row by row.
    address: str | None

    @property
    def lines(self) -> list[Line]:
        """The lines of all parts."""
        return [line for part in self.parts for line in part.lines]


def list_task_history(*, task_id: int, actor: Actor, now: datetime, limit: int = SHOWN_ON_TASK) -> list[ChangeTold]:
    """Return what was last done to a task of the actor's, newest first. Three statements."""
    statement = changes_visible_to(actor).where(is_about_task(task_id)).order_by(Change.id.desc()).limit(limit)
    return tell_changes(db.session.execute(statement).all(), actor=actor, now=now)


def is_about_task(task_id: int) -> ColumnElement[bool]:
    """Return the condition that a change wrote something of a task."""
    return Change.id.in_(select(ChangeRow.change_id).where(ChangeRow.task_id == task_id))


def changes_visible_to(actor: Actor) -> Select[Change, str | None, Role | None]:
    """Select the changes of the actor's workspace, with who made them and the actor's role."""
    role = select(Membership.role).where(
        Membership.workspace_id == actor.workspace_id, Membership.user_id == actor.user_id
    )
    return (
        select(Change, User.name, role.scalar_subquery())
        .join(User, User.id == Change.user_id, isouter=True)
        .where(is_visible_to(actor))
    )


def is_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a change is one of the actor's workspace, and no private one of somebody else."""
    is_theirs_alone = Change.kind.in_(PRIVATE_KINDS)
    # Somebody who left is nobody: their private changes are seen by no one.
    is_own = and_(Change.user_id.is_not(None), Change.user_id == actor.user_id)
    return and_(Change.workspace_id == actor.workspace_id, or_(is_own, not_(is_theirs_alone)))


def tell_changes(found: Iterable[Any], *, actor: Actor, now: datetime) -> list[ChangeTold]:
    """Tell changes as `changes_visible_to` gives them. Two statements, however many there are."""
    changes = list(found)
    private = {change.id for change, _, _ in changes if change.kind in PRIVATE_KINDS}
    rows = _rows_told([change.id for change, _, _ in changes], private=private)
    names = _names([row for told in rows.values() for row in told])
    return [
        ChangeTold(
            id=change.id,
            at=change.at,
            who=who or "Somebody who left",
            summary=change.summary,
            parts=_parts(rows.get(change.id, []), names),
            more=max(0, change.rows_count - ROWS_TOLD),
            is_undone=change.undone_at is not None,
            can_undo=change.undone_at is None
            and change.address is None
            and not is_too_old(change.at, now=now)
            and (change.user_id == actor.user_id or role is Role.OWNER),
            is_undoing=change.undo_of_id is not None and is_undoing(change.summary),
            address=change.address,
        )
        for change, who, role in changes
    ]


def _rows_told(change_ids: Sequence[int], *, private: Collection[int]) -> dict[int, list[ChangeRow]]:
    told: dict[int, list[ChangeRow]] = {}
    if change_ids:
        for row in db.session.scalars(
            select(ChangeRow)
            .where(ChangeRow.change_id.in_(change_ids), ChangeRow.position < ROWS_TOLD)
            .order_by(ChangeRow.change_id, ChangeRow.position)
        ):
            # Somebody else's reminder may have moved, or come along, with a task that one changed.
            if row.change_id in private or row.table_name not in PRIVATE_TABLES:
                told.setdefault(row.change_id, []).append(row)
    return told


def _parts(rows: Sequence[ChangeRow], names: dict[tuple[str, int], str]) -> list[ChangePart]:
    lines: dict[int | None, list[Line]] = {}
    for row in rows:
        lines.setdefault(row.task_id, []).extend(_tell_row(row, names))
    is_one = len({task_id for task_id in lines if task_id is not None}) < 2
    return [
        ChangePart(task_id, None if is_one or task_id is None else names.get(("tasks", task_id)), told)
        for task_id, told in lines.items()
        if told
    ]


def _names(rows: Sequence[ChangeRow]) -> dict[tuple[str, int], str]:
    """Return what the records are called that the rows refer to. One statement."""
    wanted: dict[str, set[int]] = {}
    for row in rows:
        if row.task_id is not None:
            wanted.setdefault("tasks", set()).add(row.task_id)
        for values in (row.before, row.after):
            for name, value in (values or {}).items():
                referred = _referred(db.metadata.tables[row.table_name], name)
                if referred is not None and isinstance(value, int):
                    wanted.setdefault(referred, set()).add(value)
    questions = []
    for referred, ids in sorted(wanted.items()):
        table = db.metadata.tables[referred]
        name_column = table.columns[_NAME_COLUMNS[referred]]
        questions.append(
            select(literal(referred).label("kind"), table.c.id, name_column.label("name")).where(table.c.id.in_(ids))
        )
    if not questions:
        return {}
    return {(kind, number): name for kind, number, name in db.session.execute(union_all(*questions))}


def _referred(table: Table, column: str) -> str | None:
    if column not in table.columns or column in {"workspace_id", "task_id", "user_id"}:
        return None
    return next(
        (key.column.table.name for key in table.columns[column].foreign_keys if key.column.table.name in _NAME_COLUMNS),
        None,
    )


def _tell_row(row: ChangeRow, names: dict[tuple[str, int], str]) -> list[Line]:
    table = db.metadata.tables[row.table_name]

    def in_words(values: dict[str, Any] | None) -> dict[str, Any] | None:
        if values is None:
            return None
        return {name: _in_words(table, name, value, names) for name, value in values.items() if name in table.columns}

    return tell(row.table_name, in_words(row.before), in_words(row.after))


def _in_words(table: Table, column: str, value: Any, names: dict[tuple[str, int], str]) -> Any:
    referred = _referred(table, column)
    if referred is not None and value is not None:
        return names.get((referred, value), "something that is gone")
    decoded = journal.decode(table.columns[column], value)
    return decoded if not isinstance(decoded, list | dict) else str(decoded)
