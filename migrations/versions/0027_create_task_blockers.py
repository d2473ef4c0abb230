"""Create the table task_blockers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027_create_task_blockers"
down_revision = "0026_add_task_occurrences"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("task_blockers"):
        op.create_table(
            "task_blockers",
            sa.Column("task_id", sa.Integer(), nullable=False),
            sa.Column("blocked_by_id", sa.Integer(), nullable=False),
            sa.Column("workspace_id", sa.Integer(), nullable=False),
            sa.Column("created_at", sa.DateTime(), nullable=False),
            sa.CheckConstraint("task_id <> blocked_by_id", name=op.f("ck_task_blockers_not_itself")),
            sa.ForeignKeyConstraint(
                ["blocked_by_id"], ["tasks.id"], name=op.f("fk_task_blockers_blocked_by_id_tasks"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["task_id"], ["tasks.id"], name=op.f("fk_task_blockers_task_id_tasks"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["workspace_id"],
                ["workspaces.id"],
                name=op.f("fk_task_blockers_workspace_id_workspaces"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("task_id", "blocked_by_id", name=op.f("pk_task_blockers")),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )
    _create_index("ix_task_blockers_blocked_by_id", ["blocked_by_id"])
    _create_index("ix_task_blockers_workspace_id", ["workspace_id"])


def downgrade() -> None:
    op.drop_table("task_blockers")


def _create_index(name: str, columns: list[str]) -> None:
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("task_blockers")}:
        op.create_index(name, "task_blockers", columns)
