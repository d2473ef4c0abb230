"""Create the table of the names and functions that people keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0063_create_calculation_names"
down_revision = "0062_add_angle_mode"


def upgrade() -> None:
    if sa.inspect(op.get_bind()).has_table("calculation_names"):
        return
    op.create_table(
        "calculation_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "name",
            sa.String(60).with_variant(
                mysql.VARCHAR(60, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb"), nullable=False),
        sa.Column("number_format", sa.String(16), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("shown", sa.String(200), nullable=False),
        sa.Column("calculation_id", sa.Integer(), nullable=True),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_calculation_names_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_calculation_names_user_id_users", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["calculation_id"],
            ["calculations.id"],
            name="fk_calculation_names_calculation_id_calculations",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_calculation_names"),
        sa.UniqueConstraint("workspace_id", "user_id", "name", name="uq_calculation_names_workspace_id_user_id_name"),
        sa.Index("ix_calculation_names_user_id", "user_id"),
        sa.Index("ix_calculation_names_calculation_id", "calculation_id"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
    )


def downgrade() -> None:
    op.drop_table("calculation_names")
