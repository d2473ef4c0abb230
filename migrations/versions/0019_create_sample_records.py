"""Create the table sample_records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019_create_sample_records"
down_revision = "0018_create_import_changes"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("sample_records"):
        op.create_table(
            "sample_records",
            sa.Column("workspace_id", sa.Integer(), nullable=False),
            sa.Column("kind", sa.String(length=16), nullable=False),
            sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
            sa.ForeignKeyConstraint(
                ["workspace_id"],
                ["workspaces.id"],
                name=op.f("fk_sample_records_workspace_id_workspaces"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("workspace_id", "kind", "record_id", name=op.f("pk_sample_records")),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )


def downgrade() -> None:
    op.drop_table("sample_records")
