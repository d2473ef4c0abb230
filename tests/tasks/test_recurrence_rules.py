"""When a repeating task comes again: cases, and laws against a walk through the calendar day by day."""

from __future__ import annotations

import calendar
import time as clock_time
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from webapp.errors import InvalidInput
from webapp.tasks.rules.recurrence import (
    LAST,
    NTHS,
    WORKING_DAYS,
    Basis,
    Missed,
    Occurrence,
    Repeat,
    Rule,
    Schedule,
    Unit,
    checked,
    date_after_completion,
    describe,
    instant_of,
    nth_date,
)

DAY = timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
# Clocks that are moved by an hour, by half an hour, at midnight, once by a whole day, and never.
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Pacific/Apia",
    "Asia/Kolkata",
    "UTC",
]
MONDAY, WEDNESDAY, FRIDAY = 0, 2, 4

weekday_sets = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))
small = st.integers(1, 5)
rules = st.one_of(
    st.builds(Rule, unit=st.sampled_from(Unit), every=small),
    st.builds(Rule, unit=st.just(Unit.WEEK), every=small, weekdays=weekday_sets),
    st.builds(Rule, unit=st.just(Unit.MONTH), every=small, is_last_day=st.just(True)),
    st.builds(Rule, unit=st.just(Unit.MONTH), every=small, weekdays=weekday_sets, nth=st.sampled_from(NTHS)),
)
anchors = st.dates(date(1999, 1, 1), date(2040, 12, 31))
# Naive, as hypothesis wants its bounds.
EARLIEST, LATEST = datetime(1999, 1, 1), datetime(2045, 12, 31)  # noqa: DTZ001
moments = st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC))


def walk(rule: Rule, anchor: date) -> Iterator[date]:
    """The dates of a rule, found by looking at each day of the calendar in turn."""
    yield anchor
    day = anchor
    while True:
        day += DAY
        if is_named(rule, anchor, day):
            yield day


def is_named(rule: Rule, anchor: date, day: date) -> bool:
    """Whether a rule counted from `anchor` names this later day."""
    months = (day.year - anchor.year) * 12 + day.month - anchor.month
    days_in_month = calendar.monthrange(day.year, day.month)[1]
    is_same_day = day.day == min(anchor.day, days_in_month)
    match rule.unit:
        case Unit.DAY:
            return (day - anchor).days % rule.every == 0
        case Unit.WEEK:
            weeks = ((day - timedelta(day.weekday())) - (anchor - timedelta(anchor.weekday()))).days // 7
            return weeks % rule.every == 0 and day.weekday() in (rule.weekdays or (anchor.weekday(),))
        case Unit.MONTH if rule.nth is not None:
            days = [date(day.year, day.month, number) for number in range(1, days_in_month + 1)]
            fitting = [one for one in days if one.weekday() in rule.weekdays]
            return months % rule.every == 0 and day == fitting[rule.nth if rule.nth == LAST else rule.nth - 1]
        case Unit.MONTH:
            return months % rule.every == 0 and (day.day == days_in_month if rule.is_last_day else is_same_day)
        case Unit.YEAR:
            return months % (12 * rule.every) == 0 and is_same_day


def dates(rule: Rule, anchor: date, number: int) -> list[date]:
    found = [nth_date(rule, anchor=anchor, n=n) for n in range(number)]
    return [day for day in found if day is not None]


def schedule(rule: Rule, anchor: date, **more: object) -> Schedule:
    clock = more.pop("clock", None)
    zone = more.pop("zone", BERLIN)
    return Schedule(repeat=Repeat(rule, **more), anchor=anchor, zone=zone, clock=clock)  # type: ignore[arg-type]


# --- dates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule, anchor, expected",
    [
        (Rule(Unit.MONTH), "2026-01-31", "2026-02-28 2026-03-31 2026-04-30 2026-05-31"),
        (Rule(Unit.MONTH), "2028-01-30", "2028-02-29 2028-03-30"),
        (Rule(Unit.MONTH, 12), "2024-02-29", "2025-02-28 2026-02-28 2027-02-28 2028-02-29"),
        (Rule(Unit.YEAR), "2024-02-29", "2025-02-28 2026-02-28 2027-02-28 2028-02-29"),
        (Rule(Unit.YEAR, 4), "2024-02-29", "2028-02-29 2032-02-29"),
        (Rule(Unit.DAY, 3), "2026-02-27", "2026-03-02 2026-03-05"),
        (Rule(Unit.WEEK, 2), "2026-12-25", "2027-01-08 2027-01-22"),
        (Rule(Unit.WEEK, 1, (MONDAY, FRIDAY)), "2026-11-18", "2026-11-20 2026-11-23 2026-11-27"),
        # Weeks are counted from that of the first day.
        (Rule(Unit.WEEK, 2, (MONDAY, FRIDAY)), "2026-11-18", "2026-11-20 2026-11-30 2026-12-04 2026-12-14"),
        (Rule(Unit.MONTH, weekdays=(FRIDAY,), nth=LAST), "2026-11-20", "2026-11-27 2026-12-25 2027-01-29"),
        (Rule(Unit.MONTH, weekdays=(MONDAY,), nth=1), "2026-11-20", "2026-12-07 2027-01-04"),
        (Rule(Unit.MONTH, weekdays=WORKING_DAYS, nth=LAST), "2026-01-30", "2026-02-27 2026-03-31"),
        (Rule(Unit.MONTH, is_last_day=True), "2027-12-31", "2028-01-31 2028-02-29 2028-03-31"),
        (Rule(Unit.MONTH, 2, is_last_day=True), "2026-11-20", "2026-11-30 2027-01-31"),
    ],
)
def test_nth_date_follows_the_calendar(rule: Rule, anchor: str, expected: str) -> None:
    days = [date.fromisoformat(word) for word in expected.split()]

    assert dates(rule, date.fromisoformat(anchor), len(days) + 1)[1:] == days


@given(rule=rules, anchor=anchors)
@example(Rule(Unit.MONTH), date(2024, 1, 31))
@example(Rule(Unit.YEAR, 3), date(2020, 2, 29))
@settings(max_examples=150)
def test_nth_date_finds_what_a_walk_through_the_calendar_finds(rule: Rule, anchor: date) -> None:
    assert dates(rule, anchor, 7) == list(islice(walk(rule, anchor), 7))


@given(rule=rules, anchor=anchors, n=st.integers(0, 2_000))
def test_dates_come_one_after_another(rule: Rule, anchor: date, n: int) -> None:
    first, second = nth_date(rule, anchor=anchor, n=n), nth_date(rule, anchor=anchor, n=n + 1)

    assert first is not None or second is None
    assert first is None or second is None or first < second


@given(anchor=anchors, every=small, n=st.integers(1, 300))
def test_monthly_dates_never_drift(anchor: date, every: int, n: int) -> None:
    day = nth_date(Rule(Unit.MONTH, every), anchor=anchor, n=n)

    assert day is not None
    assert day.day == min(anchor.day, calendar.monthrange(day.year, day.month)[1])


@pytest.mark.parametrize("unit", Unit)
def test_nth_date_ends_with_the_last_year_that_is_kept(unit: Unit) -> None:
    assert nth_date(Rule(unit, 999), anchor=date(2199, 12, 31), n=1) is None
    assert nth_date(Rule(unit, 999), anchor=date(2026, 1, 1), n=10**7) is None


@pytest.mark.parametrize(
    "rule, done_on, expected",
    [
        (Rule(Unit.DAY, 3), "2026-11-20", "2026-11-23"),
        (Rule(Unit.MONTH), "2026-01-31", "2026-02-28"),
        (Rule(Unit.YEAR), "2024-02-29", "2025-02-28"),
        (Rule(Unit.WEEK, 1, (FRIDAY,)), "2026-11-18", "2026-11-20"),
        (Rule(Unit.WEEK, 1, (FRIDAY,)), "2026-11-20", "2026-11-27"),
        (Rule(Unit.WEEK, 2, (FRIDAY,)), "2026-11-18", "2026-11-27"),
        (Rule(Unit.MONTH, is_last_day=True), "2026-11-20", "2026-11-30"),
        (Rule(Unit.MONTH, 2, (MONDAY,), 1), "2026-11-20", "2027-01-04"),
    ],
)
def test_date_after_completion_is_counted_from_the_day_it_was_done(rule: Rule, done_on: str, expected: str) -> None:
    assert date_after_completion(rule, done_on=date.fromisoformat(done_on)) == date.fromisoformat(expected)


# --- the clock --------------------------------------------------------------------------------------------------------


def test_nine_o_clock_stays_nine_o_clock_when_the_clocks_are_moved() -> None:
    before, after = (instant_of(date(2027, 3, day), clock=time(9), zone=BERLIN) for day in (27, 28))

    assert (before, after) == (datetime(2027, 3, 27, 8, tzinfo=UTC), datetime(2027, 3, 28, 7, tzinfo=UTC))


def test_a_time_that_is_skipped_in_spring_comes_when_the_clocks_have_been_put_forward() -> None:
    instant = instant_of(date(2027, 3, 28), clock=time(2, 30), zone=BERLIN)

    assert instant == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert instant.astimezone(BERLIN).time() == time(3, 30)


def test_a_time_that_comes_twice_in_autumn_is_the_first() -> None:
    assert instant_of(date(2026, 10, 25), clock=time(2, 30), zone=BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(
    rule=rules,
    anchor=st.dates(date(2005, 1, 1), date(2030, 1, 1)),
    clock=st.times().map(lambda moment: moment.replace(microsecond=0)),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
)
@example(Rule(Unit.DAY), date(2011, 12, 28), time(9), ZoneInfo("Pacific/Apia"))
@example(Rule(Unit.DAY), date(2027, 3, 26), time(2, 30), BERLIN)
def test_the_clock_shows_the_same_time_on_every_date(rule: Rule, anchor: date, clock: time, zone: ZoneInfo) -> None:
    series = schedule(rule, anchor, clock=clock, zone=zone)
    days = dates(rule, anchor, 12)
    instants = [series.instant(day) for day in days]

    # A day that was left out altogether (Samoa, 30 December 2011) falls together with the next.
    assert all(first <= second for first, second in pairwise(instants))
    for day, instant in zip(days, instants, strict=True):
        local = instant.astimezone(zone).replace(tzinfo=None)
        wanted = datetime.combine(day, clock)
        if local != wanted:
            # No clock ever showed it: one reads later by as much as it was put forward.
            assert wanted not in {
                (wanted.replace(tzinfo=zone, fold=fold).astimezone(UTC).astimezone(zone)).replace(tzinfo=None)
                for fold in (0, 1)
            }
            assert timedelta(0) < local - wanted <= DAY


# --- series -----------------------------------------------------------------------------------------------------------


@given(rule=rules, anchor=anchors, count=st.none() | st.integers(1, 9), days=st.none() | st.integers(0, 900))
def test_the_next_six_are_the_first_six_and_end_where_they_should(
    rule: Rule, anchor: date, count: int | None, days: int | None
) -> None:
    until = None if days is None else anchor + timedelta(days=days)
    series = schedule(rule, anchor, count=count, until=until)
    now = datetime.combine(anchor, time(12), tzinfo=BERLIN)

    shown = series.upcoming(Occurrence(0, anchor), now=now, today=anchor)

    first = list(islice(walk(rule, anchor), 1, 7))[: None if count is None else count - 1]
    assert shown == [day for day in first if until is None or day <= until]


@given(rule=rules, anchor=anchors, n=st.integers(0, 40), late=st.integers(-30, 2_000))
@settings(max_examples=60)
def test_what_was_missed_does_not_pile_up(rule: Rule, anchor: date, n: int, late: int) -> None:
    series = schedule(rule, anchor)
    current = series.occurrence(n)
    assert current is not None
    today = current.day + timedelta(days=late)

    found = series.following(current, now=datetime.combine(today, time(12), tzinfo=BERLIN), today=today)

    assert found is not None
    ahead = (day for day in walk(rule, anchor) if day > max(current.day, today))
    assert found.day == next(ahead)
    assert nth_date(rule, anchor=anchor, n=found.n) == found.day


@given(rule=rules, anchor=anchors, moment=moments, count=st.none() | st.integers(1, 30))
@settings(max_examples=60)
def test_the_latest_is_the_last_whose_day_has_begun(
    rule: Rule, anchor: date, moment: datetime, count: int | None
) -> None:
    today = moment.astimezone(BERLIN).date()
    series = schedule(rule, anchor, missed=Missed.LATEST, count=count)

    found = series.latest(now=moment)

    begun = []
    for number, day in enumerate(walk(rule, anchor)):
        if day > today or number == count:
            break
        begun.append(Occurrence(number, day))
    assert found == (begun[-1] if begun else None)


@pytest.mark.parametrize("missed", [Missed.EACH, Missed.WAIT])
def test_the_others_come_one_after_another(missed: Missed) -> None:
    series = schedule(Rule(Unit.DAY), date(2026, 11, 1), missed=missed)

    found = series.following(
        Occurrence(0, date(2026, 11, 1)), now=datetime(2026, 11, 20, 12, tzinfo=UTC), today=date(2026, 11, 20)
    )

    assert found == Occurrence(1, date(2026, 11, 2))


def test_the_latest_of_what_was_missed_comes_when_one_is_done() -> None:
    series = schedule(Rule(Unit.WEEK), date(2026, 11, 2), missed=Missed.LATEST)
    now, today = datetime(2026, 11, 20, 12, tzinfo=UTC), date(2026, 11, 20)

    late = series.following(Occurrence(0, date(2026, 11, 2)), now=now, today=today)
    in_time = series.following(Occurrence(2, date(2026, 11, 16)), now=now, today=today)

    assert (late, in_time) == (Occurrence(2, date(2026, 11, 16)), Occurrence(3, date(2026, 11, 23)))


@pytest.mark.parametrize(
    "missed, wakes_at",
    [
        (Missed.NEXT, None),
        (Missed.WAIT, None),
        (Missed.EACH, datetime(2026, 11, 20, 23, tzinfo=UTC)),
        (Missed.LATEST, datetime(2026, 11, 20, 23, tzinfo=UTC)),
    ],
)
def test_a_date_that_waits_for_nothing_comes_as_its_day_begins(missed: Missed, wakes_at: datetime | None) -> None:
    series = schedule(Rule(Unit.DAY), date(2026, 11, 20), missed=missed, clock=time(9), count=2)

    assert series.wakes_at(Occurrence(0, date(2026, 11, 20))) == wakes_at
    assert series.wakes_at(Occurrence(1, date(2026, 11, 21))) is None


def test_a_time_still_to_come_today_is_ahead() -> None:
    series = schedule(Rule(Unit.DAY), date(2026, 11, 10), clock=time(17))
    current = Occurrence(0, date(2026, 11, 10))

    morning = series.following(current, now=datetime(2026, 11, 20, 9, tzinfo=UTC), today=date(2026, 11, 20))
    evening = series.following(current, now=datetime(2026, 11, 20, 19, tzinfo=UTC), today=date(2026, 11, 20))

    assert (morning, evening) == (Occurrence(10, date(2026, 11, 20)), Occurrence(11, date(2026, 11, 21)))


def test_from_completion_the_dates_are_counted_from_the_day_it_is_done() -> None:
    series = schedule(Rule(Unit.DAY, 3), date(2026, 11, 1), basis=Basis.COMPLETION, count=3)

    second = series.following(
        Occurrence(0, date(2026, 11, 1)), now=datetime(2026, 11, 20, 9, tzinfo=UTC), today=date(2026, 11, 20)
    )
    shown = series.upcoming(
        Occurrence(0, date(2026, 11, 25)), now=datetime(2026, 11, 20, 9, tzinfo=UTC), today=date(2026, 11, 20)
    )

    assert second == Occurrence(1, date(2026, 11, 23))
    assert shown == [date(2026, 11, 28), date(2026, 12, 1)]


def test_a_changed_rule_is_counted_from_where_it_changed() -> None:
    series = Schedule(Repeat(Rule(Unit.MONTH), count=12), anchor=date(2026, 5, 31), anchor_n=4, zone=BERLIN)

    assert [series.occurrence(n) for n in (4, 5, 11, 12)] == [
        Occurrence(4, date(2026, 5, 31)),
        Occurrence(5, date(2026, 6, 30)),
        Occurrence(11, date(2026, 12, 31)),
        None,
    ]


@pytest.mark.parametrize("rule", [Rule(Unit.DAY), Rule(Unit.MONTH, weekdays=WORKING_DAYS, nth=LAST)])
def test_a_rule_begun_long_ago_answers_at_once(rule: Rule) -> None:
    series = schedule(rule, date(1976, 11, 20))
    began = clock_time.perf_counter()

    found = series.following(
        Occurrence(0, date(1976, 11, 20)), now=datetime(2026, 11, 20, 12, tzinfo=UTC), today=date(2026, 11, 20)
    )

    assert found is not None
    assert found.day > date(2026, 11, 20)
    # A walk through fifty years takes longer than this; the machine may be busy.
    assert clock_time.perf_counter() - began < 0.25


# --- what is accepted, and its words ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "repeat, due, field",
    [
        (Repeat(Rule(Unit.DAY)), None, "due"),
        (Repeat(Rule(Unit.DAY, 0)), "2026-11-20", "repeat_every"),
        (Repeat(Rule(Unit.DAY, -3)), "2026-11-20", "repeat_every"),
        (Repeat(Rule(Unit.YEAR, 1000)), "2026-11-20", "repeat_every"),
        (Repeat(Rule(Unit.WEEK, 1, (7,))), "2026-11-20", "repeat_on"),
        (Repeat(Rule(Unit.MONTH, nth=LAST)), "2026-11-20", "repeat_on"),
        (Repeat(Rule(Unit.MONTH, weekdays=(MONDAY,), nth=5)), "2026-11-20", "repeat_nth"),
        (Repeat(Rule(Unit.MONTH, weekdays=(MONDAY,))), "2026-11-20", "repeat"),
        (Repeat(Rule(Unit.DAY, weekdays=(MONDAY,))), "2026-11-20", "repeat"),
        (Repeat(Rule(Unit.YEAR, is_last_day=True)), "2026-11-20", "repeat"),
        (Repeat(Rule(Unit.MONTH, weekdays=(MONDAY,), nth=1, is_last_day=True)), "2026-11-20", "repeat"),
        (Repeat(Rule(Unit.DAY), until=date(2026, 11, 19)), "2026-11-20", "repeat_until"),
        (Repeat(Rule(Unit.DAY), until=date(2200, 1, 1)), "2026-11-20", "repeat_until"),
        (Repeat(Rule(Unit.DAY), count=0), "2026-11-20", "repeat_count"),
        (Repeat(Rule(Unit.DAY), count=10**9), "2026-11-20", "repeat_count"),
    ],
)
def test_checked_refuses_what_cannot_be(repeat: Repeat, due: str | None, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        checked(repeat, due=date.fromisoformat(due) if due else None)

    assert refusal.value.field == field
    assert refusal.value.message.endswith(".")


@given(rule=rules, anchor=anchors)
def test_checked_accepts_what_can_be(rule: Rule, anchor: date) -> None:
    repeat = Repeat(rule, until=anchor, count=1)

    assert checked(repeat, due=anchor) == repeat


def test_checked_keeps_each_weekday_once_in_order() -> None:
    repeat = checked(Repeat(Rule(Unit.WEEK, 1, (FRIDAY, MONDAY, FRIDAY))), due=date(2026, 11, 20))

    assert repeat.rule.weekdays == (MONDAY, FRIDAY)


@pytest.mark.parametrize(
    "repeat, words",
    [
        (Repeat(Rule(Unit.DAY)), "every day"),
        (Repeat(Rule(Unit.WEEK, 2)), "every 2 weeks"),
        (Repeat(Rule(Unit.WEEK, 1, WORKING_DAYS)), "every working day"),
        (Repeat(Rule(Unit.WEEK, 2, WORKING_DAYS)), "every 2 weeks on working days"),
        (Repeat(Rule(Unit.WEEK, 1, (MONDAY, WEDNESDAY, FRIDAY))), "every week on Monday, Wednesday and Friday"),
        (Repeat(Rule(Unit.MONTH, weekdays=(FRIDAY,), nth=LAST)), "every month on the last Friday"),
        (Repeat(Rule(Unit.MONTH, 3, WORKING_DAYS, 1)), "every 3 months on the first working day"),
        (Repeat(Rule(Unit.MONTH, weekdays=(MONDAY, FRIDAY), nth=2)), "every month on the second Monday or Friday"),
        (Repeat(Rule(Unit.MONTH, is_last_day=True)), "every month on the last day"),
        (Repeat(Rule(Unit.YEAR), until=date(2030, 5, 1)), "every year, until 1 May 2030"),
        (Repeat(Rule(Unit.DAY, 3), Basis.COMPLETION, count=10), "every 3 days after it is done, 10 times"),
    ],
)
def test_describe_says_it_in_words(repeat: Repeat, words: str) -> None:
    assert describe(repeat) == words
