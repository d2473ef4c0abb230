"""How a task repeats, as people say it: `every 2 weeks on monday and friday until 2027-06-30`. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from webapp.errors import InvalidInput
from webapp.tasks.rules.quick_add.days import WEEKDAYS, Calendar, match_day, plain_at
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
    """A repeat, and the length in words of what says so. `is_plain`: nothing else can be meant."""

    length: int
    repeat: Repeat
    is_plain: bool = False


def match_every(words: Sequence[Word], place: int, calendar_: Calendar) -> Every | None:
    """Return the longest repeat that begins at a word, with where it ends when that is said; else None."""
    is_plain = plain_at(words, place, is_first=True) == "repeats"
    begin = place + 2 if is_plain else place + 1
    if plain_at(words, begin - 1, is_first=not is_plain) != "every":
        return None
    found = _weekdays(words, begin) or _nth(words, begin) or _units(words, begin)
    if found is None:
        return None
    length, rule = found
    every = _more(words, place, Every(begin - place + length, Repeat(rule), is_plain), calendar_)
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
    length += 1
    tail = tuple(plain_at(words, place + length + ahead) for ahead in range(3))
    for said in (("of", "the", "month"), ("of", "every", "month"), ("of", "each", "month")):
        if tail == said:
            return length + 3, rule
    return length, rule


def _units(words: Sequence[Word], place: int) -> tuple[int, Rule] | None:
    """`month`, `2 weeks`, `other year`, and what follows with `on`."""
    plain, length, every = plain_at(words, place), 0, 1
    if re.fullmatch(r"[1-9]\d{0,2}", plain, re.ASCII):
        length, every = 1, int(plain)
    elif plain in _EVERY_OTHER:
        length, every = 1, _EVERY_OTHER[plain]
    word = plain_at(words, place + length)
    name = word.removesuffix("s") if length else word
    if name not in tuple(Unit) or every > MOST_EVERY:
        return None
    unit = Unit(name)
    length += 1
    if plain_at(words, place + length) != "on":
        return length, Rule(unit, every=every)
    on = _on(words, place + length + 1, unit)
    if on is None:
        return length, Rule(unit, every=every)
    return length + 1 + on[0], replace(on[1], every=every)


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
