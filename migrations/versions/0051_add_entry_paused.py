"""Tell the time entry that was paused from one that was stopped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0051_add_entry_paused"
down_revision = "0050_add_comment_refs"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if "is_paused" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("time_entries")}:
        op.add_column("time_entries", sa.Column("is_paused", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("time_entries", "is_paused")
