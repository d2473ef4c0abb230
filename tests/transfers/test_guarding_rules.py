"""Whatever a reader yields, only what may be kept comes through; the rest is refused by a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from webapp.tasks.rules.intake import CommentIn, EntryIn, OwnFacts, TaskIn
from webapp.transfers.rules.guarding import guarded
from webapp.transfers.rules.own import OwnCategory, OwnCustomer, OwnSeries, OwnTag
from webapp.transfers.rules.rows import EntryLine, LeftOutLine, OwnRecord, RecordLine, RefusedLine, Remark, TaskLine
from webapp.values.priority import Priority
from webapp.values.status import Status

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
TASK = TaskIn(source_ref="1", title="Write")
ENTRY = EntryIn(source_ref="a", task_ref="1", user_id=0, started_at=NOON, ended_at=NOON.replace(hour=13))


def test_lines_that_may_be_kept_come_through_clean() -> None:
    task = replace(
        TASK, title=" A\ttitle ", tags=("a", " A ", ""), comments=(CommentIn("c", " text\r\n"), CommentIn("d", " "))
    )

    first, second = guarded([TaskLine(2, task), LeftOutLine(3, "pull requests")])

    assert isinstance(first, TaskLine)
    assert (first.task.title, first.task.tags) == ("A title", ("a",))
    assert [comment.text for comment in first.task.comments] == ["text"]
    assert second == LeftOutLine(3, "pull requests")


@pytest.mark.parametrize(
    "task",
    [
        replace(TASK, title=" "),
        replace(TASK, title="a\x00b"),
        replace(TASK, source_ref=""),
        replace(TASK, source_ref="r" * 121),
        replace(TASK, source_ref="total:1"),
        replace(TASK, parent_ref="\x00"),
        replace(TASK, blocked_by_refs=("r" * 121,)),
        replace(TASK, description="d" * 50_001),
        replace(TASK, tags=("t" * 81,)),
        replace(TASK, category="c" * 81),
        replace(TASK, due_on=date(99, 1, 1)),
        replace(TASK, comments=(CommentIn("c", "t" * 10_001),)),
        replace(TASK, extra=(("name", "v" * 20_001),)),
        replace(TASK, estimated_minutes=-1),
    ],
)
def test_a_task_that_cannot_be_kept_is_refused(task: TaskIn) -> None:
    (line,) = guarded([TaskLine(7, task)])

    assert isinstance(line, RefusedLine)
    assert line.line == 7
    assert line.message.endswith(".")


@pytest.mark.parametrize(
    "entry",
    [
        replace(ENTRY, ended_at=None),
        replace(ENTRY, ended_at=NOON.replace(hour=11)),
        replace(ENTRY, ended_at=NOON.replace(year=2027)),
        replace(ENTRY, interrupted_seconds=3601),
        replace(ENTRY, started_at=None),
        replace(ENTRY, started_at=None, ended_at=None, seconds=-1),
        replace(ENTRY, task_ref=""),
        replace(ENTRY, note="n" * 501),
    ],
)
def test_an_entry_that_cannot_be_kept_is_refused(entry: EntryIn) -> None:
    (line,) = guarded([EntryLine(7, entry)])

    assert isinstance(line, RefusedLine)


def test_the_second_line_with_one_reference_is_refused_and_an_entry_may_share_it_with_a_task() -> None:
    lines = list(guarded([TaskLine(2, TASK), TaskLine(3, TASK), EntryLine(4, replace(ENTRY, source_ref="1"))]))

    assert [type(line) for line in lines] == [TaskLine, RefusedLine, EntryLine]


def test_a_task_that_was_finished_before_it_was_created_counts_as_created_then() -> None:
    (line,) = guarded([TaskLine(2, replace(TASK, created_at=NOON, completed_at=NOON.replace(hour=1)))])

    assert isinstance(line, TaskLine)
    assert line.task.created_at == NOON.replace(hour=1)
    assert line.remarks == (Remark.FINISHED_FIRST,)


CUSTOMER = OwnCustomer("c1", "Lund", "", "", "", "", "80.00", "EUR", False, NOON, NOON)
SERIES = OwnSeries(
    ref="s1", person="Ada", created_at=NOON, stopped_at=None, unit="week", every=1, weekdays="04", nth=None,
    is_last_day=False, basis="due", missed="next", until_on=None, times=None, zone="Europe/Berlin",
    anchor_on=date(2026, 3, 9), anchor_n=0, clock="15:00:00", newest_n=0, newest_on=date(2026, 3, 9),
    skipped=("2026-03-09",), wakes_at=None, title="Water", description="", priority=Priority.HIGH, category=None,
    tags=(), customer=None, assignee=None, estimated_minutes=None, days_ahead=None,
)  # fmt: skip
OWN = OwnFacts(position=0, created_on=NOON.date(), completed_on=None, updated_at=NOON)


def test_records_of_ours_come_through_as_they_are() -> None:
    records: list[OwnRecord] = [OwnCategory("a, b", 8), OwnTag("a, b", None), CUSTOMER, SERIES]
    lines = [RecordLine(number, record) for number, record in enumerate(records)]

    assert list(guarded(lines)) == lines


@pytest.mark.parametrize(
    "record",
    [
        OwnCategory("a", 9),
        OwnCategory("", 1),
        OwnTag("t" * 81, 1),
        OwnTag("\ud800", 1),
        replace(CUSTOMER, ref="c" * 33),
        replace(CUSTOMER, hourly_rate="a lot"),
        replace(CUSTOMER, hourly_rate="-5.00"),
        replace(CUSTOMER, currency="day"),
        replace(CUSTOMER, phone="1" * 41),
        replace(CUSTOMER, created_at=NOON.replace(year=1)),
        replace(SERIES, zone="Nope/Zone"),
        replace(SERIES, unit="moon"),
        replace(SERIES, weekdays="week"),
        replace(SERIES, basis="x"),
        replace(SERIES, missed="x"),
        replace(SERIES, every=10**400),
        replace(SERIES, clock="25:00"),
        replace(SERIES, skipped=("soon",)),
        replace(SERIES, newest_n=-1),
        replace(SERIES, anchor_on=date(1, 1, 1)),
        replace(SERIES, person="p" * 121),
    ],
)
def test_a_record_of_ours_that_cannot_be_kept_is_refused(record: OwnRecord) -> None:
    (line,) = guarded([RecordLine(7, record)])

    assert isinstance(line, RefusedLine)
    assert line.message.endswith(".")


@pytest.mark.parametrize(
    "line",
    [
        TaskLine(1, replace(TASK, source_ref="r" * 33, own=OWN)),
        TaskLine(1, replace(TASK, own=replace(OWN, position=2**40))),
        TaskLine(1, replace(TASK, own=replace(OWN, source="s" * 81))),
        TaskLine(1, replace(TASK, own=replace(OWN, occurrence=3))),
        TaskLine(1, replace(TASK, own=replace(OWN, completed_on=date(2026, 3, 9)))),
        TaskLine(1, replace(TASK, status=Status.DONE, own=OWN)),
        EntryLine(1, replace(ENTRY, zone="../../etc/passwd")),
        EntryLine(1, replace(ENTRY, zone="UTC", own_ref="\x00")),
        EntryLine(1, EntryIn("a", "1", user_id=0, day=NOON.date(), seconds=60, interrupted_seconds=-1)),
    ],
)
def test_what_only_a_file_of_ours_says_is_looked_at_too(line: TaskLine | EntryLine) -> None:
    assert [type(one) for one in guarded([line])] == [RefusedLine]


def test_a_record_of_ours_that_comes_twice_is_refused_the_second_time() -> None:
    lines = list(guarded([RecordLine(1, OwnTag("Garden", 1)), RecordLine(2, OwnTag("garden", 2))]))

    assert [type(line) for line in lines] == [RecordLine, RefusedLine]
