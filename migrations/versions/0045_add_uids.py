"""Give tasks, entries, customers and series a name that stays the same in a file and in another workspace."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0045_add_uids"
down_revision = "0044_index_links_by_task"

_TABLES = ("customers", "task_series", "tasks", "time_entries")
_ROWS = 5_000

# Twelve digits of the moment in milliseconds, twenty at random (storage.uid).
_NAMES = {
    "sqlite": (
        "printf('%012x', max(0, CAST(strftime('%s', created_at) AS INTEGER)) * 1000) || lower(hex(randomblob(10)))"
    ),
    "mysql": (
        "LOWER(CONCAT(LPAD(HEX(GREATEST(0, TIMESTAMPDIFF(SECOND, '1970-01-01', created_at)) * 1000), 12, '0'), "
        "LEFT(SHA2(CONCAT(UUID(), RAND(), id), 256), 20)))"
    ),
}


def upgrade() -> None:
    # A run that was killed after a step is done again from there: rows that have a name keep it.
    connection = op.get_bind()
    text = sa.String(32).with_variant(mysql.VARCHAR(32, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb")
    name = _NAMES["sqlite" if connection.dialect.name == "sqlite" else "mysql"]
    for table in _TABLES:
        if "uid" not in {column["name"] for column in sa.inspect(connection).get_columns(table)}:
            op.add_column(table, sa.Column("uid", text, nullable=True))
        # Names of ours, no values.
        first, last = connection.execute(sa.text(f"SELECT MIN(id), MAX(id) FROM {table}")).one()  # noqa: S608
        for start in range(first or 0, (last or -1) + 1, _ROWS):
            connection.execute(
                sa.text(f"UPDATE {table} SET uid = {name} WHERE id >= :start AND id < :end AND uid IS NULL"),  # noqa: S608
                {"start": start, "end": start + _ROWS},
            )


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_column(table, "uid")
