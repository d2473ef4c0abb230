"""
Time spent as people write it down: `1:30`, `14-15:30`, `yesterday 9-11`, `until now`. Pure.

What was written is read as a whole: a word that is not understood refuses the text, and is named. So is what could be
meant in two ways, with how to write it more plainly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.errors import InvalidInput
from webapp.tasks.rules.entries import Interval, PlainDuration, Spent, instants_of, read_instants, read_interval
from webapp.tasks.rules.quick_add.days import MONTHS, WEEKDAYS
from webapp.values.duration import MINUTE_SECONDS, parse_minutes

LONGEST_TEXT = 60
EARLIEST_YEAR = 1970
FIELD = "duration"
# Past midnight for longer than this is hardly ever meant: 9-5 are the hours of an office.
LONGEST_NIGHT = timedelta(hours=12)

_EXAMPLES = "Write 1h 30m, 1:30, 14-15:30, yesterday 9-11 or until now."
_CLOCK = r"(?:noon|midnight|\d{4}|\d{1,2}(?:[:.]\d{2}|h(?:\d{2})?)?\s?(?:[ap]m)?)"
_UNTIL = r"\s*(?:-|\bto\b|\buntil\b|\btill\b)\s*"
_NAMED = re.compile(rf"(?:(?:from|since|at) )?(?P<start>{_CLOCK}){_UNTIL}(?P<end>{_CLOCK}|now)")
_SINCE = re.compile(rf"(?:(?:since|from) (?P<since>{_CLOCK})|(?P<open>{_CLOCK})\s*-)")
# A number below nought is a slip, no time of day.
_ON_FROM_THE_LAST = re.compile(rf"(?:-\s*(?!\d{{1,4}}$)|to |until |till )(?P<end>{_CLOCK}|now)")
_FOR = re.compile(rf"(?:(?:from|at) )?(?P<start>{_CLOCK})\s*(?: for |\+)\s*(?P<length>.+)")
_LAST = re.compile(r"(?:the )?(?:last|past) (?P<length>.*\d.*)")
_CLOCK_PARTS = re.compile(r"(?P<hour>\d{1,2}?)(?:[:.h]?(?P<minute>\d{2}))?h?\s?(?P<half>[ap]m)?")

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_YEAR = r"(?:,? (?P<{0}>\d{{4,5}})(?= |,|$))?"
_DAY = (
    rf"(?:on )?(?:(?P<word>today|yesterday)|(?P<last>last )?(?P<weekday>{_WEEKDAY})"
    r"|(?P<iso>\d{4,6}-\d{1,2}-\d{1,2})"
    r"|(?P<dots>\d{1,2}\.\d{1,2}\.(?:\d{4,5})?)|(?P<slashes>\d{1,2}/\d{1,2}(?:/\d{4,5})?)"
    rf"|(?P<number>\d{{1,2}}) (?P<month>{_MONTH}){_YEAR.format('year')}"
    rf"|(?P<month_first>{_MONTH}) (?P<number_last>\d{{1,2}}){_YEAR.format('year_last')})"
)
_DAY_FIRST = re.compile(rf"{_DAY}(?:,? |,|$)(?P<rest>.*)")
_DAY_LAST = re.compile(rf"(?P<rest>.+?),? {_DAY}")


@dataclass(frozen=True)
class Around:
    """
    What a text is read against: the clock of the person, how they write days, and when their last time ended.

    :param last_ended_at: today; None where nothing ended today
    """

    now: datetime
    zone: ZoneInfo
    last_ended_at: datetime | None = None
    is_month_first: bool = False

    @property
    def today(self) -> date:
        """The day it is where the person lives."""
        return self.now.astimezone(self.zone).date()


def read_spent(text: str, *, day: date, around: Around) -> Spent:
    """
    Read how much time was spent, and when.

    :param day: the day that is meant where the text names none
    :raises InvalidInput: naming the field `duration`, with what is not understood
    """
    words = _normal(text)
    if not words:
        raise InvalidInput("Enter how long it took, or when it began and ended.", field=FIELD)
    if len(words) > LONGEST_TEXT or not words.isascii():
        raise InvalidInput(f"This is not understood. {_EXAMPLES}", field=FIELD)
    named, rest = _split_day(words, around)
    if not rest:
        raise InvalidInput("Write how long it took as well: yesterday 9-11, or yesterday 90m.", field=FIELD)
    try:
        return _read(rest, named=named, day=named or day, around=around)
    except InvalidInput as refusal:
        raise InvalidInput(refusal.message, field=FIELD) from None


def _normal(text: str) -> str:
    words = re.sub(r"[\u2010-\u2015\u2212]", "-", text.lower())
    words = re.sub(r"\b([ap])\.\s?m\.?(?!\w)", r"\1m", words)
    return re.sub(r"\s+", " ", words).strip()


def _split_day(words: str, around: Around) -> tuple[date | None, str]:
    for pattern in (_DAY_FIRST, _DAY_LAST):
        found = pattern.fullmatch(words)
        if found:
            return _day_of(found, around), found["rest"].strip()
    return None, words


def _day_of(found: re.Match[str], around: Around) -> date:
    today = around.today
    if found["word"]:
        return today - timedelta(days=found["word"] == "yesterday")
    if found["weekday"]:
        # The latest such day: what is written down is past.
        back = (today.weekday() - WEEKDAYS[found["weekday"]]) % 7
        return today - timedelta(days=back or (7 if found["last"] else 0))
    if found["iso"]:
        year, month, number = (int(part) for part in found["iso"].split("-"))
        return _checked(year, month, number)
    if found["dots"]:
        number, month, *years = (int(part) for part in found["dots"].split(".") if part)
        return _date(years[0] if years else None, month, number, today)
    if found["slashes"]:
        first, second, *years = (int(part) for part in found["slashes"].split("/"))
        month, number = (first, second) if around.is_month_first else (second, first)
        return _date(years[0] if years else None, month, number, today)
    year_said = found["year"] or found["year_last"]
    return _date(
        int(year_said) if year_said else None,
        MONTHS[found["month"] or found["month_first"]],
        int(found["number"] or found["number_last"]),
        today,
    )


def _date(year: int | None, month: int, number: int, today: date) -> date:
    """Return a day; without a year the latest such day that is not to come, tomorrow excepted."""
    if year is not None:
        return _checked(year, month, number)
    latest = today + timedelta(days=1)
    # Nine years hold every day there is, also the one of leap years.
    for back in range(9):
        try:
            found = date(latest.year - back, month, number)
        except ValueError:
            continue
        if found <= latest:
            return found
    return _checked(latest.year, month, number)


def _checked(year: int, month: int, number: int) -> date:
    if not EARLIEST_YEAR <= year <= 2199:
        raise InvalidInput(f"The year {year} is out of range. Use {EARLIEST_YEAR} to 2199.", field=FIELD)
    try:
        return date(year, month, number)
    except ValueError:
        raise InvalidInput(f"There is no day {number} in month {month} of {year}.", field=FIELD) from None


def _read(words: str, *, named: date | None, day: date, around: Around) -> Spent:
    if found := _NAMED.fullmatch(words):
        if found["end"] == "now":
            return _until_now(_clock(found["start"]), day=day, around=around)
        return _between(found["start"], found["end"], named=named, day=day, around=around)
    if found := _SINCE.fullmatch(words):
        return _until_now(_clock(found["since"] or found["open"]), day=day, around=around)
    if found := _ON_FROM_THE_LAST.fullmatch(words):
        return _on_from_the_last(found["end"], day=day, around=around)
    if found := _FOR.fullmatch(words):
        start = read_instants(_moment(day, _clock(found["start"])), around.zone, field=FIELD)[0]
        return _lasting(start, _length(found["length"]))
    if found := _LAST.fullmatch(words):
        _check_today(day, around)
        length = _length(found["length"])
        return _lasting(_this_minute(around) - length, length)
    return PlainDuration(day, _length(words.removeprefix("for ")) // timedelta(seconds=1))


def _lasting(started_at: datetime, length: timedelta) -> Interval:
    if not length:
        raise InvalidInput("Enter a duration of at least one minute.")
    return Interval(started_at, started_at + length)


def _between(start: str, end: str, *, named: date | None, day: date, around: Around) -> Interval:
    first, last = _clocks(start, end)
    if _instant_of(day, first, around) > around.now and last <= first and named is None and day == around.today:
        # Last night, written down in the morning.
        day -= timedelta(days=1)
    start_at, end_at = _moment(day, first), _moment(day, last)
    if first == last:
        return read_interval(start=start_at, end=end_at, zone=around.zone)
    if end_at < start_at and not _comes_again_after(start_at, end_at, around.zone):
        length = end_at + timedelta(days=1) - start_at
        if length > LONGEST_NIGHT:
            raise InvalidInput(_two_ways(first, last, length))
        end_at += timedelta(days=1)
    return read_interval(start=start_at, end=end_at, zone=around.zone)


def _two_ways(first: timedelta, last: timedelta, length: timedelta) -> str:
    hours = length / timedelta(hours=1)
    words = f"From {_shown(first)} to {_shown(last)} would be {hours:g} hours, over midnight."
    later = last + timedelta(hours=12)
    return f"{words} Write {_shown(first)}-{_shown(later)}." if first < later < timedelta(days=1) else words


def _comes_again_after(start_at: datetime, end_at: datetime, zone: ZoneInfo) -> bool:
    # In the night when an hour comes twice, 02:45 to 02:15 is half an hour.
    starts, ends = instants_of(start_at, zone), instants_of(end_at, zone)
    return bool(starts and len(ends) > 1 and ends[-1] > starts[0])


def _until_now(start: timedelta, *, day: date, around: Around) -> Interval:
    _check_today(day, around)
    started_at = read_instants(_moment(day, start), around.zone, field=FIELD)[0]
    return _ending_now(started_at, around)


def _on_from_the_last(end: str, *, day: date, around: Around) -> Interval:
    _check_today(day, around)
    if around.last_ended_at is None:
        raise InvalidInput("Nothing has ended today that this could go on from. Write when it began: 9-11.")
    if end == "now":
        return _ending_now(around.last_ended_at, around)
    ends = read_instants(_moment(day, _clock(end)), around.zone, field=FIELD)
    ended_at = ends[0] if ends[0] > around.last_ended_at else ends[-1]
    if ended_at <= around.last_ended_at:
        last = around.last_ended_at.astimezone(around.zone)
        raise InvalidInput(f"Your last time ended at {last:%H:%M}, after that. Write when it began: 9-11.")
    return Interval(around.last_ended_at, ended_at)


def _ending_now(started_at: datetime, around: Around) -> Interval:
    ended_at = _this_minute(around)
    if ended_at <= started_at:
        raise InvalidInput("That is still to come. Write when it began and ended: 14-15:30.")
    return Interval(started_at, ended_at)


def _check_today(day: date, around: Around) -> None:
    if day != around.today:
        raise InvalidInput("“Now” is today. Write when it began and ended: 14-15:30.")


def _this_minute(around: Around) -> datetime:
    return around.now.replace(second=0, microsecond=0)


def _length(words: str) -> timedelta:
    # As people write it in one word: 1h30.
    words = re.sub(r"(\d)h(\d{1,2})$", r"\1h \2m", words.strip())
    try:
        return timedelta(seconds=parse_minutes(words) * MINUTE_SECONDS)
    except ValueError:
        raise InvalidInput(f"“{words}” is not understood. {_EXAMPLES}") from None


def _clocks(start: str, end: str) -> tuple[timedelta, timedelta]:
    """Return both times of day; where one says am or pm, the other is of twelve hours too, the nearer of both."""
    if _half(start) == _half(end) or start in _WORDS or end in _WORDS:
        return _clock(start), _clock(end)
    if not _half(start):
        last = _clock(end)
        firsts = [_clock(f"{start}{half}") for half in ("pm", "am")] if _is_of_twelve(start) else [_clock(start)]
        return min(firsts, key=lambda first: (last - first) % timedelta(days=1) or timedelta(days=1)), last
    if not _half(end):
        first = _clock(start)
        lasts = [_clock(f"{end}{half}") for half in ("am", "pm")] if _is_of_twelve(end) else [_clock(end)]
        return first, min(lasts, key=lambda last: (last - first) % timedelta(days=1) or timedelta(days=1))
    return _clock(start), _clock(end)


_WORDS = {"noon": timedelta(hours=12), "midnight": timedelta(0)}


def _half(clock: str) -> str:
    return clock[-2:] if clock.endswith(("am", "pm")) else ""


def _is_of_twelve(clock: str) -> bool:
    found = _CLOCK_PARTS.fullmatch(clock)
    return found is not None and 1 <= int(found["hour"]) <= 12 and not clock.startswith("0")


def _clock(words: str) -> timedelta:
    """Return a time of day as what has passed since midnight, by the face of the clock; 24:00 is the midnight after."""
    if words in _WORDS:
        return _WORDS[words]
    found = _CLOCK_PARTS.fullmatch(words)
    hour, minute = (int(found["hour"]), int(found["minute"] or 0)) if found else (99, 0)
    if found and found["half"]:
        if not 1 <= hour <= 12:
            raise InvalidInput(f"“{words}” is no time of day. Before am and pm stands an hour from 1 to 12.")
        hour = hour % 12 + (12 if found["half"] == "pm" else 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise InvalidInput(f"“{words}” is no time of day. It lies between 0:00 and 24:00.")
    return timedelta(hours=hour, minutes=minute)


def _moment(day: date, clock: timedelta) -> datetime:
    return datetime.combine(day, time.min) + clock


def _instant_of(day: date, clock: timedelta, around: Around) -> datetime:
    return _moment(day, clock).replace(tzinfo=around.zone)


def _shown(clock: timedelta) -> str:
    return f"{clock // timedelta(hours=1)}:{clock // timedelta(minutes=1) % 60:02}"
