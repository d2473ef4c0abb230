"""What is written in one cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.transfers.rules.cells import (
    MOST_HOURS,
    DayOrder,
    Unit,
    guess_priority,
    guess_status,
    orders_that_fit,
    read_moment,
    read_seconds,
)
from webapp.values.priority import Priority
from webapp.values.status import Status

BERLIN = ZoneInfo("Europe/Berlin")
DAY_FIRST, MONTH_FIRST = DayOrder.DAY_FIRST, DayOrder.MONTH_FIRST


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    "text, order, day",
    [
        ("2026-11-20", DAY_FIRST, date(2026, 11, 20)),
        ("2026/11/20", DAY_FIRST, date(2026, 11, 20)),
        ("2026-1-2", MONTH_FIRST, date(2026, 1, 2)),
        ("03/04/2026", DAY_FIRST, date(2026, 4, 3)),
        ("03/04/2026", MONTH_FIRST, date(2026, 3, 4)),
        ("3.4.26", DAY_FIRST, date(2026, 4, 3)),
        ("3.4.70", DAY_FIRST, date(1970, 4, 3)),
        ("20 Nov 2026", MONTH_FIRST, date(2026, 11, 20)),
        ("20/Nov/26", MONTH_FIRST, date(2026, 11, 20)),
        ("Nov 20, 2026", DAY_FIRST, date(2026, 11, 20)),
        ("November 20th, 2026", DAY_FIRST, date(2026, 11, 20)),
        (" 2024-02-29 ", DAY_FIRST, date(2024, 2, 29)),
    ],
)
def test_read_moment_reads_a_day(text: str, order: DayOrder, day: date) -> None:
    moment = read_moment(text, order=order, zone=BERLIN)

    assert (moment.day, moment.has_clock) == (day, False)
    assert moment.instant.astimezone(BERLIN) == datetime(day.year, day.month, day.day, tzinfo=BERLIN)


@pytest.mark.parametrize(
    "text, instant",
    [
        ("2012-09-10T08:00", at(2012, 9, 10, 6, 0)),
        ("2012-12-10 08:00:30", at(2012, 12, 10, 7, 0, 30)),
        ("2012-12-10T08:00:30.123", at(2012, 12, 10, 7, 0, 30)),
        ("2012-12-10T08:00Z", at(2012, 12, 10, 8, 0)),
        ("2012-12-10T08:00+05:30", at(2012, 12, 10, 2, 30)),
        ("2012-12-10 08:00 -0800", at(2012, 12, 10, 16, 0)),
        ("20/Nov/26 3:42 PM", at(2026, 11, 20, 14, 42)),
        ("20.11.2026 12:05 a.m.", at(2026, 11, 19, 23, 5)),
        ("20.11.2026, 15:42", at(2026, 11, 20, 14, 42)),
        # The hour that comes twice: the first.
        ("2026-10-25 02:30", at(2026, 10, 25, 0, 30)),
        # The hour that never was: as after the change.
        ("2026-03-29 02:30", at(2026, 3, 29, 1, 30)),
    ],
)
def test_read_moment_reads_a_time_in_the_zone(text: str, instant: datetime) -> None:
    assert read_moment(text, order=DAY_FIRST, zone=BERLIN).instant == instant


def test_read_moment_takes_the_second_of_two_times_when_the_first_lies_before_the_start() -> None:
    start = at(2026, 10, 25, 0, 50)

    assert read_moment("2026-10-25 02:10", order=DAY_FIRST, zone=BERLIN, after=start).instant == at(2026, 10, 25, 1, 10)


def test_read_moment_tells_of_a_time_that_the_clocks_skipped() -> None:
    assert read_moment("2026-03-29 02:30", order=DAY_FIRST, zone=BERLIN).was_skipped
    assert not read_moment("2026-03-29 03:30", order=DAY_FIRST, zone=BERLIN).was_skipped


@pytest.mark.parametrize(
    "text, words",
    [
        ("yesterday", "is not a day"),
        ("2026-02-30", "in the calendar"),
        ("30/02/2026", "in the calendar"),
        ("0000-01-01", "the year 0 is out of range"),
        ("99999-01-01", "the year 99999 is out of range"),
        ("2026-11-20 25:00", "no time like that"),
        ("2026-11-20 13:00 PM", "no time like that"),
        ("2026-11-20T10:00+99:00", "no zone"),
        ("20 Foo 2026", "is not a day"),
        ("٢٠٢٦-١١-٢٠", "is not a day"),
        ("1" * 500, "is not a day"),
        ("44520", "is not a day"),
    ],
)
def test_read_moment_refuses_with_a_sentence(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_moment(text, order=DAY_FIRST, zone=BERLIN)


def test_orders_that_fit_leaves_what_every_cell_allows() -> None:
    assert orders_that_fit(["03/04/2026", "01/02/2026"]) == {DAY_FIRST, MONTH_FIRST}
    assert orders_that_fit(["03/04/2026", "13/02/2026"]) == {DAY_FIRST}
    assert orders_that_fit(["03/04/2026", "02/13/2026"]) == {MONTH_FIRST}


@pytest.mark.parametrize(
    "text, unit, seconds",
    [
        ("2.9667", Unit.HOURS, 10680),
        ("1,5", Unit.HOURS, 5400),
        ("1,234.5", Unit.HOURS, 4_444_200),
        ("90", Unit.MINUTES, 5400),
        ("5400", Unit.SECONDS, 5400),
        ("1:30", Unit.HOURS, 5400),
        ("1:30:15", Unit.MINUTES, 5415),
        ("1h 30m", Unit.SECONDS, 5400),
        ("1.5 h", Unit.MINUTES, 5400),
        ("45 min", Unit.HOURS, 2700),
        ("0", Unit.HOURS, 0),
        ("562.7", Unit.HOURS, 2_025_720),
    ],
)
def test_read_seconds_reads_a_length(text: str, unit: Unit, seconds: int) -> None:
    assert read_seconds(text, unit=unit) == seconds


@given(hours=st.decimals(min_value=0, max_value=MOST_HOURS, places=4))
def test_read_seconds_is_exact_to_the_second(hours: Decimal) -> None:
    assert read_seconds(str(hours), unit=Unit.HOURS) == int((hours * 3600).quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize(
    "text, words",
    [
        ("-1", "less than nothing"),
        ("−2.5", "less than nothing"),
        ("1e999", "is not a number of hours"),
        ("NaN", "is not a number of hours"),
        ("Infinity", "is not a number of hours"),
        ("１２", "is not a number of hours"),
        ("1.2.3", "is not a number of hours"),
        ("1 000", "is not a number of hours"),
        ("9" * 12, "more than 100,000 hours"),
        ("9" * 400, "is not a number of hours"),
        ("soon", "is not a number of hours"),
    ],
)
def test_read_seconds_refuses_with_a_sentence(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_seconds(text, unit=Unit.HOURS)


def refusal_of(read: Callable[[], object]) -> str | None:
    try:
        read()
    except ValueError as error:
        return str(error)
    return None


@given(text=st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    for read in (lambda: read_seconds(text, unit=Unit.HOURS), lambda: read_moment(text, order=DAY_FIRST, zone=BERLIN)):
        said = refusal_of(read)
        assert said is None or "“" in said or "the year" in said


@pytest.mark.parametrize(
    "word, status",
    [
        ("To Do", Status.TODO),
        ("In Progress", Status.DOING),
        ("in_progress", Status.DOING),
        ("Won't Do", Status.DONE),
        ("CLOSED", Status.DONE),
        ("Parked", None),
    ],
)
def test_guess_status(word: str, status: Status | None) -> None:
    assert guess_status(word) is status


@pytest.mark.parametrize(
    "word, priority",
    [
        ("1", Priority.LOW),
        ("3", Priority.MEDIUM),
        ("4", Priority.HIGH),
        ("10", Priority.URGENT),
        ("0", Priority.LOW),
        ("2 - High", Priority.HIGH),
        ("P1", Priority.URGENT),
        ("Blocker", Priority.URGENT),
        ("whatever", None),
        ("9" * 5000, Priority.URGENT),
    ],
)
def test_guess_priority(word: str, priority: Priority | None) -> None:
    assert guess_priority(word) is priority
