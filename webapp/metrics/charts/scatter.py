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
_FACTOR = 4


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
    low, high = _bounds(points)
    return Markup().join(
        frame(name, size, title, description, _parts(points, low, high, size)) for size in (_WIDE, _NARROW)
    )


def _bounds(points: Sequence[Point]) -> tuple[float, float]:
    # Whole factors of four around a quarter of an hour: 15 m, 1 h, 4 h, 16 h …
    values = [value for point in points for value in (point.estimated, point.actual)] or [900]
    low = math.floor(_steps(min(values)))
    high = math.ceil(_steps(max(values)))
    return 900 * _FACTOR**low, 900 * _FACTOR ** max(high, low + 2)


def _steps(seconds: float) -> float:
    return math.log(seconds / 900, _FACTOR)


def _parts(points: Sequence[Point], low: float, high: float, size: Size) -> Iterator[Markup]:
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
    yield from _grid(low, high, size)
    yield path([f"M{corner(low, low)}L{corner(high, high)}"], "chart__line chart__line--dashed")
    spots = [(x_of(point.estimated), y_of(point.actual), point) for point in points]
    yield from _crowd(spots, size) if len(spots) > MOST_POINTS else _points(spots)
    yield text("estimate →", size.end, size.height - 4, anchor="end")
    yield text("↑ actual", size.left + 5, size.top + 11)


def _grid(low: float, high: float, size: Size) -> Iterator[Markup]:
    steps = round(math.log(high / low, _FACTOR))
    # A very wide range keeps every second or third line.
    stride = max(1, math.ceil(steps / 7))
    for step in range(0, steps + 1, stride):
        value = low * _FACTOR**step
        x = size.left + size.inner_width * step / steps
        y = size.floor - size.inner_height * step / steps
        kind = "chart__axis" if step == 0 else "chart__grid"
        yield path([f"M{size.left} {short(y)}H{size.end}M{short(x)} {size.top}V{size.floor}"], kind)
        words = write_axis_duration(value) if value >= 60 else f"{short(value)} s"
        yield text(words, size.left - 8, y + 4, anchor="end")
        yield text(words, x, size.floor + 16, anchor="end" if step == steps else "middle")


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
