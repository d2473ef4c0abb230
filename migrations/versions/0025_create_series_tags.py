"""Create the table series_tags."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025_create_series_tags"
down_revision = "0024_create_task_series"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("series_tags"):
        op.create_table(
            "series_tags",
            sa.Column("series_id", sa.Integer(), nullable=False),
            sa.Column("tag_id", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                ["series_id"], ["task_series.id"], name=op.f("fk_series_tags_series_id_task_series"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["tag_id"], ["tags.id"], name=op.f("fk_series_tags_tag_id_tags"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("series_id", "tag_id", name=op.f("pk_series_tags")),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )
    if "ix_series_tags_tag_id" not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("series_tags")}:
        op.create_index("ix_series_tags_tag_id", "series_tags", ["tag_id"])


def downgrade() -> None:
    op.drop_table("series_tags")
