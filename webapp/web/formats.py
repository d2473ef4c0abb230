"""Dates and numbers as a person writes them. Pure."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from webapp.values import duration
from webapp.values.period import Period

# Name of the setting → thousands separator, decimal mark. The name is an example of itself.
NUMBER_FORMATS = {
    "1,234.5": (",", "."),
    "1.234,5": (".", ","),
    "1 234,5": ("\u202f", ","),
    "1'234.5": ("\u2019", "."),
    "1234.5": ("", "."),
}
# Name of the setting → how a day is written with the year, and without.
DATE_FORMATS = {
    "20 Nov 2026": ("{day} {month} {year}", "{day} {month}"),
    "Nov 20, 2026": ("{month} {day}, {year}", "{month} {day}"),
    "20.11.2026": ("{day:02}.{number:02}.{year}", "{day:02}.{number:02}."),
    "20/11/2026": ("{day:02}/{number:02}/{year}", "{day:02}/{number:02}"),
    "11/20/2026": ("{number:02}/{day:02}/{year}", "{number:02}/{day:02}"),
    "2026-11-20": ("{year:04}-{number:02}-{day:02}", "{number:02}-{day:02}"),
}
# Those of them whose owners read 11/12 as a day in November.
MONTH_FIRST_FORMATS = frozenset({"Nov 20, 2026", "11/20/2026", "2026-11-20"})
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
UNKNOWN = "–"


def write_number(value: int | float | Decimal | None, number_format: str, *, places: int | None = None) -> str:
    """Write a number with the person's separators; None is unknown. `places` fixes the digits after the mark."""
    if value is None:
        return UNKNOWN
    thousands, mark = NUMBER_FORMATS.get(number_format, NUMBER_FORMATS["1,234.5"])
    plain = f"{value:,f}" if places is None and isinstance(value, Decimal) else f"{value:,}"
    if places is not None:
        plain = f"{value:,.{places}f}"
    signs = {",": thousands, ".": mark, "-": "−"}
    return "".join(signs.get(character, character) for character in plain)


def write_day(day: date, date_format: str, *, this_year: int | None = None) -> str:
    """Write a day as the person does; without its year when that is `this_year`."""
    full, short = DATE_FORMATS.get(date_format, DATE_FORMATS["20 Nov 2026"])
    pattern = short if day.year == this_year else full
    return pattern.format(day=day.day, number=day.month, month=MONTHS[day.month - 1], year=day.year)


def write_long_day(day: date) -> str:
    """Write a day for a heading: `Friday 20 November`."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {day:%B}"


def write_month(day: date) -> str:
    """Write the month of a day for a heading: `November 2026`."""
    return f"{day:%B} {day.year}"


def write_days(period: Period) -> str:
    """Write a stretch of days for a heading, saying nothing twice: `30 November – 6 December 2026`."""
    first, last = period.start, period.last
    end = f"{last.day} {last:%B} {last.year}"
    if first.year != last.year:
        return f"{first.day} {first:%B} {first.year} – {end}"
    return f"{first.day} – {end}" if first.month == last.month else f"{first.day} {first:%B} – {end}"


def write_weekday(day: date) -> str:
    """Write the name of a day: `Friday`."""
    return WEEKDAYS[day.weekday()]


def write_time(moment: datetime) -> str:
    """Write the time of day of a local moment: `15:04`."""
    return f"{moment:%H:%M}"


def write_day_phrase(day: date, *, today: date, date_format: str) -> str:
    """Write a day as it is spoken of near today: `Today`, `Tomorrow`, `Yesterday`, `Mon 23 Nov`, `20 Nov 2027`."""
    away = (day - today).days
    if away in (-1, 0, 1):
        return {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}[away]
    written = write_day(day, date_format, this_year=today.year)
    return f"{WEEKDAYS[day.weekday()][:3]} {written}" if abs(away) < 100 else written


def write_late_phrase(day: date, *, today: date) -> str:
    """Say how long ago a day was that something was due on: `1 day late`, `3 weeks late`."""
    days = (today - day).days
    if days < 21:
        return f"{days} day{'s' if days != 1 else ''} late"
    if days < 100:
        return f"{days // 7} weeks late"
    return f"{days // 30} months late" if days < 730 else f"{days // 365} years late"


def write_percent(share: float | None, number_format: str, *, places: int = 0) -> str:
    """Write a share of one: `42 %`; None is unknown."""
    return UNKNOWN if share is None else f"{write_number(round(share * 100, places), number_format, places=places)} %"


def write_minutes(minutes: int | None) -> str:
    """Write minutes as a clock does: `1:30`; None is unknown."""
    return UNKNOWN if minutes is None else f"{minutes // 60}:{minutes % 60:02}"


write_duration = duration.format_seconds
write_clock = duration.format_clock
