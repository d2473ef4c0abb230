"""Tables: what a workspace finds pressing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.storage.db import Model
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import UtcDateTime


class UrgencyWeights(Model):
    """The weights of a workspace that has others than the usual ones (rules.urgency.Weights)."""

    __tablename__ = "urgency_weights"
    __table_args__ = (TABLE_OPTIONS,)
    __journal_skip__ = frozenset({"version", "updated_at"})

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True)
    # By name, as decimal strings; a weight that is not named has its usual value.
    weights: Mapped[dict[str, str]] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
