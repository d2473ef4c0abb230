"""Create the table import_refusals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017_create_import_refusals"
down_revision = "0016_create_imports"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("import_refusals"):
        op.create_table(
            "import_refusals",
            sa.Column("import_id", sa.Integer(), nullable=False),
            sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column("message", sa.String(length=300), nullable=False),
            sa.ForeignKeyConstraint(
                ["import_id"], ["imports.id"], name=op.f("fk_import_refusals_import_id_imports"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_import_refusals")),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )


def downgrade() -> None:
    op.drop_table("import_refusals")
