"""Tables: tasks that come again."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.storage.db import Model
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import EnumValue, UtcDateTime, long_text
from webapp.storage.uid import uid_column
from webapp.tasks.models.tasks import Tag
from webapp.tasks.rules.recurrence import Basis, Missed, Unit
from webapp.values.priority import Priority


class Series(Model):
    """
    A task that comes again: its rule, how far it has come, and what each new task of it begins with.

    Its tasks carry its id and the number of their date, which is unique, so that no date is ever made twice.
    """

    __tablename__ = "task_series"
    __journal_skip__ = frozenset({"version"})
    __table_args__ = (
        CheckConstraint("every >= 1", name="every_positive"),
        # What the worker looks for: series with a date of their own, whether or not the last one is done.
        Index("ix_task_series_waking", "wakes_at", "id"),
        Index("ix_task_series_by_uid", "workspace_id", "uid", unique=True),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    uid: Mapped[str | None] = uid_column()
    # Who began it: what the worker adds is added in their name.
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Set once nothing more comes because somebody said so; a series that has come to its end is not stopped.
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    # The rule: rules.recurrence.Repeat.
    unit: Mapped[Unit] = mapped_column(EnumValue(Unit, String(8)))
    every: Mapped[int] = mapped_column(SmallInteger)
    # Digits, 0 for Monday: "04" is Monday and Friday.
    weekdays: Mapped[str] = mapped_column(String(7), default="")
    nth: Mapped[int | None] = mapped_column(SmallInteger)
    is_last_day: Mapped[bool] = mapped_column(default=False)
    basis: Mapped[Basis] = mapped_column(EnumValue(Basis, String(12)))
    missed: Mapped[Missed] = mapped_column(EnumValue(Missed, String(8)))
    until_on: Mapped[date | None]
    times: Mapped[int | None] = mapped_column(SmallInteger)

    # Where it is counted from: date `anchor_n` is the day `anchor_on`, at `clock` (15:00:00) in `zone` if it has one.
    zone: Mapped[str] = mapped_column(String(64))
    anchor_on: Mapped[date]
    anchor_n: Mapped[int] = mapped_column(default=0)
    clock: Mapped[str | None] = mapped_column(String(8))

    # How far it has come: the newest date that has a task, and dates that were skipped, newest last.
    newest_n: Mapped[int] = mapped_column(default=0)
    newest_on: Mapped[date]
    skipped: Mapped[list[str]] = mapped_column(JSON, default=list)
    # When the worker has to see to it: the beginning of the next day, where that comes whatever was done.
    wakes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    # What a new task begins with. An edit of one task alone leaves it as it is.
    title: Mapped[str] = mapped_column(String(500))
    description: Mapped[str] = mapped_column(long_text(), default="")
    priority: Mapped[Priority] = mapped_column(EnumValue(Priority, SmallInteger()))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id", ondelete="SET NULL"), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"), index=True)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    estimated_minutes: Mapped[int | None]
    # How many days before it is due a task comes into sight; null where it is never hidden.
    days_ahead: Mapped[int | None]

    tags: Mapped[list[Tag]] = relationship(secondary="series_tags", lazy="raise_on_sql", order_by=Tag.name_key)


class SeriesTag(Model):
    """One tag on what a series makes."""

    __tablename__ = "series_tags"
    __journal_skip__ = frozenset()
    __table_args__ = (TABLE_OPTIONS,)

    series_id: Mapped[int] = mapped_column(ForeignKey("task_series.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True)
