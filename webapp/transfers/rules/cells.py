"""What is written in one cell: days and times, lengths of time, statuses, priorities."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from webapp.values.period import day_start
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.values.text import name_key

EARLIEST_YEAR = 1970
LATEST_YEAR = 2199
MOST_HOURS = 100_000
LONGEST_QUOTE = 40


class DayOrder(StrEnum):
    """How 03/04/2026 is meant. Days written 2026-04-03 or 3 Apr 2026 are read in any case."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class Unit(StrEnum):
    """What a bare number of time counts."""

    HOURS = "hours"
    MINUTES = "minutes"
    SECONDS = "seconds"

    @property
    def seconds(self) -> int:
        """How many seconds one of them has."""
        return {"hours": 3600, "minutes": 60, "seconds": 1}[self.value]


@dataclass(frozen=True)
class Moment:
    """
    A day, or an instant of it. `instant` is aware, in UTC: where no clock time was written, the beginning of `day`.

    `was_skipped` tells that clocks never showed the time that was written: the instant an hour's change later is meant.
    """

    day: date
    instant: datetime
    has_clock: bool
    was_skipped: bool = False


_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1)
    for name in names.split()
}  # fmt: skip
_CLOCK = (
    r"(?:[T\s,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
)
_ZONE = r"\s*(?P<offset>Z|z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_YEAR_FIRST = re.compile(r"(?P<year>\d{4,6})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _CLOCK + _ZONE, re.ASCII)
_YEAR_LAST = re.compile(r"(?P<first>\d{1,2})[-/.](?P<other>\d{1,2})[-/.](?P<year>\d{2}|\d{4,6})" + _CLOCK, re.ASCII)
_NAMED = re.compile(
    r"(?P<day>\d{1,2})[\s/.-]+(?P<month>[A-Za-z]{3,9})\.?[\s/,-]+(?P<year>\d{2}|\d{4,6})" + _CLOCK, re.ASCII
)
_NAMED_FIRST = re.compile(
    r"(?P<month>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{2}|\d{4,6})" + _CLOCK, re.ASCII
)


def quoted(text: str) -> str:
    """Return what was written, in quotation marks, short enough for a sentence."""
    text = " ".join(text.split())
    return f"“{text[:LONGEST_QUOTE]}…”" if len(text) > LONGEST_QUOTE else f"“{text}”"


def read_moment(text: str, *, order: DayOrder, zone: ZoneInfo, after: datetime | None = None) -> Moment:
    """
    Read a day or a day with a time, meant in `zone` unless an offset stands with it.

    Of a time that comes twice when clocks are put back the first is meant, or the second where only that one is not
    before `after`.

    :raises ValueError: with a sentence
    """
    found, year, month, day = _parts(text.strip(), order)
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(f"the year {year} is out of range; {EARLIEST_YEAR} to {LATEST_YEAR} can be read")
    try:
        on = date(year, month, day)
    except ValueError:
        raise ValueError(f"there is no {quoted(text)} in the calendar") from None
    if found["hour"] is None:
        return Moment(on, day_start(on, zone), has_clock=False)
    local = datetime.combine(on, _clock(found, text))
    offset = found.groupdict().get("offset")
    if offset:
        instant = local.replace(tzinfo=_offset(offset)).astimezone(UTC)
        return Moment(instant.astimezone(zone).date(), instant, has_clock=True)
    return _in_zone(local, zone, after)


def _parts(text: str, order: DayOrder) -> tuple[re.Match[str], int, int, int]:
    if len(text) <= LONGEST_QUOTE:
        if found := _YEAR_FIRST.fullmatch(text):
            return found, int(found["year"]), int(found["month"]), int(found["day"])
        if found := _YEAR_LAST.fullmatch(text):
            first, other = int(found["first"]), int(found["other"])
            day, month = (first, other) if order is DayOrder.DAY_FIRST else (other, first)
            return found, _full_year(found["year"]), month, day
        found = _NAMED.fullmatch(text) or _NAMED_FIRST.fullmatch(text)
        if found and found["month"].lower() in _MONTHS:
            return found, _full_year(found["year"]), _MONTHS[found["month"].lower()], int(found["day"])
    raise ValueError(f"{quoted(text)} is not a day; write 2026-11-20, or 2026-11-20 15:00 with a time")


def _full_year(digits: str) -> int:
    if len(digits) > 2:
        return int(digits)
    return int(digits) + (2000 if int(digits) < 70 else 1900)


def _clock(found: re.Match[str], text: str) -> time:
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(f"there is no time like that in {quoted(text)}")
        hour = hour % 12 + (12 if found["half"].lower().startswith("p") else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        raise ValueError(f"there is no time like that in {quoted(text)}") from None


def _offset(text: str) -> timezone:
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    if minutes >= 24 * 60:
        raise ValueError(f"there is no zone {quoted(text)}")
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _in_zone(local: datetime, zone: ZoneInfo, after: datetime | None) -> Moment:
    first = local.replace(tzinfo=zone).astimezone(UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    instant = second if after is not None and first < after <= second else first
    shown = instant.astimezone(zone)
    return Moment(shown.date(), instant, has_clock=True, was_skipped=shown.replace(tzinfo=None) != local)


def orders_that_fit(cells: Iterable[str]) -> set[DayOrder]:
    """Return the ways of writing days that every one of `cells` can be read in."""
    zone = ZoneInfo("UTC")
    fitting = set(DayOrder)
    for cell in cells:
        for order in tuple(fitting):
            try:
                read_moment(cell, order=order, zone=zone)
            except ValueError:
                fitting.discard(order)
    return fitting


# A number, with a point or one comma for its fraction, and with commas between thousands only where a point follows.
_NUMBER = re.compile(r"(?P<plain>\d{1,12}(?:[.,]\d{1,15})?)|(?P<grouped>\d{1,3}(?:,\d{3})+\.\d{1,15})", re.ASCII)
_CLOCK_LENGTH = re.compile(r"(?P<hours>\d{1,6}):(?P<minutes>[0-5]?\d)(?::(?P<seconds>[0-5]\d))?", re.ASCII)
_SPOKEN = re.compile(
    r"(?:(?P<hours>\d{1,6}(?:[.,]\d{1,9})?)\s*(?:h|hrs?|hours?))?\s*"
    r"(?:(?P<minutes>\d{1,8}(?:[.,]\d{1,9})?)\s*(?:m|mins?|minutes?))?\s*"
    r"(?:(?P<seconds>\d{1,9})\s*(?:s|secs?|seconds?))?",
    re.ASCII | re.IGNORECASE,
)


def read_seconds(text: str, *, unit: Unit) -> int:
    """
    Read a length of time as whole seconds, halves rounded up: a number of `unit`, `1:30`, `1h 30m`, `90m`.

    :raises ValueError: with a sentence
    """
    seconds = _exact_seconds(text.strip(), unit)
    if seconds > MOST_HOURS * 3600:
        raise ValueError(f"{quoted(text)} is more than {MOST_HOURS:,} hours")
    return int(seconds.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _exact_seconds(text: str, unit: Unit) -> Decimal:
    if len(text) <= LONGEST_QUOTE:
        if number := _NUMBER.fullmatch(text):
            digits = number["plain"].replace(",", ".") if number["plain"] else number["grouped"].replace(",", "")
            return Decimal(digits) * unit.seconds
        if clock := _CLOCK_LENGTH.fullmatch(text):
            return Decimal(int(clock["hours"]) * 3600 + int(clock["minutes"]) * 60 + int(clock["seconds"] or 0))
        if text and (spoken := _SPOKEN.fullmatch(text)):
            return (
                Decimal((spoken["hours"] or "0").replace(",", ".")) * 3600
                + Decimal((spoken["minutes"] or "0").replace(",", ".")) * 60
                + Decimal(spoken["seconds"] or "0")
            )
        if text.startswith(("-", "−")):
            raise ValueError(f"{quoted(text)} is less than nothing; time cannot be")
    raise ValueError(f"{quoted(text)} is not a number of {unit}; write 1.5, 1:30 or 1h 30m")


# Words as `_plain` writes them.
_STATUS_WORDS = {
    Status.TODO: "todo|to do|open|new|backlog|planned|waiting|reopened|ready|not started|selected for development|"
    "pending|unstarted|draft|inbox|offen|neu|0|false|no",
    Status.DOING: "doing|in progress|started|active|wip|ongoing|in review|review|in development|working|testing|"
    "in testing|blocked|on hold|paused|running|in arbeit",
    Status.DONE: "done|closed|resolved|complete|completed|finished|fixed|cancelled|canceled|won t do|wont do|rejected|"
    "released|shipped|archived|delivered|accepted|verified|erledigt|fertig|geschlossen|1|true|yes|x",
}
_PRIORITY_WORDS = {
    Priority.LOW: "low|lowest|minor|trivial|p4|p5|someday|none|niedrig",
    Priority.MEDIUM: "medium|normal|moderate|default|standard|p3|mittel",
    Priority.HIGH: "high|major|important|p2|hoch",
    Priority.URGENT: "urgent|highest|critical|blocker|emergency|showstopper|immediate|p0|p1|dringend|kritisch",
}


def guess_status(word: str) -> Status | None:
    """Return what a foreign status most likely means, or None."""
    key = _plain(word)
    return next((status for status, words in _STATUS_WORDS.items() if key in words.split("|")), None)


def guess_priority(word: str) -> Priority | None:
    """
    Return what a foreign priority most likely means, or None.

    Numbers are read as 1 low, 2 and 3 medium, 4 high, 5 and above urgent; of `2 - High` the word counts.
    """
    key = _plain(word)
    if key.isascii() and key.isdigit():
        return Priority.from_word(str(min(max(int(key[:6]), 1), 5)))
    key = re.sub(r"^\d+ ", "", key)
    return next((priority for priority, words in _PRIORITY_WORDS.items() if key in words.split("|")), None)


def _plain(word: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", name_key(word)).strip()
