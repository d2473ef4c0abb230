"""
Figures from the work itself, as they are typed: `hours(task:42)`, `count(status:done, last week)`.

Here stands what can be asked; whoever knows the work answers before anything is worked out (`Settings.figures`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal, NamedTuple

from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.nodes import Filter

PERIOD = "period"
OPEN = "open"
NONE: Literal["none"] = "none"
ME = "me"


class Source(NamedTuple):
    """
    One kind of figure.

    `fields` are the filters that it takes; `gives` says what the figure is; `examples` can be typed as they stand.
    """

    name: str
    label: str
    fields: tuple[str, ...]
    gives: str
    examples: tuple[str, ...]


# What a filter says, for the reference. A period is typed without a field.
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "task": "one task, by the number in its address or by its title",
        "category": "tasks of a category, or none",
        "tag": "tasks with a tag",
        "customer": "what is done for a customer, by name or number, or none",
        "person": "time of one person, or tasks that are theirs: me, or a name",
        "status": "tasks that are now todo, doing, done or open (todo or doing)",
        "billable": "time that is billable or not: yes or no",
        PERIOD: "days: a word such as this week, a day, a month, a year, or two days with .. between",
    }
)

SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        source.name: source
        for source in (
            Source(
                "hours",
                "Tracked time",
                ("task", "category", "tag", "customer", "person", "status", "billable", PERIOD),
                "time: everybody's in the workspace, unless a person is named; what runs counts up to now",
                ("hours(task:42)", 'hours(category:"Review", this month)', "hours(person:me, billable:yes, last week)"),
            ),
            Source(
                "estimate",
                "Estimated time",
                ("task", "category", "tag", "customer", "person", "status", PERIOD),
                "time: the estimates of tasks; with a period those finished in it (status:done) or created in it",
                ("estimate(task:42)", 'estimate(customer:"Acme", status:open)'),
            ),
            Source(
                "count",
                "Number of tasks",
                ("category", "tag", "customer", "person", "status", PERIOD),
                "a number: tasks; with a period those finished in it (status:done) or created in it",
                ("count(status:done, last week)", 'count(tag:"urgent", status:open)'),
            ),
            Source(
                "rate",
                "Hourly rate",
                ("customer", "task"),
                "money per hour: what the customer, or the customer of the task, pays for an hour",
                ('rate(customer:"Acme")', "rate(task:42)"),
            ),
        )
    }
)

# Fields that take one of a few words.
WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"status": (OPEN, "todo", "doing", "done"), "billable": ("yes", "no")}
)

PERIODS: tuple[str, ...] = (
    "today",
    "yesterday",
    "this week",
    "last week",
    "this month",
    "last month",
    "this year",
    "last year",
    "last 7 days",
    "last 30 days",
    "last 90 days",
)
LONGEST_PERIOD_DAYS = 3660
_EARLIEST_YEAR, _LATEST_YEAR = 1970, 2300

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DAYS = re.compile(rf"({_DAY})(?:\s*\.\.\s*({_DAY}))?")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_YEAR = re.compile(r"[0-9]{4}")
_SPACES = re.compile(r"\s+")


def find_period(words: str) -> str | None:
    """
    Return words for a period as they are kept, or None where they name none.

    `This  Week` is `this week`; `2026-11-03`, `2026-11`, `2026` and `2026-11-01..2026-11-15` stay as they are. Days
    that do not exist are found out by `days_of`.
    """
    words = _SPACES.sub(" ", words.strip()).lower()
    if words in PERIODS:
        return words
    if days := _DAYS.fullmatch(words):
        return "..".join(day for day in days.groups() if day)
    return words if _MONTH.fullmatch(words) or _YEAR.fullmatch(words) else None


def days_of(words: str, *, today: date, week_start: int = 0) -> tuple[date, date]:
    """
    Return the first day of a period and the first one after it.

    :param words: as `find_period` returns them
    :param week_start: the first day of the week, 0 is Monday and 6 is Sunday
    :raises CalculationError: for days that do not exist, lie too far off or are too many; without a place
    """
    start, last = _ends(words, today, week_start)
    if not (start.year >= _EARLIEST_YEAR and last.year < _LATEST_YEAR):
        raise CalculationError(Code.DATE, f"Days lie between {_EARLIEST_YEAR} and {_LATEST_YEAR - 1}.")
    if last < start:
        raise CalculationError(
            Code.DATE, "This period ends before it starts.", hint=f"Write {last.isoformat()}..{start.isoformat()}."
        )
    if (last - start).days >= LONGEST_PERIOD_DAYS:
        raise CalculationError(Code.DATE, f"A period has at most {LONGEST_PERIOD_DAYS:,} days, about ten years.")
    return start, last + timedelta(days=1)


def _ends(words: str, today: date, week_start: int) -> tuple[date, date]:
    if words in PERIODS:
        return _named(words, today, week_start)
    try:
        if days := _DAYS.fullmatch(words):
            first = date.fromisoformat(days[1])
            return first, date.fromisoformat(days[2]) if days[2] else first
        if month := _MONTH.fullmatch(words):
            return _month(date(int(month[1]), int(month[2]), 1))
        return date(int(words), 1, 1), date(int(words), 12, 31)
    except (ValueError, OverflowError):
        raise CalculationError(
            Code.DATE, f"There is no such day as “{words}”.", hint="Write days like 2026-11-30."
        ) from None


def _named(words: str, today: date, week_start: int) -> tuple[date, date]:
    if words in ("today", "yesterday"):
        day = today - timedelta(days=words == "yesterday")
        return day, day
    if words.endswith(" days"):
        return today - timedelta(days=int(words.split()[1]) - 1), today
    is_last = words.startswith("last ")
    if words.endswith("week"):
        first = today - timedelta(days=(today.weekday() - week_start) % 7 + 7 * is_last)
        return first, first + timedelta(days=6)
    if words.endswith("month"):
        return _month(today.replace(day=1) - timedelta(days=1) if is_last else today)
    return date(today.year - is_last, 1, 1), date(today.year - is_last, 12, 31)


def _month(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return first, after - timedelta(days=1)


def key_of(name: str, filters: Iterable[Filter]) -> str:
    """Return what is the same for the same question, however it is typed."""
    asked = sorted((filter_.field, _SPACES.sub(" ", filter_.value.strip()).casefold()) for filter_ in filters)
    return f"{name}({'; '.join(f'{field}:{value}' for field, value in asked)})"


def settle_filters(name: str, filters: Sequence[Filter], start: int, end: int) -> tuple[Filter, ...]:
    """
    Return the filters of a source as they are kept, if these can be asked together.

    :param start, end: where the source stands, for what is missing
    :raises CalculationError: SOURCE, at the filter, or at the whole source where one is missing
    """
    source = SOURCES[name]
    settled: dict[str, Filter] = {}
    for filter_ in filters:
        if filter_.field not in source.fields:
            raise _refusal(
                f"{name} is not asked by {filter_.field}.", filter_, f"It takes {_list(source.fields, 'and')}."
            )
        if filter_.field in settled:
            raise _refusal(f"{name} has two filters by {filter_.field}.", filter_, "Leave one of them out.")
        settled[filter_.field] = _settle(filter_)
    _check_together(name, settled, start, end)
    return tuple(settled.values())


def _settle(filter_: Filter) -> Filter:
    value = filter_.value.strip()
    words = WORDS.get(filter_.field)
    if filter_.field == PERIOD:
        value = find_period(value) or ""
        if not value:
            raise _refusal(
                f"“{filter_.value}” is not a period.", filter_, f"Write {_list(PERIODS, 'or')}, or days: 2026-11."
            )
    elif not value:
        raise _refusal(f"Which {filter_.field}?", filter_, f"For instance {_EXAMPLES[filter_.field]}.")
    elif words:
        value = value.lower()
        if value not in words:
            raise _refusal(
                f"“{filter_.value}” is not a value of {filter_.field}.", filter_, f"Write {_list(words, 'or')}."
            )
    return Filter(filter_.field, value, filter_.start, filter_.end)


_EXAMPLES = {
    "task": "task:42",
    "category": 'category:"Review"',
    "tag": 'tag:"urgent"',
    "customer": 'customer:"Acme"',
    "person": "person:me",
    "status": "status:done",
    "billable": "billable:yes",
}


def _check_together(name: str, filters: Mapping[str, Filter], start: int, end: int) -> None:
    """Refuse what would have to be added up over all the years."""
    status = filters["status"].value if "status" in filters else None
    if name == "rate":
        if len(filters) != 1:
            raise CalculationError(
                Code.SOURCE,
                "Whose hourly rate? Name one customer or one task.",
                position=start,
                end=end,
                hint='For instance rate(customer:"Acme").',
            )
    elif "task" in filters or PERIOD in filters:
        pass
    elif name == "hours":
        raise CalculationError(
            Code.SOURCE,
            "Hours of when? Name a period or one task.",
            position=start,
            end=end,
            hint="Add a period: this month, last week, 2026-11, or 2026-11-01..2026-11-15.",
        )
    elif status in (None, "done"):
        raise CalculationError(
            Code.SOURCE,
            "Which tasks? Name a period, or tasks that are still open.",
            position=start,
            end=end,
            hint="Add a period, such as this month, or status:open.",
        )


def _refusal(message: str, filter_: Filter, hint: str) -> CalculationError:
    return CalculationError(Code.SOURCE, message, position=filter_.start, end=filter_.end, hint=hint)


def _list(words: Sequence[str], last: str) -> str:
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else words[0]
