"""What fits into what is left of a day, and when a day ends."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.tasks.rules.day_plan import Fit, Work, end_of_day, make_plan, usual_lengths

NOW = datetime(2026, 11, 20, 14, tzinfo=UTC)
WORKS = st.lists(
    st.tuples(st.none() | st.integers(0, 300), st.integers(0, 20_000), st.none() | st.integers(0, 10_000)),
    max_size=20,
).map(lambda values: [Work(number, *value) for number, value in enumerate(values)])


@pytest.mark.parametrize(
    "estimate,tracked,usual,fit,left,is_by_habit",
    [
        (60, 0, None, Fit.FITS, 3600, False),
        (60, 1800, 99, Fit.FITS, 1800, False),
        (121, 0, None, Fit.TOO_LONG, 7260, False),
        (120, 0, None, Fit.FITS, 7200, False),
        (60, 3600, None, Fit.UNKNOWN, None, False),
        (60, 9999, None, Fit.UNKNOWN, None, False),
        (None, 0, None, Fit.UNKNOWN, None, True),
        (None, 0, 1800, Fit.FITS, 1800, True),
        (None, 1800, 1800, Fit.UNKNOWN, None, True),
    ],
)
def test_what_is_left_of_a_task_decides_whether_it_fits(
    estimate: int | None, tracked: int, usual: int | None, fit: Fit, left: int | None, is_by_habit: bool
) -> None:
    plan = make_plan([Work(7, estimate, tracked, usual)], ends_at=NOW + timedelta(hours=2), now=NOW)

    planned = plan.tasks[7]
    assert (planned.fit, planned.left_seconds, planned.is_by_habit) == (fit, left, is_by_habit)


def test_what_is_too_long_is_passed_over() -> None:
    works = [Work(1, 60, 0), Work(2, 90, 0), Work(3, 30, 0), Work(4, 60, 0)]

    plan = make_plan(works, ends_at=NOW + timedelta(hours=2), now=NOW)

    assert [task for task, planned in plan.tasks.items() if planned.fit is Fit.FITS] == [1, 3]
    assert (plan.fitting_seconds, plan.left_seconds) == (90 * 60, 120 * 60)


def test_nothing_fits_into_a_day_that_has_ended() -> None:
    plan = make_plan([Work(1, 1, 0)], ends_at=NOW - timedelta(hours=1), now=NOW)

    assert plan.has_ended
    assert plan.count(Fit.FITS) == 0


@given(works=WORKS, minutes=st.integers(-60, 600))
def test_what_fits_never_takes_longer_than_is_left(works: list[Work], minutes: int) -> None:
    plan = make_plan(works, ends_at=NOW + timedelta(minutes=minutes), now=NOW)

    fitting = [planned.left_seconds or 0 for planned in plan.tasks.values() if planned.fit is Fit.FITS]
    assert sum(fitting) == plan.fitting_seconds <= plan.left_seconds == max(0, minutes * 60)
    assert sum(plan.count(fit) for fit in Fit) == len(works)


@pytest.mark.parametrize(
    "day_end,now,zone,ends_at",
    [
        (time(18), "2026-11-20T14:00", "Europe/Berlin", "2026-11-20T17:00"),
        # The clocks go back that night, and forward on this one.
        (time(18), "2026-10-25T00:30", "Europe/Berlin", "2026-10-25T17:00"),
        (time(18), "2026-03-29T00:30", "Europe/Berlin", "2026-03-29T16:00"),
        # A day of night owls ends after midnight.
        (time(1), "2026-11-20T20:00", "UTC", "2026-11-21T01:00"),
        (time(1), "2026-11-21T00:30", "UTC", "2026-11-21T01:00"),
        (time(18), "2026-11-20T20:00", "UTC", "2026-11-20T18:00"),
        (time(23, 59), "2026-11-20T20:00", "America/New_York", "2026-11-21T04:59"),
    ],
)
def test_a_day_ends_by_the_clocks_there(day_end: time, now: str, zone: str, ends_at: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)

    assert end_of_day(day_end, now=moment, zone=ZoneInfo(zone)) == datetime.fromisoformat(ends_at).replace(tzinfo=UTC)


def test_what_is_usual_is_the_middle_of_enough() -> None:
    finished = [(1, 60), (1, 120), (1, 6000), (2, 60), (2, 60), (None, 5), (None, 6), (None, 7), (1, 0)]

    assert usual_lengths(finished) == {1: 120, None: 6}
