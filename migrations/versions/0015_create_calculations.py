"""Create the table calculations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0015_create_calculations"
down_revision = "0014_create_entry_days"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("calculations"):
        op.create_table(
            "calculations",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("workspace_id", sa.Integer(), nullable=False),
            sa.Column("user_id", sa.Integer(), nullable=False),
            sa.Column("operation", sa.String(length=32), nullable=False),
            sa.Column("operands", sa.JSON(), nullable=False),
            sa.Column(
                "result",
                sa.Text().with_variant(mysql.MEDIUMTEXT(), "mariadb").with_variant(mysql.MEDIUMTEXT(), "mysql"),
                nullable=False,
            ),
            sa.Column("is_exact", sa.Boolean(), nullable=False),
            sa.Column("note", sa.String(length=200), nullable=False),
            sa.Column("revises_id", sa.Integer(), nullable=True),
            sa.Column("created_at", sa.DateTime(), nullable=False),
            sa.ForeignKeyConstraint(
                ["revises_id"],
                ["calculations.id"],
                name=op.f("fk_calculations_revises_id_calculations"),
                ondelete="SET NULL",
            ),
            sa.ForeignKeyConstraint(
                ["user_id"], ["users.id"], name=op.f("fk_calculations_user_id_users"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["workspace_id"],
                ["workspaces.id"],
                name=op.f("fk_calculations_workspace_id_workspaces"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_calculations")),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )
    _create_index("ix_calculations_history", ["workspace_id", "id"])
    _create_index("ix_calculations_revises_id", ["revises_id"])
    _create_index("ix_calculations_user_id", ["user_id"])


def downgrade() -> None:
    op.drop_table("calculations")


def _create_index(name: str, columns: list[str]) -> None:
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("calculations")}:
        op.create_index(name, "calculations", columns)
