"""Tables: the time spent on tasks."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.storage.db import Model
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import UtcDateTime, key_text
from webapp.storage.uid import uid_column
from webapp.tasks.models.tasks import Task


class TimeEntry(Model):
    """
    Time one person spent on one task: an interval of the clock, or a plain duration on a day.

    An interval runs while `ended_at` is null. A plain duration has no `started_at`. One with `deleted_at` was taken
    out and counts nowhere: it has no EntryDay rows, and is kept only so that it can be put back.
    """

    __tablename__ = "time_entries"
    __journal_skip__ = frozenset({"version", "updated_at"})
    __journal_removal__ = {"running_user_id": None}
    __table_args__ = (
        UniqueConstraint("workspace_id", "source", "source_ref"),
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_start"),
        CheckConstraint("seconds >= 0 AND interrupted_seconds >= 0", name="lengths_positive"),
        Index("ix_time_entries_by_day", "workspace_id", "day", "id"),
        Index("ix_time_entries_by_task", "task_id", "day", "id"),
        Index("ix_time_entries_by_person", "user_id", "started_at"),
        # For reports that count all of an entry on the day it began.
        Index("ix_time_entries_by_person_day", "user_id", "day", "id"),
        Index("ix_time_entries_by_uid", "workspace_id", "uid", unique=True),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    # Whom it was for, where that is not the customer of the task; null: whoever that is, also later.
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"), index=True)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The local day it began on, or the day a plain duration belongs to.
    day: Mapped[date]
    # What counts: the interval less its interruptions, or the plain duration; 0 while it runs.
    seconds: Mapped[int] = mapped_column(default=0)
    interrupted_seconds: Mapped[int] = mapped_column(default=0)
    # The zone it was lived in. Its seconds per local day are EntryDay rows, written in the same transaction, so that
    # totals group by a plain column, and a person who moves changes no past total.
    zone: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(500), default="")
    is_billable: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The person's id while it runs, else null: the unique key is what allows one running timer a person.
    running_user_id: Mapped[int | None] = mapped_column(unique=True)
    # It ended because its owner paused; as long as it is the newest of theirs, they mean to go on.
    is_paused: Mapped[bool] = mapped_column(default=False, server_default=false())
    uid: Mapped[str | None] = uid_column()
    source: Mapped[str | None] = mapped_column(key_text(80))
    source_ref: Mapped[str | None] = mapped_column(key_text(160))
    source_hash: Mapped[str | None] = mapped_column(key_text(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    task: Mapped[Task] = relationship(lazy="raise_on_sql")


class EntryDay(Model):
    """What one time entry adds to one local day. The rows of an entry add up to its seconds."""

    __tablename__ = "entry_days"
    __table_args__ = (
        Index("ix_entry_days_totals", "workspace_id", "day", "user_id", "task_id", "seconds"),
        Index("ix_entry_days_by_task", "task_id", "day", "seconds"),
        # A person's own days: no more is read for them in a large workspace, or after years.
        Index("ix_entry_days_by_person", "user_id", "day", "workspace_id", "task_id", "seconds"),
        TABLE_OPTIONS,
    )

    entry_id: Mapped[int] = mapped_column(ForeignKey("time_entries.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    seconds: Mapped[int]
