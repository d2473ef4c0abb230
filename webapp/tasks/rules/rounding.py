"""
Lengths of time rounded to be shown. Pure; nothing that is rounded is ever kept.

Each entry is rounded by itself, as it stands on an invoice line, and sums are sums of what is shown: a table of rounded
entries adds up. Where one entry is shown in parts, on its two days, its rounded length is shared out among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from webapp.values.duration import MINUTE_SECONDS
from webapp.values.shares import share_out

STEPS = (5, 6, 10, 15, 30)

Part = TypeVar("Part")


class RoundingWay(StrEnum):
    """Which way a length of time is rounded."""

    UP = "up"
    NEAREST = "nearest"


@dataclass(frozen=True)
class Rounding:
    """How lengths are shown: in steps of so many minutes (one of `STEPS`), up or to the nearest."""

    minutes: int
    way: RoundingWay = RoundingWay.NEAREST


def rounded(seconds: int, rounding: Rounding | None) -> int:
    """
    Return the length of one entry as it is shown, in seconds.

    Without a `rounding` it is the length itself. What lies in the middle of two steps goes up; nothing stays nothing.
    """
    if rounding is None or seconds <= 0:
        return seconds
    step = rounding.minutes * MINUTE_SECONDS
    more = step - 1 if rounding.way is RoundingWay.UP else step // 2
    return (seconds + more) // step * step


def rounded_parts(parts: Mapping[Part, int], rounding: Rounding | None) -> dict[Part, int]:
    """
    Return the parts of one entry as they are shown: they add up to its rounded length.

    It is shared out in proportion; whole minutes go to the largest remainders, the earlier part first.
    """
    whole = sum(parts.values())
    if rounding is None or not whole:
        return dict(parts)
    minutes = rounded(whole, rounding) // MINUTE_SECONDS
    return {part: share * MINUTE_SECONDS for part, share in share_out(minutes, parts).items()}
