"""Add to calculations what the record of one keeps, its place in a chain, and what hides it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0060_add_calculation_record"
down_revision = "0059_create_calculation_chains"

_TABLE = "calculations"
_INDEXES = {
    "ix_calculations_newest": ("workspace_id", "is_hidden", "id"),
    "ix_calculations_by_person": ("workspace_id", "user_id", "is_hidden", "id"),
    "ix_calculations_by_day": ("workspace_id", "is_hidden", "day", "id"),
    "ix_calculations_by_error": ("workspace_id", "is_hidden", "error_code", "id"),
    "ix_calculations_by_task": ("task_id", "is_hidden", "id"),
    "ix_calculations_by_customer": ("customer_id", "is_hidden", "id"),
}
_UNIQUE = "uq_calculations_chain_id"
_KEYS = {
    "fk_calculations_chain_id_calculation_chains": ("chain_id", "calculation_chains", "CASCADE"),
    "fk_calculations_task_id_tasks": ("task_id", "tasks", "SET NULL"),
}


def upgrade() -> None:
    # A run that was killed after a step is done again from there.
    there = {column["name"] for column in sa.inspect(op.get_bind()).get_columns(_TABLE)}
    for column in _columns():
        if column.name not in there:
            op.add_column(_TABLE, column)
    for name, (column_name, table, on_delete) in _KEYS.items():
        if column_name in there:
            continue
        if _is_sqlite():
            # SQLite takes a foreign key with its column or not at all; MySQL overlooks one that comes that way.
            op.execute(
                f"ALTER TABLE {_TABLE} ADD COLUMN {column_name} INTEGER CONSTRAINT {name} "
                f"REFERENCES {table} (id) ON DELETE {on_delete}"
            )
        else:
            op.add_column(_TABLE, sa.Column(column_name, sa.Integer(), nullable=True))
    known = {index["name"] for index in sa.inspect(op.get_bind()).get_indexes(_TABLE)}
    for name, columns in _INDEXES.items():
        if name not in known:
            op.create_index(name, _TABLE, list(columns))
    if _UNIQUE not in known:
        op.create_index(_UNIQUE, _TABLE, ["chain_id", "position"], unique=True)
    if not _is_sqlite():
        keyed = {key["name"] for key in sa.inspect(op.get_bind()).get_foreign_keys(_TABLE)}
        for name, (column_name, table, on_delete) in _KEYS.items():
            if name not in keyed:
                op.create_foreign_key(name, _TABLE, table, [column_name], ["id"], ondelete=on_delete)


def downgrade() -> None:
    # What version 1 of the engine cannot have made does not fit in what the table was.
    op.execute(f"DELETE FROM {_TABLE} WHERE engine_version <> 1 OR error_code <> ''")  # noqa: S608
    if not _is_sqlite():
        for name in _KEYS:
            op.drop_constraint(name, _TABLE, type_="foreignkey")
    for name in (_UNIQUE, *reversed(_INDEXES)):
        op.drop_index(name, _TABLE)
    for column_name, _table, _on_delete in _KEYS.values():
        op.drop_column(_TABLE, column_name)
    for column in reversed(_columns()):
        op.drop_column(_TABLE, column.name)
    # Heads of nothing: on the way up again every chain begins anew.
    op.execute("DELETE FROM calculation_chains")


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("previous_hash", _key(64), nullable=True),
        sa.Column("hash", _key(64), nullable=True),
        sa.Column("checks", _key(255), nullable=True),
        sa.Column("typed", _long(), nullable=True),
        sa.Column("reading", _long(), nullable=True),
        sa.Column("engine_version", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("number_format", sa.String(16), server_default="", nullable=False),
        sa.Column("angle", sa.String(4), server_default="", nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("inputs", sa.JSON(), nullable=True),
        sa.Column("numerator", _long(), nullable=True),
        sa.Column("denominator", _long(), nullable=True),
        sa.Column("digits", sa.String(64), nullable=True),
        sa.Column("unit", _long(), nullable=True),
        sa.Column("remarks", sa.JSON(), nullable=True),
        sa.Column("error_code", _key(32), server_default="", nullable=False),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.Column("links", sa.JSON(), nullable=True),
        sa.Column("is_hidden", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(), nullable=True),
    ]


def _key(length: int) -> sa.types.TypeEngine[str]:
    binary = mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin")
    return sa.String(length).with_variant(binary, "mysql", "mariadb")


def _long() -> sa.types.TypeEngine[str]:
    return sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
