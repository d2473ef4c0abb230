"""Stretches of whole days, and the words that name one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import TODAY
from webapp.values.period import PERIOD_NAMES, Period, day_start, named_period

DAYS = st.dates(date(1971, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    "name,first,last",
    [
        ("7d", "2026-11-14", "2026-11-20"),
        ("30d", "2026-10-22", "2026-11-20"),
        ("90d", "2026-08-23", "2026-11-20"),
        ("this-week", "2026-11-16", "2026-11-22"),
        ("last-week", "2026-11-09", "2026-11-15"),
        ("this-month", "2026-11-01", "2026-11-30"),
        ("last-month", "2026-10-01", "2026-10-31"),
        ("year", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_name_means_days_around_today(name: str, first: str, last: str) -> None:
    period = named_period(name, today=TODAY)

    assert (period.start.isoformat(), period.last.isoformat()) == (first, last)


def test_a_name_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="“soon” is not a period"):
        named_period("soon", today=TODAY)


@given(name=st.sampled_from(sorted(PERIOD_NAMES)), today=DAYS, week_start=st.integers(0, 6))
def test_all_but_the_last_ones_hold_today_and_weeks_begin_where_the_person_says(
    name: str, today: date, week_start: int
) -> None:
    period = named_period(name, today=today, week_start=week_start)

    assert (period.start <= today < period.end) is not name.startswith("last-")
    if name.endswith("-week"):
        assert (period.start.weekday(), period.length_days) == (week_start, 7)


@given(start=DAYS, length=st.integers(1, 400))
def test_what_comes_before_and_after_is_as_long_and_leaves_no_gap(start: date, length: int) -> None:
    period = Period(start, start + timedelta(days=length))

    assert period.before().end == period.start
    assert period.after().start == period.end
    assert period.before().after() == period == period.after().before()
    assert len(list(period.days())) == period.length_days == length


def test_a_period_has_at_least_a_day() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        Period(TODAY, TODAY)


@pytest.mark.parametrize(
    "zone,day,begins",
    [
        ("Europe/Berlin", date(2026, 11, 20), datetime(2026, 11, 19, 23, tzinfo=UTC)),
        ("Asia/Tokyo", date(2026, 11, 20), datetime(2026, 11, 19, 15, tzinfo=UTC)),
        # The clocks skip midnight: the day begins at one.
        ("America/Santiago", date(2026, 9, 6), datetime(2026, 9, 6, 4, tzinfo=UTC)),
    ],
)
def test_a_day_begins_where_the_person_lives(zone: str, day: date, begins: datetime) -> None:
    assert day_start(day, ZoneInfo(zone)) == begins
