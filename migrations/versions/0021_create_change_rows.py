"""Create the table change_rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0021_create_change_rows"
down_revision = "0020_create_changes"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("change_rows"):
        op.create_table(
            "change_rows",
            sa.Column("change_id", sa.Integer(), nullable=False),
            sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column("task_id", sa.Integer(), nullable=True),
            sa.Column("table_name", _key_text(40), nullable=False),
            sa.Column("row_key", _key_text(80), nullable=False),
            sa.Column("before", sa.JSON(), nullable=True),
            sa.Column("after", sa.JSON(), nullable=True),
            sa.ForeignKeyConstraint(
                ["change_id"], ["changes.id"], name=op.f("fk_change_rows_change_id_changes"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["task_id"], ["tasks.id"], name=op.f("fk_change_rows_task_id_tasks"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("change_id", "position", name=op.f("pk_change_rows")),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )
    _create_index("ix_change_rows_by_task", ["task_id", "change_id"])
    _create_index("ix_change_rows_by_row", ["table_name", "row_key", "change_id"])


def downgrade() -> None:
    op.drop_table("change_rows")


def _create_index(name: str, columns: list[str]) -> None:
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("change_rows")}:
        op.create_index(name, "change_rows", columns)


def _key_text(length: int) -> sa.types.TypeEngine[str]:
    binary = mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin")
    return sa.String(length).with_variant(binary, "mysql", "mariadb")
