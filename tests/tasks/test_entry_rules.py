"""How time falls on days, which instant a clock time means, and what is refused."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from webapp.errors import InvalidInput
from webapp.tasks.rules import entries
from webapp.tasks.rules.entries import Interval, PlainDuration

BERLIN = ZoneInfo("Europe/Berlin")
# Half hours, a day without its midnight (Cairo), clocks put back over midnight (Havana, São Paulo, St John's), a
# skipped day (Apia), a shift of half an hour (Lord Howe), and the quiet ones.
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "America/Sao_Paulo",
        "America/St_Johns",
        "America/Havana",
        "America/Nuuk",
        "Africa/Cairo",
        "Asia/Kathmandu",
        "Asia/Gaza",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Pacific/Chatham",
    )
]
NOW = datetime(2026, 11, 20, 14, 42, tzinfo=UTC)


def at(text: str) -> datetime:
    """An instant from `2026-11-20T14:42+01:00`."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    "started_at, ended_at, zone, days",
    [
        ("2026-11-20T09:00+01:00", "2026-11-20T10:30+01:00", "Europe/Berlin", {20: 5400}),
        ("2026-11-20T23:30+01:00", "2026-11-21T01:00+01:00", "Europe/Berlin", {20: 1800, 21: 3600}),
        ("2026-11-20T22:00+01:00", "2026-11-22T03:00+01:00", "Europe/Berlin", {20: 7200, 21: 86400, 22: 10800}),
        ("2026-11-20T23:00+01:00", "2026-11-21T00:00+01:00", "Europe/Berlin", {20: 3600}),
        ("2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00", "Europe/Berlin", {29: 23 * 3600}),
        ("2026-10-25T00:00+02:00", "2026-10-26T00:00+01:00", "Europe/Berlin", {25: 25 * 3600}),
        ("2026-10-24T23:00+02:00", "2026-10-25T03:00+01:00", "Europe/Berlin", {24: 3600, 25: 4 * 3600}),
        ("2026-11-20T22:30+00:00", "2026-11-20T23:30+00:00", "Europe/Berlin", {20: 1800, 21: 1800}),
        ("2026-11-20T09:00+01:00", "2026-11-20T09:00+01:00", "Europe/Berlin", {}),
        ("2026-11-20T10:00+01:00", "2026-11-20T09:00+01:00", "Europe/Berlin", {}),
        # The clocks go from 00:00 to 01:00: the day begins at 01:00.
        ("2026-04-23T23:00+02:00", "2026-04-24T02:00+03:00", "Africa/Cairo", {23: 3600, 24: 3600}),
        # At 00:01 on the 7th they go back to 23:01 on the 6th: the 7th has its first minute twice.
        ("2010-11-06T23:00-02:30", "2010-11-07T01:00-03:30", "America/St_Johns", {6: 3600 + 59 * 60, 7: 60 + 3600}),
        # The whole of 30 December was left out.
        ("2011-12-29T23:00-10:00", "2011-12-31T01:00+14:00", "Pacific/Apia", {29: 3600, 31: 3600}),
    ],
)
def test_seconds_by_day_splits_at_local_midnights(
    started_at: str, ended_at: str, zone: str, days: dict[int, int]
) -> None:
    shares = entries.seconds_by_day(at(started_at), at(ended_at), ZoneInfo(zone))

    assert {day.day: seconds for day, seconds in shares.items()} == days


@pytest.mark.parametrize(
    "interrupted_seconds, days",
    [
        (0, {20: 1800, 21: 3600}),
        (600, {20: 1600, 21: 3200}),
        (1, {20: 1800, 21: 3599}),
        (2, {20: 1799, 21: 3599}),
        (5399, {21: 1}),
        (5400, {}),
        (9999, {}),
    ],
)
def test_interruptions_are_borne_by_every_day_in_proportion(interrupted_seconds: int, days: dict[int, int]) -> None:
    shares = entries.seconds_by_day(
        at("2026-11-20T23:30+01:00"), at("2026-11-21T01:00+01:00"), BERLIN, interrupted_seconds
    )

    assert {day.day: seconds for day, seconds in shares.items()} == days


def _near_a_change_of_the_clocks(zone: ZoneInfo, year: int, seed: int, spread: int) -> datetime:
    """An instant within an hour or so of a change of the clocks in that year, if there is one."""
    start = datetime(year, 1, 1, tzinfo=UTC)
    changes = [
        start + timedelta(hours=hour)
        for hour in range(366 * 24)
        if (start + timedelta(hours=hour)).astimezone(zone).utcoffset()
        != (start + timedelta(hours=hour + 1)).astimezone(zone).utcoffset()
    ]
    chosen = changes[seed % len(changes)] if changes else start + timedelta(hours=seed)
    return chosen + timedelta(seconds=spread)


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    year=st.integers(1985, 2030),
    seed=st.integers(0, 8000),
    spread=st.integers(-40_000, 9_000),
    length=st.integers(1, 60_000),
    interrupted=st.sampled_from([0, 0, 1, 59, 600, 7_000]),
)
@example(zone=ZoneInfo("America/St_Johns"), year=2010, seed=1, spread=-4000, length=12_000, interrupted=7)
@example(zone=ZoneInfo("Pacific/Apia"), year=2011, seed=2, spread=-4000, length=12_000, interrupted=0)
def test_seconds_by_day_agrees_with_counting_every_second(
    zone: ZoneInfo, year: int, seed: int, spread: int, length: int, interrupted: int
) -> None:
    started_at = _near_a_change_of_the_clocks(zone, year, seed, spread)
    ended_at = started_at + timedelta(seconds=length)
    counted = Counter((started_at + timedelta(seconds=second)).astimezone(zone).date() for second in range(length))

    assert entries.seconds_by_day(started_at, ended_at, zone) == counted

    shares = entries.seconds_by_day(started_at, ended_at, zone, interrupted)
    left = max(0, length - interrupted)
    assert sum(shares.values()) == left
    for day, seconds in counted.items():
        assert abs(shares.get(day, 0) - seconds * left / length) < 1


@pytest.mark.parametrize(
    "moment, zone, instants",
    [
        ("2026-11-20T10:00", "Europe/Berlin", ["2026-11-20T09:00+00:00"]),
        ("2026-03-29T02:30", "Europe/Berlin", []),
        ("2026-03-29T03:00", "Europe/Berlin", ["2026-03-29T01:00+00:00"]),
        ("2026-10-25T02:30", "Europe/Berlin", ["2026-10-25T00:30+00:00", "2026-10-25T01:30+00:00"]),
        ("2026-10-25T03:00", "Europe/Berlin", ["2026-10-25T02:00+00:00"]),
        ("2026-04-05T01:45", "Australia/Lord_Howe", ["2026-04-04T14:45+00:00", "2026-04-04T15:15+00:00"]),
    ],
)
def test_instants_of_a_clock_time(moment: str, zone: str, instants: list[str]) -> None:
    found = entries.instants_of(at(moment), ZoneInfo(zone))

    assert [instant.isoformat(timespec="minutes") for instant in found] == instants


@pytest.mark.parametrize(
    "start, end, marks, hours",
    [
        ("2026-10-25T02:30", "2026-10-25T03:30", (False, False), 2),
        ("2026-10-25T02:30", "2026-10-25T03:30", (True, False), 1),
        ("2026-10-25T01:30", "2026-10-25T02:30", (False, False), 1),
        ("2026-10-25T01:30", "2026-10-25T02:30", (False, True), 2),
        # Only the second 02:30 lies after the start.
        ("2026-10-25T02:30", "2026-10-25T02:30", (False, False), 1),
        ("2026-03-29T01:30", "2026-03-29T03:30", (False, False), 1),
        ("2026-11-20T10:00", "2026-11-20T12:00", (True, True), 2),
    ],
)
def test_read_interval_across_changes_of_the_clocks(start: str, end: str, marks: tuple[bool, bool], hours: int) -> None:
    spent = entries.read_interval(
        start=at(start), end=at(end), zone=BERLIN, is_second_start=marks[0], is_second_end=marks[1]
    )

    assert spent.ended_at is not None
    assert spent.ended_at - spent.started_at == timedelta(hours=hours)


@pytest.mark.parametrize(
    "start, end, breaks, field, words",
    [
        ("2026-03-29T02:30", "2026-03-29T04:00", 0, "started_at", "02:30 does not exist on 29 March 2026"),
        ("2026-03-29T01:30", "2026-03-29T02:00", 0, "ended_at", "02:00 does not exist"),
        ("2026-11-20T10:00", "2026-11-20T09:00", 0, "ended_at", "not after the start"),
        ("2026-11-20T10:00", "2026-11-20T10:00", 0, "ended_at", "not after the start"),
        ("2026-11-20T10:00", "2026-11-20T11:00", 3600, "breaks", "as long as the whole"),
    ],
)
def test_read_interval_says_what_is_wrong(start: str, end: str, breaks: int, field: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as refusal:
        entries.read_interval(start=at(start), end=at(end), zone=BERLIN, interrupted_seconds=breaks)

    assert refusal.value.field == field


def test_name_repeated_tells_the_two_apart() -> None:
    assert entries.name_repeated(at("2026-10-25T00:30+00:00"), BERLIN) == "the first 02:30"
    assert entries.name_repeated(at("2026-10-25T01:30+00:00"), BERLIN) == "the second 02:30"
    assert entries.name_repeated(at("2026-10-25T02:30+00:00"), BERLIN) is None


@pytest.mark.parametrize(
    "spent",
    [
        Interval(at("2026-11-19T14:00+01:00"), at("2026-11-20T14:00+01:00")),
        Interval(at("2026-11-20T15:00+01:00"), at("2026-11-20T17:00+01:00")),
        Interval(at("1970-01-02T15:00+01:00"), at("1970-01-02T17:00+01:00")),
        Interval(at("2026-11-01T15:00+01:00"), None),
        PlainDuration(date(2026, 11, 21), 60),
        PlainDuration(date(2026, 11, 20), 10_000 * 3600),
        PlainDuration(date(1970, 1, 1), 60),
    ],
)
def test_check_believable_lets_what_can_be_pass(spent: entries.Spent) -> None:
    entries.check_believable(spent, now=NOW, zone=BERLIN)


@pytest.mark.parametrize(
    "spent, field",
    [
        (Interval(at("2026-11-19T14:00+01:00"), at("2026-11-20T14:00:01+01:00")), "ended_at"),
        (Interval(at("2026-11-21T15:00+01:00"), at("2026-11-21T17:00+01:00")), "ended_at"),
        (Interval(at("2026-11-20T15:43+01:00"), None), "started_at"),
        (Interval(at("1969-12-31T12:00+01:00"), at("1969-12-31T13:00+01:00")), "started_at"),
        (PlainDuration(date(2026, 11, 22), 60), "day"),
        (PlainDuration(date(1969, 12, 31), 60), "day"),
        (PlainDuration(date(2026, 11, 20), 0), "duration"),
        (PlainDuration(date(2026, 11, 20), 10_000 * 3600 + 60), "duration"),
    ],
)
def test_check_believable_refuses_what_cannot_be(spent: entries.Spent, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        entries.check_believable(spent, now=NOW, zone=BERLIN)

    assert refusal.value.field == field
