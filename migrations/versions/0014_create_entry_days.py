"""Create the table entry_days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014_create_entry_days"
down_revision = "0013_create_time_entries"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("entry_days"):
        op.create_table(
            "entry_days",
            sa.Column("entry_id", sa.Integer(), nullable=False),
            sa.Column("day", sa.Date(), nullable=False),
            sa.Column("workspace_id", sa.Integer(), nullable=False),
            sa.Column("user_id", sa.Integer(), nullable=False),
            sa.Column("task_id", sa.Integer(), nullable=False),
            sa.Column("seconds", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                ["entry_id"], ["time_entries.id"], name=op.f("fk_entry_days_entry_id_time_entries"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["task_id"], ["tasks.id"], name=op.f("fk_entry_days_task_id_tasks"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["user_id"], ["users.id"], name=op.f("fk_entry_days_user_id_users"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["workspace_id"],
                ["workspaces.id"],
                name=op.f("fk_entry_days_workspace_id_workspaces"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("entry_id", "day", name=op.f("pk_entry_days")),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )
    _create_index("ix_entry_days_by_task", ["task_id", "day", "seconds"])
    _create_index("ix_entry_days_totals", ["workspace_id", "day", "user_id", "task_id", "seconds"])
    _create_index("ix_entry_days_user_id", ["user_id"])


def downgrade() -> None:
    op.drop_table("entry_days")


def _create_index(name: str, columns: list[str]) -> None:
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("entry_days")}:
        op.create_index(name, "entry_days", columns)
