"""Create the table of what each calculation used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0061_create_calculation_uses"
down_revision = "0060_add_calculation_record"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if sa.inspect(op.get_bind()).has_table("calculation_uses"):
        return
    op.create_table(
        "calculation_uses",
        sa.Column("kind", _key(12), nullable=False),
        sa.Column("name", _key(100), nullable=False),
        sa.Column("calculation_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calculation_id"],
            ["calculations.id"],
            name="fk_calculation_uses_calculation_id_calculations",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_calculation_uses_workspace_id_workspaces", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_calculation_uses_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kind", "name", "calculation_id", name="pk_calculation_uses"),
        sa.Index("ix_calculation_uses_calculation_id", "calculation_id"),
        sa.Index("ix_calculation_uses_user_id", "user_id"),
        sa.Index("ix_calculation_uses_by_day", "workspace_id", "is_hidden", "day", "kind", "name"),
        sa.Index("ix_calculation_uses_by_person", "workspace_id", "user_id", "is_hidden", "day", "kind", "name"),
        sa.Index("ix_calculation_uses_of", "workspace_id", "kind", "name", "is_hidden", "calculation_id"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mysql_collate="utf8mb4_unicode_520_ci",
    )


def downgrade() -> None:
    op.drop_table("calculation_uses")


def _key(length: int) -> sa.types.TypeEngine[str]:
    binary = mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin")
    return sa.String(length).with_variant(binary, "mysql", "mariadb")
