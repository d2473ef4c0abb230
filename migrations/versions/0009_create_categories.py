"""Create the table categories."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0009_create_categories"
down_revision = "0008_create_customers"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("categories"):
        op.create_table(
            "categories",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("workspace_id", sa.Integer(), nullable=False),
            sa.Column("name", sa.String(length=80), nullable=False),
            sa.Column(
                "name_key",
                sa.String(length=240)
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=240), "mariadb")
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=240), "mysql"),
                nullable=False,
            ),
            sa.Column("hue", sa.SmallInteger(), nullable=False),
            sa.ForeignKeyConstraint(
                ["workspace_id"],
                ["workspaces.id"],
                name=op.f("fk_categories_workspace_id_workspaces"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
            sa.UniqueConstraint("workspace_id", "name_key", name=op.f("uq_categories_workspace_id_name_key")),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )


def downgrade() -> None:
    op.drop_table("categories")
