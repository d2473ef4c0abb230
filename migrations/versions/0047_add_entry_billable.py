"""Let time entries be billable."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0047_add_entry_billable"
down_revision = "0046_index_uids"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if "is_billable" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("time_entries")}:
        op.add_column("time_entries", sa.Column("is_billable", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("time_entries", "is_billable")
