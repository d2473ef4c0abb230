"""Tables: imports, the lines they refused, and the records they made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from webapp.storage.db import Model
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import EnumValue, UtcDateTime, key_text, long_bytes
from webapp.transfers.rules import ImportKind, ImportState


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
    kind: Mapped[ImportKind] = mapped_column(EnumValue(ImportKind, String(16)))
    # What each column means, what foreign words mean, the zone: see transfers.rules.
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[ImportState] = mapped_column(EnumValue(ImportState, String(16)))
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_done: Mapped[int] = mapped_column(default=0)
    created_count: Mapped[int] = mapped_column(default=0)
    updated_count: Mapped[int] = mapped_column(default=0)
    skipped_count: Mapped[int] = mapped_column(default=0)
    refused_count: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportRefusal(Model):
    """One line of a file that was not taken in, and why."""

    __tablename__ = "import_refusals"
    __table_args__ = (TABLE_OPTIONS,)

    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    message: Mapped[str] = mapped_column(String(300))
