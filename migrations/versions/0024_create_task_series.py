"""Create the table task_series."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0024_create_task_series"
down_revision = "0023_add_task_places"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("task_series"):
        op.create_table(
            "task_series",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("workspace_id", sa.Integer(), nullable=False),
            sa.Column("user_id", sa.Integer(), nullable=False),
            sa.Column("created_at", sa.DateTime(), nullable=False),
            sa.Column("stopped_at", sa.DateTime(), nullable=True),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("unit", sa.String(length=8), nullable=False),
            sa.Column("every", sa.SmallInteger(), nullable=False),
            sa.Column("weekdays", sa.String(length=7), nullable=False),
            sa.Column("nth", sa.SmallInteger(), nullable=True),
            sa.Column("is_last_day", sa.Boolean(), nullable=False),
            sa.Column("basis", sa.String(length=12), nullable=False),
            sa.Column("missed", sa.String(length=8), nullable=False),
            sa.Column("until_on", sa.Date(), nullable=True),
            sa.Column("times", sa.SmallInteger(), nullable=True),
            sa.Column("zone", sa.String(length=64), nullable=False),
            sa.Column("anchor_on", sa.Date(), nullable=False),
            sa.Column("anchor_n", sa.Integer(), nullable=False),
            sa.Column("clock", sa.String(length=8), nullable=True),
            sa.Column("newest_n", sa.Integer(), nullable=False),
            sa.Column("newest_on", sa.Date(), nullable=False),
            sa.Column("skipped", sa.JSON(), nullable=False),
            sa.Column("wakes_at", sa.DateTime(), nullable=True),
            sa.Column("title", sa.String(length=500), nullable=False),
            sa.Column(
                "description",
                sa.Text().with_variant(mysql.MEDIUMTEXT(), "mariadb").with_variant(mysql.MEDIUMTEXT(), "mysql"),
                nullable=False,
            ),
            sa.Column("priority", sa.SmallInteger(), nullable=False),
            sa.Column("category_id", sa.Integer(), nullable=True),
            sa.Column("customer_id", sa.Integer(), nullable=True),
            sa.Column("assignee_id", sa.Integer(), nullable=True),
            sa.Column("estimated_minutes", sa.Integer(), nullable=True),
            sa.Column("days_ahead", sa.Integer(), nullable=True),
            sa.CheckConstraint("every >= 1", name=op.f("ck_task_series_every_positive")),
            sa.ForeignKeyConstraint(
                ["assignee_id"], ["users.id"], name=op.f("fk_task_series_assignee_id_users"), ondelete="SET NULL"
            ),
            sa.ForeignKeyConstraint(
                ["category_id"],
                ["categories.id"],
                name=op.f("fk_task_series_category_id_categories"),
                ondelete="SET NULL",
            ),
            sa.ForeignKeyConstraint(
                ["customer_id"],
                ["customers.id"],
                name=op.f("fk_task_series_customer_id_customers"),
                ondelete="SET NULL",
            ),
            sa.ForeignKeyConstraint(
                ["user_id"], ["users.id"], name=op.f("fk_task_series_user_id_users"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(
                ["workspace_id"],
                ["workspaces.id"],
                name=op.f("fk_task_series_workspace_id_workspaces"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_task_series")),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )
    _create_index("ix_task_series_waking", ["wakes_at", "id"])
    for name in ("assignee_id", "category_id", "customer_id", "user_id", "workspace_id"):
        _create_index(f"ix_task_series_{name}", [name])


def downgrade() -> None:
    op.drop_table("task_series")


def _create_index(name: str, columns: list[str]) -> None:
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("task_series")}:
        op.create_index(name, "task_series", columns)
