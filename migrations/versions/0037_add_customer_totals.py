"""Add the index that a customer's tasks are added up by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037_add_customer_totals"
down_revision = "0036_add_calculation_customer"

_INDEX = "ix_tasks_customer_totals"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if _INDEX not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("tasks")}:
        op.create_index(_INDEX, "tasks", ["customer_id", "is_deleted", "status", "tracked_seconds"])


def downgrade() -> None:
    op.drop_index(_INDEX, "tasks")
