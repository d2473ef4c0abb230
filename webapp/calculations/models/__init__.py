"""Tables: calculations, and in a module of their own worksheets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column

from webapp.calculations.models.worksheets import Worksheet, WorksheetLink, WorksheetVersion
from webapp.storage.db import Model
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import UtcDateTime, long_text

__all__ = ["Calculation", "Worksheet", "WorksheetLink", "WorksheetVersion"]


class Calculation(Model):
    """One figure somebody worked out: who, when, from what, and the result. Never changed; a revision is a new row."""

    __tablename__ = "calculations"
    __table_args__ = (Index("ix_calculations_history", "workspace_id", "id"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    operation: Mapped[str] = mapped_column(String(32))
    # Decimal strings, as typed once cleaned: JSON numbers would be read back as floats.
    operands: Mapped[list[str]] = mapped_column(JSON)
    result: Mapped[str] = mapped_column(long_text())
    # False where the true result has no end (1 ÷ 3) and was rounded.
    is_exact: Mapped[bool]
    note: Mapped[str] = mapped_column(String(200), default="")
    revises_id: Mapped[int | None] = mapped_column(ForeignKey("calculations.id", ondelete="SET NULL"), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


@event.listens_for(Calculation, "before_update")
def _refuse_changes(*_: Any) -> None:
    raise RuntimeError("A calculation is never changed; a revision is a new row.")
