"""Create the table workspaces."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_create_workspaces"
down_revision = "0001_create_users"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("workspaces"):
        op.create_table(
            "workspaces",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("name", sa.String(length=120), nullable=False),
            sa.Column("personal_user_id", sa.Integer(), nullable=True),
            sa.Column("created_at", sa.DateTime(), nullable=False),
            sa.ForeignKeyConstraint(
                ["personal_user_id"],
                ["users.id"],
                name=op.f("fk_workspaces_personal_user_id_users"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_workspaces")),
            sa.UniqueConstraint("personal_user_id", name=op.f("uq_workspaces_personal_user_id")),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )


def downgrade() -> None:
    op.drop_table("workspaces")
