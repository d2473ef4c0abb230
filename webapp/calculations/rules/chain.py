"""
How calculations are chained: each hash is over all that a calculation says and over the hash before it.

The canonical form never changes without a new `FORM`, or every hash ever written would be wrong.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

FORM = 1
CHECK_DIGITS = 8

# What of a calculation's row stands in its hash, besides its chain.
HASHED = (
    "workspace_id",
    "position",
    "typed",
    "operation",
    "operands",
    "reading",
    "engine_version",
    "number_format",
    "angle",
    "day",
    "inputs",
    "result",
    "is_exact",
    "numerator",
    "denominator",
    "digits",
    "unit",
    "remarks",
    "error_code",
    "error",
    "note",
    "links",
    "created_at",
)


def hash_calculation(values: Mapping[str, Any], *, chain_uid: str, person_id: int, previous_hash: str) -> str:
    """
    Return the SHA-256, in hexadecimal, of a calculation in its chain.

    :param values: the columns in `HASHED`, as the database gives them
    :param previous_hash: of the calculation before it in the chain, empty for the first
    """
    said = {name: _plain(values[name]) for name in HASHED}
    said |= {"form": FORM, "chain": chain_uid, "person": person_id, "previous": previous_hash}
    return sha256(write_canonical(said)).hexdigest()


def check_columns(values: Mapping[str, Any]) -> str:
    """Return `CHECK_DIGITS` digits for each column in `HASHED`: by them a changed one is told from the others."""
    return "".join(_check(name, values[name]) for name in HASHED)


def find_changed(values: Mapping[str, Any], checks: str) -> list[str]:
    """Return the columns that are not what they were when `checks` was written."""
    kept = [checks[start : start + CHECK_DIGITS] for start in range(0, len(HASHED) * CHECK_DIGITS, CHECK_DIGITS)]
    return [name for name, check in zip(HASHED, kept, strict=True) if check != _check(name, values[name])]


def _check(name: str, value: Any) -> str:
    return sha256(write_canonical({name: _plain(value)})).hexdigest()[:CHECK_DIGITS]


def write_canonical(said: Mapping[str, Any]) -> bytes:
    """Return the one way to write this: JSON in UTF-8, names sorted, no spaces."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return value
