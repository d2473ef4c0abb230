"""
What people change, row by row, so that it can be read and undone: who, when, each row before and after.

    with recorded("task.saved", "Changed “Pay invoice”", actor=actor, now=now):
        task.title = "Pay the invoice"

Rows of a journaled model that the session writes inside are noted by themselves, with its many-to-many links. What
statements write past the session is told by `note`. A model is journaled when it says which of its columns are not:

    __journal_skip__ = frozenset({"version", "updated_at"})

These columns are technical or derived: neither kept nor compared. A `task_id` puts a row into that task's history.
Undoing that a row was made sets its `deleted_at`, and what `__journal_removal__` names besides; a row without one is
deleted, unless others hang on it. One with `__journal_is_shared__` (a tag) then stays, which is no refusal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, cast

from sqlalchemy import JSON, Column, ForeignKey, Index, LargeBinary, String, Table, event, insert, inspect, update
from sqlalchemy.orm import Mapped, Mapper, Session, mapped_column

from webapp.storage.bulk import in_chunks, table_of
from webapp.storage.db import Model, db
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import EnumValue, UtcDateTime, key_text
from webapp.values.actor import Actor
from webapp.values.text import shortened

LONGEST_SUMMARY = 300

Values = Mapping[str, Any]


class Change(Model):
    """One thing that somebody did, and whether it still stands."""

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_newest", "workspace_id", "id"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Feature and verb: "task.saved". Summaries are for people, kinds for programs.
    kind: Mapped[str] = mapped_column(key_text(40))
    summary: Mapped[str] = mapped_column(String(LONGEST_SUMMARY))
    # How many rows it had: fewer are left when some of what it changed was deleted for good.
    rows_count: Mapped[int] = mapped_column(default=0)
    # The page that undoes it, where that is not done row by row (an import).
    address: Mapped[str | None] = mapped_column(String(200))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undo_of_id: Mapped[int | None] = mapped_column(ForeignKey("changes.id", ondelete="SET NULL"), index=True)


class ChangeRow(Model):
    """
    One row that a change wrote: its columns before and after, `before` null where it is new, `after` where it went.

    Of a row that was there before and after, only what differs is kept. What belongs to a task goes with it when that
    is deleted for good.
    """

    __tablename__ = "change_rows"
    __table_args__ = (
        Index("ix_change_rows_by_task", "task_id", "change_id"),
        Index("ix_change_rows_by_row", "table_name", "row_key", "change_id"),
        TABLE_OPTIONS,
    )

    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    table_name: Mapped[str] = mapped_column(key_text(40))
    # The primary key, its parts joined by colons.
    row_key: Mapped[str] = mapped_column(key_text(80))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


@dataclass(frozen=True)
class KeptRow:
    """A `ChangeRow` by itself: the session may forget what it holds."""

    task_id: int | None
    table_name: str
    row_key: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass
class _Row:
    task_id: int | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass
class Recording:
    """What is being recorded; its summary may still be reworded inside."""

    kind: str
    summary: str
    actor: Actor
    now: datetime
    undo_of_id: int | None = None
    address: str | None = None
    rows: dict[tuple[str, str], _Row] = field(default_factory=dict)


# Stands in the place of a recording while nothing is to be recorded.
_NOBODY = object()


@contextmanager
def recorded(
    kind: str,
    summary: str,
    *,
    actor: Actor,
    now: datetime,
    undo_of_id: int | None = None,
    address: str | None = None,
) -> Iterator[Recording]:
    """
    Record what happens inside as one change; where nothing changed, nothing is recorded.

    Call it inside an operation: the record is committed with the work or not at all. An inner one joins the outer,
    which alone says what was done.

    :param address: a page of ours that undoes it; such a change is recorded even if no rows were noted
    """
    session = db.session()
    if "is_in_transaction" not in session.info:
        raise RuntimeError("What is recorded must be done inside a transaction.")
    outer = session.info.get("recording")
    recording = Recording(kind, summary, actor, now, undo_of_id, address)
    if outer is not None:
        yield recording
        return
    session.info["recording"] = recording
    try:
        yield recording
        session.flush()
    finally:
        session.info.pop("recording")
    _write(session, recording)


def reword(summary: str) -> None:
    """Say anew what is being recorded, the outermost of it: what happened inside tells more."""
    recording = db.session().info.get("recording")
    if isinstance(recording, Recording):
        recording.summary = summary


@contextmanager
def unrecorded() -> Iterator[None]:
    """Record nothing of what operations do inside: it has its own way of being read and undone."""
    session = db.session()
    outer = session.info.get("recording")
    session.info["recording"] = _NOBODY
    try:
        yield
        session.flush()
    finally:
        session.info.pop("recording")
        if outer is not None:
            session.info["recording"] = outer


def note(*, table: str, key: object, task_id: int | None, before: Values | None, after: Values | None) -> None:
    """
    Note one row that a statement wrote past the session: whole where it is new or gone, else what it changed.

    Outside of `recorded` it does nothing.

    :param key: the primary key; a tuple where it has several columns
    """
    recording = db.session().info.get("recording")
    if isinstance(recording, Recording):
        written = db.metadata.tables[table]
        row_key = ":".join(str(part) for part in key) if isinstance(key, tuple) else str(key)
        _add(recording, table, row_key, task_id, _encoded(written, before), _encoded(written, after))


def mark_undone(*, address: str, workspace_id: int, now: datetime) -> None:
    """Say of the change that a page of ours undoes that it is undone; inside an operation."""
    table = table_of(Change)
    db.session.execute(
        update(table)
        .where(table.c.workspace_id == workspace_id, table.c.address == address, table.c.undone_at.is_(None))
        .values(undone_at=now)
    )


def last_change_id() -> int | None:
    """Return the id of the change that this session committed last, or None."""
    found: int | None = db.session().info.get("committed_change_id")
    return found


def kept_columns(table: Table) -> list[Column[Any]]:
    """Return the columns of a journaled table that are kept."""
    skipped = _journaled()[table.name][1]
    return [column for column in table.columns if column.name not in skipped]


def encode(column: Column[Any], value: Any) -> Any:
    """Return a column's value as JSON can keep it."""
    if isinstance(value, datetime):
        # As the column will give it back: UTC, whole seconds.
        return value.astimezone(UTC).replace(microsecond=0).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, Decimal) else value


def decode(column: Column[Any], value: Any) -> Any:
    """Return what `encode` kept as the column takes it."""
    if value is None:
        return None
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(column.type, EnumValue):
        return column.type.enum(value)
    if isinstance(column.type, JSON):
        return value
    kind = column.type.python_type
    if kind is date:
        return date.fromisoformat(value)
    return Decimal(value) if kind is Decimal else value


def is_journaled(table: Table) -> bool:
    """Tell whether rows of a table are recorded."""
    return table.name in _journaled()


def model_of(table: Table) -> type[Model]:
    """Return the model of a journaled table."""
    return _journaled()[table.name][0]


@cache
def _journaled() -> dict[str, tuple[type[Model], frozenset[str]]]:
    """Return the models of the journaled tables, each with the columns that are not kept. Known once all are loaded."""
    found: dict[str, tuple[type[Model], frozenset[str]]] = {}
    for mapper in Model.registry.mappers:
        skipped = getattr(mapper.class_, "__journal_skip__", None)
        if skipped is not None:
            table = cast(Table, mapper.local_table)
            large = {column.name for column in table.columns if isinstance(column.type, LargeBinary)}
            found[table.name] = mapper.class_, skipped | large
    return found


@event.listens_for(Model, "attribute_instrument", propagate=True)
def _read_before_write(model: type[Model], _key: str, attribute: Any) -> None:
    # Left to itself, the session may write a column without knowing what it held.
    if hasattr(model, "__journal_skip__") and not hasattr(attribute.property, "mapper"):
        event.listen(attribute, "set", _do_nothing, active_history=True)


def _do_nothing(*_: Any) -> None:
    """Be listening: that is what has the old value read."""


@event.listens_for(Session, "after_flush")
def _note_flush(session: Session, _context: Any) -> None:
    recording = session.info.get("recording")
    if not isinstance(recording, Recording):
        return
    for record in session.new:
        if _is_journaled(record):
            _note_new(recording, record)
    for record in session.dirty:
        if _is_journaled(record) and record not in session.deleted:
            _note_dirty(recording, record)
    for record in session.deleted:
        if _is_journaled(record):
            _note_deleted(recording, record)


def _is_journaled(record: Any) -> bool:
    return hasattr(type(record), "__journal_skip__")


def _note_new(recording: Recording, record: Any) -> None:
    state = inspect(record)
    table = cast(Table, state.mapper.local_table)
    after = {
        column.name: encode(column, state.dict.get(state.mapper.get_property_by_column(column).key))
        for column in kept_columns(table)
    }
    _add(recording, table.name, _key_of(record), _task_id_of(record), None, after)
    _note_links(recording, record)


def _note_dirty(recording: Recording, record: Any) -> None:
    state = inspect(record)
    table = cast(Table, state.mapper.local_table)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for column in kept_columns(table):
        history = state.attrs[state.mapper.get_property_by_column(column).key].history
        if not history.has_changes():
            continue
        # What was read or set is known (see `_read_before_write`); what never was is null.
        before[column.name] = encode(column, history.deleted[0]) if history.deleted else None
        after[column.name] = encode(column, history.added[0]) if history.added else None
    if after:
        _add(recording, table.name, _key_of(record), _task_id_of(record), before, after)
    _note_links(recording, record)


def _note_deleted(recording: Recording, record: Any) -> None:
    state = inspect(record)
    table = cast(Table, state.mapper.local_table)
    before: dict[str, Any] = {}
    for column in kept_columns(table):
        key = state.mapper.get_property_by_column(column).key
        history = state.attrs[key].history
        before[column.name] = encode(column, history.deleted[0] if history.deleted else state.dict.get(key))
    _add(recording, table.name, _key_of(record), _task_id_of(record), before, None)


def _note_links(recording: Recording, record: Any) -> None:
    state = inspect(record)
    mapper: Mapper[Any] = state.mapper
    for relation in mapper.relationships:
        if not isinstance(relation.secondary, Table) or relation.secondary.name not in _journaled():
            continue
        history = state.attrs[relation.key].history
        for other in history.added:
            values = _link_values(relation, record, other)
            _add_link(recording, relation.secondary, _task_id_of(record), None, values)
        for other in history.deleted:
            values = _link_values(relation, record, other)
            _add_link(recording, relation.secondary, _task_id_of(record), values, None)


def _link_values(relation: Any, record: Any, other: Any) -> dict[str, Any]:
    values = {}
    for own, link in relation.synchronize_pairs:
        values[link.name] = getattr(record, inspect(record).mapper.get_property_by_column(own).key)
    for theirs, link in relation.secondary_synchronize_pairs:
        values[link.name] = getattr(other, inspect(other).mapper.get_property_by_column(theirs).key)
    return values


def _add_link(
    recording: Recording, table: Table, task_id: int | None, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> None:
    values = before or after or {}
    key = ":".join(str(values[column.name]) for column in table.primary_key.columns)
    _add(recording, table.name, key, task_id, before, after)


def _key_of(record: Any) -> str:
    state = inspect(record)
    return ":".join(str(part) for part in state.mapper.primary_key_from_instance(record))


def _task_id_of(record: Any) -> int | None:
    return record.id if type(record).__tablename__ == "tasks" else getattr(record, "task_id", None)


def _encoded(table: Table, values: Values | None) -> dict[str, Any] | None:
    if values is None:
        return None
    skipped = _journaled()[table.name][1]
    return {name: encode(table.columns[name], value) for name, value in values.items() if name not in skipped}


def _add(
    recording: Recording,
    table: str,
    key: str,
    task_id: int | None,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    """Add what was noted to what was noted of the same row before: the oldest `before`, the newest `after`."""
    earlier = recording.rows.get((table, key))
    if earlier is None:
        recording.rows[table, key] = _Row(task_id, before, after)
        return
    if earlier.before is not None and before is not None:
        earlier.before = {**before, **earlier.before}
    if earlier.after is None or after is None:
        earlier.after = after
    else:
        earlier.after = {**earlier.after, **after}
    if earlier.before is not None and earlier.after is not None:
        # Gone and back again, or written twice: each side names the same columns.
        earlier.after = {**earlier.before, **earlier.after}


def _write(session: Session, recording: Recording) -> None:
    rows = [(place, row) for place, row in recording.rows.items() if _says_something(row)]
    if not rows and recording.address is None:
        return
    gone = {int(key) for (table, key), row in rows if table == "tasks" and row.after is None}
    result = session.execute(
        insert(table_of(Change)).values(
            workspace_id=recording.actor.workspace_id,
            user_id=recording.actor.user_id,
            at=recording.now,
            kind=recording.kind,
            summary=shortened(recording.summary, longest=LONGEST_SUMMARY),
            rows_count=len(rows),
            address=recording.address,
            undo_of_id=recording.undo_of_id,
        )
    )
    change_id = cast(Any, result).inserted_primary_key[0]
    written = [
        {
            "change_id": change_id,
            "position": position,
            # What a deleted task leaves behind belongs to no task any more.
            "task_id": None if row.task_id in gone else row.task_id,
            "table_name": table,
            "row_key": key,
            "before": row.before,
            "after": row.after,
        }
        for position, ((table, key), row) in enumerate(rows)
    ]
    for chunk in in_chunks(written):
        session.execute(insert(table_of(ChangeRow)), list(chunk))
    session.info["uncommitted_change_id"] = change_id


def _says_something(row: _Row) -> bool:
    """Drop from an update what came out as it was; tell whether anything is left."""
    if row.before is None or row.after is None:
        return row.before is not row.after
    differing = [name for name, value in row.after.items() if row.before.get(name) != value]
    row.before = {name: row.before.get(name) for name in differing}
    row.after = {name: row.after[name] for name in differing}
    return bool(differing)


@event.listens_for(Session, "after_commit")
def _remember_committed(session: Session) -> None:
    if "uncommitted_change_id" in session.info:
        session.info["committed_change_id"] = session.info.pop("uncommitted_change_id")


@event.listens_for(Session, "after_rollback")
def _forget_uncommitted(session: Session) -> None:
    session.info.pop("uncommitted_change_id", None)
