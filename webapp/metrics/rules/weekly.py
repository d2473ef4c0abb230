"""Weeks: what was tracked and finished in each, and a score from 0 to 100 whose parts add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from statistics import median
from typing import TypeVar

from webapp.metrics.rules.facts import DayFinished, Planned
from webapp.metrics.rules.parts import round_together, share_out
from webapp.metrics.rules.spans import Week
from webapp.metrics.rules.trends import Direction, find_direction

Row = TypeVar("Row")

LEAST_PARTS = 2
LEAST_WEEKS_FOR_USUAL = 3


class PartName(StrEnum):
    """The four parts of the score."""

    PLANNED = "planned"
    ON_TIME = "on-time"
    TRACKED = "tracked"
    WITHIN = "within"


WEIGHTS = {PartName.PLANNED: 40, PartName.ON_TIME: 25, PartName.TRACKED: 20, PartName.WITHIN: 15}


@dataclass(frozen=True)
class Part:
    """
    One part: `got` of `of` (minutes, tasks or seconds), and the points it gives, in tenths.

    Without data (`of` is 0) it has no weight, and the weight of the others is scaled up to a hundred together.
    """

    name: PartName
    got: int
    of: int
    weight_tenths: int
    points_tenths: int

    @property
    def has_data(self) -> bool:
        """Whether there was anything to judge."""
        return self.of > 0

    @property
    def points(self) -> float:
        """The points it gives."""
        return self.points_tenths / 10

    @property
    def weight(self) -> float:
        """The most points it could give."""
        return self.weight_tenths / 10


@dataclass(frozen=True)
class WeekResult:
    """One week; `score_tenths` is None under two parts with data, and where nothing was tracked or finished."""

    week: Week
    seconds: int
    finished: int
    parts: list[Part]
    score_tenths: int | None

    @property
    def score(self) -> float | None:
        """The score, 0 to 100, to a tenth."""
        return None if self.score_tenths is None else self.score_tenths / 10


@dataclass(frozen=True)
class ScoreChange:
    """From one week's score to the next, in tenths, and the part that moved most in the same direction."""

    tenths: int
    mostly: PartName | None


@dataclass(frozen=True)
class Weekly:
    """The weeks, oldest first; `usual_seconds` is the middle of the full weeks with time, None under three of them."""

    weeks: list[WeekResult]
    usual_seconds: int | None
    tracked: Direction

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not any(result.seconds or result.finished or result.score is not None for result in self.weeks)

    @property
    def focus(self) -> WeekResult | None:
        """The week that is spoken of: the last full one with a score, else the last with one."""
        scored = [result for result in self.weeks if result.score is not None]
        return next((result for result in reversed(scored) if result.week.is_over), scored[-1] if scored else None)

    @property
    def change(self) -> ScoreChange | None:
        """From the week before the focus; None when one of the two has no score."""
        if self.focus is None:
            return None
        index = self.weeks.index(self.focus)
        earlier = self.weeks[index - 1] if index else None
        if earlier is None or earlier.score_tenths is None or self.focus.score_tenths is None:
            return None
        tenths = self.focus.score_tenths - earlier.score_tenths
        moves = {
            now.name: now.points_tenths - then.points_tenths
            for now, then in zip(self.focus.parts, earlier.parts, strict=True)
        }
        mostly = max(moves, key=lambda name: moves[name] if tenths > 0 else -moves[name])
        return ScoreChange(tenths, mostly if tenths else None)


def score_weeks(
    *,
    weeks: list[Week],
    seconds: Mapping[date, int],
    finished: Iterable[DayFinished],
    planned: Iterable[Planned],
    today: date,
) -> Weekly:
    """Add up and score the weeks; weeks before the first record are left out."""
    finished = list(finished)
    planned = [row for row in planned if row.due_on <= today]
    begins = min([*seconds, *(row.day for row in finished), *(row.due_on for row in planned)], default=None)
    weeks = [week for week in weeks if begins is not None and week.end > begins]
    if not weeks:
        return Weekly([], None, find_direction([]))
    first = weeks[0].start
    tracked: Counter[int] = Counter()
    for day, value in seconds.items():
        tracked[(day - first).days // 7] += value
    done = _by_week(finished, first, lambda row: row.day)
    due = _by_week(planned, first, lambda row: row.due_on)
    full = [tracked[index] for index, week in enumerate(weeks) if week.is_over]
    worked = [value for value in full if value]
    usual = int(median(worked)) if len(worked) >= LEAST_WEEKS_FOR_USUAL else None
    results = [
        _result(week, tracked[index], done.get(index, []), due.get(index, []), usual)
        for index, week in enumerate(weeks)
    ]
    return Weekly(results, usual, find_direction(full))


def score(amounts: Mapping[PartName, tuple[int, int]]) -> tuple[list[Part], int | None]:
    """
    Turn `got` of `of` per part into points; both results are in tenths and the points add up to the score exactly.

    A part with nothing to judge gives its weight to the others in proportion. Under `LEAST_PARTS` there is no score.
    """
    capped = {name: (min(got, of), of) for name, (got, of) in amounts.items()}
    given = [WEIGHTS[name] if capped[name][1] else 0 for name in PartName]
    weights = share_out(given, 1000)
    if sum(1 for weight in given if weight) < LEAST_PARTS:
        return [Part(name, *capped[name], 0, 0) for name in PartName], None
    exact = [
        Fraction(weight * capped[name][0], capped[name][1] or 1) for name, weight in zip(PartName, weights, strict=True)
    ]
    total = int(sum(exact) + Fraction(1, 2))
    points = round_together(exact, total)
    parts = [
        Part(name, *capped[name], weight, gained)
        for name, weight, gained in zip(PartName, weights, points, strict=True)
    ]
    return parts, total


def _by_week(rows: Iterable[Row], first: date, day_of: Callable[[Row], date]) -> dict[int, list[Row]]:
    weeks: dict[int, list[Row]] = {}
    for row in rows:
        weeks.setdefault((day_of(row) - first).days // 7, []).append(row)
    return weeks


def _result(week: Week, tracked: int, done: list[DayFinished], due: list[Planned], usual: int | None) -> WeekResult:
    # A week that is not over is held against as much of the usual week as has passed.
    target = (usual or 0) * min(week.days_so_far, 7) // 7
    parts, total = score(
        {
            PartName.PLANNED: (
                sum(row.estimated_minutes for row in due if row.finished_on and row.finished_on < week.end),
                sum(row.estimated_minutes for row in due),
            ),
            PartName.ON_TIME: (sum(row.on_time for row in done), sum(row.with_due for row in done)),
            PartName.TRACKED: (tracked, target),
            PartName.WITHIN: (sum(row.within for row in done), sum(row.with_both for row in done)),
        }
    )
    finished = sum(row.finished for row in done)
    # A week off is no bad week.
    return WeekResult(week, tracked, finished, parts, total if tracked or finished else None)
