"""Upright bars from nought, one a day or a week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from webapp.metrics.charts import axes
from webapp.metrics.charts.scales import Ticks
from webapp.metrics.charts.svg import NARROW, WIDE, Size, element, frame, path, short, text

Tone = Literal["mine", "soft", "quiet", "open"]
TONES: dict[Tone, str] = {
    "mine": "",
    "soft": " chart__bar--3",
    "quiet": " chart__bar--quiet",
    "open": " chart__bar--open",
}
# A single bar is still a bar, not a wall.
WIDEST_BAR = 56.0
# Words over a bar are left out where they would run into their neighbours'.
WIDTH_OF_A_CHARACTER = 6.5


@dataclass(frozen=True)
class Bar:
    """
    One bar. A `value` of None leaves a dash where it would stand.

    `words` is said when it is pointed at, `label` may be written below, `above` over it. The tone `open` is for what is
    not over yet.
    """

    label: str
    value: float | None
    words: str
    above: str = ""
    tone: Tone = "mine"


def draw_bars(
    name: str,
    *,
    title: str,
    description: str,
    bars: Sequence[Bar],
    ticks: Ticks,
    means: Sequence[float | None] = (),
    level: tuple[float, str] | None = None,
) -> Markup:
    """
    Draw the bars, wide and narrow.

    :param means: a line across the bars, one value each, for instance a moving mean
    :param level: a dashed line at a value, with its name
    """
    return Markup().join(
        frame(name, size, title, description, _parts(bars, ticks, means, level, size)) for size in (WIDE, NARROW)
    )


def _parts(
    bars: Sequence[Bar], ticks: Ticks, means: Sequence[float | None], level: tuple[float, str] | None, size: Size
) -> Iterator[Markup]:
    yield from axes.draw_ticks(ticks, size)
    slot = size.inner_width / max(1, len(bars))
    labels = []
    for index, bar in enumerate(bars):
        left = size.left + index * slot
        labels.append((left + slot / 2, bar.label))
        yield from _bar(bar, left, slot, ticks, size)
    centres = [x for x, _words in labels]
    if means:
        yield path(_line(list(zip(centres, means, strict=True)), ticks, size), "chart__line chart__line--mean")
    if level:
        y = size.floor - axes.height_of(level[0], ticks, size)
        yield path([f"M{size.left} {short(y)}H{size.end}"], "chart__line chart__line--dashed")
        yield text(level[1], size.end, max(y - 5, 11), anchor="end", kind="chart__label--strong chart__label--over")
    yield from axes.draw_labels(labels, size)


def _bar(bar: Bar, left: float, slot: float, ticks: Ticks, size: Size) -> Iterator[Markup]:
    gap = max(min(6.0, slot * 0.22), slot - WIDEST_BAR)
    if bar.value is None:
        yield text("–", left + slot / 2, size.floor - 5, anchor="middle")
        return
    height = axes.height_of(bar.value, ticks, size)
    # The whole slot answers to the pointer, so that a bar of nought can be asked too.
    yield element(
        "g",
        {"class": "chart__slot"},
        element("title", {}, bar.words),
        element(
            "rect",
            {"class": "chart__reach", "x": left, "y": size.top, "width": slot, "height": size.inner_height},
        ),
        element(
            "rect",
            {
                "class": f"chart__bar{TONES[bar.tone]}",
                "x": left + gap / 2,
                "y": size.floor - height,
                "width": max(0.5, slot - gap),
                "height": height,
                "rx": min(2.0, slot / 6),
            },
        ),
    )
    if bar.above and slot >= max(16.0, WIDTH_OF_A_CHARACTER * len(bar.above)):
        kind = "chart__label--strong" if bar.tone != "quiet" else None
        yield text(bar.above, left + slot / 2, size.floor - height - 5, anchor="middle", kind=kind)


def _line(points: list[tuple[float, float | None]], ticks: Ticks, size: Size) -> Iterator[str]:
    pen = "M"
    for x, value in points:
        if value is None:
            pen = "M"
            continue
        yield f"{pen}{short(x)} {short(size.floor - axes.height_of(value, ticks, size))}"
        pen = "L"
