"""Create the table of the addresses at which one version of a worksheet can be read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0058_create_worksheet_links"
down_revision = "0057_create_worksheet_versions"


def upgrade() -> None:
    if sa.inspect(op.get_bind()).has_table("worksheet_links"):
        return
    op.create_table(
        "worksheet_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "token_hash",
            sa.String(64).with_variant(
                mysql.VARCHAR(64, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_worksheet_links_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["worksheet_versions.id"],
            name="fk_worksheet_links_version_id_worksheet_versions",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_worksheet_links_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_worksheet_links"),
        sa.UniqueConstraint("token_hash", name="uq_worksheet_links_token_hash"),
        sa.Index("ix_worksheet_links_workspace_id", "workspace_id"),
        sa.Index("ix_worksheet_links_version_id", "version_id"),
        sa.Index("ix_worksheet_links_user_id", "user_id"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
    )


def downgrade() -> None:
    op.drop_table("worksheet_links")
