"""Add to customers: what an hour costs, and whether they are archived."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034_add_customer_terms"
down_revision = "0033_create_attachments"

_INDEX = "ix_customers_by_archive"


def upgrade() -> None:
    # A run that was killed after a step is done again from there.
    _add_column(sa.Column("rate_cents", sa.Integer(), nullable=True))
    _add_column(sa.Column("currency", sa.String(length=3), nullable=True))
    _add_column(sa.Column("is_archived", sa.Boolean(), server_default=sa.false(), nullable=False))
    if _INDEX not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("customers")}:
        op.create_index(_INDEX, "customers", ["workspace_id", "is_archived", "name_key", "id"])


def downgrade() -> None:
    op.drop_index(_INDEX, "customers")
    for column in ("is_archived", "currency", "rate_cents"):
        op.drop_column("customers", column)


def _add_column(column: sa.Column[object]) -> None:
    if column.name not in {known["name"] for known in sa.inspect(op.get_bind()).get_columns("customers")}:
        op.add_column("customers", column)
