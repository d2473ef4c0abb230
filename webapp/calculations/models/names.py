"""Table: the names and functions that people keep."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.storage.db import Model
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import UtcDateTime, key_text, long_text

LONGEST_NAME = 60
LONGEST_SHOWN = 200


class CalculationName(Model):
    """
    What a name means to one person in one workspace: a value (`rate = 85 EUR/h`) or a function (`gross(x) = x + 19%`).

    It means what it was last set to. With `removed_at` it means nothing, and is there only to be put back.
    """

    __tablename__ = "calculation_names"
    __table_args__ = (UniqueConstraint("workspace_id", "user_id", "name"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    # Case matters, as in what is typed.
    name: Mapped[str] = mapped_column(key_text(LONGEST_NAME))
    # The line that set it, and how numbers are written in it: a function is read again from these.
    text: Mapped[str] = mapped_column(long_text())
    number_format: Mapped[str] = mapped_column(String(16))
    # The value, exact and with its units; null for a function.
    value: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # The value as it was shown; empty for a function.
    shown: Mapped[str] = mapped_column(String(LONGEST_SHOWN), default="")
    calculation_id: Mapped[int | None] = mapped_column(ForeignKey("calculations.id", ondelete="SET NULL"), index=True)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
