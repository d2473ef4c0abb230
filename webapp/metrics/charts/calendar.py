"""A year at a glance: one square a day, a column a week, in five depths of one colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from webapp.metrics.charts.svg import element, text

_PITCH = 15
_SQUARE = 13
_LEFT = 34
_TOP = 20


@dataclass(frozen=True)
class Square:
    """One day: how deep its colour is, 0 (nothing) to 4, and what is said when it is pointed at."""

    day: date
    depth: int
    words: str


def draw_calendar(
    name: str,
    *,
    title: str,
    description: str,
    squares: Sequence[Square],
    week_start: int,
    weekdays: Sequence[str],
    months: Sequence[str],
) -> Markup:
    """
    Draw the days, which follow each other, in one drawing: it keeps its size and is scrolled where it does not fit.

    :param weekdays: what Monday to Sunday are called
    :param months: what January to December are called
    """
    first = squares[0].day
    start = first - timedelta(days=(first.weekday() - week_start) % 7)
    columns = (squares[-1].day - start).days // 7 + 1
    width = _LEFT + columns * _PITCH
    return element(
        "svg",
        {
            "class": "chart chart--year",
            "viewBox": f"0 0 {width} {_TOP + 7 * _PITCH}",
            "role": "img",
            "aria-labelledby": f"{name}-title",
            "aria-describedby": f"{name}-desc",
        },
        element("title", {"id": f"{name}-title"}, title),
        element("desc", {"id": f"{name}-desc"}, description),
        *_weekdays(week_start, weekdays),
        *_months(start, columns, months),
        *(_square(square, start) for square in squares),
    )


def _weekdays(week_start: int, names: Sequence[str]) -> Iterator[Markup]:
    for row in (0, 2, 4):
        yield text(names[(week_start + row) % 7], _LEFT - 6, _TOP + row * _PITCH + 11, anchor="end")


def _months(start: date, columns: int, names: Sequence[str]) -> Iterator[Markup]:
    free_from = 0
    for column in range(columns):
        monday = start + timedelta(days=7 * column)
        # The week in which a month begins carries its name, where there is room for it.
        if (monday + timedelta(days=6)).day <= 7 and column >= free_from and column < columns - 1:
            yield text(names[(monday + timedelta(days=6)).month - 1], _LEFT + column * _PITCH, 12)
            free_from = column + 3


def _square(square: Square, start: date) -> Markup:
    days = (square.day - start).days
    return element(
        "rect",
        {
            "class": f"chart__heat-{square.depth}",
            "x": _LEFT + days // 7 * _PITCH,
            "y": _TOP + days % 7 * _PITCH,
            "width": _SQUARE,
            "height": _SQUARE,
            "rx": 2,
        },
        element("title", {}, square.words),
    )
