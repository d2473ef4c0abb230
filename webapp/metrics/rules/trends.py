"""Whether something grows or shrinks, or only varies."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import NormalDist, median

LEVEL = 0.95
LEAST_DAYS = 21
LEAST_WEEKS = 6
_Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)


class Course(StrEnum):
    """Where a series goes."""

    UP = "up"
    DOWN = "down"
    UNCLEAR = "unclear"
    TOO_SHORT = "too-short"


@dataclass(frozen=True)
class Direction:
    """
    Where a series goes, and by how much a week: the middle of all slopes, and its 95 % interval.

    Slope and interval are None where the series is too short to say anything.
    """

    course: Course
    slope: float | None = None
    low: float | None = None
    high: float | None = None


def find_direction(values: Sequence[float], *, seasons: int = 1) -> Direction:
    """
    Tell where a series of days (`seasons=7`) or weeks (`seasons=1`) without gaps goes.

    The seasonal Kendall test with the seasonal Theil–Sen slope: each weekday is compared with its own kind only, and
    one odd day hardly moves the result. Days that resemble the day before would make the test see trends in noise; its
    variance is therefore enlarged by the lag-one correlation of what the slope leaves over. A change is claimed only
    where the test is significant at 5 % (two-sided) and the interval of the slope leaves out nought.

    Hirsch, Slack and Smith (1982), Techniques of trend analysis for monthly water quality data, Water Resources
    Research 18(1). Sen (1968), Estimates of the regression coefficient based on Kendall's tau, JASA 63. Yue and Wang
    (2004), The Mann–Kendall test modified by effective sample size, Water Resources Management 18.
    """
    if len(values) < (LEAST_DAYS if seasons > 1 else LEAST_WEEKS) or not any(values):
        return Direction(Course.TOO_SHORT)
    kinds = _telling_kinds([values[season::seasons] for season in range(seasons)])
    if not kinds:
        return Direction(Course.UNCLEAR, 0.0, 0.0, 0.0)
    slopes = sorted(
        (kind[later] - kind[earlier]) / (later - earlier)
        for kind in kinds
        for earlier in range(len(kind))
        for later in range(earlier + 1, len(kind))
    )
    slope = median(slopes)
    score = sum((slope_ > 0) - (slope_ < 0) for slope_ in slopes)
    variance = sum(_variance(kind) for kind in kinds) * _inflation(_residuals(kinds, slope))
    low, high = _interval(slopes, variance)
    # One less: the score moves in steps of two, the normal distribution does not.
    is_significant = abs(score) - 1 > _Z * math.sqrt(variance)
    course = Course.UNCLEAR
    if is_significant and low > 0:
        course = Course.UP
    elif is_significant and high < 0:
        course = Course.DOWN
    return Direction(course, slope, low, high)


def _telling_kinds(kinds: list[Sequence[float]]) -> list[Sequence[float]]:
    # A weekday that is mostly free says little and would dilute the slope of those that are not.
    worked = [kind for kind in kinds if kind and median(kind) > 0]
    return [kind for kind in worked or kinds if len(set(kind)) > 1]


def _variance(kind: Sequence[float]) -> float:
    # Of Kendall's score without a trend, less what equal values take from it.
    ties = Counter(kind).values()
    return (_triple(len(kind)) - sum(_triple(tie) for tie in ties)) / 18


def _triple(count: int) -> int:
    return count * (count - 1) * (2 * count + 5)


def _residuals(kinds: list[Sequence[float]], slope: float) -> list[float]:
    # What is left of each value without the slope and without the middle of its weekday, in the order of time.
    level = [median(value - slope * index for index, value in enumerate(kind)) for kind in kinds]
    return [
        kind[index] - slope * index - level[season]
        for index in range(max(len(kind) for kind in kinds))
        for season, kind in enumerate(kinds)
        if index < len(kind)
    ]


def _inflation(residuals: list[float]) -> float:
    count = len(residuals)
    # Ranks, so that one odd day does not hide a likeness, or make one.
    order = sorted(residuals)
    first = {value: order.index(value) for value in set(residuals)}
    tie = Counter(residuals)
    ranks = [first[value] + (tie[value] - 1) / 2 for value in residuals]
    mean = sum(ranks) / count
    spread = sum((rank - mean) ** 2 for rank in ranks)
    if not spread:
        return 1.0
    likeness = sum((a - mean) * (b - mean) for a, b in pairwise(ranks)) / spread
    # Only upwards: unlike neighbours would make the test bolder than the data.
    likeness = min(max(likeness, 0.0), 0.95)
    return 1 + 2 * sum((1 - lag / count) * likeness**lag for lag in range(1, count))


def _interval(slopes: list[float], variance: float) -> tuple[float, float]:
    reach = _Z * math.sqrt(variance)
    lower = math.floor((len(slopes) - reach) / 2)
    upper = math.ceil((len(slopes) + reach) / 2)
    return slopes[max(lower - 1, 0)], slopes[min(upper, len(slopes) - 1)]
