"""Tables: customers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from webapp.customers.rules import LONGEST_NAME_KEY
from webapp.storage.db import Model
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import UtcDateTime, key_text, long_text
from webapp.storage.uid import uid_column


class Customer(Model):
    """Somebody work is done for. Archived, they are kept with all their work and offered no more."""

    __tablename__ = "customers"
    __journal_skip__ = frozenset({"version", "updated_at"})
    __table_args__ = (
        Index("ix_customers_by_name", "workspace_id", "name_key", "id"),
        Index("ix_customers_by_archive", "workspace_id", "is_archived", "name_key", "id"),
        Index("ix_customers_by_uid", "workspace_id", "uid", unique=True),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    uid: Mapped[str | None] = uid_column()
    name: Mapped[str] = mapped_column(String(160))
    # The name as it is compared and sorted (values.text.name_key).
    name_key: Mapped[str] = mapped_column(key_text(LONGEST_NAME_KEY))
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    company: Mapped[str] = mapped_column(String(160), default="")
    notes: Mapped[str] = mapped_column(long_text(), default="")
    # What an hour costs, in hundredths of the currency (ISO 4217).
    rate_cents: Mapped[int | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    is_archived: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def hourly_rate(self) -> Decimal | None:
        """What an hour costs, in the currency."""
        return None if self.rate_cents is None else Decimal(self.rate_cents) / 100

    @property
    def is_billed_by_hour(self) -> bool:
        """Whether an hour of work for them costs something: time spent for them is then proposed as billable."""
        return bool(self.rate_cents)
