"""The laws of a timesheet: whatever is spent adds up in every way, and a cell comes to say what was typed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.tasks.rules import day_line, week_grid
from webapp.tasks.rules.entries import Attribution
from webapp.tasks.rules.rounding import Rounding
from webapp.tasks.rules.time_table import line_of
from webapp.tasks.rules.timesheet import (
    Share,
    SheetEntry,
    View,
    add_up,
    choose_period,
    choose_view,
    rounded_entry,
)
from webapp.tasks.rules.week_grid import Cell, CellEdit, Part, TypedCell, read_cell, says_the_same, settle, write_cell
from webapp.values.period import Period

WEEK = Period(date(2026, 11, 16), date(2026, 11, 23))
BERLIN = ZoneInfo("Europe/Berlin")

shares = st.lists(
    st.builds(
        Share,
        task_id=st.integers(1, 4),
        title=st.just("Task"),
        category_id=st.sampled_from([None, 1, 2]),
        category=st.none(),
        customer_id=st.sampled_from([None, 1]),
        customer=st.none(),
        day=st.sampled_from(list(WEEK.days())),
        seconds=st.integers(0, 90_000),
        is_billable=st.booleans(),
        is_running=st.booleans(),
    ),
    max_size=12,
)
parts = st.lists(
    st.builds(
        Part,
        entry_id=st.integers(1, 99),
        seconds=st.integers(1, 50_000),
        is_plain=st.booleans(),
        has_words=st.booleans(),
    ),
    max_size=5,
    unique_by=lambda part: part.entry_id,
)


def make_entry(number: int = 1, **overrides: Any) -> SheetEntry:
    """An hour on the clock."""
    hour = SheetEntry(
        entry_id=number,
        task_id=1,
        title=f"Task {number}",
        category_id=None,
        category=None,
        customer_id=None,
        customer=None,
        person="Ada",
        is_own=True,
        can_change=True,
        day=date(2026, 11, 18),
        seconds=3600,
        whole_seconds=3600,
        interrupted_seconds=0,
        started_at=datetime(2026, 11, 18, 8, tzinfo=UTC),
        ended_at=datetime(2026, 11, 18, 9, tzinfo=UTC),
        zone="Europe/Berlin",
        note="",
        is_billable=False,
    )
    return replace(hour, **overrides)


@given(shares=shares)
def test_every_way_of_adding_up_comes_to_the_same(shares: list[Share]) -> None:
    totals = add_up(shares, period=WEEK)

    whole, billable = sum(s.seconds for s in shares), sum(s.seconds for s in shares if s.is_billable)
    for sums in (totals.days, totals.tasks, totals.categories, totals.customers):
        assert sum(one.seconds for one in sums) == whole == totals.seconds
        assert sum(one.billable_seconds for one in sums) == billable == totals.billable_seconds
    by_category = Counter[int | None]()
    for share in shares:
        by_category[share.category_id] += share.seconds
    assert {one.key: one.seconds for one in totals.categories} == dict(by_category)
    # What is none of them comes last.
    assert None not in [one.key for one in totals.categories[:-1]]


@given(shares=shares, added=st.lists(st.integers(1, 8), unique=True))
def test_the_rows_of_a_week_add_up_to_its_days(shares: list[Share], added: list[int]) -> None:
    names = [week_grid.RowName(task_id, "Added") for task_id in added]

    grid = week_grid.lay_out(period=WEEK, shares=shares, added=names, latest=WEEK.last)

    for place, (_, seconds) in enumerate(grid.days):
        assert sum(row.cells[place].whole_seconds for row in grid.rows) + grid.others[place] == seconds
    assert sum(row.seconds for row in grid.rows) == grid.seconds == sum(share.seconds for share in shares)
    assert {row.task_id for row in grid.rows} == {share.task_id for share in shares} | set(added)


def test_a_week_has_a_hundred_rows_and_says_what_the_others_took() -> None:
    one = Share(1, "Task", None, None, None, None, WEEK.start, 60)
    shares = [replace(one, task_id=number, seconds=60 * number) for number in range(1, 131)]

    grid = week_grid.lay_out(
        period=WEEK, shares=shares, latest=WEEK.last, typed={Cell(1, WEEK.start): TypedCell("x", 60)}
    )

    assert (len(grid.rows), grid.others_count) == (100, 30)
    assert sum(row.seconds for row in grid.rows) + sum(grid.others) == grid.seconds
    # What somebody is typing into stays, however little it has.
    assert 1 in {row.task_id for row in grid.rows}


@pytest.mark.parametrize(
    "typed, seconds",
    [
        ("1:30", 5400),
        ("90m", 5400),
        ("1.5", 5400),
        ("1,5", 5400),
        (".25", 900),
        ("1h 30m", 5400),
        ("8", 28_800),
        ("24", 86_400),
        (" 0:05 ", 300),
        ("", 0),
        ("–", 0),
        ("0:00", 0),
        ("1.333", 4800),
    ],
)
def test_a_cell_reads_what_people_type(typed: str, seconds: int) -> None:
    assert read_cell(typed) == seconds


@pytest.mark.parametrize(
    "typed, sentence",
    [
        ("25:00", "A day has 24 hours."),
        ("24.1", "A day has 24 hours."),
        ("90", "Type 90m for minutes, or hours as 1:30."),
        ("soon", "Type 1:30, 90m or 1.5."),
        ("-1", "Type 1:30, 90m or 1.5."),
        ("1:75", "Type 1:30, 90m or 1.5."),
        ("١:٣٠", "Type 1:30, 90m or 1.5."),
        ("=1+1", "Type 1:30, 90m or 1.5."),
        ("9" * 400, "Type 1:30, 90m or 1.5."),
    ],
)
def test_a_cell_refuses_the_rest_with_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        read_cell(typed)


@given(minutes=st.integers(0, 24 * 60), seconds=st.integers(0, 59))
def test_what_a_cell_shows_is_read_as_no_change(minutes: int, seconds: int) -> None:
    was = minutes * 60 + seconds

    assert says_the_same(write_cell(was), was)
    assert read_cell(write_cell(minutes * 60)) == minutes * 60
    assert not says_the_same(write_cell(was + 60), was)
    assert says_the_same("", was) == (was == 0)


@given(text=st.text(max_size=12))
def test_whatever_is_typed_is_read_or_refused_in_a_sentence(text: str) -> None:
    def read() -> int | str:
        try:
            return read_cell(text)
        except ValueError as refusal:
            return str(refusal)

    answer = read()
    assert answer.endswith(".") if isinstance(answer, str) else 0 <= answer <= 86_400


@given(parts=parts, target=st.integers(0, 86_400))
def test_a_cell_comes_to_say_what_was_typed_and_the_clock_stays(parts: list[Part], target: int) -> None:
    clocked = sum(part.seconds for part in parts if not part.is_plain)
    if target < clocked:
        with pytest.raises(ValueError, match="Timed entries say"):
            settle(target, parts)
        return

    done = settle(target, parts)

    after = {part.entry_id: done.changed.get(part.entry_id, part.seconds) for part in parts}
    assert sum(after.values()) + done.added_seconds == target
    assert {part.entry_id for part in parts if part.is_plain} >= set(done.changed)
    assert all(seconds >= 0 for seconds in after.values())
    # At most one is made longer or left shorter; others go away whole.
    assert sum(bool(seconds) for seconds in done.changed.values()) + bool(done.added_seconds) <= 1


def test_a_week_is_copied_in_whole_minutes_without_what_no_day_can_hold() -> None:
    cells = {Cell(1, WEEK.start): 5430, Cell(2, WEEK.start): 59, Cell(3, WEEK.start): 90_000}

    assert week_grid.moved_week(cells, days_later=7) == {Cell(1, date(2026, 11, 23)): 5400}


def test_a_cell_of_a_day_to_come_or_long_ago_is_refused() -> None:
    latest = date(2026, 11, 21)

    def fault(day: date, seconds: int = 60) -> str | None:
        return week_grid.find_fault(CellEdit(Cell(1, day), seconds), latest=latest)

    assert fault(latest) is None
    assert fault(date(2026, 11, 22)) == "This day is still to come."
    assert fault(date(1969, 12, 31)) == "This is before 1970."
    assert fault(latest, 86_401) == "A day has 24 hours."


def test_a_day_shows_gaps_and_overlaps_and_what_passes_midnight() -> None:
    day = Period.of_day(date(2026, 11, 18))
    begun_before = make_entry(
        1, started_at=datetime(2026, 11, 17, 22, tzinfo=UTC), ended_at=datetime(2026, 11, 18, 0, tzinfo=UTC)
    )
    first = make_entry(2)
    second = make_entry(
        3, started_at=datetime(2026, 11, 18, 8, 40, tzinfo=UTC), ended_at=datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
    )
    plain = make_entry(4, started_at=None, ended_at=None)

    line = day_line.lay_out(
        [second, plain, first, begun_before], day=day, zone=BERLIN, now=datetime(2026, 11, 18, 11, tzinfo=UTC)
    )

    kinds = [item.entry.entry_id if isinstance(item, day_line.Stretch) else item.seconds // 60 for item in line.items]
    assert kinds == [1, 480, 2, 3]
    assert line.stretches[0].begins_earlier
    assert (line.stretches[0].left, line.stretches[0].lane) == (0, 0)
    assert [(one.overlap_seconds, one.overlaps, one.lane) for one in line.overlaps] == [(1200, "Task 2", 1)]
    assert line.plain == (plain,)
    assert line.now_left == 50.0
    assert [hour.name for hour in line.hours if hour.is_major] == ["0", "6", "12", "18", "24"]


def test_what_was_lived_elsewhere_stands_where_its_clocks_had_it() -> None:
    # Six to eight in the morning of the 18th in Tokyo, which is the night before in Berlin.
    there = make_entry(
        zone="Asia/Tokyo",
        started_at=datetime(2026, 11, 17, 21, tzinfo=UTC),
        ended_at=datetime(2026, 11, 17, 23, tzinfo=UTC),
    )

    line = day_line.lay_out(
        [there], day=Period.of_day(date(2026, 11, 18)), zone=BERLIN, now=datetime(2026, 11, 20, tzinfo=UTC)
    )

    (stretch,) = line.stretches
    assert (f"{stretch.start:%H:%M}", f"{stretch.end:%H:%M}", stretch.left, stretch.width) == (
        "06:00",
        "08:00",
        25,
        8.333,
    )
    assert there.begins == stretch.start


@pytest.mark.parametrize("day, hours", [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_a_day_has_the_hours_that_its_clocks_show(day: date, hours: int) -> None:
    line = day_line.lay_out([], day=Period.of_day(day), zone=BERLIN, now=datetime(2026, 11, 18, tzinfo=UTC))

    assert len(line.hours) == hours + 1
    assert line.now_left is None


@given(minutes=st.integers(1, 20 * 60), breaks=st.integers(0, 30), step=st.sampled_from([5, 6, 15]))
def test_the_rounded_parts_of_an_entry_are_its_rounded_whole(minutes: int, breaks: int, step: int) -> None:
    start = datetime(2026, 11, 18, 14, tzinfo=UTC)
    spent = minutes * 60 + breaks * 60
    end = start + timedelta(seconds=spent)
    midnight = datetime(2026, 11, 18, 23, tzinfo=UTC)
    base = make_entry(started_at=start, ended_at=end, interrupted_seconds=breaks * 60, whole_seconds=minutes * 60)
    shown = [
        rounded_entry(replace(base, day=day, seconds=-1), Rounding(step))
        for day in (date(2026, 11, 18), date(2026, 11, 19))
        if day.day == 18 or end > midnight
    ]

    assert end <= midnight or sum(one.seconds for one in shown) == shown[0].whole_seconds
    assert all(one.seconds % 60 == 0 for one in shown)


def test_a_line_of_the_table_tells_the_part_of_its_day_and_holds_no_formula() -> None:
    entry = make_entry(
        title="=1+1",
        day=date(2026, 11, 19),
        started_at=datetime(2026, 11, 18, 22, tzinfo=UTC),
        ended_at=datetime(2026, 11, 19, 1, 0, 7, tzinfo=UTC),
        seconds=7207,
        whole_seconds=10_807,
        tags=("a", "b"),
        is_billable=True,
    )

    clipped = line_of(entry, attribution=Attribution.CLIPPED)
    whole = line_of(entry, attribution=Attribution.START)

    assert clipped[:6] == (
        "2026-11-19",
        "2026-11-19 00:00:00",
        "2026-11-19 02:00:07",
        "Europe/Berlin",
        "2:00:07",
        "2.0019",
    )
    assert clipped[6:] == ("'=1+1", "", "a, b", "", "Ada", "", "yes")
    assert whole[1] == "2026-11-18 23:00:00"


def test_without_a_view_a_week_is_a_table_and_more_is_a_list() -> None:
    first = date(2026, 11, 1)

    assert choose_view(asked=None, first=None, last=None) is View.WEEK
    assert choose_view(asked=None, first=first, last=date(2026, 11, 7)) is View.WEEK
    assert choose_view(asked=None, first=first, last=date(2026, 11, 8)) is View.LIST
    assert choose_view(asked=View.DAY, first=first, last=date(2026, 11, 30)) is View.DAY
    assert choose_period(first=first, last=None, today=first, week_start=0, view=View.DAY) == Period.of_day(first)
