"""Tables: what people are told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.notices.rules import LONGEST_ADDRESS, LONGEST_DEDUPE_KEY, LONGEST_TEXT
from webapp.storage.db import Model
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import UtcDateTime, key_text


class Notice(Model):
    """One thing that one person was told, in the words of that moment."""

    __tablename__ = "notices"
    __table_args__ = (
        # Told twice with one key is told once.
        UniqueConstraint("user_id", "dedupe_key"),
        Index("ix_notices_by_person", "user_id", "id"),
        Index("ix_notices_unread", "user_id", "is_read", "id"),
        Index("ix_notices_workspace_id", "workspace_id", "user_id"),
        Index("ix_notices_created_at", "created_at"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(String(LONGEST_TEXT))
    # A path of this site: the record it speaks of.
    address: Mapped[str | None] = mapped_column(String(LONGEST_ADDRESS))
    # Where putting it off is posted to, with `until`: of a reminder that can be.
    snooze_address: Mapped[str | None] = mapped_column(String(LONGEST_ADDRESS))
    dedupe_key: Mapped[str | None] = mapped_column(key_text(LONGEST_DEDUPE_KEY))
    is_read: Mapped[bool] = mapped_column(default=False)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
