"""Tables: what people want to be reminded of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.storage.db import Model
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import EnumValue, UtcDateTime
from webapp.tasks.models.tasks import Task
from webapp.tasks.rules.reminders import Basis


class Reminder(Model):
    """
    One reminder of one task for one person: at a moment (`at`), or so long before the task is due or starts.

    What follows from that and from the task is kept beside it, and written anew whenever either changes.
    """

    __tablename__ = "reminders"
    __table_args__ = (
        CheckConstraint("minutes_before >= 0", name="not_after"),
        Index("ix_reminders_task_id", "task_id", "user_id"),
        Index("ix_reminders_user_id", "user_id", "id"),
        Index("ix_reminders_workspace_id", "workspace_id"),
        # What the worker looks for, once a second.
        Index("ix_reminders_send_after", "send_after", "user_id"),
        TABLE_OPTIONS,
    )
    # These follow from the rest (operations.reminders.rebuild), or say how far the worker is.
    __journal_skip__ = frozenset({"fires_at", "send_after", "sent_at"})

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    basis: Mapped[Basis] = mapped_column(EnumValue(Basis, String(8)))
    minutes_before: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    snoozed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The moment that is meant: of a task that is not due at any time there is none.
    fires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When the worker looks at it next: `fires_at` at first; the end of a lease while a worker has it; later while it is
    # held back. Null when there is nothing to send.
    send_after: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    task: Mapped[Task] = relationship(lazy="raise_on_sql")
