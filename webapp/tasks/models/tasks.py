"""Tables: tasks, their categories and tags."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.models import User
from webapp.customers.models import Customer
from webapp.storage.db import Model
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import EnumValue, UtcDateTime, key_text, long_text
from webapp.storage.uid import uid_column
from webapp.tasks.rules.due import NO_DUE as NO_DUE
from webapp.tasks.rules.tasks import NO_ESTIMATE as NO_ESTIMATE
from webapp.values.priority import Priority
from webapp.values.status import Status


class Category(Model):
    """What kind of work a task is; at most one a task."""

    __tablename__ = "categories"
    __journal_skip__ = frozenset()
    __journal_is_shared__ = True
    __table_args__ = (UniqueConstraint("workspace_id", "name_key"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(key_text(240))
    # 1 to 8 (rules.tasks.HUES): one of the palette’s hues.
    hue: Mapped[int] = mapped_column(SmallInteger, default=1)


class Tag(Model):
    """A word on a task; any number a task."""

    __tablename__ = "tags"
    __journal_skip__ = frozenset()
    __journal_is_shared__ = True
    __table_args__ = (UniqueConstraint("workspace_id", "name_key"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(key_text(240))
    # As of a category; most have none.
    hue: Mapped[int | None] = mapped_column(SmallInteger)


class TaskTag(Model):
    """One tag on one task."""

    __tablename__ = "task_tags"
    __journal_skip__ = frozenset({"due_sort", "priority", "created_at", "updated_at", "is_deleted"})
    __table_args__ = (
        # What has one tag, in each order that a list of it is asked for.
        Index("ix_task_tags_by_due", "tag_id", "is_deleted", "due_sort", "task_id"),
        Index("ix_task_tags_by_priority", "tag_id", "is_deleted", "priority", "created_at", "task_id"),
        Index("ix_task_tags_by_created", "tag_id", "is_deleted", "created_at", "task_id"),
        Index("ix_task_tags_by_updated", "tag_id", "is_deleted", "updated_at", "task_id"),
        TABLE_OPTIONS,
    )

    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True)
    # The task's own, kept in step by operations.derived; null for the moment between the two.
    due_sort: Mapped[datetime | None] = mapped_column(UtcDateTime)
    priority: Mapped[int | None] = mapped_column(SmallInteger)
    created_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_deleted: Mapped[bool] = mapped_column(default=False, server_default=false())


class Task(Model):
    """
    One piece of work.

    It is due either on a day (`due_on`, over when the person's local day has ended) or at an instant (`due_at`).
    In the trash while `deleted_at` is set.
    """

    __tablename__ = "tasks"
    __journal_skip__ = frozenset(
        {"version", "updated_at", "tracked_seconds", "tag_list", "has_subtasks", "has_blockers", "extra"}
    )
    # A date of a series that is taken back is free for another task.
    __journal_removal__ = {"is_deleted": True, "series_id": None, "occurrence": None}
    __table_args__ = (
        UniqueConstraint("workspace_id", "source", "source_ref"),
        CheckConstraint("due_on IS NULL OR due_at IS NULL", name="due_once"),
        CheckConstraint("estimated_minutes >= 0", name="estimate_positive"),
        CheckConstraint("tracked_seconds >= 0", name="tracked_positive"),
        # One index a sort order of the list: it covers who may see, what is not in the trash, and the order.
        Index("ix_tasks_by_created", "workspace_id", "is_deleted", "created_at", "id"),
        Index("ix_tasks_by_updated", "workspace_id", "is_deleted", "updated_at", "id"),
        Index("ix_tasks_by_due", "workspace_id", "is_deleted", "due_sort", "id"),
        Index("ix_tasks_by_priority", "workspace_id", "is_deleted", "priority", "created_at", "id"),
        Index("ix_tasks_by_estimate", "workspace_id", "is_deleted", "estimate_sort", "id"),
        Index("ix_tasks_by_title", "workspace_id", "is_deleted", "title_key", "id"),
        Index("ix_tasks_by_status_created", "workspace_id", "is_deleted", "status", "created_at", "id"),
        Index("ix_tasks_by_status_due", "workspace_id", "is_deleted", "status", "due_sort", "id"),
        Index("ix_tasks_by_status_priority", "workspace_id", "is_deleted", "status", "priority", "created_at", "id"),
        # And one for each order of what is of one kind.
        Index("ix_tasks_by_status_updated", "workspace_id", "is_deleted", "status", "updated_at", "id"),
        Index("ix_tasks_by_category", "workspace_id", "is_deleted", "category_id", "created_at", "id"),
        # What a customer's tasks add up to, without reading them.
        Index("ix_tasks_customer_totals", "customer_id", "is_deleted", "status", "tracked_seconds"),
        Index("ix_tasks_by_category_due", "workspace_id", "is_deleted", "category_id", "due_sort", "id"),
        Index(
            "ix_tasks_by_category_priority", "workspace_id", "is_deleted", "category_id", "priority", "created_at", "id"
        ),
        Index("ix_tasks_by_category_updated", "workspace_id", "is_deleted", "category_id", "updated_at", "id"),
        Index("ix_tasks_by_priority_due", "workspace_id", "is_deleted", "priority", "due_sort", "id"),
        Index("ix_tasks_by_priority_updated", "workspace_id", "is_deleted", "priority", "updated_at", "id"),
        Index("ix_tasks_by_customer", "workspace_id", "is_deleted", "customer_id", "created_at", "id"),
        Index("ix_tasks_by_customer_due", "workspace_id", "is_deleted", "customer_id", "due_sort", "id"),
        Index(
            "ix_tasks_by_customer_priority", "workspace_id", "is_deleted", "customer_id", "priority", "created_at", "id"
        ),
        Index("ix_tasks_by_customer_updated", "workspace_id", "is_deleted", "customer_id", "updated_at", "id"),
        # What has no due day.
        Index("ix_tasks_by_due_created", "workspace_id", "is_deleted", "due_sort", "created_at", "id"),
        Index("ix_tasks_by_due_priority", "workspace_id", "is_deleted", "due_sort", "priority", "created_at", "id"),
        Index("ix_tasks_by_due_updated", "workspace_id", "is_deleted", "due_sort", "updated_at", "id"),
        # The dashboards: what was finished, and what was begun, in a period. They hold all that is added up, so that
        # the rows themselves, with their long texts, are not read: at 100,000 tasks a fifth of the time.
        Index(
            "ix_tasks_by_completed_on",
            "workspace_id",
            "is_deleted",
            "completed_on",
            "category_id",
            "assignee_id",
            "estimated_minutes",
            "tracked_seconds",
            "due_on",
            "due_at",
            "completed_at",
        ),
        Index(
            "ix_tasks_by_created_on",
            "workspace_id",
            "is_deleted",
            "created_on",
            "status",
            "category_id",
            "assignee_id",
        ),
        Index("ix_tasks_by_uid", "workspace_id", "uid", unique=True),
        # One task a date: what makes the next one may be tried by several at once.
        Index("ix_tasks_by_series", "series_id", "occurrence", unique=True),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(500))
    # The beginning of the title as it is sorted (values.text.name_key, cut).
    title_key: Mapped[str] = mapped_column(key_text(120))
    description: Mapped[str] = mapped_column(long_text(), default="")
    status: Mapped[Status] = mapped_column(EnumValue(Status, String(8)), default=Status.TODO)
    priority: Mapped[Priority] = mapped_column(EnumValue(Priority, SmallInteger()), default=Priority.MEDIUM)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id", ondelete="SET NULL"), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"), index=True)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    # The task it is a part of, never itself nor a part of itself (operations.parents).
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id", ondelete="SET NULL"), index=True)
    # Where it stands among the parts of its parent, smallest first; of two that are equal the older first.
    position: Mapped[int] = mapped_column(default=0)
    # Out of sight until that day.
    starts_on: Mapped[date | None]
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # due_at, or the last second of due_on read as UTC, or NO_DUE: one column that is never empty can be paged through.
    due_sort: Mapped[datetime] = mapped_column(UtcDateTime, default=NO_DUE)
    estimated_minutes: Mapped[int | None]
    estimate_sort: Mapped[int] = mapped_column(default=NO_ESTIMATE)
    # The sum of the entries' seconds, written with them in one transaction.
    tracked_seconds: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The local day of whoever created or completed it: dashboards group by these plain columns.
    created_on: Mapped[date]
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_on: Mapped[date | None]
    is_deleted: Mapped[bool] = mapped_column(default=False)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    uid: Mapped[str | None] = uid_column()
    # Where an imported task came from and what it is called there; importing it again finds this row.
    source: Mapped[str | None] = mapped_column(key_text(80))
    source_ref: Mapped[str | None] = mapped_column(key_text(160))
    # What the row was when it was last imported (operations.intake): tells what has been changed here since.
    source_hash: Mapped[str | None] = mapped_column(key_text(32))
    # What the other program says about it and no column here holds: pairs of a name and a value as JSON text.
    extra: Mapped[list[list[str]] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    # What it is a date of, and which (models.series).
    series_id: Mapped[int | None] = mapped_column(ForeignKey("task_series.id", ondelete="SET NULL"))
    occurrence: Mapped[int | None]
    # Kept in step by operations.derived, so that a list need not look for what most tasks have none of: the ids of the
    # tags, joined by commas; whether it ever had parts, and whether it ever waited for others.
    tag_list: Mapped[str] = mapped_column(key_text(255), default="", server_default="")
    has_subtasks: Mapped[bool] = mapped_column(default=False, server_default=false())
    has_blockers: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    category: Mapped[Category | None] = relationship(lazy="raise_on_sql")
    customer: Mapped[Customer | None] = relationship(lazy="raise_on_sql")
    assignee: Mapped[User | None] = relationship(lazy="raise_on_sql")
    parent: Mapped[Task | None] = relationship(lazy="raise_on_sql", remote_side="Task.id")
    tags: Mapped[list[Tag]] = relationship(secondary="task_tags", lazy="raise_on_sql", order_by=Tag.name_key)
