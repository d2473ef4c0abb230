"""Let an import say how its file is written, and whether the worker looks it over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0055_add_import_format"
down_revision = "0054_create_feeds"


def upgrade() -> None:
    # A run that was killed after a step is done again from there.
    there = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("imports")}
    if "format" not in there:
        op.add_column("imports", sa.Column("format", sa.String(16), nullable=False, server_default="table"))
    if "is_large" not in there:
        op.add_column("imports", sa.Column("is_large", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("imports", "is_large")
    op.drop_column("imports", "format")
