"""
Tables: imports, what they had to say about single lines, and what they changed; what the sample data made; feeds.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, deferred, mapped_column

from webapp.storage.db import Model
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import EnumValue, UtcDateTime, key_text, long_bytes
from webapp.transfers.rules import ChangeAction, ChangeKind, ImportKind, ImportState
from webapp.transfers.rules.calendar import FeedShape
from webapp.transfers.rules.formats.reader import Format
from webapp.transfers.rules.sample import SampleKind


class Import(Model):
    """
    One uploaded file and what became of it.

    The file rests here, compressed, because a disk is not shared between services and not kept between deploys.
    """

    __tablename__ = "imports"
    __table_args__ = (Index("ix_imports_history", "workspace_id", "id"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    filename: Mapped[str] = mapped_column(String(255))
    # zlib; emptied once the import has ended.
    content: Mapped[bytes] = deferred(mapped_column(long_bytes()))
    content_hash: Mapped[str] = mapped_column(key_text(64))
    # The name of the data set: the same reference in the same source is the same record.
    source: Mapped[str] = mapped_column(key_text(80), default="")
    kind: Mapped[ImportKind] = mapped_column(EnumValue(ImportKind, String(16)))
    format: Mapped[Format] = mapped_column(EnumValue(Format, String(16)), default=Format.TABLE, server_default="table")
    # Looked over by the worker, because a page would take too long.
    is_large: Mapped[bool] = mapped_column(default=False, server_default=false())
    # What each column means, what foreign words mean, the zone: see transfers.rules.
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[ImportState] = mapped_column(EnumValue(ImportState, String(16)))
    # What the last check found: the first rows, the foreign words, how many lines each remark concerns.
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_done: Mapped[int] = mapped_column(default=0)
    created_count: Mapped[int] = mapped_column(default=0)
    updated_count: Mapped[int] = mapped_column(default=0)
    skipped_count: Mapped[int] = mapped_column(default=0)
    refused_count: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportRemark(Model):
    """What a person should know about one line of a file: why it was not taken in, or how it had to be read."""

    __tablename__ = "import_remarks"
    __table_args__ = (TABLE_OPTIONS,)

    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_refusal: Mapped[bool]
    message: Mapped[str] = mapped_column(String(500))


class ImportChange(Model):
    """
    What an import did to one record, so that it can be undone.

    `record_id` is no foreign key: the record may be gone, and it may be in one of several tables.
    """

    __tablename__ = "import_changes"
    __table_args__ = (Index("ix_import_changes_by_import", "import_id", "kind", "id"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    kind: Mapped[ChangeKind] = mapped_column(EnumValue(ChangeKind, String(8)))
    action: Mapped[ChangeAction] = mapped_column(EnumValue(ChangeAction, String(8)))
    record_id: Mapped[int]
    # The record as it was, where it was updated or removed.
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class SampleRecord(Model):
    """
    A category, tag, customer or calculation that the sample data made, so that exactly it can be removed again.

    Tasks and entries say it themselves, by their source. `record_id` is no foreign key: the record may be gone.
    """

    __tablename__ = "sample_records"
    __table_args__ = (TABLE_OPTIONS,)

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[SampleKind] = mapped_column(EnumValue(SampleKind, String(16)), primary_key=True)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Feed(Model):
    """
    A calendar that programs read at a secret address: of all tasks that are somebody's or nobody's, or of a view.

    The address holds a token, this row its SHA-256: who reads the table cannot read the calendar.
    """

    __tablename__ = "feeds"
    __table_args__ = (TABLE_OPTIONS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    view_id: Mapped[int | None] = mapped_column(ForeignKey("saved_views.id", ondelete="CASCADE"), index=True)
    shape: Mapped[FeedShape] = mapped_column(EnumValue(FeedShape, String(8)))
    has_time: Mapped[bool] = mapped_column(default=False, server_default=false())
    token_hash: Mapped[str] = mapped_column(key_text(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
