"""How a task repeats, as people say it: `every 2 weeks on monday and friday until 2027-06-30`. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from webapp.errors import InvalidInput
from webapp.tasks.rules.quick_add.days import (
    WEEKDAYS,
    Calendar,
    match_day,
    match_day_and_month,
    next_day_numbered,
    plain_at,
)
from webapp.tasks.rules.quick_add.words import Word
from webapp.tasks.rules.recurrence import (
    LAST,
    MOST_EVERY,
    NTH_NAMES,
    WEEKDAY_NAMES,
    WORKING_DAYS,
    Basis,
    Repeat,
    Rule,
    Unit,
    checked,
    nth_date,
)

_NTHS = {name: nth for nth, name in NTH_NAMES.items()} | {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_EVERY_OTHER = {"other": 2, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_JOINS = ("and", "&")


@dataclass(frozen=True)
class Every:
    """
    A repeat, and the length in words of what says so.

    `first` is the day that it names: the 15th, 24 December. `is_plain`: nothing else can be meant. `may_begin`: whether
    a line may begin with it.
    """

    length: int
    repeat: Repeat
    first: date | None = None
    is_plain: bool = False
    may_begin: bool = True


def match_every(words: Sequence[Word], place: int, calendar_: Calendar) -> Every | None:
    """Return the longest repeat that begins at a word, with where it ends when that is said; else None."""
    is_plain = plain_at(words, place, is_first=True) == "repeats"
    begin = place + 2 if is_plain else place + 1
    if plain_at(words, begin - 1, is_first=not is_plain) != "every":
        return None
    found = _dated(words, begin, calendar_) or _undated(words, begin)
    if found is None:
        return None
    found = replace(found, length=begin - place + found.length, is_plain=is_plain)
    every = _more(words, place, found, calendar_)
    try:
        checked(every.repeat, due=date.min)
    except InvalidInput:
        return None
    return every


def first_day(repeat: Repeat, *, today: date) -> date:
    """Return the day a task is due first that says how it repeats and no day: the next that fits, today included."""
    rule = repeat.rule
    if not rule.weekdays and not rule.is_last_day:
        return today
    return nth_date(replace(rule, every=1), anchor=today - timedelta(days=1), n=1) or today


def write_every(repeat: Repeat) -> str:
    """Write a repeat so that it is read back; what becomes of missed dates has no words here."""
    rule = repeat.rule
    said = f"every {rule.unit}" if rule.every == 1 else f"every {rule.every} {rule.unit}s"
    if rule.is_last_day:
        said += " on the last day"
    elif rule.weekdays:
        names = " and ".join(WEEKDAY_NAMES[weekday].lower() for weekday in rule.weekdays)
        said += f" on the {NTH_NAMES[rule.nth]} {names}" if rule.nth is not None else f" on {names}"
    if repeat.basis is Basis.COMPLETION:
        said += " after completion"
    if repeat.until is not None:
        said += f" until {repeat.until.isoformat()}"
    if repeat.count is not None:
        said += f" {repeat.count} times"
    return said


def _undated(words: Sequence[Word], place: int) -> Every | None:
    found = _weekdays(words, place) or _nth(words, place) or _units(words, place)
    return Every(found[0], Repeat(found[1])) if found else None


def _dated(words: Sequence[Word], place: int, calendar_: Calendar) -> Every | None:
    """`15th of the month`, `2 months on the 15th`, `24 dec`, `year on 24 dec`."""
    counted = _counted_unit(words, place)
    length, rule = counted or (0, Rule(Unit.MONTH))
    if counted:
        if plain_at(words, place + length) != "on":
            return None
        length += 1
    if plain_at(words, place + length) == "the":
        length += 1
    if rule.unit is Unit.YEAR or not counted:
        when = match_day_and_month(words, place + length, calendar_)
        if when is not None:
            return Every(length + when.length, Repeat(replace(rule, unit=Unit.YEAR)), first=when.day)
    number = re.fullmatch(r"([1-9]\d?)(?:st|nd|rd|th)", plain_at(words, place + length), re.ASCII)
    first = next_day_numbered(int(number[1]), today=calendar_.today) if number else None
    if first is None or rule.unit is not Unit.MONTH or (not counted and _nth_or_unit_follows(words, place + length)):
        return None
    tail = _of_the_month(words, place + length + 1)
    # Every 4th person is a title.
    return Every(length + 1 + tail, Repeat(rule), first=first, may_begin=bool(counted or tail))


def _nth_or_unit_follows(words: Sequence[Word], place: int) -> bool:
    following = plain_at(words, place + 1)
    return following in WEEKDAYS or following.removesuffix("s") in tuple(Unit)


def _weekdays(words: Sequence[Word], place: int) -> tuple[int, Rule] | None:
    plain = plain_at(words, place)
    if plain in ("weekday", "weekdays", "workday"):
        return 1, Rule(Unit.WEEK, weekdays=WORKING_DAYS)
    if (plain, plain_at(words, place + 1)) == ("working", "day"):
        return 2, Rule(Unit.WEEK, weekdays=WORKING_DAYS)
    skipped = 1 if plain == "other" else 0
    length, weekdays = _weekday_list(words, place + skipped)
    return (length + skipped, Rule(Unit.WEEK, every=1 + skipped, weekdays=weekdays)) if weekdays else None


def _nth(words: Sequence[Word], place: int) -> tuple[int, Rule] | None:
    """`last friday`, `first monday of the month`, `last day of the month`."""
    nth = _NTHS.get(plain_at(words, place))
    if nth is None:
        return None
    length, weekdays = _weekday_list(words, place + 1)
    if weekdays:
        rule = Rule(Unit.MONTH, weekdays=weekdays, nth=nth)
    elif nth == LAST and plain_at(words, place + 1) == "day":
        length, rule = 1, Rule(Unit.MONTH, is_last_day=True)
    else:
        return None
    return 1 + length + _of_the_month(words, place + 1 + length), rule


def _of_the_month(words: Sequence[Word], place: int) -> int:
    of, which, month = (plain_at(words, place + ahead) for ahead in range(3))
    return 3 if of == "of" and which in ("the", "every", "each") and month == "month" else 0


def _counted_unit(words: Sequence[Word], place: int) -> tuple[int, Rule] | None:
    """`month`, `2 weeks`, `other year`."""
    plain, length, every = plain_at(words, place), 0, 1
    if re.fullmatch(r"[1-9]\d{0,2}", plain, re.ASCII):
        length, every = 1, int(plain)
    elif plain in _EVERY_OTHER:
        length, every = 1, _EVERY_OTHER[plain]
    word = plain_at(words, place + length)
    name = word.removesuffix("s") if length else word
    if name not in tuple(Unit) or every > MOST_EVERY:
        return None
    return length + 1, Rule(Unit(name), every=every)


def _units(words: Sequence[Word], place: int) -> tuple[int, Rule] | None:
    """`month`, `2 weeks`, `other year`, and the weekdays that follow with `on`."""
    counted = _counted_unit(words, place)
    if counted is None:
        return None
    length, rule = counted
    on = _on(words, place + length + 1, rule.unit) if plain_at(words, place + length) == "on" else None
    return (length + 1 + on[0], replace(on[1], every=rule.every)) if on else counted


def _on(words: Sequence[Word], place: int, unit: Unit) -> tuple[int, Rule] | None:
    if unit is Unit.WEEK:
        length, weekdays = _weekday_list(words, place)
        return (length, Rule(unit, weekdays=weekdays)) if weekdays else None
    if unit is Unit.MONTH:
        skipped = 1 if plain_at(words, place) == "the" else 0
        nth = _nth(words, place + skipped)
        return (nth[0] + skipped, nth[1]) if nth else None
    return None


def _weekday_list(words: Sequence[Word], place: int) -> tuple[int, tuple[int, ...]]:
    """Return how many words name weekdays, as `mon, wed and fri` does, and which."""
    found: list[int] = []
    length = 0
    while True:
        joined = 1 if found and plain_at(words, place + length) in _JOINS else 0
        weekday = WEEKDAYS.get(plain_at(words, place + length + joined))
        # Without a comma or an “and” the next weekday belongs to something else.
        is_listed = not found or joined or words[place + length - 1].raw.endswith(",")
        if weekday is None or not is_listed:
            return length, tuple(sorted(set(found)))
        found.append(weekday)
        length += joined + 1


def _more(words: Sequence[Word], place: int, every: Every, calendar_: Calendar) -> Every:
    """Add what may follow: what is counted from, and when it ends."""
    repeat, length = every.repeat, every.length
    if plain_at(words, place + length) == "after" and plain_at(words, place + length + 1) in ("completion", "done"):
        repeat, length = replace(repeat, basis=Basis.COMPLETION), length + 2
    if plain_at(words, place + length) in ("until", "till"):
        day = match_day(words, place + length + 1, calendar_)
        if day is not None and day.day is not None and day.clock is None:
            repeat, length = replace(repeat, until=day.day), length + 1 + day.length
    count = plain_at(words, place + length)
    if re.fullmatch(r"[1-9]\d{0,2}", count, re.ASCII) and plain_at(words, place + length + 1) in ("times", "time"):
        repeat, length = replace(repeat, count=int(count)), length + 2
    return replace(every, length=length, repeat=repeat)
