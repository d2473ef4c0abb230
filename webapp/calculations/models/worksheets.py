"""Tables: worksheets, their saved versions, and the links at which one version can be read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from webapp.storage.db import Model
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import UtcDateTime, key_text, long_text

LONGEST_TITLE = 160
LONGEST_ANSWER = 200


class Worksheet(Model):
    """
    Several lines that are worked out together: what a quote or an estimate is written in. It has a version at least.

    Title, text and answer are those of its newest version, so that a list and a search read one row of each.
    """

    __tablename__ = "worksheets"
    __table_args__ = (
        Index("ix_worksheets_newest", "workspace_id", "deleted_at", "updated_at", "id"),
        TABLE_OPTIONS,
    )
    # What is saved has its versions to go back to; the journal is for the rest.
    __journal_skip__ = frozenset({"title", "text", "answer", "number", "updated_at"})

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    # Who began it.
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    text: Mapped[str] = mapped_column(long_text(), deferred=True)
    # The last line that has an answer, as it was written.
    answer: Mapped[str] = mapped_column(String(LONGEST_ANSWER), default="")
    # Of the newest version.
    number: Mapped[int]
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id", ondelete="SET NULL"), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WorksheetVersion(Model):
    """
    A worksheet as it was saved once, with all its results depended on. Never changed.

    `hash` is the SHA-256 of what it says and of `previous_hash`, that of the version before it: who changes one has to
    change all after it. Who saved it is not in it, because a person can go.
    """

    __tablename__ = "worksheet_versions"
    __table_args__ = (UniqueConstraint("worksheet_id", "number"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    worksheet_id: Mapped[int] = mapped_column(ForeignKey("worksheets.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    text: Mapped[str] = mapped_column(long_text())
    # What it was worked out under: number format, angle, which day was today, the names the person keeps.
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    # Figures from the work itself, as they were then: key, words, and the value, or the code of why there was none.
    inputs: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    # One for each line: what it is, and its result or why there is none.
    results: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    answer: Mapped[str] = mapped_column(String(LONGEST_ANSWER), default="")
    engine_version: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    previous_hash: Mapped[str] = mapped_column(key_text(64), default="")
    hash: Mapped[str] = mapped_column(key_text(64))


class WorksheetLink(Model):
    """
    An address at which one version can be read without logging in, until the row is gone.

    The address holds a token, this row its SHA-256: who reads the table cannot open the version by it.
    """

    __tablename__ = "worksheet_links"
    __table_args__ = (TABLE_OPTIONS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("worksheet_versions.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(key_text(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


@event.listens_for(WorksheetVersion, "before_update")
def _refuse_changes(*_: Any) -> None:
    raise RuntimeError("A saved version of a worksheet is never changed; a change is a new version.")
