"""Days and times of day as people say them. Whether one is read depends on where it stands. Pure."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import IntEnum

from webapp.tasks.rules.due import EARLIEST_YEAR, LATEST_YEAR
from webapp.tasks.rules.quick_add.words import Word

WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            ("monday", "mon"),
            ("tuesday", "tue", "tues"),
            ("wednesday", "wed"),
            ("thursday", "thu", "thur", "thurs"),
            ("friday", "fri"),
            ("saturday", "sat"),
            ("sunday", "sun"),
        )
    )
    for name in names
}
MONTHS = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_name[number].lower(), calendar.month_abbr[number].lower())
} | {"sept": 9}
NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
# How far ahead `in 3 days` may lie. What is further is more likely a title: Around the world in 80 days.
FURTHEST = {"day": 31, "week": 52, "month": 24, "year": 5}

# Words of their own, that a day is meant by only where nothing else can be.
_SHORT_AND_DOUBTFUL = frozenset({"mon", "wed", "sat", "sun"})
_VERBS = frozenset({"may", "march"})
_MORE_LIKELY_NO_DATE = frozenset({"24/7", "9/11", "1/2", "1/3", "2/3", "1/4", "3/4"})
_EARLIEST_BARE_HOUR = 7

_CLOCK = re.compile(r"(?P<hour>\d{1,2})(?::(?P<minute>[0-5]\d))?(?P<half>am|pm)?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:t(\d{1,2}:\d{2}))?", re.ASCII)
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?", re.ASCII)
_DOTS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_DOTS_WITHOUT_YEAR = re.compile(r"(\d{1,2})\.(\d{1,2})\.[,;]?", re.ASCII)
_DAY_NUMBER = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?", re.ASCII)


class Said(IntEnum):
    """How plainly a phrase says that it is a due day, by the word before it."""

    BARE = 0
    AT = 1
    ON = 2
    BY = 3
    DUE = 4


PREPOSITIONS = {
    ("due",): Said.DUE,
    ("due", "by"): Said.DUE,
    ("due", "on"): Said.DUE,
    ("due", "at"): Said.DUE,
    ("by",): Said.BY,
    ("until",): Said.BY,
    ("till",): Said.BY,
    ("on",): Said.ON,
    ("at",): Said.AT,
}


@dataclass(frozen=True)
class When:
    """
    A day, a time of day, or both, and the `length` in words of what says so.

    `is_doubtful`: the words more often mean something else. `is_bare_hour`: `at 15`, with nothing that makes it a time.
    `may_begin`: whether a line may begin with it.
    """

    length: int
    day: date | None = None
    clock: time | None = None
    said: Said = Said.BARE
    is_doubtful: bool = False
    is_bare_hour: bool = False
    may_begin: bool = True


@dataclass(frozen=True)
class Calendar:
    """What days are read by: which day it is, and whether `1/2` is a day in January."""

    today: date
    is_month_first: bool = False


def match_when(words: Sequence[Word], place: int, calendar_: Calendar) -> When | None:
    """Return the longest day, time, or both that begins at a word, with the preposition before it; else None."""
    said, begin = _preposition(words, place)
    when = _match_both(words, begin, calendar_, said=said)
    if when is None or (when.day is None and when.is_bare_hour and said not in (Said.AT, Said.DUE)):
        return None
    if when.day is None and when.is_doubtful and said in (Said.AT, Said.BY, Said.DUE):
        when = replace(when, is_doubtful=False)
    return replace(when, length=begin - place + when.length, said=said)


def match_day(words: Sequence[Word], place: int, calendar_: Calendar) -> When | None:
    """Return the day that begins at a word, without a preposition; else None."""
    for rule in (_named_day, _next_unit, _in_units, _written_day, _day_and_month, _numbered_day):
        when = rule(words, place, calendar_)
        if when is not None and when.day is not None and EARLIEST_YEAR <= when.day.year <= LATEST_YEAR:
            return when
    return None


def match_day_and_month(words: Sequence[Word], place: int, calendar_: Calendar) -> When | None:
    """Return the day of a year that begins at a word, `24 dec` or `dec 24`; else None."""
    when = _day_and_month(words, place, calendar_)
    return when if when and when.length == 2 else None


def next_day_numbered(number: int, *, today: date) -> date | None:
    """Return the next day of this number in its month, today included."""
    for ahead in range(13):
        first = add_months(today.replace(day=1), ahead)
        day = _day(first.year, first.month, number)
        if day is not None and day >= today:
            return day
    return None


def plain_at(words: Sequence[Word], place: int, *, is_first: bool = False) -> str:
    """Return the word at a place as the grammar compares it; nothing where no phrase can go on."""
    if not 0 <= place < len(words):
        return ""
    word = words[place]
    if not is_first and (word.slashes or (place and words[place - 1].is_last_of_its_kind)):
        return ""
    return word.plain


def add_months(day: date, months: int) -> date:
    """Return the same day some months on, or the last one of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _preposition(words: Sequence[Word], place: int) -> tuple[Said, int]:
    first, second = plain_at(words, place, is_first=True), plain_at(words, place + 1)
    for length in (2, 1):
        said = PREPOSITIONS.get((first, second)[:length])
        if said is not None:
            return said, place + length
    return Said.BARE, place


def _match_both(words: Sequence[Word], place: int, calendar_: Calendar, *, said: Said) -> When | None:
    day = match_day(words, place, calendar_)
    if day is not None:
        clock = None if day.clock else _clock_after(words, place + day.length)
        if clock is None:
            return day
        return replace(day, length=day.length + clock.length, clock=clock.clock, is_doubtful=False)
    clock = _match_clock(words, place, is_after_at=said in (Said.AT, Said.DUE))
    if clock is None:
        return None
    skipped = 1 if plain_at(words, place + clock.length) == "on" else 0
    after = match_day(words, place + clock.length + skipped, calendar_)
    if after is None or after.clock or plain_at(words, place + clock.length) == "":
        return clock
    return replace(after, length=clock.length + skipped + after.length, clock=clock.clock, is_doubtful=False)


def _clock_after(words: Sequence[Word], place: int) -> When | None:
    skipped = 1 if plain_at(words, place) == "at" else 0
    if plain_at(words, place) == "":
        return None
    clock = _match_clock(words, place + skipped, is_after_at=bool(skipped))
    return replace(clock, length=clock.length + skipped) if clock else None


def _match_clock(words: Sequence[Word], place: int, *, is_after_at: bool) -> When | None:
    plain = plain_at(words, place, is_first=True)
    if plain == "noon":
        return When(1, clock=time(12), is_doubtful=True)
    found = _CLOCK.fullmatch(plain)
    if not found:
        return None
    half, length = found["half"], 1
    if half is None and plain_at(words, place + 1) in ("am", "pm"):
        half, length = plain_at(words, place + 1), 2
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if half:
        if not 1 <= hour <= 12:
            return None
        return When(length, clock=time(hour % 12 + (12 if half == "pm" else 0), minute))
    if hour > 23:
        return None
    if found["minute"] is None:
        is_hour = is_after_at and hour >= _EARLIEST_BARE_HOUR
        return When(1, clock=time(hour), is_bare_hour=True) if is_hour else None
    # John 3:16 is no time of day, unless something says so.
    return When(1, clock=time(hour, minute), is_doubtful=len(found["hour"]) == 1)


def _named_day(words: Sequence[Word], place: int, calendar_: Calendar) -> When | None:
    today = calendar_.today
    plain, second, third = plain_at(words, place, is_first=True), plain_at(words, place + 1), plain_at(words, place + 2)
    if plain in ("today", "tomorrow"):
        return When(1, today + timedelta(days=int(plain == "tomorrow")))
    if (plain, second, third) == ("day", "after", "tomorrow"):
        return When(3, today + timedelta(days=2))
    if plain == "the" and (second, third, plain_at(words, place + 3)) == ("day", "after", "tomorrow"):
        return When(4, today + timedelta(days=2))
    if plain in WEEKDAYS:
        away = (WEEKDAYS[plain] - today.weekday()) % 7 or 7
        return When(1, today + timedelta(days=away), is_doubtful=plain in _SHORT_AND_DOUBTFUL)
    if second in WEEKDAYS and plain == "this":
        return When(2, today + timedelta(days=(WEEKDAYS[second] - today.weekday()) % 7))
    if second in WEEKDAYS and plain == "next":
        return When(2, today + timedelta(days=7 - today.weekday() + WEEKDAYS[second]))
    return None


def _next_unit(words: Sequence[Word], place: int, calendar_: Calendar) -> When | None:
    if plain_at(words, place, is_first=True) != "next":
        return None
    today = calendar_.today
    match plain_at(words, place + 1):
        case "week":
            return When(2, today + timedelta(days=7 - today.weekday()))
        case "month":
            return When(2, add_months(today.replace(day=1), 1))
    return None


def _in_units(words: Sequence[Word], place: int, calendar_: Calendar) -> When | None:
    if plain_at(words, place, is_first=True) != "in":
        return None
    written, unit = plain_at(words, place + 1), plain_at(words, place + 2).removesuffix("s")
    number = int(written) if re.fullmatch(r"\d{1,2}", written, re.ASCII) else NUMBERS.get(written, 0)
    if unit not in FURTHEST or not 1 <= number <= FURTHEST[unit]:
        return None
    if unit in ("day", "week"):
        return When(3, calendar_.today + timedelta(days=number * (7 if unit == "week" else 1)))
    return When(3, add_months(calendar_.today, number * (12 if unit == "year" else 1)))


def _written_day(words: Sequence[Word], place: int, calendar_: Calendar) -> When | None:
    plain = plain_at(words, place, is_first=True)
    if not plain[:1].isdigit():
        return None
    if found := _ISO.fullmatch(plain):
        clock = _CLOCK.fullmatch(found[4] or "")
        if found[4] and (clock is None or int(clock["hour"]) > 23):
            return None
        day = _day(int(found[1]), int(found[2]), int(found[3]))
        hour = time(int(clock["hour"]), int(clock["minute"])) if clock else None
        return When(1, day, hour) if day else None
    if found := _SLASHES.fullmatch(plain) or _DOTS.fullmatch(plain):
        return _numbers(found, calendar_, plain=plain)
    if not calendar_.is_month_first and (found := _DOTS_WITHOUT_YEAR.fullmatch(words[place].core)):
        day = _next_such_day(int(found[2]), int(found[1]), today=calendar_.today)
        return When(1, day, may_begin=False) if day else None
    return None


def _numbers(found: re.Match[str], calendar_: Calendar, *, plain: str) -> When | None:
    first, second = int(found[1]), int(found[2])
    month, number = (first, second) if calendar_.is_month_first and "/" in plain else (second, first)
    if found[3]:
        day = _day(int(found[3]), month, number)
        return When(1, day) if day else None
    day = _next_such_day(month, number, today=calendar_.today)
    is_doubtful = plain in _MORE_LIKELY_NO_DATE
    # A title may well begin with 5/8 inch: only a number that no month has makes a date of it there.
    return When(1, day, is_doubtful=is_doubtful, may_begin=max(first, second) > 12) if day else None


def _day_and_month(words: Sequence[Word], place: int, calendar_: Calendar) -> When | None:
    first, second = plain_at(words, place, is_first=True), plain_at(words, place + 1)
    if first in MONTHS:
        month, written, is_month_first = MONTHS[first], second, True
    elif second in MONTHS:
        month, written, is_month_first = MONTHS[second], first, False
    else:
        return None
    number = _DAY_NUMBER.fullmatch(written)
    if not number:
        return None
    year = plain_at(words, place + 2)
    if re.fullmatch(r"\d{4}", year, re.ASCII):
        day = _day(int(year), month, int(number[1]))
        return When(3, day) if day else None
    day = _next_such_day(month, int(number[1]), today=calendar_.today)
    # March 3 miles, and May 5 people come: a line that begins so is none that begins with a day.
    return When(2, day, may_begin=not (is_month_first and first in _VERBS)) if day else None


def _numbered_day(words: Sequence[Word], place: int, calendar_: Calendar) -> When | None:
    """`15th`, `the 15th`: with a word before it that asks for a day, the next one of this number."""
    skipped = 1 if plain_at(words, place, is_first=True) == "the" else 0
    number = re.fullmatch(
        r"([1-9]\d?)(?:st|nd|rd|th)", plain_at(words, place + skipped, is_first=not skipped), re.ASCII
    )
    day = next_day_numbered(int(number[1]), today=calendar_.today) if number else None
    return When(1 + skipped, day, is_doubtful=True) if day else None


def _day(year: int, month: int, number: int) -> date | None:
    if not (EARLIEST_YEAR <= year <= LATEST_YEAR and 1 <= month <= 12):
        return None
    return date(year, month, number) if 1 <= number <= calendar.monthrange(year, month)[1] else None


def _next_such_day(month: int, number: int, *, today: date) -> date | None:
    for year in range(today.year, today.year + 9):
        day = _day(year, month, number)
        if day is not None and day >= today:
            return day
    return None
