"""Lengths on one line: parts laid end to end, or one part of a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from webapp.metrics.charts.svg import element


@dataclass(frozen=True)
class Piece:
    """One part: how long, in the unit of the whole, and in which of the tones 1 (lightest) to 4."""

    length: float
    tone: int
    words: str


def draw_stack(name: str, *, title: str, pieces: Sequence[Piece], whole: float) -> Markup:
    """Draw the pieces end to end on a line that stands for `whole`. It stretches, so one drawing fits any width."""
    return element(
        "svg",
        {
            "class": "score__bar",
            "width": "100%",
            "height": "20",
            "role": "img",
            "aria-labelledby": f"{name}-title",
        },
        element("title", {"id": f"{name}-title"}, title),
        element("rect", {"class": "chart__heat-0", "width": "100%", "height": "20"}),
        *_pieces(pieces, whole),
    )


def _pieces(pieces: Sequence[Piece], whole: float) -> Iterator[Markup]:
    at = 0.0
    for piece in pieces:
        length = 100 * piece.length / whole if whole else 0
        if length > 0:
            yield element(
                "rect",
                {
                    "class": f"chart__heat-{piece.tone}",
                    "x": _percent(at),
                    # A hair between two pieces, out of the longer side of each.
                    "width": _percent(max(length - 0.4, length / 2)),
                    "height": "20",
                },
                element("title", {}, piece.words),
            )
        at += length


def draw_length(share: float, kind: str = "chart__bar") -> Markup:
    """Draw a share of one as a short line for a table; the number stands beside it, so it is not read out."""
    return element(
        "svg",
        {"class": "bar", "width": "100%", "height": "10", "aria-hidden": "true"},
        element("rect", {"class": "chart__heat-0", "width": "100%", "height": "10", "rx": "2"}),
        element("rect", {"class": kind, "width": _percent(100 * min(max(share, 0.0), 1.0)), "height": "10", "rx": "2"}),
    )


def _percent(length: float) -> str:
    return f"{length:.1f}%"
