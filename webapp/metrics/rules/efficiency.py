"""How estimates compare with what work really took."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, median, quantiles

from webapp.metrics.rules.facts import CategoryName, Pair

LEVEL = 0.95
LEAST_FOR_FINDING = 8
LEAST_FOR_SPREAD = 4
MOST_PAIRS = 5000


@dataclass(frozen=True)
class Bias:
    """
    The ratios of actual to estimate of some finished tasks; above 1 took longer.

    The interval is that of the middle, at the level it was asked for; None where there are too few. Quartiles are None
    under `LEAST_FOR_SPREAD` tasks.
    """

    count: int
    middle: float | None
    low: float | None
    high: float | None
    lower_quarter: float | None
    upper_quarter: float | None
    typical_factor: float | None
    within: int

    @property
    def within_share(self) -> float | None:
        """Which share took between 75 and 125 % of the estimate."""
        return self.within / self.count if self.count else None

    @property
    def is_biased(self) -> bool:
        """Whether the interval of the middle leaves out 1."""
        return self.low is not None and self.high is not None and (self.low > 1 or self.high < 1)


@dataclass(frozen=True)
class CategoryBias:
    """The bias of one category; None are tasks without one."""

    category: CategoryName | None
    bias: Bias


@dataclass(frozen=True)
class Efficiency:
    """The bias of all pairs and of each category, most tasks first; `is_cut` when only the newest were looked at."""

    pairs: list[Pair]
    overall: Bias
    rows: list[CategoryBias]
    estimated_minutes: int
    actual_seconds: int
    is_cut: bool

    @property
    def finding(self) -> CategoryBias | None:
        """The named category furthest from its estimates, where chance alone does not explain it."""
        clear = [
            row for row in self.rows if row.category and row.bias.is_biased and row.bias.count >= LEAST_FOR_FINDING
        ]
        return max(clear, key=lambda row: abs(math.log(row.bias.middle or 1)), default=None)

    @property
    def furthest(self) -> list[Pair]:
        """The ten tasks furthest from their estimates, in either direction."""
        return sorted(self.pairs, key=lambda pair: -abs(math.log(pair.ratio)))[:10]


def compare(pairs: Iterable[Pair], *, names: Iterable[CategoryName], is_cut: bool = False) -> Efficiency:
    """Compare estimate and actual, overall and by category."""
    pairs = list(pairs)
    known = {name.id: name for name in names}
    by_category: dict[int | None, list[Pair]] = {}
    for pair in pairs:
        by_category.setdefault(pair.category_id, []).append(pair)
    # With many categories one of them would stand out by chance: each is asked at a stricter level (Bonferroni).
    tested = sum(1 for key, group in by_category.items() if key is not None and len(group) >= LEAST_FOR_FINDING)
    level = 1 - (1 - LEVEL) / max(1, tested)
    rows = [
        CategoryBias(known[key] if key is not None else None, measure(group, level=level))
        for key, group in sorted(by_category.items(), key=lambda item: (-len(item[1]), item[0] or 0))
    ]
    return Efficiency(
        pairs=pairs,
        overall=measure(pairs),
        rows=rows,
        estimated_minutes=sum(pair.estimated_minutes for pair in pairs),
        actual_seconds=sum(pair.actual_seconds for pair in pairs),
        is_cut=is_cut,
    )


def measure(pairs: Sequence[Pair], *, level: float = LEVEL) -> Bias:
    """Return the middle ratio with its interval, the quartiles, the geometric mean and how many were near."""
    ratios = sorted(pair.ratio for pair in pairs)
    if not ratios:
        return Bias(0, None, None, None, None, None, None, 0)
    low, high = middle_interval(ratios, level)
    quarters = _quarters(ratios)
    return Bias(
        count=len(ratios),
        middle=median(ratios),
        low=low,
        high=high,
        lower_quarter=quarters[0],
        upper_quarter=quarters[1],
        typical_factor=math.exp(fmean(math.log(ratio) for ratio in ratios)),
        within=sum(1 for pair in pairs if pair.is_within),
    )


def middle_interval(ordered: Sequence[float], level: float) -> tuple[float | None, float | None]:
    """
    Return two of the values between which the median of where they come from lies with at least `level`.

    Free of any assumption about the distribution: the ranks are those of the binomial distribution with one half
    (Conover 1999, Practical Nonparametric Statistics, section 3.2). None where even the extremes do not reach it.
    """
    count = len(ordered)
    rank = _lower_rank(count, (1 - level) / 2)
    if rank is None:
        return None, None
    return ordered[rank], ordered[count - 1 - rank]


def _lower_rank(count: int, tail: float) -> int | None:
    # The largest index with P(fewer than index + 1 of the values lie below the median) still within the tail.
    if count > 200:
        return max(0, math.floor(count / 2 + NormalDist().inv_cdf(tail) * math.sqrt(count) / 2 - 0.5))
    allowed = tail * 2**count
    reached = 0
    rank = None
    for index in range(count // 2):
        reached += math.comb(count, index)
        if reached > allowed:
            break
        rank = index
    return rank


def _quarters(ordered: Sequence[float]) -> tuple[float | None, float | None]:
    if len(ordered) < LEAST_FOR_SPREAD:
        return None, None
    lower, _middle, upper = quantiles(ordered, n=4, method="inclusive")
    return lower, upper
