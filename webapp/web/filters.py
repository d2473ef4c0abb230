"""Template filters. Each follows the settings of whoever reads the page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from flask import Flask
from markupsafe import Markup, escape

from webapp.values.duration import format_minutes
from webapp.values.text import split_at_words
from webapp.web import clock, formats
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
        long_day=formats.write_long_day,
        instant=write_instant,
        time_of_day=write_time_of_day,
        local=local,
        number=write_number,
        decimal=write_number,
        percent=write_percent,
        marked=write_marked,
    )


def write_number(value: int | float | Decimal | None, places: int | None = None) -> str:
    """Write a number with the viewer's separators."""
    return formats.write_number(value, _number_format(), places=places)


def write_percent(share: float | None, places: int = 0) -> str:
    """Write a share of one as the viewer writes numbers."""
    return formats.write_percent(share, _number_format(), places=places)


def write_day(day: date | None) -> str:
    """Write a day as the viewer does."""
    return formats.UNKNOWN if day is None else formats.write_day(day, _date_format())


def write_day_phrase(day: date) -> str:
    """Write a day as it is spoken of near the viewer's today."""
    return formats.write_day_phrase(day, today=_today(), date_format=_date_format())


def write_late_phrase(day: date) -> str:
    """Say how long ago a due day was."""
    return formats.write_late_phrase(day, today=_today())


def write_instant(moment: datetime | None) -> str:
    """Write an instant as the day and time it was for the viewer."""
    if moment is None:
        return formats.UNKNOWN
    there = local(moment)
    return f"{formats.write_day(there.date(), _date_format())}, {formats.write_time(there)}"


def write_time_of_day(moment: datetime) -> str:
    """Write the time of day an instant was for the viewer."""
    return formats.write_time(local(moment))


def local(moment: datetime) -> datetime:
    """Return an instant in the viewer's zone."""
    viewer = find_viewer()
    return moment.astimezone(viewer.zone if viewer else UTC)


def _number_format() -> str:
    viewer = find_viewer()
    return viewer.number_format if viewer else "1,234.5"


def _date_format() -> str:
    viewer = find_viewer()
    return viewer.date_format if viewer else "20 Nov 2026"


def _today() -> date:
    viewer = find_viewer()
    return clock.now().astimezone(viewer.zone if viewer else UTC).date()


def write_marked(text: str, words: str) -> Markup:
    """Write text with what somebody looked for in it marked."""
    parts = split_at_words(text, words)
    return Markup("").join(Markup("<mark>{}</mark>").format(part) if found else escape(part) for part, found in parts)
