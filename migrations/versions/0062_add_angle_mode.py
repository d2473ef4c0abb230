"""Let a person say what a plain number means to sines and their like."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0062_add_angle_mode"
down_revision = "0061_create_calculation_uses"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if "angle_mode" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("users")}:
        op.add_column("users", sa.Column("angle_mode", sa.String(4), server_default="rad", nullable=False))


def downgrade() -> None:
    op.drop_column("users", "angle_mode")
