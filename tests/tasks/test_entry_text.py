"""Time spent as people write it down, and what is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.errors import InvalidInput
from webapp.tasks.rules.entries import Interval, PlainDuration
from webapp.tasks.rules.entry_text import Around, read_spent

BERLIN = ZoneInfo("Europe/Berlin")
# Friday, 20 November 2026, 15:42 in Berlin; the last time ended at 13:45.
TODAY = date(2026, 11, 20)
AROUND = Around(
    now=datetime(2026, 11, 20, 14, 42, 31, tzinfo=UTC),
    zone=BERLIN,
    last_ended_at=datetime(2026, 11, 20, 12, 45, tzinfo=UTC),
)


def read(text: str, *, day: date = TODAY, around: Around = AROUND) -> str:
    """How a text is read, by the clocks of Berlin: `20 09:00–11:00`, or `20 90m`; the number is the day."""
    spent = read_spent(text, day=day, around=around)
    if isinstance(spent, PlainDuration):
        assert spent.seconds % 60 == 0
        return f"{spent.day.day} {spent.seconds // 60}m"
    assert spent.ended_at is not None
    start, end = spent.started_at.astimezone(BERLIN), spent.ended_at.astimezone(BERLIN)
    assert end > start or spent.ended_at > spent.started_at
    return f"{start.day} {start:%H:%M}–{'' if end.date() == start.date() else f'{end.day} '}{end:%H:%M}"


READ = {
    # Durations, on the day beside the field.
    "1:30": "20 90m",
    "90m": "20 90m",
    "90": "20 90m",
    "90 min": "20 90m",
    "1h 30m": "20 90m",
    "1h30": "20 90m",
    "1h30m": "20 90m",
    "1.5h": "20 90m",
    "1,5h": "20 90m",
    "1.5 hours": "20 90m",
    "for 2h": "20 120m",
    "0:05": "20 5m",
    # From one time to another.
    "14-15:30": "20 14:00–15:30",
    "14:00–15:30": "20 14:00–15:30",
    "14:00 — 15:30": "20 14:00–15:30",
    "14 to 15:30": "20 14:00–15:30",
    "from 9 until 11": "20 09:00–11:00",
    "9.15-10.45": "20 09:15–10:45",
    "0900-1030": "20 09:00–10:30",
    "9h-10h30": "20 09:00–10:30",
    "9am-11am": "20 09:00–11:00",
    "9 a.m. - 11 a.m.": "20 09:00–11:00",
    "9-11am": "20 09:00–11:00",
    "1-3pm": "20 13:00–15:00",
    "11-1pm": "20 11:00–13:00",
    "9am-5": "20 09:00–17:00",
    "9AM-5PM": "20 09:00–17:00",
    "12-1pm": "20 12:00–13:00",
    "12am-1am": "20 00:00–01:00",
    "14-3pm": "20 14:00–15:00",
    "11-noon": "20 11:00–12:00",
    "noon-1pm": "20 12:00–13:00",
    "8-24": "20 08:00–21 00:00",
    "yesterday 22-midnight": "19 22:00–20 00:00",
    # Past midnight: last night, when it is still to come today.
    "23-2": "19 23:00–20 02:00",
    "11pm-1": "19 23:00–20 01:00",
    "today 23-2": "20 23:00–21 02:00",
    "yesterday 23-2": "19 23:00–20 02:00",
    # Days, before it or after it.
    "yesterday 9-11": "19 09:00–11:00",
    "9-11 yesterday": "19 09:00–11:00",
    "yesterday, 9-11": "19 09:00–11:00",
    "today 9-11": "20 09:00–11:00",
    "mon 9-11": "16 09:00–11:00",
    "Monday 9-11": "16 09:00–11:00",
    "on monday from 9 to 11": "16 09:00–11:00",
    "fri 9-11": "20 09:00–11:00",
    "last fri 9-11": "13 09:00–11:00",
    "sat 9-11": "14 09:00–11:00",
    "2026-11-19 9-11": "19 09:00–11:00",
    "9-11 2026-11-19": "19 09:00–11:00",
    "19.11. 9-11": "19 09:00–11:00",
    "19.11.2026 9-11": "19 09:00–11:00",
    "19/11 9-11": "19 09:00–11:00",
    "19 nov 9-11": "19 09:00–11:00",
    "nov 19, 2026 9-11": "19 09:00–11:00",
    "19 november 0900-1100": "19 09:00–11:00",
    "yesterday 90m": "19 90m",
    "1:30 yesterday": "19 90m",
    "mon 1h 30m": "16 90m",
    # Until now, on from the last, and for so long.
    "14-now": "20 14:00–15:42",
    "14-": "20 14:00–15:42",
    "since 14": "20 14:00–15:42",
    "from 2pm": "20 14:00–15:42",
    "until now": "20 13:45–15:42",
    "-now": "20 13:45–15:42",
    "-15:00": "20 13:45–15:00",
    "to 15:30": "20 13:45–15:30",
    "last 90m": "20 14:12–15:42",
    "the last 2 hours": "20 13:42–15:42",
    "14 for 90m": "20 14:00–15:30",
    "9:30 + 1h": "20 09:30–10:30",
    "yesterday at 14 for 1h": "19 14:00–15:00",
}


@pytest.mark.parametrize("text", READ)
def test_read_spent(text: str) -> None:
    assert read(text) == READ[text]


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "Enter how long"),
        ("a while", "“a while” is not understood"),
        ("9-11 standup", "“9-11 standup” is not understood"),
        ("9-10, 11-12", "not understood"),
        ("9-11 tomorrowish", "not understood"),
        ("९-११", "not understood"),
        ("9" * 70, "not understood"),
        ("yesterday", "Write how long"),
        ("2026-11-19", "Write how long"),
        ("9-9", "not after the start"),
        ("11am-11am", "not after the start"),
        ("9-5", "would be 20 hours, over midnight. Write 9:00-17:00"),
        ("12-1", "would be 13 hours, over midnight. Write 12:00-13:00"),
        ("23-13", "would be 14 hours"),
        ("25-26", "“25” is no time of day"),
        ("9:75-11", "“9:75” is no time of day"),
        ("13pm-2pm", "“13pm” is no time of day"),
        ("24:30-25", "no time of day"),
        ("0-0", "not after the start"),
        ("0000-01-01 9-11", "The year 0 is out of range"),
        ("99999-01-01 9-11", "The year 99999 is out of range"),
        ("1 jan 99999 9-11", "The year 99999 is out of range"),
        ("2026-02-30 9-11", "There is no day 30"),
        ("31.2. 9-11", "There is no day 31"),
        ("2026-13-01 9-11", "There is no day 1 in month 13"),
        ("16-now", "still to come"),
        ("yesterday 14-now", "“Now” is today"),
        ("yesterday until now", "“Now” is today"),
        ("yesterday last 90m", "“Now” is today"),
        ("until 13", "ended at 13:45"),
        ("-5", "“-5” is not understood"),
        ("14 for 0m", "at least one minute"),
        ("last 0m", "at least one minute"),
    ],
)
def test_read_spent_refuses_what_it_cannot_be_sure_of(text: str, words: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read(text)

    assert words in refusal.value.message
    assert refusal.value.field == "duration"


def test_there_must_be_something_to_go_on_from() -> None:
    with pytest.raises(InvalidInput, match="Nothing has ended today"):
        read("until now", around=Around(now=AROUND.now, zone=BERLIN))


def test_the_day_beside_it_counts_where_the_text_names_none() -> None:
    day = date(2026, 11, 12)

    assert read("9-11", day=day) == "12 09:00–11:00"
    assert read("23-2", day=day) == "12 23:00–13 02:00"
    assert read("90m", day=day) == "12 90m"
    assert read("yesterday 9-11", day=day) == "19 09:00–11:00"
    with pytest.raises(InvalidInput, match="“Now” is today"):
        read("9-now", day=day)


def test_days_are_read_as_the_person_writes_them() -> None:
    month_first = Around(now=AROUND.now, zone=BERLIN, is_month_first=True)

    assert read("3/10 9-11") == "3 09:00–11:00"
    assert read("3/10 9-11", around=month_first) == "10 09:00–11:00"
    # The latest such day: December was last year.
    assert read_spent("24 dec 1h", day=TODAY, around=AROUND) == PlainDuration(date(2025, 12, 24), 3600)


@pytest.mark.parametrize(
    "text, minutes",
    [
        ("2026-03-29 1-4", 120),
        ("2026-03-28 23-4", 240),
        ("2026-10-25 1-4", 240),
        ("2026-10-25 2:30-2:30", 60),
        ("2026-10-25 2:45-2:15", 30),
        ("2026-10-25 2-3", 120),
    ],
)
def test_nights_when_the_clocks_are_moved(text: str, minutes: int) -> None:
    spent = read_spent(text, day=TODAY, around=AROUND)

    assert isinstance(spent, Interval)
    assert spent.ended_at is not None
    assert (spent.ended_at - spent.started_at).total_seconds() == minutes * 60


@pytest.mark.parametrize("text", ["2026-03-29 2:30-4", "2026-03-29 1-2:15", "2026-03-29 2:30 for 1h"])
def test_a_time_that_the_clocks_skip_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="does not exist on 29 March 2026"):
        read(text)


@given(st.text(alphabet="0123456789:-.,/ hmapnowtfrsu", max_size=24))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    with suppress(InvalidInput):
        spent = read_spent(text, day=TODAY, around=AROUND)
        assert isinstance(spent, PlainDuration) or (spent.ended_at is not None and spent.ended_at > spent.started_at)
