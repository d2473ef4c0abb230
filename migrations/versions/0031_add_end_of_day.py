"""Add to users: when their working day ends."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031_add_end_of_day"
down_revision = "0030_create_reminders"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if "day_end" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("users")}:
        op.add_column("users", sa.Column("day_end", sa.Time(), server_default="18:00:00", nullable=True))


def downgrade() -> None:
    op.drop_column("users", "day_end")
