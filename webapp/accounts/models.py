"""Tables: people, their sign-ins, and their password resets."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.storage.db import Model
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import UtcDateTime, key_text


class User(Model):
    """
    A person. One without an e-mail address is a placeholder: somebody whom an imported file named, who cannot log in.
    """

    __tablename__ = "users"
    __table_args__ = (TABLE_OPTIONS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    # Lower case: addresses that differ in case only are the same person on both engines.
    email: Mapped[str | None] = mapped_column(key_text(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    # 0 is Monday, 6 is Sunday.
    week_start: Mapped[int] = mapped_column(SmallInteger, default=0)
    number_format: Mapped[str] = mapped_column(String(16), default="1,234.5")
    # What a plain number means to sin and its like in their calculations: radians or degrees (`deg`).
    angle_mode: Mapped[str] = mapped_column(String(4), default="rad", server_default="rad")
    date_format: Mapped[str] = mapped_column(String(16), default="20 Nov 2026")
    theme: Mapped[str] = mapped_column(String(8), default="auto")
    # By the clocks of `timezone`: when a day that something is due on begins, when no reminder comes (both or neither),
    # and when the daily digest does (never, if empty).
    morning: Mapped[time] = mapped_column(default=time(9))
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    digest_time: Mapped[time | None]
    # When the worker looks at the digest next; follows from `digest_time`.
    digest_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    # When their working day ends, by the same clocks: Today says what still fits. Empty: they do not say.
    day_end: Mapped[time | None] = mapped_column(default=time(18))
    wants_mail: Mapped[bool] = mapped_column(default=True)
    # After how long a running timer is taken for forgotten, and after how long without a sign of life a browser asks
    # what to do with the time. Empty: never.
    forgotten_after_minutes: Mapped[int | None] = mapped_column(default=480)
    idle_after_minutes: Mapped[int | None]
    goal_day_minutes: Mapped[int | None]
    goal_week_minutes: Mapped[int | None]
    # Working hours (both or neither) and days, a bit for each day of the week, Monday's is 1: whoever wants to be
    # nudged is, when nothing runs in them.
    work_from: Mapped[time | None] = mapped_column(default=time(9))
    work_until: Mapped[time | None] = mapped_column(default=time(17))
    work_days: Mapped[int] = mapped_column(SmallInteger, default=0b0011111)
    wants_nudge: Mapped[bool] = mapped_column(default=False)
    # When the worker looks next whether something runs.
    nudge_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class LoginSession(Model):
    """
    One signed-in browser. The cookie holds a random key, this row its SHA-256; no row, no session.
    """

    __tablename__ = "login_sessions"
    __table_args__ = (TABLE_OPTIONS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    key_hash: Mapped[str] = mapped_column(key_text(64), unique=True)
    # The workspace this browser works in; empty means the person's own.
    workspace_id: Mapped[int | None] = mapped_column(ForeignKey("workspaces.id", ondelete="SET NULL"), index=True)
    is_remembered: Mapped[bool] = mapped_column(default=False)
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class PasswordReset(Model):
    """A link that lets its holder set a new password, once, for a while. The link holds a key, this row its SHA-256."""

    __tablename__ = "password_resets"
    __table_args__ = (TABLE_OPTIONS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    key_hash: Mapped[str] = mapped_column(key_text(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
