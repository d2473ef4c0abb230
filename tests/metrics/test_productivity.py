"""Days and weeks of a period, their means and months."""

from datetime import date, timedelta

from webapp.metrics.rules.facts import DayFinished
from webapp.metrics.rules.productivity import Productivity, follow
from webapp.metrics.rules.spans import weeks_of
from webapp.metrics.rules.trends import Course
from webapp.values.period import Period

FRIDAY = date(2026, 11, 20)
HOUR = 3600


def follow_up(period: Period, seconds: dict[date, int], finished: dict[date, int] | None = None) -> Productivity:
    return follow(
        period=period,
        weeks=weeks_of(period, today=FRIDAY, week_start=0),
        today=FRIDAY,
        seconds=seconds,
        finished=[DayFinished(day, finished=count) for day, count in (finished or {}).items()],
    )


def test_days_to_come_are_left_out_and_today_is_open() -> None:
    november = Period(date(2026, 11, 1), date(2026, 12, 1))

    productivity = follow_up(november, {FRIDAY: HOUR}, {FRIDAY: 2})

    assert productivity.is_daily
    assert [step.start for step in productivity.steps] == [date(2026, 11, day) for day in range(1, 21)]
    assert [step.is_open for step in productivity.steps] == [False] * 19 + [True]
    assert productivity.steps[-1].finished == 2


def test_long_periods_go_by_whole_weeks() -> None:
    year = Period(date(2026, 1, 1), date(2027, 1, 1))

    productivity = follow_up(year, {date(2025, 12, 29): HOUR, date(2026, 1, 4): HOUR, FRIDAY: HOUR})

    assert not productivity.is_daily
    assert productivity.steps[0].start == date(2025, 12, 29)
    # The week that the year begins in is counted whole, with its days of the year before.
    assert productivity.steps[0].seconds == 2 * HOUR
    assert productivity.steps[-1].is_open


def test_days_before_the_first_record_make_no_trend() -> None:
    quarter = Period(FRIDAY - timedelta(days=89), FRIDAY + timedelta(days=1))
    began = FRIDAY - timedelta(days=34)
    steady = {began + timedelta(days=offset): 6 * HOUR + 60 * (offset % 9) for offset in range(35)}

    alone = follow_up(quarter, steady).tracked
    after_earlier_work = follow_up(quarter, steady | {quarter.start - timedelta(days=7): HOUR}).tracked

    assert alone.course is Course.UNCLEAR
    assert abs(alone.slope or 0) < 300
    # Days without work between two stretches of it do count.
    assert (after_earlier_work.slope or 0) > 1500


def test_growing_days_are_more_time_week_by_week() -> None:
    quarter = Period(FRIDAY - timedelta(days=89), FRIDAY + timedelta(days=1))
    growing = {
        day: 3 * HOUR + 120 * index for index, day in enumerate(quarter.days()) if day.weekday() < 5 and day < FRIDAY
    }

    tracked = follow_up(quarter, growing).tracked

    assert tracked.course is Course.UP
    assert tracked.slope == 7 * 120


def test_weekdays_are_means_over_all_such_days() -> None:
    fortnight = Period(date(2026, 11, 2), date(2026, 11, 16))

    means = follow_up(fortnight, {date(2026, 11, 2): 2 * HOUR, date(2026, 11, 9): 4 * HOUR}).weekdays()

    assert [(mean.weekday, mean.seconds) for mean in means] == [(0, 3 * HOUR), *((day, 0) for day in range(1, 7))]


def test_weekdays_that_did_not_come_are_unknown() -> None:
    two_days = Period(date(2026, 11, 2), date(2026, 11, 4))

    means = follow_up(two_days, {date(2026, 11, 2): HOUR}).weekdays()

    assert [mean.seconds for mean in means] == [HOUR, 0, None, None, None, None, None]


def test_months_add_up_to_the_days() -> None:
    quarter = Period(date(2026, 9, 20), FRIDAY + timedelta(days=1))
    seconds = {day: HOUR for day in quarter.days() if day.day % 2}

    productivity = follow_up(quarter, seconds)

    months = productivity.months()
    assert [month.first for month in months] == [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)]
    assert sum(month.seconds for month in months) == sum(seconds.values())
    assert sum(month.working_days for month in months) == productivity.working_days


def test_a_full_day_is_what_three_of_four_working_days_do_not_exceed() -> None:
    week = Period(date(2026, 11, 2), date(2026, 11, 9))
    seconds = dict(zip(week.days(), [0, 1800, 5 * HOUR, 6 * HOUR + 60, 9 * HOUR, 0, 0], strict=True))

    assert follow_up(week, seconds).full_day_seconds == 9 * HOUR
    assert follow_up(week, {}).full_day_seconds == HOUR


def test_moving_means_need_seven_days() -> None:
    fortnight = Period(date(2026, 11, 2), date(2026, 11, 16))

    means = follow_up(fortnight, dict.fromkeys(fortnight.days(), HOUR)).moving_means()

    assert means == [None] * 6 + [HOUR] * 8
