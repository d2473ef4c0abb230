"""What is written in our own formats is read back the same."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from webapp.transfers.rules.own import (
    Own,
    OwnComment,
    OwnCustomer,
    OwnEntry,
    OwnTask,
    as_cells,
    as_json,
    as_line,
    columns_of,
    from_cells,
    from_json,
    keys_of,
    marked,
    names_of_people,
    unmarked,
)
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.values.text import name_key

TEXTS = some.text(some.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
WORDS = TEXTS.map(str.strip).filter(bool)
NONE = some.none()
INSTANTS = some.datetimes(
    datetime(1970, 1, 1), datetime(2199, 12, 31), timezones=some.just(UTC)  # noqa: DTZ001
).map(lambda instant: instant.replace(microsecond=0))  # fmt: skip
DAYS = some.dates(date(1970, 1, 1), date(2199, 12, 31))
NUMBERS = some.integers(0, 10**9)
WAYS = {
    "str": TEXTS,
    "str | None": NONE | WORDS,
    "int": NUMBERS,
    "int | None": NONE | NUMBERS,
    "bool": some.booleans(),
    "date": DAYS,
    "date | None": NONE | DAYS,
    "datetime": INSTANTS,
    "datetime | None": NONE | INSTANTS,
    "Status": some.sampled_from(Status),
    "Priority": some.sampled_from(Priority),
    "tuple[str, ...]": some.lists(WORDS, max_size=3).map(tuple),
    "tuple[tuple[str, str], ...]": some.dictionaries(WORDS, TEXTS, max_size=3).map(lambda kept: tuple(kept.items())),
}
COMMENTS = some.builds(OwnComment, person=WORDS, created_at=INSTANTS, edited_at=NONE | INSTANTS, text=TEXTS)
WAYS["tuple[OwnComment, ...]"] = some.lists(COMMENTS, max_size=2).map(tuple)


def records(kind: type[Own]) -> some.SearchStrategy[Own]:
    return some.builds(kind, **{field.name: WAYS[str(field.type)] for field in fields(kind)})


TASK = OwnTask(
    ref="0" * 32,
    title="=1+1",
    description="",
    status=Status.TODO,
    priority=Priority.HIGH,
    category=None,
    tags=("a, b", "c\\"),
    customer=None,
    assignee="Ada",
    parent=None,
    position=0,
    starts_on=None,
    due_on=date(2026, 11, 20),
    due_at=None,
    estimated_minutes=90,
    blocked_by=(),
    created_at=datetime(2026, 11, 20, 15, tzinfo=UTC),
    created_on=date(2026, 11, 20),
    updated_at=datetime(2026, 11, 20, 15, tzinfo=UTC),
    completed_at=None,
    completed_on=None,
    source=None,
    source_ref=None,
)


@given(some.one_of(records(OwnTask), records(OwnEntry), records(OwnCustomer)))
def test_a_record_comes_back_from_json_as_it_was(record: Own) -> None:
    line = as_line(record)

    assert "\n" not in line
    assert tuple(json.loads(line)) == keys_of(type(record))
    again = from_json(type(record), json.loads(line))  # type: ignore[type-var]
    assert as_line(again) == line


@given(some.one_of(records(OwnTask), records(OwnEntry)))
def test_a_record_comes_back_from_a_table_as_it_was(record: Own) -> None:
    text = io.StringIO()
    csv.writer(text).writerow(as_cells(record))
    cells = next(csv.reader(io.StringIO(text.getvalue(), newline="")))

    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    columns = columns_of(type(record))
    again = from_cells(type(record), dict(zip(columns, cells, strict=True)))  # type: ignore[type-var]
    assert as_cells(again) == cells
    assert [getattr(again, name) for name in columns] == [getattr(record, name) for name in columns]


@given(TEXTS)
def test_a_marked_cell_is_no_formula_and_gives_its_text_back(text: str) -> None:
    assert not marked(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unmarked(marked(text)) == text


@pytest.mark.parametrize(
    "key, value, sentence",
    [
        ("title", 7, "“title” is not text."),
        ("due_on", "soon", "“due_on” is not a day like 2026-11-20."),
        ("created_at", "2026-11-20T15:00:00", "“created_at” is not an instant like 2026-11-20T15:00:00Z."),
        ("position", True, "“position” is not a whole number."),
        ("status", "begun", "“status” is not one of todo, doing and done."),
        ("tags", "a, b", "“tags” is not a list of texts."),
        ("created_on", None, "“created_on” is not a day like 2026-11-20."),
    ],
)
def test_what_cannot_be_read_is_named(key: str, value: object, sentence: str) -> None:
    with pytest.raises(ValueError, match="not") as refusal:
        from_json(OwnTask, as_json(TASK) | {key: value})

    assert str(refusal.value) == sentence


def test_what_is_missing_is_named() -> None:
    with pytest.raises(ValueError, match="“title” is missing"):
        from_json(OwnTask, {"ref": "0"})


def test_cells_are_written_as_a_person_reads_them() -> None:
    cells = dict(zip(columns_of(OwnTask), as_cells(replace(TASK, tracked_seconds=5400)), strict=True))

    assert cells["title"] == "'=1+1"
    assert cells["tags"] == "a\\, b, c\\\\"
    assert cells["priority"] == "high"
    assert cells["due_on"] == "2026-11-20"
    assert cells["created_at"] == "2026-11-20T15:00:00Z"
    assert cells["category"] == ""


@given(some.lists(some.sampled_from(["Ada", "ada", "Ada (2)", "Ada (3)", "Ben"]), max_size=6))
def test_people_of_one_name_are_told_apart_and_keep_what_a_file_called_them(names: list[str]) -> None:
    called = names_of_people(enumerate(names))

    assert len({name_key(name) for name in called.values()}) == len(names)
    assert names_of_people(called.items()) == called


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_an_instant_beyond_the_calendar_is_no_instant(instant: str) -> None:
    said = {"person": "Ada", "created_at": instant, "edited_at": None, "text": "x"}

    with pytest.raises(ValueError, match="“created_at” is not an instant"):
        from_json(OwnComment, said)
