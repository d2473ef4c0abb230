"""A line over time, with the band in which it usually moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from webapp.metrics.charts import axes
from webapp.metrics.charts.scales import Ticks
from webapp.metrics.charts.svg import NARROW, WIDE, Size, element, frame, path, short

LEAST_REACH = 3.0


@dataclass(frozen=True)
class Dot:
    """One value of the line; None interrupts it. `words` is said when it is pointed at, `label` may stand below."""

    label: str
    value: float | None
    words: str


@dataclass(frozen=True)
class Band:
    """A straight line from the first dot to the last, and how far around it the values usually lie."""

    start: float
    end: float
    below: float
    above: float


def draw_line(
    name: str,
    *,
    title: str,
    description: str,
    dots: Sequence[Dot],
    ticks: Ticks,
    band: Band | None = None,
    is_last_open: bool = False,
) -> Markup:
    """Draw the line, wide and narrow. The last dot is marked; where it is not over yet its stretch is dashed."""
    return Markup().join(
        frame(name, size, title, description, _parts(dots, ticks, band, is_last_open, size)) for size in (WIDE, NARROW)
    )


def _parts(dots: Sequence[Dot], ticks: Ticks, band: Band | None, is_last_open: bool, size: Size) -> Iterator[Markup]:
    step = size.inner_width / max(1, len(dots) - 1)
    across = [size.left + index * step for index in range(len(dots))]
    if band and len(dots) > 1:
        yield from _band(band, across[0], across[-1], ticks, size)
    yield from axes.draw_ticks(ticks, size)
    if band and len(dots) > 1:
        ends = _height(band.start, ticks, size), _height(band.end, ticks, size)
        start, end = (short(size.floor - height) for height in ends)
        yield path([f"M{short(across[0])} {start}L{short(across[-1])} {end}"], "chart__line chart__line--dashed")
    spots = [
        (x, size.floor - axes.height_of(dot.value, ticks, size), dot)
        for x, dot in zip(across, dots, strict=True)
        if dot.value is not None
    ]
    settled = spots[:-1] if is_last_open else spots
    yield path(_commands(dots, across, ticks, size, len(dots) - is_last_open), "chart__line")
    if is_last_open and len(spots) > 1:
        (x1, y1, _), (x2, y2, _) = spots[-2:]
        yield path([f"M{short(x1)} {short(y1)}L{short(x2)} {short(y2)}"], "chart__line chart__line--open")
    # Closer together than a pointer can tell, they would only be weight.
    if step >= LEAST_REACH:
        for x, y, dot in settled if is_last_open else settled[:-1]:
            yield _reach(x, y, dot, step)
    if spots:
        x, y, dot = spots[-1]
        yield element(
            "circle",
            {"class": "chart__dot chart__dot--open", "cx": x, "cy": y, "r": 4},
            element("title", {}, dot.words),
        )
    yield from axes.draw_labels([(x, dot.label) for x, dot in zip(across, dots, strict=True)], size)


def _height(value: float, ticks: Ticks, size: Size) -> float:
    return min(max(axes.height_of(value, ticks, size), 0), size.inner_height)


def _band(band: Band, first: float, last: float, ticks: Ticks, size: Size) -> Iterator[Markup]:
    corners = (
        (first, band.start + band.above),
        (last, band.end + band.above),
        (last, band.end - band.below),
        (first, band.start - band.below),
    )
    drawn = [f"{short(x)} {short(size.floor - _height(value, ticks, size))}" for x, value in corners]
    yield path(["M", "L".join(drawn), "Z"], "chart__band")


def _commands(dots: Sequence[Dot], across: Sequence[float], ticks: Ticks, size: Size, until: int) -> Iterator[str]:
    pen = "M"
    for x, dot in list(zip(across, dots, strict=True))[:until]:
        if dot.value is None:
            pen = "M"
            continue
        yield f"{pen}{short(x)} {short(size.floor - axes.height_of(dot.value, ticks, size))}"
        pen = "L"


def _reach(x: float, y: float, dot: Dot, step: float) -> Markup:
    # Too small to see, large enough to point at.
    return element(
        "circle",
        {"class": "chart__reach", "cx": x, "cy": y, "r": min(8.0, max(3.0, step / 2))},
        element("title", {}, dot.words),
    )
