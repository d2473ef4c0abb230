"""Create the table notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0022_create_notices"
down_revision = "0021_create_change_rows"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("notices"):
        op.create_table(
            "notices",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("user_id", sa.Integer(), nullable=False),
            sa.Column("workspace_id", sa.Integer(), nullable=False),
            sa.Column("kind", sa.String(length=32), nullable=False),
            sa.Column("text", sa.String(length=300), nullable=False),
            sa.Column("address", sa.String(length=300), nullable=True),
            sa.Column("dedupe_key", _key_text(120), nullable=True),
            sa.Column("is_read", sa.Boolean(), nullable=False),
            sa.Column("read_at", sa.DateTime(), nullable=True),
            sa.Column("created_at", sa.DateTime(), nullable=False),
            sa.ForeignKeyConstraint(
                ["user_id"], ["users.id"], name=op.f("fk_notices_user_id_users"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["workspace_id"],
                ["workspaces.id"],
                name=op.f("fk_notices_workspace_id_workspaces"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
            sa.UniqueConstraint("user_id", "dedupe_key", name=op.f("uq_notices_user_id_dedupe_key")),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )
    _create_index("ix_notices_by_person", ["user_id", "id"])
    _create_index("ix_notices_unread", ["user_id", "is_read", "id"])
    _create_index("ix_notices_workspace_id", ["workspace_id", "user_id"])
    _create_index("ix_notices_created_at", ["created_at"])


def downgrade() -> None:
    op.drop_table("notices")


def _key_text(length: int) -> sa.types.TypeEngine[str]:
    binary = mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin")
    return sa.String(length).with_variant(binary, "mysql", "mariadb")


def _create_index(name: str, columns: list[str]) -> None:
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("notices")}:
        op.create_index(name, "notices", columns)
