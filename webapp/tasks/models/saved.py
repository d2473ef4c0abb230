"""Tables: lists of tasks that people keep by name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from webapp.storage.db import Model
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import UtcDateTime, key_text
from webapp.tasks.rules.saved import LONGEST_ADDRESS


class SavedView(Model):
    """
    Filters and an order by name, as the parameters of the list's address. It is its maker's, who may show it to all.

    At most one of a person's is the one that their list begins with.
    """

    __tablename__ = "saved_views"
    __table_args__ = (
        UniqueConstraint("workspace_id", "user_id", "name_key"),
        Index("ix_saved_views_shared", "workspace_id", "is_shared"),
        TABLE_OPTIONS,
    )
    __journal_skip__ = frozenset({"version", "updated_at"})

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(key_text(240))
    address: Mapped[str] = mapped_column(String(LONGEST_ADDRESS))
    is_shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_default: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
