"""Create the table customers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0008_create_customers"
down_revision = "0007_create_outbox_jobs"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("customers"):
        op.create_table(
            "customers",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("workspace_id", sa.Integer(), nullable=False),
            sa.Column("name", sa.String(length=160), nullable=False),
            sa.Column(
                "name_key",
                sa.String(length=480)
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=480), "mariadb")
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=480), "mysql"),
                nullable=False,
            ),
            sa.Column("email", sa.String(length=254), nullable=False),
            sa.Column("phone", sa.String(length=40), nullable=False),
            sa.Column("company", sa.String(length=160), nullable=False),
            sa.Column(
                "notes",
                sa.Text().with_variant(mysql.MEDIUMTEXT(), "mariadb").with_variant(mysql.MEDIUMTEXT(), "mysql"),
                nullable=False,
            ),
            sa.Column("created_at", sa.DateTime(), nullable=False),
            sa.Column("updated_at", sa.DateTime(), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                ["workspace_id"],
                ["workspaces.id"],
                name=op.f("fk_customers_workspace_id_workspaces"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )
    _create_index("ix_customers_by_name", ["workspace_id", "name_key", "id"])


def downgrade() -> None:
    op.drop_table("customers")


def _create_index(name: str, columns: list[str]) -> None:
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("customers")}:
        op.create_index(name, "customers", columns)
