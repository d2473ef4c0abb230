"""What can be asked of the work itself, and the days that words name."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.calculations.engine import sources
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.nodes import Filter
from webapp.values.period import named_period

SATURDAY = date(2026, 11, 21)


def a_filter(field: str, value: str) -> Filter:
    return Filter(field, value, 6, 6 + len(field) + len(value))


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("this week", "this week"),
        ("  This \t Week ", "this week"),
        ("LAST 30 DAYS", "last 30 days"),
        ("2026-11-03", "2026-11-03"),
        ("2026-11", "2026-11"),
        ("2026", "2026"),
        ("2026-11-01 .. 2026-11-15", "2026-11-01..2026-11-15"),
        ("next week", None),
        ("last 31 days", None),
        ("", None),
        ("2026-11-01..", None),
        ("２０２６", None),
    ],
)
def test_find_period_keeps_the_words_that_name_one(typed: str, kept: str | None) -> None:
    assert sources.find_period(typed) == kept


@pytest.mark.parametrize(
    "words, first, last",
    [
        ("today", "2026-11-21", "2026-11-21"),
        ("yesterday", "2026-11-20", "2026-11-20"),
        ("this week", "2026-11-16", "2026-11-22"),
        ("last week", "2026-11-09", "2026-11-15"),
        ("this month", "2026-11-01", "2026-11-30"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("this year", "2026-01-01", "2026-12-31"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("last 7 days", "2026-11-15", "2026-11-21"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("2026-11-03", "2026-11-03", "2026-11-03"),
        ("2026-10-25..2026-11-15", "2026-10-25", "2026-11-15"),
    ],
)
def test_days_of_are_half_open(words: str, first: str, last: str) -> None:
    start, end = sources.days_of(words, today=SATURDAY)

    assert (start.isoformat(), (end - timedelta(days=1)).isoformat()) == (first, last)


@pytest.mark.parametrize("week_start, first", [(0, "2026-11-16"), (6, "2026-11-15"), (5, "2026-11-21")])
def test_a_week_begins_on_the_day_of_the_settings(week_start: int, first: str) -> None:
    assert sources.days_of("this week", today=SATURDAY, week_start=week_start)[0].isoformat() == first


@given(st.dates(date(1990, 1, 1), date(2200, 1, 1)), st.integers(0, 6))
def test_words_mean_what_they_mean_in_reports(today: date, week_start: int) -> None:
    for words, name in {
        "this week": "this-week",
        "last week": "last-week",
        "this month": "this-month",
        "last month": "last-month",
        "this year": "year",
        "last 7 days": "7d",
        "last 90 days": "90d",
    }.items():
        period = named_period(name, today=today, week_start=week_start)
        assert sources.days_of(words, today=today, week_start=week_start) == (period.start, period.end)


@pytest.mark.parametrize(
    "words", ["2026-02-30", "2026-13", "0000", "9999-12", "1969", "2300", "2026-11-15..2026-11-01"]
)
def test_days_of_refuses_days_that_are_none(words: str) -> None:
    with pytest.raises(CalculationError) as refused:
        sources.days_of(words, today=SATURDAY)

    assert refused.value.code is Code.DATE


def test_days_of_refuses_more_than_ten_years() -> None:
    with pytest.raises(CalculationError, match="3,660 days"):
        sources.days_of("2010-01-01..2026-01-01", today=SATURDAY)


def test_a_key_is_the_same_for_the_same_question() -> None:
    typed = [a_filter("category", "Code  Review"), a_filter("period", "this week")]
    again = [a_filter("period", "this week"), a_filter("category", "code review")]

    assert sources.key_of("hours", typed) == sources.key_of("hours", again)
    assert sources.key_of("hours", typed) != sources.key_of("estimate", typed)


@pytest.mark.parametrize(
    "name, filters",
    [
        ("hours", [("task", "42")]),
        ("hours", [("category", "Review"), ("period", "This Month")]),
        ("estimate", [("customer", "Acme"), ("status", "OPEN")]),
        ("count", [("status", "done"), ("period", "last week")]),
        ("rate", [("customer", "Acme")]),
    ],
)
def test_settle_filters_takes_what_can_be_asked(name: str, filters: list[tuple[str, str]]) -> None:
    settled = sources.settle_filters(name, [a_filter(*one) for one in filters], 0, 40)

    assert [filter_.field for filter_ in settled] == [field for field, _ in filters]


@pytest.mark.parametrize(
    "name, filters, position, words",
    [
        ("hours", [], 0, "Hours of when"),
        ("hours", [("category", "Review")], 0, "Hours of when"),
        ("hours", [("period", "next week")], 6, "not a period"),
        ("hours", [("task", "42"), ("task", "43")], 6, "two filters"),
        ("hours", [("task", "  ")], 6, "Which task"),
        ("hours", [("billable", "perhaps"), ("period", "today")], 6, "not a value"),
        ("count", [("task", "42")], 6, "not asked by task"),
        ("count", [("status", "done")], 0, "Which tasks"),
        ("count", [("category", "Review")], 0, "Which tasks"),
        ("rate", [], 0, "Whose"),
        ("rate", [("customer", "Acme"), ("task", "42")], 0, "Whose"),
    ],
)
def test_settle_filters_refuses_at_the_place(
    name: str, filters: list[tuple[str, str]], position: int, words: str
) -> None:
    with pytest.raises(CalculationError, match=words) as refused:
        sources.settle_filters(name, [a_filter(*one) for one in filters], 0, 40)

    assert (refused.value.code, refused.value.position) == (Code.SOURCE, position)
    assert refused.value.hint


def test_every_field_is_described() -> None:
    assert {field for source in sources.SOURCES.values() for field in source.fields} == sources.FIELDS.keys()
