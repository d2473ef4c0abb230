"""One page of a list, without counting the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """
    The rows of one page and the cursors that lead on.

    `earlier` and `later` are opaque strings for the `after` parameter, or None where there is nothing.
    """

    rows: list[Row]
    earlier: str | None
    later: str | None
