"""Tables: which task waits for which."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.storage.db import Model
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import UtcDateTime


class TaskBlocker(Model):
    """
    `task_id` cannot be done before `blocked_by_id`. Never a circle: operations.blockers.check_link has seen each.

    Whether a task is blocked stands nowhere: it is while one of these is open and not in the trash.
    """

    __tablename__ = "task_blockers"
    __table_args__ = (
        CheckConstraint("task_id <> blocked_by_id", name="not_itself"),
        # The links of the newest tasks: the others pile up over the years, and few of them hold anything up.
        Index("ix_task_blockers_by_task", "workspace_id", "task_id", "blocked_by_id"),
        TABLE_OPTIONS,
    )
    __journal_skip__ = frozenset()

    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True)
    blocked_by_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True, index=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
