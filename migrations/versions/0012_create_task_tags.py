"""Create the table task_tags."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_create_task_tags"
down_revision = "0011_create_tasks"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("task_tags"):
        op.create_table(
            "task_tags",
            sa.Column("task_id", sa.Integer(), nullable=False),
            sa.Column("tag_id", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_task_tags_tag_id_tags"), ondelete="CASCADE"),
            sa.ForeignKeyConstraint(
                ["task_id"], ["tasks.id"], name=op.f("fk_task_tags_task_id_tasks"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("task_id", "tag_id", name=op.f("pk_task_tags")),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )
    _create_index("ix_task_tags_tag_id", ["tag_id"])


def downgrade() -> None:
    op.drop_table("task_tags")


def _create_index(name: str, columns: list[str]) -> None:
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("task_tags")}:
        op.create_index(name, "task_tags", columns)
