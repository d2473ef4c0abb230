"""Lengths of time as people type and read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.values.duration import format_clock, format_minutes, format_seconds, parse_minutes


@pytest.mark.parametrize(
    "typed,minutes",
    [
        ("90", 90),
        ("0", 0),
        ("1h 30m", 90),
        ("1H30M", 90),
        ("1.5h", 90),
        ("1,5 hours", 90),
        ("1:30", 90),
        ("1:5", 65),
        ("45 min", 45),
        ("2 h", 120),
        ("0.5m", 1),
        ("0.4m", 0),
        (" 15m ", 15),
    ],
)
def test_parse_minutes_reads_what_people_type(typed: str, minutes: int) -> None:
    assert parse_minutes(typed) == minutes


@pytest.mark.parametrize(
    "typed", ["", " ", "soon", "1:60", "1e3", "h", "m", "1h 30", "1.5", "٣", "12345678", "1:2:3", "1h30m\n2h"]
)
def test_parse_minutes_refuses_anything_else_with_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match="Write a length of time as 1h 30m, 90m"):
        parse_minutes(typed)


@pytest.mark.parametrize(
    "typed,said", [("-5m", "no minus"), ("−1h", "no minus"), ("400d", "as hours"), ("2 weeks", "as hours")]
)
def test_parse_minutes_says_what_is_wrong_where_it_can_tell(typed: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_minutes(typed)


@given(st.integers(0, 9_999_999))
def test_what_is_written_reads_as_the_same_minutes(minutes: int) -> None:
    assert parse_minutes(format_minutes(minutes)) == minutes


@pytest.mark.parametrize(
    "seconds,written",
    [
        (0, "0 min"),
        (59, "0 min"),
        (60, "1 min"),
        (3600, "1 h"),
        (3900, "1 h 05 min"),
        (3_600_000, "1,000 h"),
        (-59, "0 min"),
        (-3900, "−1 h 05 min"),
    ],
)
def test_format_seconds_writes_whole_minutes(seconds: int, written: str) -> None:
    assert format_seconds(seconds) == written


def test_format_clock_counts_seconds() -> None:
    assert format_clock(0) == "0:00:00"
    assert format_clock(5047) == "1:24:07"
    assert format_clock(360_000) == "100:00:00"
