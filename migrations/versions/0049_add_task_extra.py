"""Let a task keep what the program it came from says about it and no column here holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049_add_task_extra"
down_revision = "0048_add_time_habits"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if "extra" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("tasks")}:
        op.add_column("tasks", sa.Column("extra", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("tasks", "extra")
