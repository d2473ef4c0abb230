"""Days of the calendar, and how far they are apart."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.calculations.engine import evaluate
from webapp.calculations.engine.days import (
    add_to_day,
    days_between,
    subtract_from_day,
    weekday,
    weeks_between,
    workdays_between,
)
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.units import HOURS_MIXED, add, find_unit
from webapp.calculations.engine.values import Quantity

DAYS = st.dates(date(1800, 1, 1), date(2200, 12, 31))


def length(number: int | Fraction | str, word: str) -> Quantity:
    unit = find_unit(word)
    assert unit is not None
    return Quantity(Fraction(number), ((unit, 1),))


@pytest.mark.parametrize(
    "day,number,word,expected",
    [
        ("2026-01-31", "1", "month", "2026-02-28"),
        ("2024-01-31", "1", "month", "2024-02-29"),
        ("2024-02-29", "1", "year", "2025-02-28"),
        ("2024-02-29", "4", "years", "2028-02-29"),
        ("2024-02-29", "1", "century", "2124-02-29"),
        ("2000-02-29", "-1", "century", "1900-02-28"),
        ("2026-08-31", "1", "quarter", "2026-11-30"),
        ("2026-11-15", "2", "months", "2027-01-15"),
        ("2026-01-15", "-1", "month", "2025-12-15"),
        ("2026-11-20", "2", "weeks", "2026-12-04"),
        ("2026-11-20", "48", "h", "2026-11-22"),
        ("2026-11-20", "5", "workdays", "2026-11-27"),
        ("2026-11-21", "1", "workday", "2026-11-23"),
        ("2026-11-21", "-1", "workday", "2026-11-20"),
        ("2026-11-23", "-1", "workday", "2026-11-20"),
        ("2026-11-21", "0", "workdays", "2026-11-21"),
    ],
)
def test_a_time_after_a_day_is_another_day(day: str, number: str, word: str, expected: str) -> None:
    found, _ = add_to_day(date.fromisoformat(day), length(number, word))

    assert found == date.fromisoformat(expected)


def test_a_day_that_a_month_lacks_becomes_its_last_and_that_is_said() -> None:
    assert add_to_day(date(2026, 1, 31), length(1, "month")) == (
        date(2026, 2, 28),
        ("There is no 31 February 2026: the last day of that month is taken.",),
    )
    assert add_to_day(date(2026, 1, 28), length(1, "month")) == (date(2026, 2, 28), ())


@pytest.mark.parametrize(
    "quantity,code",
    [
        (length(36, "h"), Code.NOT_WHOLE),
        (Quantity(Fraction(15, 4), HOURS_MIXED), Code.NOT_WHOLE),
        (length("1/2", "month"), Code.NOT_WHOLE),
        (length("1/2", "workday"), Code.NOT_WHOLE),
        (Quantity(Decimal(2), length(1, "d").units), Code.NOT_WHOLE),
        (length(5, "kg"), Code.UNIT_MISMATCH),
        (Quantity(Fraction(5)), Code.UNIT_MISMATCH),
        (length(9_000, "years"), Code.OUT_OF_DOMAIN),
        (length(10**9, "days"), Code.OUT_OF_DOMAIN),
        (length(3_000_000, "days"), Code.OUT_OF_DOMAIN),
        (length(3_000_000, "workdays"), Code.OUT_OF_DOMAIN),
        (length(10**3_000, "centuries"), Code.OUT_OF_DOMAIN),
    ],
)
def test_what_is_no_number_of_whole_days_is_refused_with_a_repair(quantity: Quantity, code: Code) -> None:
    for move in (add_to_day, subtract_from_day):
        with pytest.raises(CalculationError) as refused:
            move(date(2026, 11, 20), quantity)
        assert refused.value.code == code
        assert refused.value.hint


@given(DAYS, DAYS)
def test_days_between_lead_from_one_to_the_other(first: date, last: date) -> None:
    days = days_between(first, last)

    assert add_to_day(first, days) == (last, ())
    assert subtract_from_day(last, days) == (first, ())
    assert weeks_between(first, last).number * 7 == days.number


@given(DAYS, st.integers(0, 60))
def test_workdays_are_counted_as_on_the_fingers(first: date, days: int) -> None:
    last = first + timedelta(days)
    after = [first + timedelta(n) for n in range(1, days + 1)]
    counted = sum(day.weekday() < 5 for day in after)

    assert workdays_between(first, last).number == counted
    assert workdays_between(last, first).number == -counted
    if last.weekday() < 5:
        assert add_to_day(first, workdays_between(first, last)) == (last, ())


@given(DAYS, st.integers(1, 60))
def test_so_many_workdays_before_is_found_by_walking_back(day: date, workdays: int) -> None:
    walked, left = day, workdays
    while left:
        walked -= timedelta(1)
        left -= walked.weekday() < 5

    assert subtract_from_day(day, length(workdays, "workdays")) == (walked, ())


@given(DAYS, DAYS, DAYS)
def test_workdays_add_up_along_the_way(first: date, middle: date, last: date) -> None:
    parts = add(workdays_between(first, middle), workdays_between(middle, last))

    assert workdays_between(first, last).number == parts.number


@given(DAYS, st.integers(-600, 600))
def test_months_keep_the_day_or_end_the_month(day: date, months: int) -> None:
    found, notes = add_to_day(day, length(months, "months"))

    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    if notes:
        assert found.day < day.day
        assert (found + timedelta(1)).day == 1
    else:
        assert found.day == day.day


def test_monday_is_the_first_day_of_the_week() -> None:
    assert [weekday(date(2026, 11, 16) + timedelta(n)) for n in range(7)] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    "typed,answered",
    [
        ("2026-01-31 + 1 month 2 days", "2026-03-02"),
        ("2026-03-31 - 1 year 1 month", "2025-02-28"),
        ("2026-01-31 + 1w 2d", "2026-02-09"),
        ("2026-11-20 + 24:00", "2026-11-21"),
        ("1 yr 6 months to months", "18 mo"),
    ],
)
def test_a_time_in_several_units_beside_a_day_counts_part_by_part(typed: str, answered: str) -> None:
    assert evaluate(typed).text == answered


def test_a_refusal_offers_the_whole_lengths_beside() -> None:
    for typed in ("2026-11-20 + 36 h", "2026-11-20 - 36 h"):
        with pytest.raises(CalculationError) as refused:
            evaluate(typed)
        assert refused.value.hint == "Write “1 d” or “2 d”."
