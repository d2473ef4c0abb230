"""Create the table urgency_weights."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028_create_urgency_weights"
down_revision = "0027_create_task_blockers"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("urgency_weights"):
        op.create_table(
            "urgency_weights",
            sa.Column("workspace_id", sa.Integer(), nullable=False),
            sa.Column("weights", sa.JSON(), nullable=False),
            sa.Column("updated_at", sa.DateTime(), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(
                ["workspace_id"],
                ["workspaces.id"],
                name=op.f("fk_urgency_weights_workspace_id_workspaces"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_urgency_weights")),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )


def downgrade() -> None:
    op.drop_table("urgency_weights")
