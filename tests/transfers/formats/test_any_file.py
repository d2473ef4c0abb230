"""Whatever a file holds: it is taken for one format at most, and each of its lines is read or refused by a sentence."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transfers.formats import (
    test_github,
    test_kimai,
    test_redmine,
    test_taskwarrior,
    test_timewarrior,
    test_todoist,
    test_toggl,
)
from tests.transfers.formats.reading import BERLIN, format_of
from webapp.errors import InvalidInput
from webapp.transfers.rules.formats import FORMATS, head_of, lines_of
from webapp.transfers.rules.formats.reader import Format, Reading
from webapp.transfers.rules.reading import TextSource
from webapp.transfers.rules.rows import EntryLine, Line, RefusedLine, TaskLine

TABLES = {
    Format.TODOIST: test_todoist.GARDEN,
    Format.TOGGL: test_toggl.WEEK.removeprefix("\ufeff"),
    Format.KIMAI: test_kimai.WEEK,
    Format.REDMINE: test_redmine.ORCHARD,
}
OBJECTS: dict[Format, list[dict[str, Any]]] = {
    Format.TASKWARRIOR: [*test_taskwarrior.TASKS, test_taskwarrior.WEEKLY | {"uuid": "w"}],
    Format.TIMEWARRIOR: test_timewarrior.INTERVALS,
    Format.KIMAI_API: test_kimai.ANSWER,
    Format.GITHUB: [test_github.ISSUE, test_github.PULL, test_github.OPEN],
}
FILES = TABLES | {name: json.dumps(objects) for name, objects in OBJECTS.items()}

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from([10**400, "2026-02-30", "99999-01-01T00:00:00Z", "\x00", "\ud800", "total:1", "x" * 600, "P1Y"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=4,
)
cells = st.text(alphabet=st.characters(codec="utf-8")) | st.sampled_from(
    [
        "=1+1",
        "@x",
        "1:99",
        "24:00",
        "-1",
        "9" * 50,
        "31/31/2026",
        "0000-00-00",
        "every",
        "#",
        "\x00",
        "a" * 200,
        "total:1",
    ]
)


def said_by(line: Line) -> str:
    match line:
        case TaskLine(task=task):
            return "".join([task.title, task.description, task.source_ref, *task.tags, *map("".join, task.extra)])
        case EntryLine(entry=entry):
            return entry.note + entry.source_ref + line.person
        case RefusedLine(message=message):
            return message
    return ""


def lines_in(name: Format, text: str) -> list[Line]:
    return list(lines_of(TextSource.of(text), form=name, reading=Reading(zone=BERLIN)))


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_taken_for_its_own_format_and_for_no_other(name: Format) -> None:
    others = [
        other for other, reader in FORMATS.items() if reader.recognises(head_of(TextSource.of(FILES[name]), name))
    ]

    assert format_of(FILES[name]) is name
    assert [other for other in others if other is not Format.TABLE] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "[]", "{}", "[[]]", "[1]", '[{"a": 1}]', '{"title": "x"}', "[", "{", "", "\x00", "[" * 10_000,
        "title,status\nRake,done\n", "#,Title\n1,x\n", "start,end\n1,2\n", "Date,From,To\n", "a;b\n1;2\n",
    ],
)  # fmt: skip
def test_what_is_none_of_them_is_taken_for_none(text: str) -> None:
    assert format_of(text) in (None, Format.TABLE)


@pytest.mark.parametrize("name", OBJECTS)
def test_the_first_object_may_be_longer_than_what_is_looked_at(name: Format) -> None:
    first = OBJECTS[name][0]
    note = "annotation" if name is Format.TIMEWARRIOR else "description"
    text = json.dumps([{**first, note: "x" * 100_000}])

    assert format_of(text) is name


@pytest.mark.parametrize("name", OBJECTS)
def test_deep_and_half_files_are_refused_by_a_sentence(name: Format) -> None:
    whole = FILES[name]
    deep = f'{whole[:-1]},\n{{"x": {"[" * 10_000}{"]" * 10_000}}}]'

    for text in (deep, whole[:-1], whole[: len(whole) // 2], f"{whole} and more", whole.replace(":", "=", 1)):
        with pytest.raises(InvalidInput):
            lines_in(name, text)


@pytest.mark.parametrize("name", OBJECTS)
@settings(max_examples=40)
@given(data=st.data())
def test_no_value_of_any_attribute_stops_the_others(name: Format, data: st.DataObject) -> None:
    objects = [dict(values) for values in OBJECTS[name]]
    place = data.draw(st.integers(0, len(objects) - 1))
    key = data.draw(st.sampled_from(sorted(objects[place])) | st.text())
    objects[place][key] = data.draw(values)
    text = "\n".join(json.dumps(values) for values in objects)

    lines = lines_in(name, text)

    assert {line.line for line in lines} == set(range(1, len(objects) + 1))
    assert all(line.message.endswith(".") for line in lines if isinstance(line, RefusedLine))
    # Half a surrogate can be written in JSON and nowhere else.
    assert "".join(said_by(line) for line in lines).encode()


@pytest.mark.parametrize("name", TABLES)
@settings(max_examples=40)
@given(data=st.data())
def test_no_cell_stops_the_rows_below_it(name: Format, data: st.DataObject) -> None:
    rows = list(csv.reader(io.StringIO(TABLES[name])))
    place = data.draw(st.integers(1, len(rows) - 1))
    rows[place][data.draw(st.integers(0, len(rows[0]) - 1))] = data.draw(cells)
    written = io.StringIO()
    csv.writer(written).writerows([*rows, rows[-1]])

    lines = lines_in(name, written.getvalue())

    assert lines
    assert all(line.message.endswith(".") for line in lines if isinstance(line, RefusedLine))


@pytest.mark.parametrize("name", TABLES)
def test_ragged_rows_and_open_quotation_marks_are_refused_by_a_sentence(name: Format) -> None:
    text = TABLES[name] + 'short,row\n"never closed,\n'

    refused = [line.message for line in lines_in(name, text) if isinstance(line, RefusedLine)]

    assert [message[:20] for message in refused[-2:]] == ["This line has 2 cell", "A quotation mark is "]
