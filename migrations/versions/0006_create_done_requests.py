"""Create the table done_requests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0006_create_done_requests"
down_revision = "0005_create_password_resets"


def upgrade() -> None:
    # A run that was killed after this step is done again from here.
    if not sa.inspect(op.get_bind()).has_table("done_requests"):
        op.create_table(
            "done_requests",
            sa.Column("user_id", sa.Integer(), nullable=False),
            sa.Column(
                "key",
                sa.String(length=32)
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=32), "mariadb")
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=32), "mysql"),
                nullable=False,
            ),
            sa.Column(
                "fingerprint",
                sa.String(length=64)
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=64), "mariadb")
                .with_variant(mysql.VARCHAR(charset="utf8mb4", collation="utf8mb4_bin", length=64), "mysql"),
                nullable=False,
            ),
            sa.Column("result_id", sa.BigInteger(), nullable=False),
            sa.Column("done_at", sa.DateTime(), nullable=False),
            sa.ForeignKeyConstraint(
                ["user_id"], ["users.id"], name=op.f("fk_done_requests_user_id_users"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_done_requests")),
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_unicode_520_ci",
            mysql_engine="InnoDB",
        )
    _create_index("ix_done_requests_done_at", ["done_at"])


def downgrade() -> None:
    op.drop_table("done_requests")


def _create_index(name: str, columns: list[str]) -> None:
    if name not in {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("done_requests")}:
        op.create_index(name, "done_requests", columns)
