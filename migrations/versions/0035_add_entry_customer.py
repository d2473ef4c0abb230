"""Add to time entries: whom they were for, where that is not the customer of the task."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035_add_entry_customer"
down_revision = "0034_add_customer_terms"

_TABLE = "time_entries"
_KEY = "fk_time_entries_customer_id_customers"
_INDEX = "ix_time_entries_customer_id"


def upgrade() -> None:
    # A run that was killed after a step is done again from there.
    if "customer_id" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns(_TABLE)}:
        if _is_sqlite():
            # SQLite takes a foreign key with its column or not at all; MySQL overlooks one that comes that way.
            op.execute(
                f"ALTER TABLE {_TABLE} ADD COLUMN customer_id INTEGER CONSTRAINT {_KEY} "
                "REFERENCES customers (id) ON DELETE SET NULL"
            )
        else:
            op.add_column(_TABLE, sa.Column("customer_id", sa.Integer(), nullable=True))
    if _INDEX not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes(_TABLE)}:
        op.create_index(_INDEX, _TABLE, ["customer_id"])
    if not _is_sqlite() and _KEY not in {key["name"] for key in sa.inspect(op.get_bind()).get_foreign_keys(_TABLE)}:
        op.create_foreign_key(_KEY, _TABLE, "customers", ["customer_id"], ["id"], ondelete="SET NULL")


def downgrade() -> None:
    if not _is_sqlite():
        op.drop_constraint(_KEY, _TABLE, type_="foreignkey")
    op.drop_index(_INDEX, _TABLE)
    op.drop_column(_TABLE, "customer_id")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
