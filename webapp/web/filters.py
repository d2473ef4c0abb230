"""Template filters. Each follows the settings of whoever reads the page."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import NamedTuple, Protocol

from flask import Flask, g
from markupsafe import Markup, escape

from webapp.values.duration import format_minutes
from webapp.values.size import format_size
from webapp.values.text import split_at_words
from webapp.web import clock, formats, markdown
from webapp.web.access import find_viewer


def init_app(app: Flask) -> None:
    """Make the filters known to the templates."""
    app.jinja_env.filters.update(
        duration=formats.write_duration,
        clock=formats.write_clock,
        minutes=formats.write_minutes,
        as_typed=format_minutes,
        day=write_day,
        day_phrase=write_day_phrase,
        late_phrase=write_late_phrase,
        due_words=due_words,
        long_day=formats.write_long_day,
        month_name=formats.write_month,
        days=formats.write_days,
        weekday=formats.write_weekday,
        instant=write_instant,
        time_of_day=write_time_of_day,
        local=local,
        number=write_number,
        decimal=write_number,
        percent=write_percent,
        markdown=markdown.render,
        file_size=format_size,
        marked=write_marked,
    )


def write_number(value: int | float | Decimal | None, places: int | None = None) -> str:
    """Write a number with the viewer's separators."""
    return formats.write_number(value, current_reader().number_format, places=places)


def write_percent(share: float | None, places: int = 0) -> str:
    """Write a share of one as the viewer writes numbers."""
    return formats.write_percent(share, current_reader().number_format, places=places)


def write_day(day: date | None) -> str:
    """Write a day as the viewer does."""
    return formats.UNKNOWN if day is None else formats.write_day(day, current_reader().date_format)


def write_day_phrase(day: date) -> str:
    """Write a day as it is spoken of near the viewer's today."""
    return formats.write_day_phrase(day, today=current_reader().today, date_format=current_reader().date_format)


def write_late_phrase(day: date) -> str:
    """Say how long ago a due day was."""
    return formats.write_late_phrase(day, today=current_reader().today)


def due_words(task: Due) -> tuple[str, str | None]:
    """
    Say in the fewest words when something is due, and in which tone: `danger` when it is late, `caution` when today.

    What is not due gives no words.
    """
    moment = local(task.due_at) if task.due_at else None
    day = moment.date() if moment else task.due_on
    if day is None:
        return "", None
    reader = current_reader()
    if task.is_overdue and day != reader.today:
        return formats.write_late_phrase(day, today=reader.today), "danger"
    words = formats.write_day_phrase(day, today=reader.today, date_format=reader.date_format)
    if moment:
        words = f"{words} {formats.write_time(moment)}"
    if day == reader.today and task.status != "done":
        return words, "danger" if task.is_overdue else "caution"
    return words, None


def write_instant(moment: datetime | None) -> str:
    """Write an instant as the day and time it was for the viewer."""
    if moment is None:
        return formats.UNKNOWN
    there = local(moment)
    return f"{formats.write_day(there.date(), current_reader().date_format)}, {formats.write_time(there)}"


def write_time_of_day(moment: datetime) -> str:
    """Write the time of day an instant was for the viewer."""
    return formats.write_time(local(moment))


def local(moment: datetime) -> datetime:
    """Return an instant in the viewer's zone."""
    return moment.astimezone(current_reader().zone)


def write_marked(text: str, words: str) -> Markup:
    """Write text with what somebody looked for in it marked."""
    parts = split_at_words(text, words)
    return Markup("").join(Markup("<mark>{}</mark>").format(part) if found else escape(part) for part, found in parts)


class Due(Protocol):
    """What may be due: on a day or at an instant."""

    due_on: date | None
    due_at: datetime | None
    is_overdue: bool
    status: str


class Reader(NamedTuple):
    """How whoever reads this page wants it written."""

    zone: tzinfo
    today: date
    number_format: str
    date_format: str


def current_reader() -> Reader:
    """Return how whoever reads this page wants it written."""
    # Once a page: a list asks for it hundreds of times.
    reader: Reader | None = g.get("reader")
    if reader is None:
        viewer = find_viewer()
        zone = viewer.zone if viewer else UTC
        reader = g.reader = Reader(
            zone=zone,
            today=clock.now().astimezone(zone).date(),
            number_format=viewer.number_format if viewer else "1,234.5",
            date_format=viewer.date_format if viewer else "20 Nov 2026",
        )
    return reader
