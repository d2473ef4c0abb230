"""Toggl's detailed report: a mark at the beginning, money in any currency, and tasks that only the entries name."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.transfers.formats.reading import entries, format_of, read, refusals, tasks
from webapp.transfers.rules.formats.reader import Format
from webapp.transfers.rules.rows import EntryLine, Remark, TaskLine

HEADER = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,"
    "Amount (EUR)\n"
)
WEEK = "\ufeff" + HEADER + (
    'Pia Sol,pia@example.test,Fig & Sons,Orchard,,"Prune, then burn",Yes,2026-10-19,08:15:20,2026-10-19,10:00:05,'
    '01:44:45,"saw, ladder",87.40\n'
    "Rui Mar,rui@example.test,Fig & Sons,Orchard,Harvest,The east side,No,2026-10-19,22:50:00,2026-10-20,01:10:00,"
    "02:20:00,,\n"
    'Pia Sol,pia@example.test,Fig & Sons,Orchard,,"Prune, then burn",Yes,2026-10-20,08:00:00,2026-10-20,08:30:00,'
    "00:30:00,fire,25.00\n"
    "Pia Sol,pia@example.test,,Office,,,No,2026-10-21,09:00:00,2026-10-21,09:20:00,00:20:00,,\n"
    "Pia Sol,pia@example.test,,,,,No,2026-10-21,10:00:00,2026-10-21,10:05:00,00:05:00,,\n"
)  # fmt: skip


def one(start: str, end: str, length: str, header: str = HEADER) -> str:
    """A report of one entry."""
    return f"{header}Pia Sol,,,Orchard,,Prune,No,{start},{end},{length},,\n"


def test_a_report_comes_in_with_the_tasks_that_its_entries_name() -> None:
    found = tasks(WEEK.encode())

    assert [(line.task.title, line.task.category, line.customer) for line in found] == [
        ("Prune, then burn", "Orchard", "Fig & Sons"),
        ("Harvest", "Orchard", "Fig & Sons"),
        ("Office", "Office", ""),
        ("Time without a description", None, ""),
    ]
    assert [Remark.TITLE_MADE in line.remarks for line in found] == [False, False, True, True]
    assert found[0].task.tags == ("fire", "ladder", "saw")


def test_each_entry_has_its_seconds_its_person_and_whether_it_is_billable() -> None:
    found = entries(WEEK.encode())

    assert [line.entry.counted_seconds for line in found] == [6285, 8400, 1800, 1200, 300]
    assert [line.person for line in found] == ["Pia Sol", "Rui Mar", "Pia Sol", "Pia Sol", "Pia Sol"]
    assert [line.entry.is_billable for line in found] == [True, False, True, False, False]
    assert [line.entry.note for line in found] == ["", "The east side", "", "", ""]
    assert found[0].entry.started_at == datetime(2026, 10, 19, 6, 15, 20, tzinfo=UTC)
    assert found[0].left_out == ("Email", "Amount (EUR)")


def test_a_task_comes_once_and_before_its_entries() -> None:
    known: set[str] = set()
    for line in read(WEEK):
        if isinstance(line, TaskLine):
            assert line.task.source_ref not in known
            known.add(line.task.source_ref)
        elif isinstance(line, EntryLine):
            assert line.entry.task_ref in known


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("Amount (EUR)", "Amount (USD)"),
        lambda text: text.replace("Amount (EUR)", "Amount ()"),
        lambda text: text.replace("User,", "Member,").replace("End date,End time", "Stop date,Stop time"),
        lambda text: text.removeprefix("\ufeff"),
        lambda text: text.replace("Prune, then burn", "Prune,  THEN burn"),
    ],
)
def test_another_currency_or_version_is_the_same_work(change: object) -> None:
    assert callable(change)
    refs = [(line.entry.source_ref, line.entry.task_ref) for line in entries(WEEK)]

    assert [(line.entry.source_ref, line.entry.task_ref) for line in entries(change(WEEK))] == refs


def test_an_entry_that_was_corrected_or_is_read_in_another_zone_is_the_same_entry() -> None:
    (first,) = entries(one("2026-10-19,08:15:00", "2026-10-19,09:00:00", "00:45:00"))

    (longer,) = entries(one("2026-10-19,08:15:00", "2026-10-19,09:30:00", "01:15:00"))
    (elsewhere,) = entries(one("2026-10-19,08:15:00", "2026-10-19,09:00:00", "00:45:00"), ZoneInfo("Asia/Tokyo"))

    assert longer.entry.source_ref == elsewhere.entry.source_ref == first.entry.source_ref
    assert first.entry.started_at == datetime(2026, 10, 19, 6, 15, tzinfo=UTC)
    assert elsewhere.entry.started_at == datetime(2026, 10, 18, 23, 15, tzinfo=UTC)


def test_two_entries_that_say_the_same_are_two() -> None:
    twice = WEEK + WEEK.splitlines(keepends=True)[1]

    refs = [line.entry.source_ref for line in entries(twice)]

    assert len(set(refs)) == 6
    assert refs[:5] == [line.entry.source_ref for line in entries(WEEK)]


@pytest.mark.parametrize(
    "start, end, length, seconds",
    [
        ("2026-10-19,8:15:00 AM", "2026-10-19,12:05:00 PM", "3:50:00", 13_800),
        ("2026-10-19,23:40:00", "2026-10-20,00:10:00", "00:30:00", 1800),
        ("2026-10-19,23:40:00", ",00:10:00", "00:30:00", 1800),
        ("2026-10-19,08:00:00", ",", "1.5", 5400),
        ("2026-10-19,08:00:00", "2026-10-19,08:00:00", "0:00:00", 0),
        # A spring night of 23 hours, and an autumn hour that comes twice.
        ("2026-03-29,01:30:00", "2026-03-29,03:30:00", "01:00:00", 3600),
        ("2026-10-25,02:45:00", "2026-10-25,02:15:00", "00:30:00", 1800),
    ],
)
def test_lengths_are_those_of_the_interval(start: str, end: str, length: str, seconds: int) -> None:
    (line,) = entries(one(start, end, length))

    assert (line.entry.counted_seconds, line.remarks) == (seconds, ())


@pytest.mark.parametrize(
    "days, month", [(("25/10/2026", "26/10/2026"), 10), (("10/25/2026", "10/26/2026"), 10), (("03.04.2026",) * 2, 4)]
)
def test_days_are_read_in_the_order_that_fits_all_of_them(days: tuple[str, str], month: int) -> None:
    text = one(f"{days[0]},08:00:00", f"{days[0]},09:00:00", "01:00:00")
    text += one(f"{days[1]},18:00:00", f"{days[1]},19:00:00", "01:00:00").removeprefix(HEADER)

    assert [line.entry.started_at and line.entry.started_at.month for line in entries(text)] == [month, month]


def test_a_length_that_is_not_that_of_the_interval_is_said() -> None:
    (line,) = entries(one("2026-10-19,08:00:00", "2026-10-19,09:00:00", "00:30:00"))

    assert (line.entry.counted_seconds, line.remarks) == (3600, (Remark.LENGTH_DIFFERS,))


def test_a_time_that_the_clocks_skip_is_said() -> None:
    (line,) = entries(one("2026-03-29,02:30:00", "2026-03-29,04:00:00", "00:30:00"))

    assert (line.entry.counted_seconds, line.remarks) == (1800, (Remark.CLOCK_SKIPPED,))


@pytest.mark.parametrize(
    "text, words",
    [
        (one("2026-10-19,08:00:00", "2026-10-19,07:00:00", "1:00:00"), "ends before it starts"),
        (one("2026-10-19,08:00:00", "2027-11-23,07:00:00", ""), "longer than 31 days"),
        (one("2026-10-19,08:00:00", ",", ""), "still running"),
        (one("2026-10-19,", "2026-10-19,09:00:00", "1:00:00"), "when it began"),
        (one("2026-02-30,08:00:00", "2026-10-19,09:00:00", "1:00:00"), "in the calendar"),
        (one("0000-01-01,08:00:00", "2026-10-19,09:00:00", "1:00:00"), "out of range"),
        (one("99999-01-01,08:00:00", "2026-10-19,09:00:00", "1:00:00"), "out of range"),
        (one("2026-10-19,25:00:00", "2026-10-19,09:00:00", "1:00:00"), "no time like that"),
        (one("2026-10-19,08:00:00", "2026-10-19,09:00:00", "-1"), "less than nothing"),
        (one("2026-10-19,08:00:00", "2026-10-19,09:00:00", "9" * 30), "Duration"),
        (HEADER + "Pia Sol,,,Orchard\n", "4 cells"),
        (one("2026-10-19,08:00:00", "2026-10-19,09:00:00", "1:00:00").replace("Prune", "Pru\x00ne"), "character"),
    ],
)
def test_an_entry_that_cannot_be_read_is_refused_by_a_sentence(text: str, words: str) -> None:
    assert words in refusals(text)[2]


def test_other_reports_and_tables_are_not_taken_for_it() -> None:
    assert format_of(WEEK) is Format.TOGGL
    assert format_of("Project,Client,Duration\nOrchard,,01:00:00\n") is Format.TABLE
    assert format_of("task,start date,duration,tags,description,project\na,2026-10-19,1,,,\n") is Format.TABLE
