"""Let an imported comment be known again by what it is called where it came from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0050_add_comment_refs"
down_revision = "0049_add_task_extra"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if "source_ref" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("comments")}:
        text = sa.String(160).with_variant(
            mysql.VARCHAR(160, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb"
        )
        op.add_column("comments", sa.Column("source_ref", text, nullable=True))


def downgrade() -> None:
    op.drop_column("comments", "source_ref")
