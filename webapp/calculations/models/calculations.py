"""Tables: calculations, the chains they form, and what each of them used."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, SmallInteger, String, event, false
from sqlalchemy.orm import Mapped, mapped_column

from webapp.calculations.rules.uses import UseKind
from webapp.storage.db import Model
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.types import EnumValue, UtcDateTime, key_text, long_text
from webapp.storage.uid import uid_column


class CalculationChain(Model):
    """
    The head of what one person worked out in one workspace: how many there are, and the hash of the newest.

    It is locked while one is added, so that the chain never forks, and tells when its end is cut off.
    """

    __tablename__ = "calculation_chains"
    __table_args__ = (Index("ix_calculation_chains_person", "workspace_id", "user_id", "is_sample"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(primary_key=True)
    # In the hash of each calculation, with `person_id`: neither is ever given again.
    uid: Mapped[str | None] = uid_column()
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    # Whose it was when it began. When they delete their account, a placeholder comes to be the `user_id` of what stays.
    person_id: Mapped[int]
    # Sample work is taken out without a trace, so it has a chain of its own.
    is_sample: Mapped[bool] = mapped_column(default=False)
    length: Mapped[int] = mapped_column(default=0)
    last_hash: Mapped[str] = mapped_column(key_text(64), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Calculation(Model):
    """
    One figure somebody worked out, or tried to: who, when, from what, and the result or the refusal.

    Never changed; a revision is a new row. `hash` is over everything in `rules.chain.HASHED` and the hash of the row
    before it in its chain. What stands outside may change: whether it is hidden, and the keys that are emptied when the
    task, the customer or the revised calculation goes (what they were then is in `links`).
    """

    __tablename__ = "calculations"
    __table_args__ = (
        # A fork of a chain would give a place away twice.
        Index("uq_calculations_chain_id", "chain_id", "position", unique=True),
        Index("ix_calculations_history", "workspace_id", "id"),
        Index("ix_calculations_newest", "workspace_id", "is_hidden", "id"),
        Index("ix_calculations_by_person", "workspace_id", "user_id", "is_hidden", "id"),
        Index("ix_calculations_by_day", "workspace_id", "is_hidden", "day", "id"),
        Index("ix_calculations_by_error", "workspace_id", "is_hidden", "error_code", "id"),
        Index("ix_calculations_by_task", "task_id", "is_hidden", "id"),
        Index("ix_calculations_by_customer", "customer_id", "is_hidden", "id"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    chain_id: Mapped[int | None] = mapped_column(ForeignKey("calculation_chains.id", ondelete="CASCADE"))
    # From 1, without gaps.
    position: Mapped[int | None]
    previous_hash: Mapped[str | None] = mapped_column(key_text(64))
    hash: Mapped[str | None] = mapped_column(key_text(64))
    # A few digits of a hash of each column: no proof, but tells which one differs when `hash` does.
    checks: Mapped[str | None] = mapped_column(key_text(255))

    # An expression as typed; null where an operation and its operands were given.
    typed: Mapped[str | None] = mapped_column(long_text())
    # Empty where an expression was typed.
    operation: Mapped[str] = mapped_column(String(32), default="")
    # As typed. Of engine version 1 decimal strings: JSON numbers would be read back as floats.
    operands: Mapped[list[str]] = mapped_column(JSON, default=list)
    # With brackets; empty when it could not be read.
    reading: Mapped[str | None] = mapped_column(long_text())

    engine_version: Mapped[int] = mapped_column(SmallInteger, default=1, server_default="1")
    number_format: Mapped[str] = mapped_column(String(16), default="", server_default="")
    angle: Mapped[str] = mapped_column(String(4), default="", server_default="")
    # The person's own day: what `today` meant.
    day: Mapped[date | None]
    # {"figures": […], "names": […], "rates": […]}, see rules.inputs.
    inputs: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    # As shown; empty when it was refused. Of engine version 1 all digits.
    result: Mapped[str] = mapped_column(long_text())
    # False where the true result has no end and was rounded.
    is_exact: Mapped[bool]
    numerator: Mapped[str | None] = mapped_column(long_text())
    denominator: Mapped[str | None] = mapped_column(long_text())
    # The digits of a result that is not exact.
    digits: Mapped[str | None] = mapped_column(String(64))
    unit: Mapped[str | None] = mapped_column(long_text())
    remarks: Mapped[list[str] | None] = mapped_column(JSON)

    # Empty when there is a result.
    error_code: Mapped[str] = mapped_column(key_text(32), default="", server_default="")
    # {"message", "hint", "position", "end", "operand"} of a refusal.
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    note: Mapped[str] = mapped_column(String(200), default="")
    # What it belongs to, as it was then, as far as there is one:
    # {"task": {"id", "title"}, "customer": {"id", "name"}, "revises": {"id", "hash"}}.
    links: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    revises_id: Mapped[int | None] = mapped_column(ForeignKey("calculations.id", ondelete="SET NULL"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id", ondelete="SET NULL"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"), index=True)
    is_hidden: Mapped[bool] = mapped_column(default=False, server_default=false())
    hidden_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CalculationUse(Model):
    """
    One thing that a calculation used: an operation, a function, a name, a figure from the work.

    Written with the calculation, so that the numbers about calculations count rows and read no text.
    """

    __tablename__ = "calculation_uses"
    __table_args__ = (
        Index("ix_calculation_uses_by_day", "workspace_id", "is_hidden", "day", "kind", "name"),
        Index("ix_calculation_uses_by_person", "workspace_id", "user_id", "is_hidden", "day", "kind", "name"),
        Index("ix_calculation_uses_of", "workspace_id", "kind", "name", "is_hidden", "calculation_id"),
        TABLE_OPTIONS,
    )

    kind: Mapped[UseKind] = mapped_column(EnumValue(UseKind, key_text(12)), primary_key=True)
    name: Mapped[str] = mapped_column(key_text(100), primary_key=True)
    calculation_id: Mapped[int] = mapped_column(
        ForeignKey("calculations.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    is_hidden: Mapped[bool] = mapped_column(default=False, server_default=false())


@event.listens_for(Calculation, "before_update")
def _refuse_changes(*_: Any) -> None:
    raise RuntimeError("A calculation is never changed; a revision is a new row.")
