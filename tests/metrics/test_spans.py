"""The weeks of a period, and what it is compared with."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.metrics.rules.spans import LEAST_WEEKS, elapsed, period_before, weeks_of
from webapp.values.period import Period, named_period

FRIDAY = date(2026, 11, 20)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    "name, before",
    [
        ("7d", Period(date(2026, 11, 7), date(2026, 11, 14))),
        ("this-week", Period(date(2026, 11, 9), date(2026, 11, 14))),
        ("last-week", Period(date(2026, 11, 2), date(2026, 11, 9))),
        ("this-month", Period(date(2026, 10, 1), date(2026, 10, 21))),
        ("last-month", Period(date(2026, 9, 1), date(2026, 10, 1))),
        ("year", Period(date(2025, 1, 1), date(2025, 11, 21))),
    ],
)
def test_period_before_has_as_many_days_as_have_passed(name: str, before: Period) -> None:
    period = named_period(name, today=FRIDAY)

    assert period_before(period, FRIDAY) == before


def test_period_before_never_reaches_into_the_period() -> None:
    # On 31 March as many days have passed as February does not have.
    march = Period(date(2026, 3, 1), date(2026, 4, 1))

    assert period_before(march, date(2026, 3, 31)) == Period(date(2026, 2, 1), date(2026, 3, 1))


@given(days, st.integers(1, 3660), days)
def test_period_before_ends_where_the_period_starts_or_earlier(start: date, length: int, today: date) -> None:
    period = Period(start, start + timedelta(days=length))

    before = period_before(period, today)

    assert before.end <= period.start
    passed = elapsed(period, today)
    if passed:
        assert before.length_days <= passed.length_days + 3 or passed == period


@given(days, st.integers(1, 400), days, st.integers(0, 6))
def test_weeks_follow_each_other_and_cover_what_has_passed(start: date, length: int, today: date, first: int) -> None:
    period = Period(start, start + timedelta(days=length))

    weeks = weeks_of(period, today=today, week_start=first)

    assert len(weeks) >= LEAST_WEEKS
    assert all(week.start.weekday() == first for week in weeks)
    assert all(later.start == earlier.end for earlier, later in itertools.pairwise(weeks))
    assert weeks[-1].start <= min(period.last, today) < weeks[-1].end
    if start <= today:
        assert weeks[0].start <= start
    for week in weeks:
        assert week.is_over == (week.last < today)
        assert week.start <= today


def test_weeks_counts_the_days_that_have_begun() -> None:
    weeks = weeks_of(named_period("7d", today=FRIDAY), today=FRIDAY, week_start=0)

    assert weeks[-1].start == date(2026, 11, 16)
    assert weeks[-1].days_so_far == 5
    assert not weeks[-1].is_over
    assert weeks[-2].is_over
