"""Add to users: what they want of timers, goals, and when they work."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048_add_time_habits"
down_revision = "0047_add_entry_billable"

_COLUMNS = (
    "forgotten_after_minutes",
    "idle_after_minutes",
    "goal_day_minutes",
    "goal_week_minutes",
    "work_from",
    "work_until",
    "work_days",
    "wants_nudge",
    "nudge_due_at",
)
_INDEX = "ix_users_nudge_due_at"


def upgrade() -> None:
    # A run that was killed after a step is done again from there.
    _add_column(sa.Column("forgotten_after_minutes", sa.Integer(), server_default="480", nullable=True))
    _add_column(sa.Column("idle_after_minutes", sa.Integer(), nullable=True))
    _add_column(sa.Column("goal_day_minutes", sa.Integer(), nullable=True))
    _add_column(sa.Column("goal_week_minutes", sa.Integer(), nullable=True))
    _add_column(sa.Column("work_from", sa.Time(), server_default="09:00:00", nullable=True))
    _add_column(sa.Column("work_until", sa.Time(), server_default="17:00:00", nullable=True))
    _add_column(sa.Column("work_days", sa.SmallInteger(), server_default="31", nullable=False))
    _add_column(sa.Column("wants_nudge", sa.Boolean(), server_default="0", nullable=False))
    _add_column(sa.Column("nudge_due_at", sa.DateTime(), nullable=True))
    if _INDEX not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("users")}:
        op.create_index(_INDEX, "users", ["nudge_due_at"])


def downgrade() -> None:
    op.drop_index(_INDEX, "users")
    for column in reversed(_COLUMNS):
        op.drop_column("users", column)


def _add_column(column: sa.Column[object]) -> None:
    if column.name not in {known["name"] for known in sa.inspect(op.get_bind()).get_columns("users")}:
        op.add_column("users", column)
