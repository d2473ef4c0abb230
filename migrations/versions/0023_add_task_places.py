"""Add to tasks: when they start, what they are part of, and where they stand in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023_add_task_places"
down_revision = "0022_create_notices"

_PARENT = "fk_tasks_parent_id_tasks"


def upgrade() -> None:
    # A run that was killed after a step is done again from there.
    _add_column(sa.Column("starts_on", sa.Date(), nullable=True))
    _add_column(sa.Column("position", sa.Integer(), server_default="0", nullable=False))
    _add_parent()
    if "ix_tasks_parent_id" not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("tasks")}:
        op.create_index("ix_tasks_parent_id", "tasks", ["parent_id"])


def downgrade() -> None:
    if not _is_sqlite():
        op.drop_constraint(_PARENT, "tasks", type_="foreignkey")
    op.drop_index("ix_tasks_parent_id", "tasks")
    for column in ("parent_id", "position", "starts_on"):
        op.drop_column("tasks", column)


def _add_column(column: sa.Column[object]) -> None:
    if column.name not in {known["name"] for known in sa.inspect(op.get_bind()).get_columns("tasks")}:
        op.add_column("tasks", column)


def _add_parent() -> None:
    if _is_sqlite():
        # SQLite takes a foreign key with its column or not at all; MySQL overlooks one that comes that way.
        known = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("tasks")}
        if "parent_id" not in known:
            op.execute(
                f"ALTER TABLE tasks ADD COLUMN parent_id INTEGER CONSTRAINT {_PARENT} "
                "REFERENCES tasks (id) ON DELETE SET NULL"
            )
        return
    _add_column(sa.Column("parent_id", sa.Integer(), nullable=True))
    if _PARENT not in {key["name"] for key in sa.inspect(op.get_bind()).get_foreign_keys("tasks")}:
        op.create_foreign_key(_PARENT, "tasks", "tasks", ["parent_id"], ["id"], ondelete="SET NULL")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
