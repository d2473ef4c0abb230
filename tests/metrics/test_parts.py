"""Rounded parts add up."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from webapp.metrics.rules.parts import share_out


@given(st.lists(st.integers(0, 10**9), max_size=40), st.integers(0, 10_000))
def test_share_out_adds_up_and_stays_within_one_of_the_exact_part(amounts: list[int], whole: int) -> None:
    parts = share_out(amounts, whole)

    total = sum(amounts)
    assert sum(parts) == (whole if total else 0)
    for amount, part in zip(amounts, parts, strict=True):
        exact = Fraction(amount * whole, total) if total else Fraction(0)
        assert abs(Fraction(part) - exact) < 1


def test_share_out_gives_what_is_left_over_to_the_largest_remainders() -> None:
    assert share_out([1, 1, 1], 1000) == [334, 333, 333]
    assert share_out([2, 1], 100) == [67, 33]
    assert share_out([5], 1000) == [1000]


def test_share_out_gives_nothing_where_there_is_nothing() -> None:
    assert share_out([0, 0], 1000) == [0, 0]
    assert share_out([], 1000) == []
