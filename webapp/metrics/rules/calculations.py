"""What was worked out in a period: how much, with what, and what was refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from webapp.values.period import Period

# More bars than these are too thin to be told apart: then a bar is a week, or a month.
MOST_DAYS = 62
MOST_WEEKS = 60
# Of names and functions so many are shown, the most used first.
MOST_SHOWN = 12
_DAY = timedelta(days=1)


class DayCount(NamedTuple):
    """How many calculations were made on a day, by what they came to: an empty code is an answer."""

    day: date
    error_code: str
    number: int


class UseCount(NamedTuple):
    """How many calculations used a thing; `kind` and `name` as in calculations.rules.uses."""

    kind: str
    name: str
    number: int


@dataclass(frozen=True)
class Step:
    """A bar of the course: a day, or all days of a week or a month that lie in the period."""

    days: Period
    answered: int
    refused: int
    is_open: bool

    @property
    def number(self) -> int:
        """All of them."""
        return self.answered + self.refused


@dataclass(frozen=True)
class Calculations:
    """What was worked out in a period, and in the one before it. Tables are sorted by number, the most first."""

    answered: int
    refused: int
    before: int
    unit: str
    steps: list[Step]
    errors: list[tuple[str, int]]
    uses: Mapping[str, list[tuple[str, int]]]

    @property
    def number(self) -> int:
        """All of them."""
        return self.answered + self.refused

    @property
    def is_empty(self) -> bool:
        """Whether nothing was worked out."""
        return not self.number

    @property
    def days(self) -> int:
        """How many of the bars have any."""
        return sum(step.number > 0 for step in self.steps)

    @property
    def busiest(self) -> Step | None:
        """The bar with the most, the later of two."""
        return max(reversed(self.steps), key=lambda step: step.number) if self.number else None

    def of_kind(self, kind: str) -> list[tuple[str, int]]:
        """Return what was used of a kind, and by how many calculations."""
        return list(self.uses.get(kind, []))


def add_up(
    *, period: Period, counts: Iterable[DayCount], uses: Iterable[UseCount], before: int, today: date, week_start: int
) -> Calculations:
    """Return the numbers of a period. `uses` come with the most used first."""
    answered: Counter[date] = Counter()
    refused: Counter[date] = Counter()
    errors: Counter[str] = Counter()
    for count in counts:
        (refused if count.error_code else answered)[count.day] += count.number
        if count.error_code:
            errors[count.error_code] += count.number
    by_kind: dict[str, list[tuple[str, int]]] = {}
    for use in sorted(uses, key=lambda use: (-use.number, use.name)):
        by_kind.setdefault(use.kind, []).append((use.name, use.number))
    unit = _unit(period)
    return Calculations(
        answered=answered.total(),
        refused=refused.total(),
        before=before,
        unit=unit,
        steps=[
            Step(
                span,
                sum(answered[day] for day in span.days()),
                sum(refused[day] for day in span.days()),
                is_open=span.start <= today < span.end,
            )
            for span in _spans(period, unit, week_start)
        ],
        errors=sorted(errors.items(), key=lambda item: (-item[1], item[0])),
        uses=by_kind,
    )


def _unit(period: Period) -> str:
    if period.length_days <= MOST_DAYS:
        return "day"
    return "week" if period.length_days <= 7 * MOST_WEEKS else "month"


def _spans(period: Period, unit: str, week_start: int) -> list[Period]:
    """Return the days, weeks or months of the period; the first and the last may be cut."""
    spans, start = [], period.start
    while start < period.end:
        if unit == "day":
            end = start + _DAY
        elif unit == "week":
            end = start + (7 - (start.weekday() - week_start) % 7) * _DAY
        else:
            end = (start.replace(day=1) + 31 * _DAY).replace(day=1)
        end = min(end, period.end)
        spans.append(Period(start, end))
        start = end
    return spans
