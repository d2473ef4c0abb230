"""Cursors: where a page of a list begins, as one opaque word for an address."""

from __future__ import annotations

import base64
import binascii
import json

from webapp.errors import InvalidInput

LONGEST_CURSOR = 1200

Cursor = list[str | int | bool | None]


def encode_cursor(values: Cursor) -> str:
    """Pack the sort key of a row."""
    packed = json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode_cursor(text: str) -> Cursor:
    """
    Unpack what `encode_cursor` made. The kinds of the values are checked, their meaning is the caller's.

    :raises InvalidInput: when it is anything else
    """
    try:
        if len(text) > LONGEST_CURSOR or not text.isascii():
            raise ValueError(text)
        values = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        values = None
    if not isinstance(values, list) or not all(isinstance(value, str | int | None) for value in values):
        raise InvalidInput("This page of the list cannot be found. Start again from its first page.", field="after")
    return values
