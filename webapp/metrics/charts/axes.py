"""The lines behind a chart that grows upwards from nought."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from webapp.metrics.charts.scales import Ticks
from webapp.metrics.charts.svg import Size, path, short, text


def height_of(value: float, ticks: Ticks, size: Size) -> float:
    """Return how far above the floor `value` stands when the last tick is at the top."""
    return size.inner_height * value / ticks[-1][0]


def draw_ticks(ticks: Ticks, size: Size) -> Iterator[Markup]:
    """Draw the floor and a thin line per tick, each with its words to the left."""
    for value, words in ticks:
        y = size.floor - height_of(value, ticks, size)
        kind = "chart__axis" if value == 0 else "chart__grid"
        yield path([f"M{size.left} {short(y)}H{size.end}"], kind)
        yield text(words, size.left - 8, y + 4, anchor="end")


def draw_labels(labels: list[tuple[float, str]], size: Size) -> Iterator[Markup]:
    """Write as many of the words under the floor as fit beside each other, the last one always."""
    y = size.height - 6
    free_until = float(size.end) + 1
    for x, words in reversed(labels):
        half = _width(words) / 2
        centre = min(max(x, size.left - 20 + half), size.end - half)
        if centre + half > free_until:
            continue
        free_until = centre - half - 14
        yield text(words, centre, y, anchor="middle")


def _width(words: str) -> float:
    # An estimate for 12-pixel type that is never much too small.
    return 6.6 * len(words)
