"""The fields of a task as a line that is read back to the same fields. Pure."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from webapp.tasks.rules.quick_add.days import Calendar
from webapp.tasks.rules.quick_add.reading import Fields, find_phrases, parse
from webapp.tasks.rules.quick_add.repeats import write_every
from webapp.tasks.rules.quick_add.signs import is_plain_name
from webapp.tasks.rules.quick_add.words import QUOTES, quoted, split_words
from webapp.values.duration import format_minutes
from webapp.values.text import name_key


def write(fields: Fields, *, now: datetime, zone: ZoneInfo, is_month_first: bool = False) -> str:
    """
    Return a line that `parse` reads as `fields` at the same moment.

    The title stands first, as it is. Where some of it would be read as something else it stands last instead, with
    backslashes before that: a quotation mark that it opens then finds none to close it.
    """
    said = " ".join(_said(fields))
    line = f"{fields.title} {said}".strip()
    customers = {name_key(fields.customer.name): fields.customer} if fields.customer else {}
    back = parse(line, now=now, zone=zone, is_month_first=is_month_first, customers=customers)
    if back.fields == fields:
        return line
    today = now.astimezone(zone).date()
    title = _escaped(fields.title, Calendar(today, is_month_first))
    return f"{said}; {title}" if said else title


def _escaped(title: str, calendar: Calendar) -> str:
    words = split_words(title)
    places = set(find_phrases(words, calendar, {}))
    places |= {place for place, word in enumerate(words) if word.slashes and word.core[:1] in QUOTES}
    return " ".join("\\" + word.raw if place in places else word.raw for place, word in enumerate(words))


def _said(fields: Fields) -> list[str]:
    said = [_named("#", tag) for tag in fields.tags]
    if fields.priority is not None:
        said.append(f"!{fields.priority.word}")
    if fields.estimated_minutes is not None:
        said.append(f"~{format_minutes(fields.estimated_minutes)}")
    if fields.customer is not None:
        said.append(_named("@", fields.customer.name))
    if fields.category is not None:
        said.append(_named("=", fields.category))
    if fields.starts_on is not None:
        said.append(f">{fields.starts_on.isoformat()}")
    if fields.due is not None:
        said.append(f"due {_moment(fields.due)}")
    if fields.repeat is not None:
        said.append(f"repeats {write_every(fields.repeat)}")
    return said


def _named(sign: str, name: str) -> str:
    return sign + (name if is_plain_name(name) else quoted(name))


def _moment(due: date | datetime) -> str:
    return due.strftime("%Y-%m-%d %H:%M") if isinstance(due, datetime) else due.isoformat()
