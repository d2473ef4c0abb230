"""Create the table of the calendars that programs read at a secret address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0054_create_feeds"
down_revision = "0053_index_days_by_person"


def upgrade() -> None:
    if sa.inspect(op.get_bind()).has_table("feeds"):
        return
    op.create_table(
        "feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("view_id", sa.Integer(), nullable=True),
        sa.Column("shape", sa.String(8), nullable=False),
        sa.Column("has_time", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "token_hash",
            sa.String(64).with_variant(
                mysql.VARCHAR(64, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_feeds_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_feeds_user_id_users", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["view_id"], ["saved_views.id"], name="fk_feeds_view_id_saved_views", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
        sa.UniqueConstraint("token_hash", name="uq_feeds_token_hash"),
        sa.Index("ix_feeds_workspace_id", "workspace_id"),
        sa.Index("ix_feeds_user_id", "user_id"),
        sa.Index("ix_feeds_view_id", "view_id"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
    )


def downgrade() -> None:
    op.drop_table("feeds")
