"""Where the lines of an axis stand and what is written beside them."""

from __future__ import annotations

import math

_MINUTE = 60
_HOUR = 3600
# Steps that a person counts time in.
_DURATION_STEPS = [
    _MINUTE,
    5 * _MINUTE,
    15 * _MINUTE,
    30 * _MINUTE,
    *(hours * _HOUR for hours in (1, 2, 4, 8, 10, 20, 40)),
]

Ticks = list[tuple[float, str]]


def duration_ticks(longest_seconds: float, most: int = 5) -> Ticks:
    """Return lines for an axis from nought to at least `longest_seconds`, at most `most` steps, in minutes or hours."""
    for step in _DURATION_STEPS:
        if longest_seconds <= step * most:
            break
    else:
        step = _round_step(longest_seconds / _HOUR / most) * _HOUR
    count = max(1, math.ceil(longest_seconds / step))
    return [(index * step, write_axis_duration(index * step)) for index in range(count + 1)]


def count_ticks(highest: float, most: int = 5) -> Ticks:
    """Return lines at whole numbers for an axis from nought to at least `highest`, at most `most` steps."""
    step = max(1, _round_step(highest / most))
    count = max(1, math.ceil(highest / step))
    return [(index * step, _thin_thousands(index * step)) for index in range(count + 1)]


def write_axis_duration(seconds: float) -> str:
    """Write a round length of time as short as an axis needs it: `0`, `15 m`, `4 h`."""
    if seconds == 0:
        return "0"
    if seconds < _HOUR:
        return f"{short_number(seconds / _MINUTE)} m"
    return f"{_thin_thousands(seconds / _HOUR) if seconds % _HOUR == 0 else short_number(seconds / _HOUR)} h"


def short_number(number: float) -> str:
    """Write a number with at most one decimal place."""
    return f"{number:.1f}".removesuffix(".0")


def _round_step(raw: float) -> int:
    # 1, 2 or 5 times a power of ten, at least `raw`.
    if raw <= 1:
        return 1
    power = 10 ** math.floor(math.log10(raw))
    return next(int(factor * power) for factor in (1, 2, 5, 10) if factor * power >= raw)


def _thin_thousands(number: float) -> str:
    # A thin space is read as a separator of thousands in every number format.
    return f"{int(number):,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
