"""Create the table time_entries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0013_create_time_entries"
down_revision = "0012_create_task_tags"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("time_entries"):
        op.create_table(
            "time_entries",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("workspace_id", sa.Integer(), nullable=False),
            sa.Column("task_id", sa.Integer(), nullable=False),
            sa.Column("user_id", sa.Integer(), nullable=False),
            sa.Column("started_at", sa.DateTime(), nullable=True),
            sa.Column("ended_at", sa.DateTime(), nullable=True),
            sa.Column("day", sa.Date(), nullable=False),
            sa.Column("seconds", sa.Integer(), nullable=False),
            sa.Column("interrupted_seconds", sa.Integer(), nullable=False),
            sa.Column("zone", sa.String(length=64), nullable=False),
            sa.Column("note", sa.String(length=500), nullable=False),
            sa.Column("running_user_id", sa.Integer(), nullable=True),
            sa.Column(
                "source",
                sa.String(length=80)
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=80), "mariadb")
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=80), "mysql"),
                nullable=True,
            ),
            sa.Column(
                "source_ref",
                sa.String(length=160)
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=160), "mariadb")
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=160), "mysql"),
                nullable=True,
            ),
            sa.Column(
                "source_hash",
                sa.String(length=32)
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=32), "mariadb")
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=32), "mysql"),
                nullable=True,
            ),
            sa.Column("created_at", sa.DateTime(), nullable=False),
            sa.Column("updated_at", sa.DateTime(), nullable=False),
            sa.Column("deleted_at", sa.DateTime(), nullable=True),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.CheckConstraint(
                "ended_at IS NULL OR ended_at >= started_at", name=op.f("ck_time_entries_ends_after_start")
            ),
            sa.CheckConstraint(
                "seconds >= 0 AND interrupted_seconds >= 0", name=op.f("ck_time_entries_lengths_positive")
            ),
            sa.ForeignKeyConstraint(
                ["task_id"], ["tasks.id"], name=op.f("fk_time_entries_task_id_tasks"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["user_id"], ["users.id"], name=op.f("fk_time_entries_user_id_users"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["workspace_id"],
                ["workspaces.id"],
                name=op.f("fk_time_entries_workspace_id_workspaces"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_time_entries")),
            sa.UniqueConstraint("running_user_id", name=op.f("uq_time_entries_running_user_id")),
            sa.UniqueConstraint(
                "workspace_id", "source", "source_ref", name=op.f("uq_time_entries_workspace_id_source_source_ref")
            ),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )
    _create_index("ix_time_entries_by_day", ["workspace_id", "day", "id"])
    _create_index("ix_time_entries_by_person", ["user_id", "started_at"])
    _create_index("ix_time_entries_by_task", ["task_id", "day", "id"])


def downgrade() -> None:
    op.drop_table("time_entries")


def _create_index(name: str, columns: list[str]) -> None:
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("time_entries")}:
        op.create_index(name, "time_entries", columns)
