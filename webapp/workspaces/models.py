"""Tables: workspaces and who belongs to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.storage.db import Model
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import EnumValue, UtcDateTime
from webapp.workspaces.rules import Role


class Workspace(Model):
    """A group of people who share every record in it. A person's own has their id in `personal_user_id`."""

    __tablename__ = "workspaces"
    __table_args__ = (TABLE_OPTIONS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    personal_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Membership(Model):
    """One person in one workspace. A placeholder appears in its records and cannot enter it."""

    __tablename__ = "memberships"
    __table_args__ = (TABLE_OPTIONS,)

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[Role] = mapped_column(EnumValue(Role, String(16)))
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
