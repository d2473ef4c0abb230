"""Create the table tasks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0011_create_tasks"
down_revision = "0010_create_tags"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("tasks"):
        op.create_table(
            "tasks",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("workspace_id", sa.Integer(), nullable=False),
            sa.Column("title", sa.String(length=500), nullable=False),
            sa.Column(
                "title_key",
                sa.String(length=120)
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=120), "mariadb")
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=120), "mysql"),
                nullable=False,
            ),
            sa.Column(
                "description",
                sa.Text().with_variant(mysql.MEDIUMTEXT(), "mariadb").with_variant(mysql.MEDIUMTEXT(), "mysql"),
                nullable=False,
            ),
            sa.Column("status", sa.String(length=8), nullable=False),
            sa.Column("priority", sa.SmallInteger(), nullable=False),
            sa.Column("category_id", sa.Integer(), nullable=True),
            sa.Column("customer_id", sa.Integer(), nullable=True),
            sa.Column("assignee_id", sa.Integer(), nullable=True),
            sa.Column("due_on", sa.Date(), nullable=True),
            sa.Column("due_at", sa.DateTime(), nullable=True),
            sa.Column("due_sort", sa.DateTime(), nullable=False),
            sa.Column("estimated_minutes", sa.Integer(), nullable=True),
            sa.Column("estimate_sort", sa.Integer(), nullable=False),
            sa.Column("tracked_seconds", sa.Integer(), nullable=False),
            sa.Column("created_at", sa.DateTime(), nullable=False),
            sa.Column("created_on", sa.Date(), nullable=False),
            sa.Column("updated_at", sa.DateTime(), nullable=False),
            sa.Column("completed_at", sa.DateTime(), nullable=True),
            sa.Column("completed_on", sa.Date(), nullable=True),
            sa.Column("is_deleted", sa.Boolean(), nullable=False),
            sa.Column("deleted_at", sa.DateTime(), nullable=True),
            sa.Column(
                "source",
                sa.String(length=80)
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=80), "mariadb")
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=80), "mysql"),
                nullable=True,
            ),
            sa.Column(
                "source_ref",
                sa.String(length=160)
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=160), "mariadb")
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=160), "mysql"),
                nullable=True,
            ),
            sa.Column(
                "source_hash",
                sa.String(length=32)
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=32), "mariadb")
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=32), "mysql"),
                nullable=True,
            ),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.CheckConstraint("due_on IS NULL OR due_at IS NULL", name=op.f("ck_tasks_due_once")),
            sa.CheckConstraint("estimated_minutes >= 0", name=op.f("ck_tasks_estimate_positive")),
            sa.CheckConstraint("tracked_seconds >= 0", name=op.f("ck_tasks_tracked_positive")),
            sa.ForeignKeyConstraint(
                ["assignee_id"], ["users.id"], name=op.f("fk_tasks_assignee_id_users"), ondelete="SET NULL"
            ),
            sa.ForeignKeyConstraint(
                ["category_id"], ["categories.id"], name=op.f("fk_tasks_category_id_categories"), ondelete="SET NULL"
            ),
            sa.ForeignKeyConstraint(
                ["customer_id"], ["customers.id"], name=op.f("fk_tasks_customer_id_customers"), ondelete="SET NULL"
            ),
            sa.ForeignKeyConstraint(
                ["workspace_id"], ["workspaces.id"], name=op.f("fk_tasks_workspace_id_workspaces"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
            sa.UniqueConstraint(
                "workspace_id", "source", "source_ref", name=op.f("uq_tasks_workspace_id_source_source_ref")
            ),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )
    _create_index("ix_tasks_assignee_id", ["assignee_id"])
    _create_index(
        "ix_tasks_by_completed_on",
        [
            "workspace_id",
            "is_deleted",
            "completed_on",
            "category_id",
            "assignee_id",
            "estimated_minutes",
            "tracked_seconds",
            "due_on",
            "due_at",
            "completed_at",
        ],
    )
    _create_index("ix_tasks_by_created", ["workspace_id", "is_deleted", "created_at", "id"])
    _create_index(
        "ix_tasks_by_created_on",
        ["workspace_id", "is_deleted", "created_on", "status", "category_id", "assignee_id"],
    )
    _create_index("ix_tasks_by_due", ["workspace_id", "is_deleted", "due_sort", "id"])
    _create_index("ix_tasks_by_estimate", ["workspace_id", "is_deleted", "estimate_sort", "id"])
    _create_index("ix_tasks_by_category", ["workspace_id", "is_deleted", "category_id", "created_at", "id"])
    _create_index("ix_tasks_by_priority", ["workspace_id", "is_deleted", "priority", "created_at", "id"])
    _create_index("ix_tasks_by_status_created", ["workspace_id", "is_deleted", "status", "created_at", "id"])
    _create_index("ix_tasks_by_status_due", ["workspace_id", "is_deleted", "status", "due_sort", "id"])
    _create_index(
        "ix_tasks_by_status_priority", ["workspace_id", "is_deleted", "status", "priority", "created_at", "id"]
    )
    _create_index("ix_tasks_by_title", ["workspace_id", "is_deleted", "title_key", "id"])
    _create_index("ix_tasks_by_updated", ["workspace_id", "is_deleted", "updated_at", "id"])
    _create_index("ix_tasks_category_id", ["category_id"])
    _create_index("ix_tasks_customer_id", ["customer_id"])


def downgrade() -> None:
    op.drop_table("tasks")


def _create_index(name: str, columns: list[str]) -> None:
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("tasks")}:
        op.create_index(name, "tasks", columns)
