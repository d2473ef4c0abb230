"""
Drawings of figures as SVG text. Pure: numbers and words in, markup out.

Geometry is in attributes, colour and type are classes (static/css/chart.css), so that one drawing serves light, dark
and print under a strict Content-Security-Policy. Every drawing comes twice, for a wide and for a narrow column, so
that its type stays readable; the stylesheet shows one of them.
"""

from webapp.metrics.charts.bars import Bar, Tone, draw_bars
from webapp.metrics.charts.calendar import Square, draw_calendar
from webapp.metrics.charts.lines import Band, Dot, draw_line
from webapp.metrics.charts.scales import count_ticks, duration_ticks
from webapp.metrics.charts.scatter import MOST_POINTS, Point, draw_scatter
from webapp.metrics.charts.stacks import Piece, draw_length, draw_stack

__all__ = [
    "MOST_POINTS",
    "Band",
    "Bar",
    "Dot",
    "Piece",
    "Point",
    "Square",
    "Tone",
    "count_ticks",
    "draw_bars",
    "draw_calendar",
    "draw_length",
    "draw_line",
    "draw_scatter",
    "draw_stack",
    "duration_ticks",
]
