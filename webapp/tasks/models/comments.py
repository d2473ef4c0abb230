"""Tables: what is said about a task, and the files that belong to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.storage.db import Model
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import UtcDateTime, key_text, long_bytes, long_text


class Comment(Model):
    """What somebody said about a task, in Markdown. Only they may change it or take it back."""

    __tablename__ = "comments"
    __table_args__ = (Index("ix_comments_by_task", "task_id", "id"), TABLE_OPTIONS)
    __journal_skip__ = frozenset({"version"})

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(long_text())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What an imported one is called where it came from, unique within its task.
    source_ref: Mapped[str | None] = mapped_column(key_text(160))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Attachment(Model):
    """
    A file that belongs to a task.

    One with `deleted_at` was taken away and waits to be put back, until it goes for good (operations.files).
    """

    __tablename__ = "attachments"
    __table_args__ = (Index("ix_attachments_by_task", "task_id", "id"), TABLE_OPTIONS)
    __journal_skip__ = frozenset[str]()

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    # What the bytes are (rules.files), not what whoever sent them said.
    media_type: Mapped[str] = mapped_column(key_text(100))
    size_bytes: Mapped[int]
    # Read when somebody takes the file, never with a list.
    content: Mapped[bytes] = mapped_column(long_bytes(), deferred=True, deferred_raiseload=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
