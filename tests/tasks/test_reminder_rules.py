"""When reminders come, and when not: quiet nights, mornings, clocks that change, snoozing, words."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.accounts.rules import digest_after
from webapp.errors import InvalidInput
from webapp.tasks.rules.reminders import (
    BLOCKED_PAUSE,
    Basis,
    Dates,
    DueReminder,
    Habits,
    Snooze,
    Standing,
    Timing,
    check_timing,
    describe,
    fires_at,
    gathered,
    held_until,
    is_over,
    quiet_ends_at,
    snoozed_until,
    told,
)
from webapp.values.local_time import instant_of, next_instant_of
from webapp.values.status import Status

BERLIN = ZoneInfo("Europe/Berlin")
# Clocks here are put forward by half an hour; in Havana they jump at midnight.
ZONES = [BERLIN, *map(ZoneInfo, ("UTC", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "America/Havana"))]
HABITS = Habits(zone=BERLIN, morning=time(9))
NOW = datetime(2026, 11, 20, 14, 42, tzinfo=UTC)

zones = st.sampled_from(ZONES)
clocks = st.times(max_value=time(23, 59)).map(lambda clock: clock.replace(second=0, microsecond=0, fold=0))
# A year in which all of these change their clocks.
instants = st.integers(0, 362 * 24 * 60).map(lambda minutes: at("2026-01-02T00:00") + timedelta(minutes=minutes))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "timing, dates, expected",
    [
        (Timing(Basis.AT, at=at("2026-11-21T08:00")), Dates(), "2026-11-21T08:00"),
        # An instant: hours by the clock, whole days by the calendar.
        (Timing(Basis.DUE), Dates(due_at=at("2026-11-21T14:00")), "2026-11-21T14:00"),
        (Timing(Basis.DUE, 10), Dates(due_at=at("2026-11-21T14:00")), "2026-11-21T13:50"),
        (Timing(Basis.DUE, 60), Dates(due_at=at("2026-11-21T14:00")), "2026-11-21T13:00"),
        (Timing(Basis.DUE, 1440), Dates(due_at=at("2026-11-21T14:00")), "2026-11-20T14:00"),
        (Timing(Basis.DUE, 1500), Dates(due_at=at("2026-11-21T14:00")), "2026-11-20T13:00"),
        # Across the night of 29 March, when Berlin loses an hour: 15:00 there is 14:00 UTC before and 13:00 after.
        (Timing(Basis.DUE, 1440), Dates(due_at=at("2026-03-29T13:00")), "2026-03-28T14:00"),
        (Timing(Basis.DUE, 60), Dates(due_at=at("2026-03-29T01:30")), "2026-03-29T00:30"),
        # A day: the morning of it.
        (Timing(Basis.DUE), Dates(due_on=date(2026, 11, 21)), "2026-11-21T08:00"),
        (Timing(Basis.DUE, 1440), Dates(due_on=date(2026, 11, 21)), "2026-11-20T08:00"),
        (Timing(Basis.DUE, 1440), Dates(due_on=date(2026, 10, 26)), "2026-10-25T08:00"),
        (Timing(Basis.DUE, 2880), Dates(due_on=date(2026, 10, 26)), "2026-10-24T07:00"),
        (Timing(Basis.DUE, 10), Dates(due_on=date(2026, 11, 21)), "2026-11-21T07:50"),
        (Timing(Basis.START), Dates(starts_on=date(2026, 7, 1)), "2026-07-01T07:00"),
        # Nothing to count from.
        (Timing(Basis.DUE), Dates(starts_on=date(2026, 7, 1)), None),
        (Timing(Basis.START, 60), Dates(due_on=date(2026, 7, 1)), None),
        (Timing(Basis.DUE, 366 * 1440), Dates(due_on=date(1, 1, 3)), None),
    ],
)
def test_a_reminder_comes_so_long_before(timing: Timing, dates: Dates, expected: str | None) -> None:
    moment = fires_at(timing, dates=dates, habits=HABITS)

    assert moment == (at(expected) if expected else None)


@given(st.dates(date(2026, 1, 9), date(2026, 12, 20)), clocks, zones, st.integers(0, 7))
def test_days_before_a_day_are_the_mornings_of_those_days(day: date, morning: time, zone: ZoneInfo, days: int) -> None:
    moment = fires_at(Timing(Basis.DUE, days * 1440), dates=Dates(due_on=day), habits=Habits(zone, morning))

    assert moment is not None
    # The morning of the due day itself may have been skipped by the clocks, and then the time is that of its jump.
    anchor = instant_of(day, morning, zone).astimezone(zone)
    assert moment == instant_of(day - timedelta(days=days), anchor.time(), zone)


@given(instants, st.integers(0, 1439), zones)
def test_minutes_before_an_instant_are_elapsed_minutes(due_at: datetime, minutes: int, zone: ZoneInfo) -> None:
    moment = fires_at(Timing(Basis.DUE, minutes), dates=Dates(due_at=due_at), habits=Habits(zone, time(9)))

    assert moment == due_at - timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "timing, dates, field",
    [
        (Timing(Basis.AT, at=NOW), Dates(), "at"),
        (Timing(Basis.AT, at=NOW - timedelta(days=1)), Dates(), "at"),
        (Timing(Basis.AT, at=datetime(9999, 1, 1, tzinfo=UTC)), Dates(), "at"),
        (Timing(Basis.AT), Dates(), "at"),
        (Timing(Basis.DUE, 60), Dates(), "when"),
        (Timing(Basis.START), Dates(due_on=date(2026, 12, 1)), "when"),
        (Timing(Basis.DUE, 60), Dates(due_at=NOW + timedelta(minutes=60)), "when"),
        (Timing(Basis.DUE, 1440), Dates(due_on=date(2026, 11, 21)), "when"),
        (Timing(Basis.DUE, -1), Dates(due_at=NOW + timedelta(minutes=60)), "when"),
        (Timing(Basis.DUE, 10**9), Dates(due_at=NOW + timedelta(minutes=60)), "when"),
    ],
)
def test_a_reminder_that_would_never_come_is_refused(timing: Timing, dates: Dates, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_timing(timing, dates=dates, habits=HABITS, now=NOW)

    assert refusal.value.field == field


@pytest.mark.parametrize(
    "hours, now, expected",
    [
        # Berlin is an hour ahead of UTC in winter, two in summer.
        (("22:00", "07:00"), "2026-11-20T20:59", None),
        (("22:00", "07:00"), "2026-11-20T21:00", "2026-11-21T06:00"),
        (("22:00", "07:00"), "2026-11-21T03:00", "2026-11-21T06:00"),
        (("22:00", "07:00"), "2026-11-21T05:59", "2026-11-21T06:00"),
        (("22:00", "07:00"), "2026-11-21T06:00", None),
        (("12:00", "13:00"), "2026-11-20T11:30", "2026-11-20T12:00"),
        (("12:00", "13:00"), "2026-11-20T12:00", None),
        (("00:00", "23:59"), "2026-11-20T12:00", "2026-11-20T22:59"),
        (("00:00", "23:59"), "2026-11-20T22:59", None),
        # The night that loses an hour ends at the same time by the clock, and so does the one that gains one.
        (("22:00", "07:00"), "2026-03-28T21:30", "2026-03-29T05:00"),
        (("22:00", "07:00"), "2026-10-24T20:30", "2026-10-25T06:00"),
        # 02:30 does not exist on 29 March: quiet ends when the clocks jump.
        (("22:00", "02:30"), "2026-03-29T00:30", "2026-03-29T01:00"),
        # On 25 October it comes twice: quiet is over at the first, and comes back with the second two o'clock.
        (("22:00", "02:30"), "2026-10-25T00:10", "2026-10-25T00:30"),
        (("22:00", "02:30"), "2026-10-25T00:40", None),
        (("22:00", "02:30"), "2026-10-25T01:10", "2026-10-25T01:30"),
        ((None, None), "2026-11-20T23:00", None),
        (("22:00", "22:00"), "2026-11-20T23:00", None),
    ],
)
def test_quiet_hours_hold_back_until_they_end(
    hours: tuple[str | None, str | None], now: str, expected: str | None
) -> None:
    begin, end = (time.fromisoformat(hour) if hour else None for hour in hours)
    habits = Habits(BERLIN, time(9), quiet_from=begin, quiet_until=end)

    assert quiet_ends_at(at(now), habits=habits) == (at(expected) if expected else None)


@given(instants, clocks, clocks, zones)
def test_quiet_hours_end_at_the_first_minute_that_is_not_quiet(
    now: datetime, begin: time, end: time, zone: ZoneInfo
) -> None:
    habits = Habits(zone, time(9), quiet_from=begin, quiet_until=end)

    ends_at = quiet_ends_at(now, habits=habits)

    def is_quiet(moment: datetime) -> bool:
        clock = moment.astimezone(zone).time()
        return begin <= clock < end if begin <= end else clock >= begin or clock < end

    minute = now
    while is_quiet(minute) and begin != end:
        minute += timedelta(minutes=1)
    assert ends_at == (minute if minute > now else None)


@given(st.dates(date(2026, 1, 2), date(2026, 12, 30)), clocks, zones)
def test_a_time_of_day_is_the_first_instant_that_shows_it_or_more(day: date, clock: time, zone: ZoneInfo) -> None:
    instant = instant_of(day, clock, zone)

    wanted = datetime.combine(day, clock)
    midnight = datetime.combine(day, time.min, zone).astimezone(UTC) - timedelta(hours=2)
    minutes = (midnight + timedelta(minutes=number) for number in range(28 * 60))
    shown = [(minute, minute.astimezone(zone).replace(tzinfo=None)) for minute in minutes]
    exact = [minute for minute, local in shown if local == wanted]
    later = [minute for minute, local in shown if local > wanted]
    assert instant == (exact or later)[0]


@given(instants, clocks, zones)
def test_the_next_showing_of_a_time_lies_ahead(after: datetime, clock: time, zone: ZoneInfo) -> None:
    found = next_instant_of(clock, zone, after=after)

    assert timedelta(0) < found - after <= timedelta(hours=25)
    assert found.astimezone(zone).time() >= clock or found.astimezone(zone).date() > after.astimezone(zone).date()


@given(instants, clocks, zones)
def test_a_digest_comes_once_on_each_local_day(now: datetime, clock: time, zone: ZoneInfo) -> None:
    days = []
    moment = now
    for _ in range(5):
        following = digest_after(moment, digest_time=clock, zone=zone)
        assert following is not None
        assert following > moment
        moment = following
        days.append(moment.astimezone(zone).date())

    assert days == [days[0] + timedelta(days=number) for number in range(5)]


def test_who_wants_no_digest_gets_none() -> None:
    assert digest_after(NOW, digest_time=None, zone=BERLIN) is None


@pytest.mark.parametrize(
    "snooze, now, expected",
    [
        (Snooze.TEN_MINUTES, "2026-11-20T14:42", "2026-11-20T14:52"),
        (Snooze.HOUR, "2026-11-20T14:42", "2026-11-20T15:42"),
        (Snooze.TOMORROW, "2026-11-20T14:42", "2026-11-21T08:00"),
        # Past midnight in Berlin, tomorrow is the day after.
        (Snooze.TOMORROW, "2026-11-20T23:30", "2026-11-22T08:00"),
        (Snooze.TOMORROW, "2026-03-28T14:00", "2026-03-29T07:00"),
        # Friday, Monday, Sunday: the next week begins on Monday.
        (Snooze.NEXT_WEEK, "2026-11-20T14:42", "2026-11-23T08:00"),
        (Snooze.NEXT_WEEK, "2026-11-23T00:30", "2026-11-30T08:00"),
        (Snooze.NEXT_WEEK, "2026-11-22T14:42", "2026-11-23T08:00"),
    ],
)
def test_a_reminder_can_be_put_off(snooze: Snooze, now: str, expected: str) -> None:
    assert snoozed_until(snooze, now=at(now), habits=HABITS) == at(expected)


@given(instants, st.sampled_from(Snooze), clocks, zones, st.sampled_from([0, 5, 6]))
def test_putting_off_never_means_earlier(
    now: datetime, snooze: Snooze, morning: time, zone: ZoneInfo, week_start: int
) -> None:
    assert snoozed_until(snooze, now=now, habits=Habits(zone, morning, week_start=week_start)) > now


OPEN = Standing(status=Status.TODO, is_gone=False, is_blocked=False, starts_on=None)


@pytest.mark.parametrize(
    "standing, over, held",
    [
        (OPEN, False, None),
        (Standing(Status.DOING, is_gone=False, is_blocked=False, starts_on=date(2026, 11, 20)), False, None),
        (Standing(Status.DONE, is_gone=False, is_blocked=False, starts_on=None), True, None),
        (Standing(Status.TODO, is_gone=True, is_blocked=False, starts_on=None), True, None),
        (Standing(Status.TODO, is_gone=False, is_blocked=True, starts_on=None), False, NOW + BLOCKED_PAUSE),
        (
            Standing(Status.TODO, is_gone=False, is_blocked=False, starts_on=date(2026, 11, 25)),
            False,
            at("2026-11-25T08:00"),
        ),
    ],
)
def test_nobody_is_reminded_of_what_is_done_gone_hidden_or_blocked(
    standing: Standing, over: bool, held: datetime | None
) -> None:
    assert is_over(standing) is over
    assert held_until(standing, now=NOW, habits=HABITS) == held


def due(number: int, *, minutes_ago: int = 0, title: str = "Pay", dates: Dates | None = None) -> DueReminder:
    return DueReminder(
        reminder_id=number,
        fires_at=NOW - timedelta(minutes=minutes_ago),
        task_id=number,
        workspace_id=1,
        title=title,
        dates=dates or Dates(),
    )


@pytest.mark.parametrize(
    "minutes_ago, expected",
    [
        ([], []),
        ([0], [[1]]),
        ([0, 1], [[2], [1]]),
        ([0, 0, 0], [[1], [2], [3]]),
        ([0, 0, 0, 0], [[1, 2, 3, 4]]),
        ([60], [[1]]),
        ([60, 120], [[2, 1]]),
        ([60, 0, 120], [[3, 1], [2]]),
    ],
)
def test_what_is_late_is_told_together(minutes_ago: list[int], expected: list[list[int]]) -> None:
    reminders = [due(number, minutes_ago=ago) for number, ago in enumerate(minutes_ago, start=1)]

    groups = gathered(reminders, now=NOW)

    assert [[reminder.reminder_id for reminder in group] for group in groups] == expected


@given(st.lists(st.integers(0, 100), max_size=30))
def test_each_reminder_is_told_in_one_group(minutes_ago: list[int]) -> None:
    reminders = [due(number, minutes_ago=ago) for number, ago in enumerate(minutes_ago)]

    groups = gathered(reminders, now=NOW)

    assert sorted(reminder.reminder_id for group in groups for reminder in group) == list(range(len(minutes_ago)))
    assert len(groups) <= 4


@pytest.mark.parametrize(
    "timing, words",
    [
        (Timing(Basis.AT, at=NOW), "At a chosen time"),
        (Timing(Basis.DUE), "When it is due"),
        (Timing(Basis.START), "When it starts"),
        (Timing(Basis.DUE, 1), "1 minute before it is due"),
        (Timing(Basis.DUE, 10), "10 minutes before it is due"),
        (Timing(Basis.DUE, 60), "1 hour before it is due"),
        (Timing(Basis.START, 2880), "2 days before it starts"),
        (Timing(Basis.DUE, 10080), "1 week before it is due"),
    ],
)
def test_the_words_for_when_a_reminder_comes(timing: Timing, words: str) -> None:
    assert describe(timing) == words


@pytest.mark.parametrize(
    "dates, words",
    [
        (Dates(), "Reminder: “Pay”."),
        (Dates(due_on=date(2026, 11, 20)), "Reminder: “Pay” is due today."),
        (Dates(due_on=date(2026, 11, 21)), "Reminder: “Pay” is due tomorrow."),
        (Dates(due_on=date(2026, 11, 19)), "Reminder: “Pay” was due yesterday."),
        (Dates(due_on=date(2026, 12, 24)), "Reminder: “Pay” is due on 24 December 2026."),
        (Dates(due_at=at("2026-11-20T15:00")), "Reminder: “Pay” is due today at 16:00."),
        (Dates(due_at=at("2026-11-20T14:00")), "Reminder: “Pay” was due today at 15:00."),
        (Dates(due_at=at("2026-11-20T23:30")), "Reminder: “Pay” is due tomorrow at 00:30."),
    ],
)
def test_the_words_of_a_reminder(dates: Dates, words: str) -> None:
    assert told([due(1, dates=dates)], now=NOW, habits=HABITS) == words


def test_the_words_of_several_reminders_name_three() -> None:
    group = [due(number, title=f"Task {number}") for number in range(1, 6)]

    assert told(group[:2], now=NOW, habits=HABITS) == "2 reminders: “Task 1”, “Task 2”."
    assert told(group, now=NOW, habits=HABITS) == "5 reminders: “Task 1”, “Task 2”, “Task 3” and 2 more."
    assert len(told([due(1, title="t" * 500)], now=NOW, habits=HABITS)) < 200
