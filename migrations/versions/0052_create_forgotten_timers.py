"""Create the table of timers that ran so long that their owner was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0052_create_forgotten_timers"
down_revision = "0051_add_entry_paused"


def upgrade() -> None:
    if sa.inspect(op.get_bind()).has_table("forgotten_timers"):
        return
    op.create_table(
        "forgotten_timers",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column(
            "reason",
            sa.String(16).with_variant(
                mysql.VARCHAR(16, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
            ),
            nullable=False,
        ),
        sa.Column("told_at", sa.DateTime(), nullable=False),
        sa.Column("is_kept", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["time_entries.id"], name="fk_forgotten_timers_entry_id_time_entries", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_id", name="pk_forgotten_timers"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
    )


def downgrade() -> None:
    op.drop_table("forgotten_timers")
