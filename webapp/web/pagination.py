"""Cursors: where a page of a list begins, as one opaque word for an address."""

from __future__ import annotations

from webapp.errors import InvalidInput
from webapp.values import cursor
from webapp.values.cursor import Cursor as Cursor

encode_cursor = cursor.write_cursor


def decode_cursor(text: str) -> Cursor:
    """
    Unpack what `encode_cursor` made. The kinds of the values are checked, their meaning is the caller's.

    :raises InvalidInput: when it is anything else
    """
    try:
        return cursor.read_cursor(text)
    except ValueError:
        raise InvalidInput(
            "This page of the list cannot be found. Start again from its first page.", field="after"
        ) from None
