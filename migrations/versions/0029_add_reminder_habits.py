"""Add to users: when they want to be reminded, and when not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029_add_reminder_habits"
down_revision = "0028_create_urgency_weights"

_COLUMNS = ("morning", "quiet_from", "quiet_until", "digest_time", "digest_due_at", "wants_mail")


def upgrade() -> None:
    # A run that was killed after a step is done again from there.
    _add_column(sa.Column("morning", sa.Time(), server_default="09:00:00", nullable=False))
    _add_column(sa.Column("quiet_from", sa.Time(), nullable=True))
    _add_column(sa.Column("quiet_until", sa.Time(), nullable=True))
    _add_column(sa.Column("digest_time", sa.Time(), nullable=True))
    _add_column(sa.Column("digest_due_at", sa.DateTime(), nullable=True))
    _add_column(sa.Column("wants_mail", sa.Boolean(), server_default="1", nullable=False))
    if "ix_users_digest_due_at" not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("users")}:
        op.create_index("ix_users_digest_due_at", "users", ["digest_due_at"])


def downgrade() -> None:
    op.drop_index("ix_users_digest_due_at", "users")
    for column in reversed(_COLUMNS):
        op.drop_column("users", column)


def _add_column(column: sa.Column[object]) -> None:
    if column.name not in {known["name"] for known in sa.inspect(op.get_bind()).get_columns("users")}:
        op.add_column("users", column)
