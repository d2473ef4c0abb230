"""Index the links between tasks by the task that waits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044_index_links_by_task"
down_revision = "0043_add_notice_snooze_address"

NEW, OLD = "ix_task_blockers_by_task", "ix_task_blockers_workspace_id"


def upgrade() -> None:
    there = _index_names()
    if NEW not in there:
        op.create_index(NEW, "task_blockers", ["workspace_id", "task_id", "blocked_by_id"])
    # The new one backs the foreign key, too.
    if OLD in there:
        op.drop_index(OLD, "task_blockers")


def downgrade() -> None:
    there = _index_names()
    if OLD not in there:
        op.create_index(OLD, "task_blockers", ["workspace_id"])
    if NEW in there:
        op.drop_index(NEW, "task_blockers")


def _index_names() -> set[str | None]:
    return {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("task_blockers")}
