"""Add to tasks and their tags what lists read instead of looking it up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0038_add_list_columns"
down_revision = "0037_add_customer_totals"

_ROWS = 500

_TASK_COLUMNS = ("tag_list", "has_subtasks", "has_blockers")
_TAG_COLUMNS = ("due_sort", "priority", "created_at", "updated_at", "is_deleted")


def upgrade() -> None:
    # A run that was killed after a step is done again from there.
    text = sa.String(255).with_variant(
        mysql.VARCHAR(255, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
    )
    _add_column("tasks", sa.Column("tag_list", text, server_default="", nullable=False))
    _add_column("tasks", sa.Column("has_subtasks", sa.Boolean(), server_default=sa.false(), nullable=False))
    _add_column("tasks", sa.Column("has_blockers", sa.Boolean(), server_default=sa.false(), nullable=False))
    _add_column("task_tags", sa.Column("due_sort", sa.DateTime(), nullable=True))
    _add_column("task_tags", sa.Column("priority", sa.SmallInteger(), nullable=True))
    _add_column("task_tags", sa.Column("created_at", sa.DateTime(), nullable=True))
    _add_column("task_tags", sa.Column("updated_at", sa.DateTime(), nullable=True))
    _add_column("task_tags", sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False))
    connection = op.get_bind()
    first = connection.execute(sa.text("SELECT MIN(id), MAX(id) FROM tasks")).one()
    for start in range(first[0] or 0, (first[1] or -1) + 1, _ROWS):
        _fill(connection, start, start + _ROWS)


def downgrade() -> None:
    for column in _TAG_COLUMNS:
        op.drop_column("task_tags", column)
    for column in _TASK_COLUMNS:
        op.drop_column("tasks", column)


def _fill(connection: sa.Connection, start: int, end: int) -> None:
    span = {"start": start, "end": end}
    # A day is over a second later than any instant can be: the two are told apart by how they are sorted.
    late = (
        "TIME(due_at) = '23:59:59'"
        if connection.dialect.name != "sqlite"
        else "strftime('%H:%M:%S', due_at) = '23:59:59'"
    )
    # Column names of ours, no values.
    for row in connection.execute(
        sa.text(f"SELECT id, due_at FROM tasks WHERE id >= :start AND id < :end AND due_at IS NOT NULL AND {late}"),  # noqa: S608
        span,
    ).all():
        earlier = str(row.due_at).replace("23:59:59", "23:59:58")
        connection.execute(sa.text("UPDATE tasks SET due_sort = :at WHERE id = :id"), {"at": earlier, "id": row.id})
    tags: dict[int, list[int]] = {}
    for task_id, tag_id in connection.execute(
        sa.text("SELECT task_id, tag_id FROM task_tags WHERE task_id >= :start AND task_id < :end ORDER BY tag_id"),
        span,
    ):
        tags.setdefault(task_id, []).append(tag_id)
    filled: Sequence[dict[str, Any]] = [
        {"id": task_id, "tag_list": ",".join(map(str, tag_ids))} for task_id, tag_ids in tags.items()
    ]
    if filled:
        connection.execute(sa.text("UPDATE tasks SET tag_list = :tag_list WHERE id = :id"), filled)
        copied = ", ".join(
            f"{column} = (SELECT tasks.{column} FROM tasks WHERE tasks.id = task_tags.task_id)"  # noqa: S608
            for column in _TAG_COLUMNS
        )
        repeat = f"UPDATE task_tags SET {copied} WHERE task_id >= :start AND task_id < :end"  # noqa: S608
        connection.execute(sa.text(repeat), span)
    connection.execute(
        sa.text(
            "UPDATE tasks SET has_blockers = 1 WHERE id >= :start AND id < :end "
            "AND EXISTS (SELECT 1 FROM task_blockers WHERE task_blockers.task_id = tasks.id)"
        ),
        span,
    )
    parents = [
        parent_id
        for (parent_id,) in connection.execute(
            sa.text("SELECT DISTINCT parent_id FROM tasks WHERE parent_id >= :start AND parent_id < :end"), span
        )
    ]
    if parents:
        connection.execute(
            sa.text("UPDATE tasks SET has_subtasks = 1 WHERE id IN :ids").bindparams(
                sa.bindparam("ids", expanding=True)
            ),
            {"ids": parents},
        )


def _add_column(table: str, column: sa.Column[Any]) -> None:
    if column.name not in {known["name"] for known in sa.inspect(op.get_bind()).get_columns(table)}:
        op.add_column(table, column)
