"""Tables: timers that were taken for forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.storage.db import Model
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import EnumValue, UtcDateTime, key_text
from webapp.tasks.rules.timers import Reason


class ForgottenTimer(Model):
    """
    What somebody was told of a timer of theirs that ran too long: that it was told, and which end was proposed.

    Nothing follows from it by itself. `is_kept` once they said that the timer is right.
    """

    __tablename__ = "forgotten_timers"
    __table_args__ = (TABLE_OPTIONS,)

    entry_id: Mapped[int] = mapped_column(ForeignKey("time_entries.id", ondelete="CASCADE"), primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[Reason] = mapped_column(EnumValue(Reason, key_text(16)))
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_kept: Mapped[bool] = mapped_column(default=False)
