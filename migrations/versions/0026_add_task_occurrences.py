"""Add to tasks: the series that they are a date of, and which."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026_add_task_occurrences"
down_revision = "0025_create_series_tags"

_SERIES = "fk_tasks_series_id_task_series"
_INDEX = "ix_tasks_by_series"


def upgrade() -> None:
    # A run that was killed after a step is done again from there.
    columns = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("tasks")}
    if "series_id" not in columns and _is_sqlite():
        # SQLite takes a foreign key with its column or not at all; MySQL overlooks one that comes that way.
        op.execute(
            f"ALTER TABLE tasks ADD COLUMN series_id INTEGER CONSTRAINT {_SERIES} "
            "REFERENCES task_series (id) ON DELETE SET NULL"
        )
    elif "series_id" not in columns:
        op.add_column("tasks", sa.Column("series_id", sa.Integer(), nullable=True))
    if "occurrence" not in columns:
        op.add_column("tasks", sa.Column("occurrence", sa.Integer(), nullable=True))
    # Before the key, which would else make an index of its own.
    if _INDEX not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("tasks")}:
        op.create_index(_INDEX, "tasks", ["series_id", "occurrence"], unique=True)
    if not _is_sqlite() and _SERIES not in {key["name"] for key in sa.inspect(op.get_bind()).get_foreign_keys("tasks")}:
        op.create_foreign_key(_SERIES, "tasks", "task_series", ["series_id"], ["id"], ondelete="SET NULL")


def downgrade() -> None:
    if not _is_sqlite():
        op.drop_constraint(_SERIES, "tasks", type_="foreignkey")
    op.drop_index(_INDEX, "tasks")
    for column in ("occurrence", "series_id"):
        op.drop_column("tasks", column)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
