"""Tests for “did you mean”."""

from __future__ import annotations

import pytest

from webapp.calculations.engine.suggestions import closest, distance

KNOWN = ["sqrt", "sin", "sinh", "max", "median", "round", "hours", "Rate"]


@pytest.mark.parametrize(
    "word, expected",
    [
        ("sqr", ["sqrt"]),
        ("sqtr", ["sqrt"]),
        ("SIN", ["sin", "sinh"]),
        ("rate", ["Rate"]),
        ("meidan", ["median"]),
        ("hour", ["hours"]),
        ("banana", []),
        ("x", []),
        ("s" * 500, []),
    ],
)
def test_names_what_is_close(word: str, expected: list[str]) -> None:
    assert closest(word, KNOWN) == expected


def test_names_three_at_most() -> None:
    assert len(closest("aaaa", [f"aaa{letter}" for letter in "bcdefg"])) == 3


@pytest.mark.parametrize(
    "left, right, steps",
    [("", "", 0), ("abc", "abc", 0), ("abc", "abd", 1), ("abc", "acb", 1), ("abc", "ab", 1), ("kitten", "sitting", 3)],
)
def test_counts_steps(left: str, right: str, steps: int) -> None:
    assert distance(left, right, 9) == steps == distance(right, left, 9)


def test_stops_counting_what_is_too_far() -> None:
    assert distance("kitten", "sitting", 1) == 2
