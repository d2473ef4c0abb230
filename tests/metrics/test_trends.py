"""A change is claimed where there is one, and hardly ever from noise."""

import random
from collections.abc import Callable

import pytest

from webapp.metrics.rules.trends import Course, find_direction

Maker = Callable[[random.Random, int], list[float]]
RUNS = 300


def claims(make: Maker, length: int, seasons: int) -> float:
    """Return the share of runs in which a change is claimed."""
    clear = 0
    for seed in range(RUNS):
        direction = find_direction(make(random.Random(seed), length), seasons=seasons)
        clear += direction.course in (Course.UP, Course.DOWN)
    return clear / RUNS


def hours_of_working_days(chance: random.Random, length: int) -> list[float]:
    return [max(0.0, chance.gauss(6, 2)) if day % 7 < 5 else 0.0 for day in range(length)]


def few_finished(chance: random.Random, length: int) -> list[float]:
    return [float(sum(chance.random() < 0.2 for _ in range(10))) for _ in range(length)]


def busy_and_idle_stretches(chance: random.Random, length: int) -> list[float]:
    level, values = 0.0, []
    for _ in range(length):
        level = 0.4 * level + chance.gauss(0, 1)
        values.append(20 + 5 * level)
    return values


def skewed_weeks(chance: random.Random, length: int) -> list[float]:
    return [chance.lognormvariate(3, 0.5) for _ in range(length)]


@pytest.mark.parametrize(
    "make, length, seasons",
    [
        (hours_of_working_days, 29, 7),
        (hours_of_working_days, 89, 7),
        (few_finished, 29, 7),
        (few_finished, 89, 7),
        (busy_and_idle_stretches, 60, 7),
        (skewed_weeks, 8, 1),
        (skewed_weeks, 26, 1),
        (skewed_weeks, 52, 1),
    ],
)
def test_noise_is_called_a_change_in_at_most_seven_percent(make: Maker, length: int, seasons: int) -> None:
    assert claims(make, length, seasons) <= 0.07


def test_a_strong_growth_of_days_is_nearly_always_found() -> None:
    def growing(chance: random.Random, length: int) -> list[float]:
        return [max(0.0, chance.gauss(3 + 0.1 * day, 1.5)) if day % 7 < 5 else 0.0 for day in range(length)]

    assert claims(growing, 60, 7) >= 0.9
    assert claims(growing, 89, 7) >= 0.99


def test_a_strong_fall_of_weeks_is_nearly_always_found() -> None:
    def falling(chance: random.Random, length: int) -> list[float]:
        return [chance.gauss(40 - week, 4) for week in range(length)]

    assert claims(falling, 26, 1) >= 0.99
    assert find_direction(falling(random.Random(1), 26)).course is Course.DOWN


def test_direction_gives_the_slope_a_week_with_its_interval() -> None:
    weeks = find_direction([10.0 + 2 * week for week in range(12)])
    days = find_direction([10.0 + 2 * (day // 7) + (5 if day % 7 == 0 else 0) for day in range(84)], seasons=7)

    assert (weeks.course, weeks.slope) == (Course.UP, 2.0)
    assert (days.course, days.slope) == (Course.UP, 2.0)
    assert weeks.low is not None
    assert weeks.high is not None
    assert weeks.low <= 2.0 <= weeks.high


def test_one_odd_week_hardly_moves_the_slope() -> None:
    steady = [30.0, 31, 29, 30, 32, 28, 30, 31, 29, 30]
    odd = [*steady[:4], 0.0, *steady[5:]]

    for values in (steady, odd):
        direction = find_direction(values)
        assert direction.course is Course.UNCLEAR
        assert abs(direction.slope or 0) < 0.5


@pytest.mark.parametrize("values", [[], [5.0] * 5, [0.0] * 40])
def test_direction_says_nothing_about_a_few_values_or_none(values: list[float]) -> None:
    assert find_direction(values).course is Course.TOO_SHORT


def test_direction_is_unclear_where_all_values_are_equal() -> None:
    assert find_direction([5.0] * 10).course is Course.UNCLEAR
    assert find_direction([8.0, 8, 8, 8, 8, 0, 0] * 6, seasons=7).course is Course.UNCLEAR
