"""Create the table reminders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030_create_reminders"
down_revision = "0029_add_reminder_habits"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("reminders"):
        op.create_table(
            "reminders",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("workspace_id", sa.Integer(), nullable=False),
            sa.Column("task_id", sa.Integer(), nullable=False),
            sa.Column("user_id", sa.Integer(), nullable=False),
            sa.Column("basis", sa.String(length=8), nullable=False),
            sa.Column("minutes_before", sa.Integer(), nullable=False),
            sa.Column("at", sa.DateTime(), nullable=True),
            sa.Column("snoozed_until", sa.DateTime(), nullable=True),
            sa.Column("created_at", sa.DateTime(), nullable=False),
            sa.Column("fires_at", sa.DateTime(), nullable=True),
            sa.Column("send_after", sa.DateTime(), nullable=True),
            sa.Column("sent_at", sa.DateTime(), nullable=True),
            sa.CheckConstraint("minutes_before >= 0", name=op.f("ck_reminders_not_after")),
            sa.ForeignKeyConstraint(
                ["task_id"], ["tasks.id"], name=op.f("fk_reminders_task_id_tasks"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["user_id"], ["users.id"], name=op.f("fk_reminders_user_id_users"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["workspace_id"],
                ["workspaces.id"],
                name=op.f("fk_reminders_workspace_id_workspaces"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )
    _create_index("ix_reminders_task_id", ["task_id", "user_id"])
    _create_index("ix_reminders_user_id", ["user_id", "id"])
    _create_index("ix_reminders_workspace_id", ["workspace_id"])
    _create_index("ix_reminders_send_after", ["send_after", "user_id"])


def downgrade() -> None:
    op.drop_table("reminders")


def _create_index(name: str, columns: list[str]) -> None:
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("reminders")}:
        op.create_index(name, "reminders", columns)
