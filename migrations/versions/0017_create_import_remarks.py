"""Create the table import_remarks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017_create_import_remarks"
down_revision = "0016_create_imports"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("import_remarks"):
        op.create_table(
            "import_remarks",
            sa.Column("import_id", sa.Integer(), nullable=False),
            sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column("is_refusal", sa.Boolean(), nullable=False),
            sa.Column("message", sa.String(length=500), nullable=False),
            sa.ForeignKeyConstraint(
                ["import_id"], ["imports.id"], name=op.f("fk_import_remarks_import_id_imports"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_import_remarks")),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )


def downgrade() -> None:
    op.drop_table("import_remarks")
