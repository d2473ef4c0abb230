"""Give each calculation that there was before chains its place in one, and fill what its record keeps."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, date, datetime
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0064_chain_calculations"
down_revision = "0063_create_calculation_names"

_ROWS = 500

# What the rules said on the day of this migration, and what each row written here was hashed by.
_HASHED = (
    "workspace_id", "position", "typed", "operation", "operands", "reading", "engine_version", "number_format",
    "angle", "day", "inputs", "result", "is_exact", "numerator", "denominator", "digits", "unit", "remarks",
    "error_code", "error", "note", "links", "created_at",
)  # fmt: skip
_SIGNS = {
    "add": " + ",
    "subtract": " - ",
    "multiply": " * ",
    "divide": " / ",
    "power": "^",
    "modulus": " mod ",
    "integer_divide": " div ",
}
_CALLS = {"root": "root({}; {})", "percent_of": "{}% of {}", "absolute_difference": "difference({}; {})"}
_ROOM = Context(prec=60_000, Emax=MAX_EMAX, Emin=MIN_EMIN)

_calculations = sa.table(
    "calculations",
    sa.column("id", sa.Integer),
    sa.column("workspace_id", sa.Integer),
    sa.column("user_id", sa.Integer),
    sa.column("operation", sa.String),
    sa.column("operands", sa.JSON),
    sa.column("result", sa.Text),
    sa.column("is_exact", sa.Boolean),
    sa.column("note", sa.String),
    sa.column("revises_id", sa.Integer),
    sa.column("customer_id", sa.Integer),
    sa.column("created_at", sa.DateTime),
    sa.column("chain_id", sa.Integer),
    sa.column("position", sa.Integer),
    sa.column("previous_hash", sa.String),
    sa.column("hash", sa.String),
    sa.column("checks", sa.String),
    sa.column("reading", sa.Text),
    sa.column("engine_version", sa.SmallInteger),
    sa.column("day", sa.Date),
    sa.column("inputs", sa.JSON),
    sa.column("numerator", sa.Text),
    sa.column("denominator", sa.Text),
    sa.column("digits", sa.String),
    sa.column("remarks", sa.JSON),
    sa.column("links", sa.JSON),
)
_chains = sa.table(
    "calculation_chains",
    sa.column("id", sa.Integer),
    sa.column("uid", sa.String),
    sa.column("workspace_id", sa.Integer),
    sa.column("user_id", sa.Integer),
    sa.column("person_id", sa.Integer),
    sa.column("is_sample", sa.Boolean),
    sa.column("length", sa.Integer),
    sa.column("last_hash", sa.String),
    sa.column("created_at", sa.DateTime),
)
_uses = sa.table(
    "calculation_uses",
    sa.column("kind", sa.String),
    sa.column("name", sa.String),
    sa.column("calculation_id", sa.Integer),
    sa.column("workspace_id", sa.Integer),
    sa.column("user_id", sa.Integer),
    sa.column("day", sa.Date),
    sa.column("is_hidden", sa.Boolean),
)
_users = sa.table("users", sa.column("id", sa.Integer), sa.column("timezone", sa.String))
_customers = sa.table("customers", sa.column("id", sa.Integer), sa.column("name", sa.String))
_samples = sa.table("sample_records", sa.column("kind", sa.String), sa.column("record_id", sa.Integer))


def upgrade() -> None:
    # A run that was killed is done again from there: rows in a chain stay as they are, and its head goes with each.
    connection = op.get_bind()
    zones = {number: zone for number, zone in connection.execute(sa.select(_users.c.id, _users.c.timezone))}  # noqa: C416
    samples = set(connection.scalars(sa.select(_samples.c.record_id).where(_samples.c.kind == "calculation")))
    while rows := _next_rows(connection):
        for row in rows:
            _chain(connection, row, zone=ZoneInfo(zones[row.user_id]), is_sample=row.id in samples)


def downgrade() -> None:
    # What is chained stays so, and is not chained again: the columns and the heads go with the migrations before.
    pass


def _next_rows(connection: sa.Connection) -> list[Any]:
    rows = (
        sa.select(_calculations, _customers.c.name.label("customer_name"))
        .outerjoin(_customers, _customers.c.id == _calculations.c.customer_id)
        .where(_calculations.c.hash.is_(None))
        .order_by(_calculations.c.id)
        .limit(_ROWS)
    )
    return list(connection.execute(rows).all())


def _chain(connection: sa.Connection, row: Any, *, zone: ZoneInfo, is_sample: bool) -> None:
    head = _head(connection, row, is_sample=is_sample)
    day = row.created_at.replace(tzinfo=UTC).astimezone(zone).date()
    values = {
        "chain_id": head.id,
        "position": head.length + 1,
        "previous_hash": head.last_hash,
        "engine_version": 1,
        "day": day,
        "reading": _reading(row.operation, row.operands),
        "inputs": {},
        "remarks": [],
        "links": _links(connection, row),
        **_exactly(row),
    }
    said = {**row._mapping, "typed": None, "number_format": "", "angle": "", "unit": None, "error_code": ""}
    said |= {"error": None, **values}
    values |= {"hash": _hash(said, head), "checks": "".join(_check(name, said[name]) for name in _HASHED)}
    head_values = {"length": head.length + 1, "last_hash": values["hash"]}
    connection.execute(sa.update(_chains).where(_chains.c.id == head.id).values(head_values))
    connection.execute(sa.update(_calculations).where(_calculations.c.id == row.id).values(values))
    used = {"kind": "operation", "name": row.operation, "calculation_id": row.id, "is_hidden": False, "day": day}
    connection.execute(
        sa.delete(_uses).where(_uses.c.calculation_id == row.id),
    )
    connection.execute(sa.insert(_uses).values(**used, workspace_id=row.workspace_id, user_id=row.user_id))


def _head(connection: sa.Connection, row: Any, *, is_sample: bool) -> Any:
    wanted = sa.select(_chains).where(
        _chains.c.workspace_id == row.workspace_id,
        _chains.c.user_id == row.user_id,
        _chains.c.is_sample == is_sample,
    )
    head = connection.execute(wanted).first()
    if head is None:
        milliseconds = int(row.created_at.replace(tzinfo=UTC).timestamp() * 1000)
        connection.execute(
            sa.insert(_chains).values(
                uid=f"{milliseconds:012x}{secrets.token_hex(10)}",
                workspace_id=row.workspace_id,
                user_id=row.user_id,
                person_id=row.user_id,
                is_sample=is_sample,
                length=0,
                last_hash="",
                created_at=row.created_at,
            )
        )
        head = connection.execute(wanted).one()
    return head


def _links(connection: sa.Connection, row: Any) -> dict[str, Any]:
    links: dict[str, Any] = {}
    if row.customer_id is not None:
        links["customer"] = {"id": row.customer_id, "name": row.customer_name}
    if row.revises_id is not None:
        # It is older, and has its place by now.
        revised = sa.select(_calculations.c.hash).where(_calculations.c.id == row.revises_id)
        links["revises"] = {"id": row.revises_id, "hash": connection.scalar(revised)}
    return links


def _reading(operation: str, operands: list[str]) -> str:
    if operation in _CALLS:
        return _CALLS[operation].format(*operands)
    written = [f"({operand})" if operand.startswith("-") else operand for operand in operands]
    return _SIGNS[operation].join(written)


def _exactly(row: Any) -> dict[str, str | None]:
    if not row.is_exact:
        return {"numerator": None, "denominator": None, "digits": str(_ROOM.normalize(Decimal(row.result)))}
    exact = Fraction(Decimal(row.result))
    return {"numerator": str(exact.numerator), "denominator": str(exact.denominator), "digits": None}


def _hash(values: dict[str, Any], head: Any) -> str:
    said = {name: _plain(values[name]) for name in _HASHED}
    said |= {"form": 1, "chain": head.uid, "person": head.person_id, "previous": head.last_hash}
    return _sha256(said)


def _check(name: str, value: Any) -> str:
    return _sha256({name: _plain(value)})[:8]


def _sha256(said: dict[str, Any]) -> str:
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, date) else value
