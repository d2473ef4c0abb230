"""One page of a list, without counting the whole, and the cursor that says where a page begins."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from webapp.errors import InvalidInput

Row = TypeVar("Row")
Key = tuple[str | int | None, ...]

# The longest key there is, a customer's name as it is sorted: 480 characters of four bytes, in base64; and room.
LONGEST_CURSOR = 4000


class UnreadableCursor(InvalidInput):
    """What stands for the beginning of a page is not a cursor of this list."""

    message = "This page of the list cannot be found. Start again from its first page."

    def __init__(self) -> None:
        super().__init__(field="after")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """
    The rows of one page and the cursors that lead on.

    `earlier` and `later` are opaque strings for the `after` parameter, or None where there is nothing.
    """

    rows: list[Row]
    earlier: str | None
    later: str | None


@dataclass(frozen=True)
class Position:
    """A row by its sort key, and the way on from it: to what comes after it, or back to what comes before."""

    key: Key
    is_backwards: bool


def read_position(cursor: str | None, *, order: str) -> Position | None:
    """
    Return where a page begins; None, for the first page, without a cursor. What is in the key is for the list to check.

    :param order: the name of the list's order
    :raises UnreadableCursor: when it is not a cursor, or one of another order
    """
    if cursor is None:
        return None
    match _unpack(cursor):
        case [str(its_order), 0 | 1 as way, *key] if its_order == order:
            return Position(tuple(key), is_backwards=bool(way))
    raise UnreadableCursor


def cut_page(
    found: Sequence[Row], *, limit: int, order: str, position: Position | None, key_of: Callable[[Row], Key]
) -> Page[Row]:
    """
    Make a page of what was found from `position` on, nearest first: one row more than `limit` where there are more.

    :param key_of: the sort key of a row, with nothing in it but text and whole numbers from 0
    """
    rows, has_more = list(found[:limit]), len(found) > limit
    has_earlier, has_later = position is not None, has_more
    if position is not None and position.is_backwards:
        rows.reverse()
        has_earlier, has_later = has_more, True
    return Page(
        rows=rows,
        earlier=write_cursor(order, key_of(rows[0]), is_backwards=True) if rows and has_earlier else None,
        later=write_cursor(order, key_of(rows[-1]), is_backwards=False) if rows and has_later else None,
    )


def write_cursor(order: str, key: Key, *, is_backwards: bool) -> str:
    """Return the cursor of the page behind a row, or before it, by its sort key."""
    return _pack([order, int(is_backwards), *key])


def _pack(values: Sequence[str | int | None]) -> str:
    packed = json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _unpack(cursor: str) -> list[str | int | None]:
    if len(cursor) > LONGEST_CURSOR or not cursor.isascii():
        raise UnreadableCursor
    try:
        values = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise UnreadableCursor from None
    if not isinstance(values, list) or not all(_is_plain(value) for value in values):
        raise UnreadableCursor
    return values


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        # Half a surrogate and NUL can be written in JSON and kept by no database.
        return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63)
