"""Lengths of time as people type and read them. Whole minutes at the edges, whole seconds inside."""

from __future__ import annotations

import re
from decimal import Decimal

MINUTE_SECONDS = 60
LONGEST_ESTIMATE_MINUTES = 399 * 24 * 60

_CLOCK = re.compile(r"(?P<hours>\d{1,5}):(?P<minutes>[0-5]?\d)")
_WORDS = re.compile(
    r"(?:(?P<hours>\d{1,6}(?:[.,]\d{1,4})?)\s*(?:h|hrs?|hours?))?\s*"
    r"(?:(?P<minutes>\d{1,7}(?:[.,]\d{1,4})?)\s*(?:m|mins?|minutes?))?",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(r"[-−–]\s*\d")
_DAYS = re.compile(r"\d\s*(?:d|days?|w|weeks?)\b", re.IGNORECASE)
_BARE = re.compile(r"\d{1,7}")


def parse_minutes(text: str) -> int:
    """
    Read `1h 30m`, `90m`, `1.5h`, `1:30` or `90` (minutes) as whole minutes, halves rounded up.

    :raises ValueError: with a sentence for the person, when it is none of these
    """
    words = text.strip()
    if _BARE.fullmatch(words, endpos=len(words)) and words.isascii():
        return int(words)
    if (clock := _CLOCK.fullmatch(words)) and words.isascii():
        return int(clock["hours"]) * 60 + int(clock["minutes"])
    if words and words.isascii() and (spoken := _WORDS.fullmatch(words)):
        hours = Decimal((spoken["hours"] or "0").replace(",", "."))
        minutes = Decimal((spoken["minutes"] or "0").replace(",", "."))
        return int(hours * 60 + minutes + Decimal("0.5"))
    if _NEGATIVE.match(words):
        raise ValueError("A length of time has no minus: 1h 30m, 90m, 1.5h or 1:30.")
    if _DAYS.search(words):
        raise ValueError("Write days and weeks as hours: a day of work is as long as you say, 8h perhaps.")
    raise ValueError("Write a length of time as 1h 30m, 90m, 1.5h or 1:30.")


def format_minutes(minutes: int) -> str:
    """Write whole minutes as `parse_minutes` reads them: `1h 30m`, `45m`, `2h`, `0m`."""
    hours, rest = divmod(minutes, 60)
    if hours and rest:
        return f"{hours}h {rest}m"
    return f"{hours}h" if hours else f"{rest}m"


def format_seconds(seconds: int) -> str:
    """Write a length of time for reading: `1 h 05 min`, `45 min`, `2 h`; under a minute, `0 min`."""
    hours, rest = divmod(abs(seconds) // MINUTE_SECONDS, 60)
    sign = "−" if seconds < 0 and (hours or rest) else ""
    if hours and rest:
        return f"{sign}{hours:,} h {rest:02} min"
    return f"{sign}{hours:,} h" if hours else f"{sign}{rest} min"


def format_clock(seconds: int) -> str:
    """Write a running clock: `1:24:07`."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"
