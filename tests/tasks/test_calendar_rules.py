"""Which days a month and a week show, and where a due moment goes when its day is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.errors import InvalidInput
from webapp.tasks.rules.calendar import month_of, moved_due, week_of

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    "day,week_start,first,last",
    [
        (date(2026, 11, 20), 0, date(2026, 10, 26), date(2026, 12, 6)),
        (date(2026, 11, 20), 6, date(2026, 11, 1), date(2026, 12, 5)),
        (date(2026, 2, 1), 6, date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 12, 31), 0, date(2026, 11, 30), date(2027, 1, 3)),
    ],
)
def test_a_month_is_shown_in_whole_weeks(day: date, week_start: int, first: date, last: date) -> None:
    span = month_of(day, week_start)

    assert (span.shown.start, span.shown.last) == (first, last)
    assert span.period.start == day.replace(day=1)
    assert {len(week) for week in span.weeks} == {7}


@given(day=DAYS, week_start=st.integers(0, 6))
def test_months_and_weeks_follow_each_other_without_a_gap(day: date, week_start: int) -> None:
    for span in (month_of(day, week_start), week_of(day, week_start)):
        after, before = span.after(), span.before()

        assert span.period.start <= day <= span.period.last
        assert span.shown.start.weekday() == week_start
        assert after is None or (after.period.start == span.period.end and after.before() == span)
        assert before is None or (before.period.end == span.period.start and before.after() == span)


def test_nothing_comes_before_the_first_year_that_is_kept_nor_after_the_last() -> None:
    assert month_of(date(1900, 1, 5), 0).before() is None
    assert month_of(date(2199, 12, 5), 0).after() is None


@pytest.mark.parametrize(
    "due_at,day,moved",
    [
        # Half past nine in summer and in winter.
        (datetime(2026, 10, 24, 7, 30, tzinfo=UTC), date(2026, 10, 26), datetime(2026, 10, 26, 8, 30, tzinfo=UTC)),
        # Just after midnight there, the day before in UTC.
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), date(2026, 7, 5), datetime(2026, 7, 4, 22, 30, tzinfo=UTC)),
        # Twice that night: the first is meant.
        (datetime(2026, 10, 20, 0, 30, tzinfo=UTC), date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        # The second half past two, left where it is.
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), date(2026, 10, 25), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_moved_task_keeps_its_time_of_day(due_at: datetime, day: date, moved: datetime) -> None:
    assert moved_due(due_on=None, due_at=due_at, day=day, zone=BERLIN) == (None, moved)


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    half_past_two = datetime(2026, 3, 20, 1, 30, tzinfo=UTC)

    with pytest.raises(InvalidInput):
        moved_due(due_on=None, due_at=half_past_two, day=date(2026, 3, 29), zone=BERLIN)


@pytest.mark.parametrize("due_on", [None, date(2026, 1, 1)])
def test_a_day_becomes_the_other_day(due_on: date | None) -> None:
    assert moved_due(due_on=due_on, due_at=None, day=date(2026, 2, 2), zone=BERLIN) == (date(2026, 2, 2), None)


@given(
    seconds=st.integers(946_684_800, 2_524_608_000),
    away=st.integers(-500, 500),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Asia/Kathmandu"]),
)
def test_what_is_moved_is_due_on_that_day_at_that_time(seconds: int, away: int, zone: str) -> None:
    due_at = datetime.fromtimestamp(seconds, UTC)
    there = due_at.astimezone(ZoneInfo(zone))
    day = there.date() + timedelta(days=away)

    try:
        _, moved = moved_due(due_on=None, due_at=due_at, day=day, zone=ZoneInfo(zone))
    except InvalidInput:
        return

    assert moved is not None
    assert moved.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.combine(day, there.time())
