"""What the records of our own files have to keep: people may have changed such a file by hand. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time
from functools import cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from webapp.customers.rules import CustomerDetails, read_rate
from webapp.customers.rules import checked as checked_details
from webapp.tasks.rules import due
from webapp.tasks.rules.intake import LONGEST_REF, OwnFacts, TaskIn
from webapp.tasks.rules.recurrence import MOST_COUNT, Basis, Missed, Repeat, Rule, Unit
from webapp.tasks.rules.recurrence import checked as checked_repeat
from webapp.tasks.rules.tasks import HUES, LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_TITLE, MOST_TAGS
from webapp.transfers.rules.cells import EARLIEST_YEAR, LATEST_YEAR
from webapp.transfers.rules.mapping import LONGEST_SOURCE
from webapp.transfers.rules.own import OwnCategory, OwnCustomer, OwnSeries, OwnTag
from webapp.transfers.rules.rows import LONGEST_CUSTOMER, LONGEST_PERSON, OwnRecord
from webapp.values.duration import LONGEST_ESTIMATE_MINUTES
from webapp.values.status import Status
from webapp.values.text import clean_line, clean_text, name_key

_Word = TypeVar("_Word", Unit, Basis, Missed)

# A record's lasting name (storage.uid) has as many characters.
LONGEST_UID = 32
_LONGEST_ZONE = 64
_LONGEST_EMAIL = 254
_LONGEST_PHONE = 40
_MOST_DAYS_AHEAD = 36_500
_HIGHEST_POSITION = 2**31 - 1
_MOST_DATES = 200_000
_MOST_SKIPPED = 100


def checked_record(record: OwnRecord) -> OwnRecord:
    """
    Return a record as it may be kept.

    :raises ValueError: with a sentence
    """
    match record:
        case OwnCategory() | OwnTag():
            if record.hue is not None:
                _check_number("hue", record.hue, lowest=1, highest=HUES)
            return replace(record, name=_needed("name", record.name, LONGEST_NAME))
        case OwnCustomer():
            return _customer(record)
        case OwnSeries():
            return _series(record)


def check_ref(ref: str) -> None:
    """:raises ValueError: for what cannot be the lasting name of a record"""
    if not ref or len(ref) > LONGEST_UID or not re.fullmatch(r"[!-~]+", ref):
        raise ValueError(f"A “ref” has 1 to {LONGEST_UID} letters, digits or signs.")


def check_zone(name: str) -> None:
    """:raises ValueError: for what is no time zone"""
    if not _is_zone(name):
        raise ValueError("“zone” is no time zone. Write one like Europe/Berlin.")


def check_origin(source: str | None, ref: str | None) -> None:
    """:raises ValueError: for what cannot be kept of where a record came from"""
    _line("source", source or "", LONGEST_SOURCE)
    _line("source_ref", ref or "", LONGEST_REF)


def check_facts(facts: OwnFacts, *, task: TaskIn) -> None:
    """:raises ValueError: for what only a file of ours says about a task, and cannot be kept"""
    _check_number("position", facts.position, lowest=-_HIGHEST_POSITION, highest=_HIGHEST_POSITION)
    _check_years(created_on=facts.created_on, completed_on=facts.completed_on, updated_at=facts.updated_at)
    check_origin(facts.source, facts.source_ref)
    is_done = task.status is Status.DONE
    if (facts.completed_on is not None) is not is_done or (task.completed_at is not None) is not is_done:
        raise ValueError("“completed_at” and “completed_on” belong to a task that is done, and to no other.")
    if (facts.series_ref is None) != (facts.occurrence is None):
        raise ValueError("“series” and “occurrence” go together.")
    if facts.occurrence is not None:
        _check_number("occurrence", facts.occurrence, lowest=0, highest=_MOST_DATES)


def _customer(customer: OwnCustomer) -> OwnCustomer:
    check_ref(customer.ref)
    _check_years(created_at=customer.created_at, updated_at=customer.updated_at)
    rate = read_rate(customer.hourly_rate) if customer.hourly_rate is not None else None
    kept = replace(
        customer,
        name=_needed("name", customer.name, LONGEST_CUSTOMER),
        email=_line("email", customer.email, _LONGEST_EMAIL),
        phone=_line("phone", customer.phone, _LONGEST_PHONE),
        company=_line("company", customer.company, LONGEST_CUSTOMER),
        notes=_text("notes", customer.notes),
        hourly_rate=None if rate is None else str(rate),
    )
    checked_details(CustomerDetails(name=kept.name, hourly_rate=rate, currency=kept.currency))
    return kept


def _series(series: OwnSeries) -> OwnSeries:
    check_ref(series.ref)
    check_zone(series.zone)
    _check_repeat(series)
    _check_years(
        created_at=series.created_at,
        stopped_at=series.stopped_at,
        wakes_at=series.wakes_at,
    )
    _check_years(due.EARLIEST_YEAR, anchor_on=series.anchor_on, newest_on=series.newest_on, until_on=series.until_on)
    _check_number("anchor_n", series.anchor_n, lowest=0, highest=_MOST_DATES)
    _check_number("newest_n", series.newest_n, lowest=0, highest=_MOST_DATES)
    _check_number("estimated_minutes", series.estimated_minutes or 0, lowest=0, highest=LONGEST_ESTIMATE_MINUTES)
    _check_number("days_ahead", series.days_ahead or 0, lowest=-_MOST_DAYS_AHEAD, highest=_MOST_DAYS_AHEAD)
    if series.clock is not None:
        _check_clock(series.clock)
    if len(series.skipped) > _MOST_SKIPPED:
        raise ValueError(f"“skipped” names more than {_MOST_SKIPPED:,} days.")
    for day in series.skipped:
        _check_day(day)
    if len(series.tags) > MOST_TAGS:
        raise ValueError(f"There are {len(series.tags)} tags here; a task has at most {MOST_TAGS}.")
    return replace(
        series,
        title=_needed("title", series.title, LONGEST_TITLE),
        description=_text("description", series.description),
        category=None if series.category is None else _needed("category", series.category, LONGEST_NAME),
        tags=tuple(_needed("tag", tag, LONGEST_NAME) for tag in series.tags),
        person=_line("person", series.person, LONGEST_PERSON),
        assignee=None if series.assignee is None else _line("assignee", series.assignee, LONGEST_PERSON),
    )


def _check_repeat(series: OwnSeries) -> None:
    if not re.fullmatch(r"[0-6]{0,7}", series.weekdays):
        raise ValueError("“weekdays” are digits from 0, Monday, to 6.")
    rule = Rule(
        unit=_one_of("unit", series.unit, Unit),
        every=series.every,
        weekdays=tuple(int(digit) for digit in series.weekdays),
        nth=series.nth,
        is_last_day=series.is_last_day,
    )
    if series.times is not None:
        _check_number("times", series.times, lowest=1, highest=MOST_COUNT)
    basis, missed = _one_of("basis", series.basis, Basis), _one_of("missed", series.missed, Missed)
    # When it ends is a matter of its own: its dates may have been moved past that since.
    checked_repeat(Repeat(rule=rule, basis=basis, missed=missed), due=series.anchor_on)


def _one_of(what: str, said: str, words: type[_Word]) -> _Word:
    try:
        return words(said)
    except ValueError:
        raise ValueError(f"“{what}” is not one of {', '.join(words)}.") from None


def _check_clock(clock: str) -> None:
    try:
        is_clock = time.fromisoformat(clock).isoformat() == clock
    except ValueError:
        is_clock = False
    if not is_clock:
        raise ValueError("“clock” is not a time of day like 15:00:00.")


def _check_day(said: str) -> None:
    try:
        is_day = date.fromisoformat(said).isoformat() == said
    except ValueError:
        is_day = False
    if not is_day:
        raise ValueError("“skipped” holds what is no day like 2026-11-20.")


def _check_number(what: str, number: int, *, lowest: int, highest: int) -> None:
    if not lowest <= number <= highest:
        raise ValueError(f"“{what}” is not between {lowest:,} and {highest:,}.")


def _check_years(earliest: int = EARLIEST_YEAR, /, **moments: date | None) -> None:
    for what, moment in moments.items():
        if moment is not None and not earliest <= moment.year <= LATEST_YEAR:
            raise ValueError(f"“{what}” is not between {earliest} and {LATEST_YEAR}.")


def _needed(what: str, text: str, longest: int) -> str:
    line = _line(what, text, longest)
    if not line:
        raise ValueError(f"“{what}” is empty.")
    return line


def _line(what: str, text: str, longest: int) -> str:
    try:
        line = clean_line(text)
    except ValueError:
        raise ValueError(f"There is a character in “{what}” that cannot be kept.") from None
    if len(line) > longest or len(name_key(line)) > 3 * longest:
        raise ValueError(f"“{what}” is longer than {longest} characters.")
    return line


def _text(what: str, text: str) -> str:
    try:
        kept = clean_text(text)
    except ValueError:
        raise ValueError(f"There is a character in “{what}” that cannot be kept.") from None
    if len(kept) > LONGEST_DESCRIPTION:
        raise ValueError(f"“{what}” has {len(kept):,} characters; {LONGEST_DESCRIPTION:,} can be kept.")
    return kept


@cache
def _is_zone(name: str) -> bool:
    if not 0 < len(name) <= _LONGEST_ZONE:
        return False
    try:
        return ZoneInfo(name).key == name
    except (KeyError, ValueError, OSError):
        return False
