"""What a sign before a word makes of it: `#tag !high ~45m @customer =category >monday`. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from webapp.errors import InvalidInput
from webapp.tasks.rules.quick_add.days import Calendar, match_day, plain_at
from webapp.tasks.rules.quick_add.words import Word
from webapp.tasks.rules.tasks import LONGEST_NAME, checked_name
from webapp.values.duration import LONGEST_ESTIMATE_MINUTES, parse_minutes
from webapp.values.priority import Priority
from webapp.values.text import name_key

_JOINERS = "_-/.&+'’"


class Kind(StrEnum):
    """What a part of a line says about the task."""

    TAG = "tag"
    PRIORITY = "priority"
    ESTIMATE = "estimate"
    CUSTOMER = "customer"
    CATEGORY = "category"
    START = "start"
    DUE = "due"
    REPEAT = "repeat"


@dataclass(frozen=True)
class Known:
    """A customer that there is."""

    id: int
    name: str


@dataclass(frozen=True)
class Signed:
    """
    What a sign says, in so many words of the line.

    `customer` is None where `name` is nobody's. `is_bare_number`: `~45` may also count something else.
    """

    kind: Kind
    length: int
    name: str = ""
    priority: Priority | None = None
    minutes: int | None = None
    customer: Known | None = None
    day: date | None = None
    is_bare_number: bool = False


def match_sign(words: Sequence[Word], place: int, calendar_: Calendar, customers: Mapping[str, Known]) -> Signed | None:
    """Return what the sign at a word says; None where there is none, or what follows makes no sense of it."""
    word = words[place]
    if word.is_quoted:
        return None
    match word.core[:1]:
        case "#":
            return _tag(word)
        case "!":
            return _priority(word)
        case "~":
            return _estimate(words, place)
        case "@":
            return _customer(word, customers)
        case "=":
            return _category(word)
        case ">":
            return _start(words, place, calendar_)
    return None


def customer_named(word: Word) -> str | None:
    """Return the name after an `@`; None where there is none."""
    if word.is_quoted or word.slashes or not word.core.startswith("@"):
        return None
    name = word.name if word.name is not None else _unquoted(word)
    return name if name and name_key(name) else None


def _tag(word: Word) -> Signed | None:
    name = word.name if word.name is not None else _unquoted(word)
    kept = _kept(name.lstrip("#") if name else None, field="tags")
    return Signed(Kind.TAG, 1, name=kept) if kept and "," not in kept else None


def _category(word: Word) -> Signed | None:
    kept = _kept(word.name if word.name is not None else _unquoted(word), field="category")
    # “none” is how a list asks for tasks without a category.
    return Signed(Kind.CATEGORY, 1, name=kept) if kept and name_key(kept) != "none" else None


def _priority(word: Word) -> Signed | None:
    try:
        return Signed(Kind.PRIORITY, 1, priority=Priority.from_word(_value(word)))
    except ValueError:
        return None


def _estimate(words: Sequence[Word], place: int) -> Signed | None:
    value = _value(words[place])
    for length, written in ((2, f"{value} {plain_at(words, place + 1)}"), (1, value)):
        # One length of time in two words: 1h 30m. The second alone would be a number of something else.
        if length == 2 and not (value.endswith("h") and written.endswith("m")):
            continue
        try:
            minutes = parse_minutes(written)
        except ValueError:
            continue
        if minutes <= LONGEST_ESTIMATE_MINUTES:
            return Signed(Kind.ESTIMATE, length, minutes=minutes, is_bare_number=value.isdecimal())
    return None


def _customer(word: Word, customers: Mapping[str, Known]) -> Signed | None:
    name = word.name if word.name is not None else _unquoted(word)
    if not name:
        return None
    return Signed(Kind.CUSTOMER, 1, name=name, customer=customers.get(name_key(name)))


def _start(words: Sequence[Word], place: int, calendar_: Calendar) -> Signed | None:
    first = words[place]
    after_sign = Word(first.start + 1, first.end, first.core[1:])
    when = match_day([after_sign, *words[place + 1 : place + 6]], 0, calendar_)
    if when is None or when.day is None or when.clock:
        return None
    return Signed(Kind.START, when.length, day=when.day)


def _value(word: Word) -> str:
    return word.plain[1:]


def is_plain_name(name: str) -> bool:
    """Tell whether a name can stand after a sign without quotes: one word with a letter in it, no odd characters."""
    if not name or len(name) > LONGEST_NAME or name[-1] in _JOINERS.replace("+", ""):
        return False
    kinds = [unicodedata.category(character) for character in name]
    is_name = all(
        kind[0] in "LMN" or kind in ("So", "Sk", "Cf") or character in _JOINERS
        for kind, character in zip(kinds, name, strict=True)
    )
    has_letter = any(kind[0] == "L" or kind == "So" for kind in kinds)
    return is_name and has_letter and kinds[0][0] in "LNS"


def _unquoted(word: Word) -> str | None:
    name = word.core[1:].rstrip(",;")
    return name if is_plain_name(name) else None


def _kept(name: str | None, *, field: str) -> str | None:
    if not name:
        return None
    try:
        return checked_name(name.strip(), field=field, what="A name") or None
    except InvalidInput:
        return None
