"""Tables: the words by which tasks are found."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.storage.db import Model
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import key_text
from webapp.tasks.rules.words import LONGEST_WORD


class TaskWord(Model):
    """One word of a task (rules.words), written with the task and never by itself (operations.words)."""

    __tablename__ = "task_words"
    __table_args__ = (Index("ix_task_words_by_task", "task_id", "word"), TABLE_OPTIONS)

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(key_text(LONGEST_WORD), primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True)
