"""Let a notice of a reminder say where putting it off is posted to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043_add_notice_snooze_address"
down_revision = "0042_create_saved_views"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if "snooze_address" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("notices")}:
        op.add_column("notices", sa.Column("snooze_address", sa.String(300), nullable=True))


def downgrade() -> None:
    op.drop_column("notices", "snooze_address")
