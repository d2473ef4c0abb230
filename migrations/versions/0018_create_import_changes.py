"""Create the table import_changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018_create_import_changes"
down_revision = "0017_create_import_remarks"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("import_changes"):
        op.create_table(
            "import_changes",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("import_id", sa.Integer(), nullable=False),
            sa.Column("kind", sa.String(length=8), nullable=False),
            sa.Column("action", sa.String(length=8), nullable=False),
            sa.Column("record_id", sa.Integer(), nullable=False),
            sa.Column("before", sa.JSON(), nullable=True),
            sa.ForeignKeyConstraint(
                ["import_id"], ["imports.id"], name=op.f("fk_import_changes_import_id_imports"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_import_changes")),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )
    _create_index("ix_import_changes_by_import", ["import_id", "kind", "id"])


def downgrade() -> None:
    op.drop_table("import_changes")


def _create_index(name: str, columns: list[str]) -> None:
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("import_changes")}:
        op.create_index(name, "import_changes", columns)
