"""From columns to meanings, and from rows to tasks and entries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transfers.files import ENTRY_COLUMNS, TASK_COLUMNS, as_csv
from webapp.errors import InvalidInput
from webapp.transfers.rules import ImportKind
from webapp.transfers.rules.cells import DayOrder
from webapp.transfers.rules.columns import Meaning, guess_columns, guess_kind
from webapp.transfers.rules.mapping import Mapping, check_mapping, guess_mapping, words_in
from webapp.transfers.rules.reading import Delimiter, TextSource, open_sheet
from webapp.transfers.rules.rows import EntryLine, Line, RefusedLine, Remark, TaskLine, read_lines
from webapp.values.priority import Priority
from webapp.values.status import Status

BERLIN = ZoneInfo("Europe/Berlin")


def lines_of(*rows: tuple[object, ...], **changes: Any) -> list[Line]:
    sheet = open_sheet(TextSource.of(as_csv(rows).decode()), Delimiter.COMMA)
    mapping = replace(guess_mapping(sheet, zone=BERLIN), **changes)
    check_mapping(mapping, sheet.header)
    return list(read_lines(sheet, mapping))


def task_of(header: str, *cells: object, **changes: Any) -> TaskLine:
    (line,) = lines_of(tuple(header.split(",")), cells, **changes)
    assert isinstance(line, TaskLine), line
    return line


def entry_of(*cells: object) -> EntryLine | RefusedLine:
    (line,) = lines_of(ENTRY_COLUMNS, cells)
    assert isinstance(line, EntryLine | RefusedLine)
    return line


def refusal_of(header: str, *cells: object, **changes: Any) -> str:
    (line,) = lines_of(tuple(header.split(",")), cells, **changes)
    assert isinstance(line, RefusedLine), line
    return line.message


# Columns


def test_columns_of_a_task_list_are_guessed() -> None:
    assert guess_kind(TASK_COLUMNS) is ImportKind.TASKS
    assert guess_columns(TASK_COLUMNS, [], ImportKind.TASKS) == (
        Meaning.REF,
        Meaning.TITLE,
        Meaning.PERSON,
        Meaning.TAG,
        Meaning.CATEGORY,
        Meaning.TAG,
        Meaning.PRIORITY,
        Meaning.ESTIMATE_HOURS,
        Meaning.SPENT_HOURS,
        Meaning.CREATED,
        Meaning.STARTED,
        Meaning.COMPLETED,
    )


def test_columns_of_time_entries_are_guessed() -> None:
    assert guess_kind(ENTRY_COLUMNS) is ImportKind.ENTRIES
    assert guess_columns(ENTRY_COLUMNS, [], ImportKind.ENTRIES) == (
        Meaning.REF,
        Meaning.TASK_REF,
        Meaning.PERSON,
        None,
        Meaning.NOTE,
        Meaning.STARTED,
        Meaning.ENDED,
        Meaning.SPENT_MINUTES,
        Meaning.INTERRUPTED_MINUTES,
    )


@pytest.mark.parametrize(
    "heading, meaning",
    [
        ("Summary", Meaning.TITLE),
        ("Issue key", Meaning.REF),
        ("Original Estimate", Meaning.ESTIMATE_SECONDS),
        ("Time Spent", Meaning.SPENT_SECONDS),
        ("Estimate (h)", Meaning.ESTIMATE_HOURS),
        ("estimatedMinutes", Meaning.ESTIMATE_MINUTES),
        ("Due Date", Meaning.DUE),
        ("Assigned To", Meaning.PERSON),
        ("Labels", Meaning.TAGS),
        ("Resolved", Meaning.COMPLETED),
        ("Beschreibung", Meaning.DESCRIPTION),
        ("cycle_time_days", None),
    ],
)
def test_headings_of_other_programs_are_known(heading: str, meaning: Meaning | None) -> None:
    assert guess_columns([heading], [], ImportKind.TASKS) == (meaning,)


def test_a_column_of_numbers_is_no_title() -> None:
    assert guess_columns(["id", "task"], [["a", "17"]], ImportKind.TASKS) == (Meaning.REF, None)
    assert guess_columns(["id", "task"], [["a", "17 pipes"]], ImportKind.TASKS) == (Meaning.REF, Meaning.TITLE)


def test_mapping_survives_being_kept() -> None:
    mapping = Mapping(
        kind=ImportKind.TASKS,
        delimiter=Delimiter.TAB,
        columns=(Meaning.TITLE, None),
        zone="Asia/Tokyo",
        day_order=DayOrder.MONTH_FIRST,
        title_from=1,
        statuses={"parked": Status.DOING},
        priorities={"9": Priority.LOW},
        me="Al",
    )

    assert Mapping.from_json(mapping.as_json()) == mapping


@pytest.mark.parametrize(
    "kind, columns, field",
    [
        (ImportKind.TASKS, (Meaning.TITLE, Meaning.TITLE), "column-1"),
        (ImportKind.TASKS, (Meaning.SPENT_HOURS, Meaning.SPENT_MINUTES), "column-1"),
        (ImportKind.TASKS, (Meaning.TITLE, Meaning.NOTE), "column-1"),
        (ImportKind.TASKS, (Meaning.CATEGORY, None), "columns"),
        (ImportKind.ENTRIES, (Meaning.STARTED, Meaning.ENDED), "columns"),
        (ImportKind.ENTRIES, (Meaning.TASK_REF, Meaning.SPENT_HOURS), "columns"),
        (ImportKind.ENTRIES, (Meaning.TASK_REF, Meaning.STARTED), "columns"),
    ],
)
def test_check_mapping_refuses_what_cannot_be_read(
    kind: ImportKind, columns: tuple[Meaning | None, ...], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_mapping(Mapping(kind=kind, delimiter=Delimiter.COMMA, columns=columns, zone="UTC"), ["a", "b"])

    assert refusal.value.field == field


def test_words_in_counts_words_that_differ_in_case_as_one() -> None:
    sheet = open_sheet(TextSource.of("s,t\nOpen,1\nopen ,2\nDone,3\n"))

    words = words_in(sheet, 0, most=1)

    assert (words.counts, words.total, words.is_whole) == ((("Open", 2),), 2, False)


# Tasks


def test_a_finished_task_is_read_whole() -> None:
    line = task_of(
        ",".join(TASK_COLUMNS),
        *(17, "Fix it", "Zoë", "PC2", "Development", "Bug", "5", "2.1773", "2.9667", "2012-09-10", "", "2012-09-11"),
    )

    assert (line.task.source_ref, line.task.title, line.task.status) == ("17", "Fix it", Status.DONE)
    assert (line.task.category, line.task.tags, line.task.priority) == ("Development", ("PC2", "Bug"), Priority.URGENT)
    assert (line.task.estimated_minutes, line.total) == (131, (date(2012, 9, 11), 10680))
    assert line.task.created_at == datetime(2012, 9, 9, 22, tzinfo=UTC)
    assert (line.person, line.remarks) == ("Zoë", ())


@pytest.mark.parametrize(
    "header, cells, status",
    [
        ("title", ("a",), Status.TODO),
        ("title,started", ("a", "2026-11-01"), Status.DOING),
        ("title,spent", ("a", "1"), Status.DOING),
        ("title,completed", ("a", "2026-11-01"), Status.DONE),
        ("title,status", ("a", "In review"), Status.DOING),
        ("title,status,started", ("a", "open", "2026-11-01"), Status.TODO),
    ],
)
def test_status_follows_from_what_is_known(header: str, cells: tuple[str, ...], status: Status) -> None:
    assert task_of(header, *cells).task.status is status


def test_a_day_of_completion_makes_a_task_done_and_says_so() -> None:
    line = task_of("title,status,completed", "a", "open", "2026-11-01")

    assert line.task.status is Status.DONE
    assert Remark.DONE_ALL_THE_SAME in line.remarks


def test_a_task_finished_before_it_was_created_counts_as_created_then() -> None:
    line = task_of("title,created,finished_date", "a", "2015-02-05", "2015-02-04")

    assert line.task.created_at == line.task.completed_at == datetime(2015, 2, 3, 23, tzinfo=UTC)
    assert line.remarks == (Remark.FINISHED_FIRST,)


def test_a_task_finished_on_the_day_it_was_created_is_nothing_odd() -> None:
    line = task_of("title,created,finished_date", "a", "2015-02-05 17:00", "2015-02-05")

    assert line.task.created_at == line.task.completed_at == datetime(2015, 2, 5, 16, tzinfo=UTC)
    assert line.remarks == ()


def test_a_missing_title_is_made_of_another_column_and_the_reference() -> None:
    line = task_of("id,title,subcategory", "175174-644", "", "Code Inspect")

    assert line.task.title == "Code Inspect 175174-644"
    assert Remark.TITLE_MADE in line.remarks


def test_a_title_that_is_too_long_is_kept_whole_in_the_description() -> None:
    line = task_of("title,description", "x" * 700, "More.")

    assert len(line.task.title) == 500
    assert line.task.description == "x" * 700 + "\n\nMore."
    assert Remark.TITLE_CUT in line.remarks


def test_a_bare_number_as_a_tag_gets_the_name_of_its_column() -> None:
    assert task_of("title,project,labels", "a", "0", "x, #y;X").task.tags == ("project 0", "x", "y")


def test_nought_is_no_estimate_and_less_than_half_a_minute_is_one() -> None:
    assert task_of("title,estimate", "a", "0").task.estimated_minutes is None
    assert task_of("title,estimate", "a", "0.001").task.estimated_minutes == 1


def test_the_category_none_is_none() -> None:
    assert task_of("title,category", "a", "None").task.category is None


@pytest.mark.parametrize(
    "header, cells, sentence",
    [
        ("title,created", ("a", "0000-00-00"), "created: the year 0 is out of range; 1970 to 2199 can be read."),
        ("title,created", ("a", "99999-01-01"), "created: the year 99999 is out of range; 1970 to 2199 can be read."),
        ("title,spent", ("a", "1e999"), "spent: “1e999” is not a number of hours; write 1.5, 1:30 or 1h 30m."),
        ("title,spent", ("a", "-3"), "spent: “-3” is less than nothing; time cannot be."),
        ("title,spent", ("a\x00b", "3"), "title: there is a character in it that cannot be kept."),
        ("title,estimate", ("a", "99999"), "The estimate is longer than 9,576 hours."),
        ("title,category", ("a", "c" * 81), f"The category “{'c' * 40}…” is longer than 80 characters."),
        ("title,project", ("a", "t" * 81), f"The tag “{'t' * 40}…” is longer than 80 characters."),
        ("title,tags", ("a", ",".join(map(str, range(21)))), "There are 21 tags here; a task has at most 20."),
        ("title,customer", ("a", "c" * 161), f"The customer “{'c' * 40}…” is longer than 160 characters."),
        # One character that is compared as eighteen.
        ("title,customer", ("a", "ﷺ" * 100), f"The customer “{'ﷺ' * 40}…” is longer than 160 characters."),
        ("title,category", ("a", "ﷺ" * 70), f"The category “{'ﷺ' * 40}…” is longer than 80 characters."),
        ("title,person", ("a", "p" * 121), f"The name “{'p' * 40}…” is longer than 120 characters."),
        ("title,id", ("a", "r" * 121), f"The reference “{'r' * 40}…” is longer than 120 characters."),
        ("title,id", ("a", "total:1"), "A reference cannot begin with “total:”."),
        ("title,status", ("", "open"), "There is no title here, and nothing to make one of."),
        ("title,description", ("a", "d" * 60_000), "The description has 60,000 characters; 50,000 can be kept."),
    ],
)
def test_a_line_is_refused_with_a_sentence(header: str, cells: tuple[str, ...], sentence: str) -> None:
    assert refusal_of(header, *cells) == sentence


def test_a_formula_is_text() -> None:
    assert task_of("title", "=cmd|' /C calc'!A0").task.title == "=cmd|' /C calc'!A0"


def test_the_second_row_with_a_reference_is_refused() -> None:
    lines = lines_of(("id", "title"), (1, "a"), (2, "b"), (1, "c"))

    assert lines[2] == RefusedLine(4, "Line 2 has the reference “1” already.")


def test_rows_without_a_reference_are_known_by_what_they_say_and_how_often() -> None:
    first = lines_of(("title",), ("a",), ("a",), ("b",))
    again = lines_of(("title",), ("b",), ("a",), ("a",))

    refs = [line.task.source_ref for line in first if isinstance(line, TaskLine)]
    assert len(set(refs)) == 3
    assert {line.task.source_ref for line in again if isinstance(line, TaskLine)} == set(refs)


# Entries


def test_an_entry_is_its_interval_less_its_interruptions() -> None:
    line = entry_of(1, "17", "Zoë", "p", "Test", "2012-09-10T08:00", "2012-09-10T09:58", 104, 14)

    assert isinstance(line, EntryLine)
    assert (line.entry.counted_seconds, line.entry.interrupted_seconds) == (104 * 60, 14 * 60)
    assert (line.entry.task_ref, line.entry.note, line.remarks) == ("17", "Test", ())


def test_an_entry_whose_length_says_otherwise_counts_by_its_interval_and_says_so() -> None:
    line = entry_of(1, "17", "", "p", "", "2012-09-10T08:00", "2012-09-10T09:00", 45, 0)

    assert isinstance(line, EntryLine)
    assert (line.entry.counted_seconds, line.remarks) == (3600, (Remark.LENGTH_DIFFERS,))


def test_an_entry_with_a_start_and_a_length_ends_after_it() -> None:
    line = entry_of(1, "17", "", "p", "", "2012-09-10T08:00", "", 45, 5)

    assert isinstance(line, EntryLine)
    assert line.entry.ended_at == datetime(2012, 9, 10, 6, 50, tzinfo=UTC)
    assert line.entry.counted_seconds == 45 * 60


def test_an_entry_of_a_day_is_a_plain_duration() -> None:
    (line,) = lines_of(("entry_id", "task_id", "date", "hours"), (1, "17", "2012-09-10", "1:30"))

    assert isinstance(line, EntryLine)
    assert (line.entry.day, line.entry.seconds, line.entry.started_at) == (date(2012, 9, 10), 5400, None)


def test_an_entry_over_the_hour_that_comes_twice_takes_the_second_end() -> None:
    line = entry_of(1, "17", "", "p", "", "2026-10-25T02:50", "2026-10-25T02:10", "", 0)

    assert isinstance(line, EntryLine)
    assert line.entry.counted_seconds == 20 * 60


@pytest.mark.parametrize(
    "cells, sentence",
    [
        ((1, "", "", "", "", "2012-09-10T08:00", "2012-09-10T09:00", 60, 0), "which task"),
        ((1, "17", "", "", "", "2012-09-10T09:00", "2012-09-10T08:00", 60, 0), "It ends before it starts."),
        ((1, "17", "", "", "", "2012-09-10T08:00", "2012-09-10T09:00", 0, 61), "The interruptions are longer"),
        ((1, "17", "", "", "", "2012-09-10T08:00", "2012-10-20T09:00", 0, 0), "longer than 31 days"),
        ((1, "17", "", "", "", "", "2012-10-20T09:00", 5, 0), "from when to when"),
        ((1, "17", "", "", "", "2012-09-10T08:00", "", "", 0), "from when to when"),
        ((1, "17", "", "", "n" * 501, "2012-09-10T08:00", "2012-09-10T09:00", 60, 0), "The note has 501 characters"),
    ],
)
def test_an_entry_is_refused_with_a_sentence(cells: tuple[object, ...], sentence: str) -> None:
    line = entry_of(*cells)

    assert isinstance(line, RefusedLine)
    assert sentence in line.message


def test_of_one_line_every_remark_is_in_the_singular() -> None:
    for remark in Remark:
        said = remark.said_of(1).replace("there are any", "")
        assert not {"they", "their", "were", "are", "have"} & set(said.split()), said
        assert remark.said_of(2) == remark.value


@given(cells=st.lists(st.text(max_size=30), min_size=12, max_size=12))
def test_any_row_is_a_task_or_a_sentence(cells: list[str]) -> None:
    rows = lines_of(TASK_COLUMNS, ("1", "One", *[""] * 10), tuple(cells))

    for line in rows:
        if isinstance(line, RefusedLine):
            assert line.message.endswith(".")
        elif isinstance(line, TaskLine):
            assert 0 < len(line.task.title) <= 500
            assert (
                line.task.completed_at is None
                or line.task.created_at is None
                or (line.task.created_at <= line.task.completed_at)
            )
