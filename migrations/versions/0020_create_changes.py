"""Create the table changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0020_create_changes"
down_revision = "0019_create_sample_records"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("changes"):
        op.create_table(
            "changes",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("workspace_id", sa.Integer(), nullable=False),
            sa.Column("user_id", sa.Integer(), nullable=True),
            sa.Column("at", sa.DateTime(), nullable=False),
            sa.Column("kind", _key_text(40), nullable=False),
            sa.Column("summary", sa.String(length=300), nullable=False),
            sa.Column("rows_count", sa.Integer(), nullable=False),
            sa.Column("address", sa.String(length=200), nullable=True),
            sa.Column("undone_at", sa.DateTime(), nullable=True),
            sa.Column("undo_of_id", sa.Integer(), nullable=True),
            sa.ForeignKeyConstraint(
                ["undo_of_id"], ["changes.id"], name=op.f("fk_changes_undo_of_id_changes"), ondelete="SET NULL"
            ),
            sa.ForeignKeyConstraint(
                ["user_id"], ["users.id"], name=op.f("fk_changes_user_id_users"), ondelete="SET NULL"
            ),
            sa.ForeignKeyConstraint(
                ["workspace_id"], ["workspaces.id"], name=op.f("fk_changes_workspace_id_workspaces"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )
    _create_index("ix_changes_newest", ["workspace_id", "id"])
    _create_index("ix_changes_user_id", ["user_id"])
    _create_index("ix_changes_undo_of_id", ["undo_of_id"])


def downgrade() -> None:
    op.drop_table("changes")


def _create_index(name: str, columns: list[str]) -> None:
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("changes")}:
        op.create_index(name, "changes", columns)


def _key_text(length: int) -> sa.types.TypeEngine[str]:
    binary = mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin")
    return sa.String(length).with_variant(binary, "mysql", "mariadb")
