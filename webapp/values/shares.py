"""Sharing out a whole number. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Part = TypeVar("Part")


def share_out(number: int, parts: Mapping[Part, int]) -> dict[Part, int]:
    """
    Share a number out among parts, in proportion to what they hold: the shares are whole and add up to it.

    What is left over goes to the largest remainders, the earlier part first. The parts hold more than nothing together.
    """
    whole = sum(parts.values())
    exact = {part: divmod(held * number, whole) for part, held in parts.items()}
    left_over = number - sum(quotient for quotient, _ in exact.values())
    # Sorting is stable: of equal remainders the earlier part is first.
    by_remainder = set(sorted(exact, key=lambda part: -exact[part][1])[:left_over])
    return {part: quotient + (part in by_remainder) for part, (quotient, _) in exact.items()}
