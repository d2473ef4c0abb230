"""Find records by their lasting names, and read them in that order; no two in a workspace share one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046_index_uids"
down_revision = "0045_add_uids"

_TABLES = ("customers", "task_series", "tasks", "time_entries")


def upgrade() -> None:
    # A run that was killed after a step is done again from there.
    for table in _TABLES:
        name = f"ix_{table}_by_uid"
        if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes(table)}:
            op.create_index(name, table, ["workspace_id", "uid"], unique=True)


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_index(f"ix_{table}_by_uid", table_name=table)
