"""Create the table login_sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0004_create_login_sessions"
down_revision = "0003_create_memberships"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("login_sessions"):
        op.create_table(
            "login_sessions",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("user_id", sa.Integer(), nullable=False),
            sa.Column(
                "key_hash",
                sa.String(length=64)
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=64), "mariadb")
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=64), "mysql"),
                nullable=False,
            ),
            sa.Column("workspace_id", sa.Integer(), nullable=True),
            sa.Column("is_remembered", sa.Boolean(), nullable=False),
            sa.Column("user_agent", sa.String(length=200), nullable=False),
            sa.Column("created_at", sa.DateTime(), nullable=False),
            sa.Column("seen_at", sa.DateTime(), nullable=False),
            sa.Column("expires_at", sa.DateTime(), nullable=False),
            sa.ForeignKeyConstraint(
                ["user_id"], ["users.id"], name=op.f("fk_login_sessions_user_id_users"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["workspace_id"],
                ["workspaces.id"],
                name=op.f("fk_login_sessions_workspace_id_workspaces"),
                ondelete="SET NULL",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
            sa.UniqueConstraint("key_hash", name=op.f("uq_login_sessions_key_hash")),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )
    _create_index("ix_login_sessions_expires_at", ["expires_at"])
    _create_index("ix_login_sessions_user_id", ["user_id"])
    _create_index("ix_login_sessions_workspace_id", ["workspace_id"])


def downgrade() -> None:
    op.drop_table("login_sessions")


def _create_index(name: str, columns: list[str]) -> None:
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("login_sessions")}:
        op.create_index(name, "login_sessions", columns)
