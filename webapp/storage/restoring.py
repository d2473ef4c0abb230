"""
Putting rows back as the journal kept them, in statements for many rows.

A row that was made goes: where its table has a `deleted_at` it is marked as deleted, else it is removed, if nothing
hangs on it. What is put back is noted in the journal like any other change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Table, and_, delete, insert, select, update

from webapp.storage import journal
from webapp.storage.bulk import in_chunks
from webapp.storage.db import db
from webapp.storage.journal import KeptRow

Key = tuple[Any, ...]


class Overtaken(Exception):
    """A row is no longer what the change has made of it."""

    def __init__(self, table: str, row_key: str) -> None:
        super().__init__(table, row_key)
        self.table, self.row_key = table, row_key


class InUse(Exception):
    """Other rows hang on one that would have to go."""

    def __init__(self, table: str, row_key: str, used_by: str) -> None:
        super().__init__(table, row_key, used_by)
        self.table, self.row_key, self.used_by = table, row_key, used_by


@dataclass(frozen=True)
class Restored:
    """The rows that were written, by table and key, and those of them that went."""

    written: set[tuple[str, str]] = field(default_factory=set)
    removed: set[tuple[str, str]] = field(default_factory=set)


def put_back(rows: Sequence[KeptRow], *, now: datetime) -> Restored:
    """
    Give rows the values they had before a change, inside an operation that records.

    A row that has them already stays as it is.

    :raises Overtaken: when a row was changed again since
    :raises InUse: when a row that the change has made cannot go
    """
    work = [_Piece.of(row, present) for row, present in _with_present(rows)]
    restored = Restored()
    work = [piece for piece in work if not piece.is_as_before]
    _mark_deleted(
        [piece for piece in work if piece.row.before is None and "deleted_at" in piece.table.columns], restored, now=now
    )
    order = {table.name: place for place, table in enumerate(db.metadata.sorted_tables)}
    work.sort(key=lambda piece: order[piece.table.name])
    _insert([piece for piece in work if piece.row.after is None], restored, now=now)
    _update([piece for piece in work if piece.row.before is not None and piece.row.after is not None], restored, now)
    _remove(
        [p for p in reversed(work) if p.row.before is None and "deleted_at" not in p.table.columns],
        restored,
    )
    # Objects that the session holds may be of these rows.
    db.session.expire_all()
    return restored


@dataclass(frozen=True)
class _Piece:
    row: KeptRow
    table: Table
    key: Key
    # The row as it is now, as JSON; None where there is none.
    present: dict[str, Any] | None

    @classmethod
    def of(cls, row: KeptRow, present: dict[str, Any] | None) -> _Piece:
        piece = cls(row, db.metadata.tables[row.table_name], _key(row), present)
        if not piece.is_as_before and not piece._is_as_left:
            raise Overtaken(row.table_name, row.row_key)
        return piece

    @property
    def is_as_before(self) -> bool:
        return self._is(self.row.before)

    @property
    def _is_as_left(self) -> bool:
        return self._is(self.row.after)

    def _is(self, values: Mapping[str, Any] | None) -> bool:
        if values is None or self.present is None:
            return values is None and self.present is None
        # A column that has gone since says nothing.
        return all(self.present[name] == value for name, value in values.items() if name in self.present)

    def values_before(self) -> dict[str, Any]:
        before = self.row.before or {}
        return {
            name: journal.decode(self.table.columns[name], value)
            for name, value in before.items()
            if name in self.table.columns
        }

    def note(self, restored: Restored, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        key = self.key if len(self.key) > 1 else self.key[0]
        journal.note(table=self.table.name, key=key, task_id=self.row.task_id, before=before, after=after)
        restored.written.add((self.table.name, self.row.row_key))
        if after is None or after.get("deleted_at") is not None:
            restored.removed.add((self.table.name, self.row.row_key))


def _key(row: KeptRow) -> Key:
    columns = db.metadata.tables[row.table_name].primary_key.columns
    parts = row.row_key.split(":", len(columns) - 1)
    return tuple(column.type.python_type(part) for column, part in zip(columns, parts, strict=True))


def _with_present(rows: Sequence[KeptRow]) -> Iterator[tuple[KeptRow, dict[str, Any] | None]]:
    keys: dict[str, dict[Key, KeptRow]] = {}
    for row in rows:
        keys.setdefault(row.table_name, {})[_key(row)] = row
    for name in sorted(keys):
        found = _present(db.metadata.tables[name], keys[name])
        for key, row in keys[name].items():
            yield row, found.get(key)


def _present(table: Table, keys: Iterable[Key]) -> dict[Key, dict[str, Any]]:
    columns = journal.kept_columns(table)
    found: dict[Key, dict[str, Any]] = {}
    for are_these in _with_keys(table, sorted(keys)):
        for row in db.session.execute(select(*columns).where(are_these).with_for_update()):
            found[_key_of(table, columns, row)] = {
                column.name: journal.encode(column, value) for column, value in zip(columns, row, strict=True)
            }
    return found


def _key_of(table: Table, columns: Sequence[Column[Any]], row: Row[Any]) -> Key:
    values = {column.name: value for column, value in zip(columns, row, strict=True)}
    return tuple(values[column.name] for column in table.primary_key.columns)


def _with_keys(table: Table, keys: Sequence[Key]) -> Iterator[ColumnElement[bool]]:
    """Yield conditions that together hold for the rows with these keys, each short enough for a statement."""
    own = list(table.primary_key.columns)
    if len(own) == 1:
        for chunk in in_chunks(keys):
            yield own[0].in_([key[0] for key in chunk])
        return
    # Not by pairs: MariaDB reads the whole table for `(a, b) IN ((1, 2), …)`. Of one value of the column that has
    # fewer (two tags on a thousand tasks), all values of the other.
    few = 0 if len({key[0] for key in keys}) < len({key[1] for key in keys}) else 1
    groups: dict[Key, list[Any]] = {}
    for key in keys:
        groups.setdefault((key[few], *key[2:]), []).append(key[1 - few])
    for fixed, values in groups.items():
        is_fixed = and_(*(column == value for column, value in zip([own[few], *own[2:]], fixed, strict=True)))
        for chunk in in_chunks(values):
            yield and_(is_fixed, own[1 - few].in_(chunk))


def _mark_deleted(pieces: Sequence[_Piece], restored: Restored, *, now: datetime) -> None:
    for table, group in _by_table(pieces):
        values: dict[str, Any] = {"deleted_at": now, **_removal_of(table)}
        _write(table, [piece.key for piece in group], values, now=now)
        for piece in group:
            present = piece.present or {}
            before = {name: journal.decode(table.columns[name], present[name]) for name in values}
            piece.note(restored, before, values)


def _insert(pieces: Sequence[_Piece], restored: Restored, *, now: datetime) -> None:
    for table, group in _by_table(pieces):
        stamp = {"updated_at": now} if "updated_at" in table.columns else {}
        for chunk in in_chunks(group):
            db.session.execute(insert(table), [{**stamp, **piece.values_before()} for piece in chunk])
        for piece in group:
            piece.note(restored, None, piece.values_before())


def _update(pieces: Sequence[_Piece], restored: Restored, now: datetime) -> None:
    # Rows that go back to the same values share a statement. What gives up a unique value comes before what takes it.
    groups: dict[tuple[bool, str, str], list[_Piece]] = {}
    for piece in pieces:
        before = piece.row.before or {}
        takes = any(before.get(column.name) is not None for column in piece.table.columns if column.unique)
        groups.setdefault((takes, piece.table.name, json.dumps(before, sort_keys=True)), []).append(piece)
    for (_, name, _), group in sorted(groups.items(), key=lambda item: item[0][0]):
        table, values = db.metadata.tables[name], group[0].values_before()
        _write(table, [piece.key for piece in group], values, now=now)
        for piece in group:
            present = piece.present or {}
            piece.note(restored, {name: journal.decode(table.columns[name], present[name]) for name in values}, values)


def _write(table: Table, keys: Sequence[Key], values: Mapping[str, Any], *, now: datetime) -> None:
    stamps: dict[str, Any] = {}
    if "updated_at" in table.columns:
        stamps["updated_at"] = now
    if "version" in table.columns:
        stamps["version"] = table.c.version + 1
    for are_these in _with_keys(table, keys):
        db.session.execute(update(table).where(are_these).values({**values, **stamps}))


def _remove(pieces: Sequence[_Piece], restored: Restored) -> None:
    for table, group in _by_table(pieces):
        used = _used(table, [piece.key for piece in group])
        going = [piece for piece in group if piece.key not in used]
        for piece in group:
            if piece.key in used and not _is_shared(table):
                raise InUse(table.name, piece.row.row_key, used[piece.key])
        for are_these in _with_keys(table, [piece.key for piece in going]):
            db.session.execute(delete(table).where(are_these))
        for piece in going:
            present = piece.present or {}
            whole = {name: journal.decode(table.columns[name], value) for name, value in present.items()}
            piece.note(restored, whole, None)


def _used(table: Table, keys: Sequence[Key]) -> dict[Key, str]:
    """Return the keys that other rows refer to, each with the name of a table that does."""
    used: dict[Key, str] = {}
    for other in db.metadata.sorted_tables:
        for reference in other.foreign_keys:
            # What goes with a row and is not journaled is derived from it.
            if reference.column.table is not table or (
                reference.ondelete == "CASCADE" and not journal.is_journaled(other)
            ):
                continue
            for chunk in in_chunks([key[0] for key in keys]):
                for value in db.session.scalars(select(reference.parent).where(reference.parent.in_(chunk)).distinct()):
                    used[(value,)] = other.name
    return used


def _by_table(pieces: Sequence[_Piece]) -> list[tuple[Table, list[_Piece]]]:
    groups: dict[str, list[_Piece]] = {}
    for piece in pieces:
        groups.setdefault(piece.table.name, []).append(piece)
    return [(db.metadata.tables[name], group) for name, group in groups.items()]


def _removal_of(table: Table) -> Mapping[str, Any]:
    found: Mapping[str, Any] = getattr(journal.model_of(table), "__journal_removal__", {})
    return found


def _is_shared(table: Table) -> bool:
    return bool(getattr(journal.model_of(table), "__journal_is_shared__", False))
