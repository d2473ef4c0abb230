"""Lengths of time rounded to be shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.tasks.rules.rounding import STEPS, Rounding, RoundingWay, rounded, rounded_parts

ROUNDINGS = st.builds(Rounding, st.sampled_from(STEPS), st.sampled_from(RoundingWay))


@pytest.mark.parametrize(
    "seconds, minutes, way, shown",
    [
        (0, 15, RoundingWay.UP, 0),
        (1, 15, RoundingWay.UP, 900),
        (900, 15, RoundingWay.UP, 900),
        (901, 15, RoundingWay.UP, 1800),
        (1, 15, RoundingWay.NEAREST, 0),
        (449, 15, RoundingWay.NEAREST, 0),
        (450, 15, RoundingWay.NEAREST, 900),
        (5 * 60 + 59, 6, RoundingWay.NEAREST, 360),
        (9 * 60, 6, RoundingWay.NEAREST, 720),
        (3601, 30, RoundingWay.NEAREST, 3600),
    ],
)
def test_rounded(seconds: int, minutes: int, way: RoundingWay, shown: int) -> None:
    assert rounded(seconds, Rounding(minutes, way)) == shown
    assert rounded(seconds, None) == seconds


@given(parts=st.dictionaries(st.integers(1, 40), st.integers(0, 100_000), max_size=5), rounding=ROUNDINGS)
def test_parts_of_an_entry_add_up_to_its_rounded_length(parts: dict[int, int], rounding: Rounding) -> None:
    whole = sum(parts.values())
    shown = rounded_parts(parts, rounding)

    assert sum(shown.values()) == rounded(whole, rounding)
    assert shown.keys() == parts.keys()
    assert all(abs(shown[part] - rounded(whole, rounding) * parts[part] / whole) < 60 for part in parts if whole)
