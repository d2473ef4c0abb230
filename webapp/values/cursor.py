"""Where a page of a list begins, as one opaque word for an address."""

from __future__ import annotations

import base64
import binascii
import json

LONGEST_CURSOR = 1200

Cursor = list[str | int | None]


def write_cursor(values: Cursor) -> str:
    """Pack the sort key of a row."""
    packed = json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """
    Unpack what `write_cursor` made. Only strings, whole numbers and nothing come out; what they mean is the caller's.

    :raises ValueError: when it is anything else
    """
    if len(text) > LONGEST_CURSOR or not text.isascii():
        raise ValueError("This is not a cursor.")
    try:
        values = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        values = None
    if not isinstance(values, list) or not all(_is_plain(value) for value in values):
        raise ValueError("This is not a cursor.")
    return values


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        # Half a surrogate and NUL can be written in JSON and kept by no database.
        return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63)
