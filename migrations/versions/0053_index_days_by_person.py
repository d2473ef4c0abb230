"""Index entries and what each day took by whose they are: a timesheet reads its own days only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053_index_days_by_person"
down_revision = "0052_create_forgotten_timers"

DAYS, OLD = "ix_entry_days_by_person", "ix_entry_days_user_id"
ENTRIES = "ix_time_entries_by_person_day"


def upgrade() -> None:
    there = _index_names("entry_days")
    if DAYS not in there:
        op.create_index(DAYS, "entry_days", ["user_id", "day", "workspace_id", "task_id", "seconds"])
    # The new one backs the foreign key, too.
    if OLD in there:
        op.drop_index(OLD, "entry_days")
    if ENTRIES not in _index_names("time_entries"):
        op.create_index(ENTRIES, "time_entries", ["user_id", "day", "id"])


def downgrade() -> None:
    there = _index_names("entry_days")
    if OLD not in there:
        op.create_index(OLD, "entry_days", ["user_id"])
    if DAYS in there:
        op.drop_index(DAYS, "entry_days")
    if ENTRIES in _index_names("time_entries"):
        op.drop_index(ENTRIES, "time_entries")


def _index_names(table: str) -> set[str | None]:
    return {index["name"] for index in sa.inspect(op.get_bind()).get_indexes(table)}
