"""Estimate against actual: the middle, its doubt, and when a category may be named."""

import random
from datetime import date
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.metrics.rules.efficiency import compare, measure, middle_interval
from webapp.metrics.rules.facts import CategoryName, Pair, is_within

REVIEW = CategoryName(1, "Review", 2)
WRITING = CategoryName(2, "Writing", 3)


def pair(estimated_minutes: int, actual_seconds: int, category_id: int | None = None, task_id: int = 1) -> Pair:
    return Pair(task_id, "Task", category_id, date(2026, 11, 2), estimated_minutes, actual_seconds)


@given(st.lists(st.tuples(st.integers(1, 10_000), st.integers(1, 10**7)), min_size=1, max_size=300))
def test_measure_agrees_with_counting_by_hand(amounts: list[tuple[int, int]]) -> None:
    bias = measure([pair(estimated, actual) for estimated, actual in amounts])

    ratios = [actual / (60 * estimated) for estimated, actual in amounts]
    assert bias.middle == median(ratios)
    assert bias.within == sum(1 for estimated, actual in amounts if 45 * estimated <= actual <= 75 * estimated)
    assert min(ratios) <= (bias.typical_factor or 0) * 1.000001
    assert (bias.typical_factor or 0) <= max(ratios) * 1.000001
    if bias.low is not None and bias.high is not None:
        assert bias.low <= bias.middle <= bias.high
    if bias.lower_quarter is not None and bias.upper_quarter is not None:
        assert bias.lower_quarter <= bias.middle <= bias.upper_quarter


@pytest.mark.parametrize("count", [6, 15, 60, 250])
def test_middle_interval_holds_the_true_middle_as_often_as_it_says(count: int) -> None:
    chance = random.Random(count)
    held = 0
    for _ in range(400):
        low, high = middle_interval(sorted(chance.lognormvariate(0, 1) for _ in range(count)), 0.95)
        assert low is not None
        assert high is not None
        held += low <= 1 <= high

    assert held / 400 >= 0.93


def test_middle_interval_is_not_known_from_a_few_values() -> None:
    # Even from the least to the greatest of five values is less than 95 %.
    assert middle_interval([1, 2, 3, 4, 5], 0.95) == (None, None)
    assert middle_interval([1, 2, 3, 4, 5, 6], 0.95) == (1, 6)


def test_compare_names_the_category_furthest_from_its_estimates() -> None:
    pairs = [pair(60, 60 * 60 * 2 + index, REVIEW.id) for index in range(12)]
    pairs += [pair(60, 3600 + (-1) ** index * 300, WRITING.id) for index in range(12)]

    efficiency = compare(pairs, names=[REVIEW, WRITING])

    assert efficiency.finding is not None
    assert efficiency.finding.category == REVIEW
    assert round(efficiency.finding.bias.middle or 0, 1) == 2.0


def test_compare_names_no_category_that_only_varies() -> None:
    pairs = [pair(60, seconds, REVIEW.id) for seconds in (1800, 2400, 3000, 3600, 3600, 4000, 4800, 6000, 7200, 2000)]

    assert compare(pairs, names=[REVIEW]).finding is None


def test_chance_names_a_category_in_few_runs_however_many_there_are() -> None:
    names = [CategoryName(index, f"Category {index}", 1) for index in range(1, 11)]
    named = 0
    for seed in range(200):
        chance = random.Random(seed)
        pairs = [
            pair(1000, max(1, int(60_000 * chance.lognormvariate(0, 0.6))), name.id)
            for name in names
            for _ in range(20)
        ]
        named += compare(pairs, names=names).finding is not None

    assert named / 200 <= 0.07


def test_compare_counts_each_pair_in_one_row() -> None:
    pairs = [pair(60, 3600, REVIEW.id), pair(60, 3600), pair(30, 60), pair(30, 60, WRITING.id)]

    efficiency = compare(pairs, names=[REVIEW, WRITING])

    assert sum(row.bias.count for row in efficiency.rows) == efficiency.overall.count == 4
    assert efficiency.rows[0].category is None
    assert efficiency.estimated_minutes == 180


def test_nothing_to_compare_is_unknown_not_nought() -> None:
    bias = compare([], names=[]).overall

    assert (bias.middle, bias.within_share, bias.low, bias.upper_quarter) == (None, None, None, None)
    assert not bias.is_biased


def test_within_includes_both_ends() -> None:
    assert is_within(60, 45 * 60)
    assert is_within(60, 75 * 60)
    assert not is_within(60, 45 * 60 - 1)
    assert not is_within(60, 75 * 60 + 1)
