"""Rounded parts that still add up to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def share_out(amounts: Sequence[int | Fraction], whole: int) -> list[int]:
    """
    Split `whole` in proportion to `amounts` into whole numbers that add up to it exactly.

    Each is its exact part rounded down or up; those cut most get what is left over (largest remainder, the earlier one
    first when equal). Where there is nothing to share by, every part is 0.
    """
    total = sum(amounts)
    if not total:
        return [0] * len(amounts)
    exact = [Fraction(amount) * whole / total for amount in amounts]
    return round_together(exact, whole)


def round_together(exact: Sequence[Fraction], whole: int) -> list[int]:
    """Round each of `exact` down or up so that they add up to `whole`, which must be their sum rounded down or up."""
    parts = [value.numerator // value.denominator for value in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: parts[index] - exact[index])
    for index in by_remainder[: whole - sum(parts)]:
        parts[index] += 1
    return parts
