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


def write_canonical(said: Mapping[str, Any]) -> bytes:
    """Return the one way to write this: JSON in UTF-8, names sorted, no spaces."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    # 1 of a driver that knows no truths is the same as True; JSON tells them apart.
    return value
