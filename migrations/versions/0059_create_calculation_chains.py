"""Create the table of the heads of the chains that calculations form."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0059_create_calculation_chains"
down_revision = "0058_create_worksheet_links"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if sa.inspect(op.get_bind()).has_table("calculation_chains"):
        return
    op.create_table(
        "calculation_chains",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", _key(32), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("last_hash", _key(64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name="fk_calculation_chains_workspace_id_workspaces",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_calculation_chains_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_calculation_chains"),
        sa.Index("ix_calculation_chains_person", "workspace_id", "user_id", "is_sample"),
        sa.Index("ix_calculation_chains_user_id", "user_id"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
    )


def downgrade() -> None:
    op.drop_table("calculation_chains")


def _key(length: int) -> sa.types.TypeEngine[str]:
    binary = mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin")
    return sa.String(length).with_variant(binary, "mysql", "mariadb")
