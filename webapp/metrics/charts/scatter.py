"""Two lengths of time against each other on axes that grow by factors, as points or, when there are many, as a grid."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from webapp.metrics.charts.scales import write_axis_duration
from webapp.metrics.charts.svg import Size, element, frame, path, short, text

MOST_POINTS = 300
NEAR = 0.25

_WIDE = Size("wide", 560, 400, left=44, right=12, top=10, bottom=40)
_NARROW = Size("narrow", 300, 300, left=44, right=8, top=10, bottom=40)
_CELLS = 28
# Each about four times the one before, where people have words for it: 1 s, 4 s, 15 s, 1 m, 4 m, 15 m, 1 h, 4 h, 16 h …
_LINES = [1.0, 4.0, 15.0, 60.0, 240.0, 900.0, *(3600.0 * 4**power for power in range(11))]


@dataclass(frozen=True)
class Point:
    """One task: what was estimated and what it took, both in seconds above nought; `is_other` draws a diamond."""

    estimated: float
    actual: float
    words: str
    is_other: bool = False


def draw_scatter(name: str, *, title: str, description: str, points: Sequence[Point]) -> Markup:
    """
    Draw estimate (across) against actual (up), wide and narrow.

    Both axes grow by the same factor, so that twice as long looks the same at ten minutes and at ten hours. The band is
    everything within 25 % of the estimate. More than `MOST_POINTS` points become a grid of squares whose colour is how
    many lie there.
    """
    ticks = _ticks(points)
    return Markup().join(
        frame(name, size, title, description, _parts(points, ticks, size)) for size in (_WIDE, _NARROW)
    )


def _ticks(points: Sequence[Point]) -> list[float]:
    # From the last one at or below the shortest to the first one at or above the longest, and at least two steps.
    values = [value for point in points for value in (point.estimated, point.actual)] or [_LINES[5]]
    first = max((index for index, line in enumerate(_LINES) if line <= min(values)), default=0)
    last = min((index for index, line in enumerate(_LINES) if line >= max(values)), default=len(_LINES) - 1)
    first = min(first, len(_LINES) - 3)
    ticks = _LINES[first : max(last, first + 2) + 1]
    # A very wide range keeps every second or third line, and always both ends.
    stride = max(1, math.ceil((len(ticks) - 1) / 7))
    kept = ticks[:-1:stride]
    # The words of two lines that stand closer would run into each other.
    return [*(kept[:-1] if (len(ticks) - 1) % stride else kept), ticks[-1]]


def _parts(points: Sequence[Point], ticks: list[float], size: Size) -> Iterator[Markup]:
    low, high = ticks[0], ticks[-1]

    def x_of(seconds: float) -> float:
        return size.left + size.inner_width * math.log(seconds / low) / math.log(high / low)

    def y_of(seconds: float) -> float:
        return size.floor - size.inner_height * math.log(seconds / low) / math.log(high / low)

    def corner(estimated: float, actual: float) -> str:
        return f"{short(x_of(estimated))} {short(y_of(actual))}"

    upper, lower = 1 + NEAR, 1 - NEAR
    band = [corner(low, low), corner(low, low * upper), corner(high / upper, high), corner(high, high)]
    band += [corner(high, high * lower), corner(low / lower, low)]
    yield path(["M", "L".join(band), "Z"], "chart__band")
    yield from _grid(ticks, size)
    yield path([f"M{corner(low, low)}L{corner(high, high)}"], "chart__line chart__line--dashed")
    spots = [(x_of(point.estimated), y_of(point.actual), point) for point in points]
    yield from _crowd(spots, size) if len(spots) > MOST_POINTS else _points(spots)
    yield text("estimate →", size.end, size.height - 4, anchor="end")
    yield text("↑ actual", size.left + 5, size.top + 11)


def _grid(ticks: list[float], size: Size) -> Iterator[Markup]:
    for index, value in enumerate(ticks):
        share = math.log(value / ticks[0]) / math.log(ticks[-1] / ticks[0])
        x = size.left + size.inner_width * share
        y = size.floor - size.inner_height * share
        kind = "chart__axis" if index == 0 else "chart__grid"
        yield path([f"M{size.left} {short(y)}H{size.end}M{short(x)} {size.top}V{size.floor}"], kind)
        words = write_axis_duration(value) if value >= 60 else f"{short(value)} s"
        yield text(words, size.left - 8, y + 4, anchor="end")
        yield text(words, x, size.floor + 16, anchor="end" if index == len(ticks) - 1 else "middle")


def _points(spots: list[tuple[float, float, Point]]) -> Iterator[Markup]:
    # What stands out is drawn last, on top.
    for x, y, point in sorted(spots, key=lambda spot: spot[2].is_other):
        said = element("title", {}, point.words)
        if point.is_other:
            diamond = f"M{short(x)} {short(y - 5)}l5 5-5 5-5-5z"
            yield element("path", {"class": "chart__dot chart__dot--other", "d": diamond}, said)
        else:
            yield element("circle", {"class": "chart__dot chart__dot--faint", "cx": x, "cy": y, "r": 4.5}, said)


def _crowd(spots: list[tuple[float, float, Point]], size: Size) -> Iterator[Markup]:
    width, height = size.inner_width / _CELLS, size.inner_height / _CELLS
    counts: Counter[tuple[int, int]] = Counter()
    for x, y, _point in spots:
        column = min(_CELLS - 1, max(0, int((x - size.left) / width)))
        row = min(_CELLS - 1, max(0, int((y - size.top) / height)))
        counts[column, row] += 1
    most = max(counts.values())
    for (column, row), count in sorted(counts.items()):
        # Five tones by the logarithm of the count: one task stays visible beside a hundred.
        tone = 1 + min(3, int(4 * math.log(count) / math.log(most))) if most > 1 else 4
        yield element(
            "rect",
            {
                "class": f"chart__heat-{tone}",
                "x": size.left + column * width + 0.5,
                "y": size.top + row * height + 0.5,
                "width": width - 1,
                "height": height - 1,
                "rx": 1.5,
            },
            element("title", {}, f"{count} tasks" if count > 1 else "1 task"),
        )
