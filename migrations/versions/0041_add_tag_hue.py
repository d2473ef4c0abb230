"""Let tags have a colour."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041_add_tag_hue"
down_revision = "0040_create_task_words"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if "hue" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("tags")}:
        op.add_column("tags", sa.Column("hue", sa.SmallInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("tags", "hue")
