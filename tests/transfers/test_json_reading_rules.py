"""JSON comes in as a stream, whole objects at a time; what is damaged is said by its line."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.errors import InvalidInput
from webapp.transfers.rules.json_reading import json_objects, json_sections
from webapp.transfers.rules.reading import TextSource

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(st.text(), values, max_size=4)


class _Drops(io.StringIO):
    """Gives out a few characters at a time, whatever is asked for."""

    def read(self, size: int | None = -1, /) -> str:
        return super().read(3)


def dripping(text: str) -> TextSource:
    return TextSource(lambda: _Drops(text))


@given(items=st.lists(objects, max_size=4), indent=st.sampled_from([None, 1]))
def test_an_array_and_objects_in_a_row_hold_what_was_written(items: list[dict[str, Any]], indent: int | None) -> None:
    as_array = json.dumps(items, indent=indent)
    in_a_row = "\n".join(json.dumps(item, indent=indent) for item in items)

    assert [item for _, item in json_objects(dripping(as_array))] == items
    if items:
        assert [item for _, item in json_objects(dripping(in_a_row))] == items


@given(pages=st.lists(st.lists(objects, max_size=2), min_size=1, max_size=3))
def test_pages_may_come_one_after_the_other_or_in_one_array(pages: list[list[dict[str, Any]]]) -> None:
    items = [item for page in pages for item in page]

    assert [item for _, item in json_objects(dripping("".join(map(json.dumps, pages))))] == items
    assert [item for _, item in json_objects(dripping(json.dumps(pages)))] == items


@given(sections=st.dictionaries(st.text(), st.lists(values, min_size=1, max_size=3) | st.integers(), max_size=4))
def test_sections_hold_what_was_written(sections: dict[str, Any]) -> None:
    read: dict[str, Any] = {}
    for _, key, value in json_sections(dripping(json.dumps(sections))):
        if isinstance(sections[key], list):
            read.setdefault(key, []).append(value)
        else:
            read[key] = value

    assert read == sections


@given(items=st.lists(objects, min_size=1, max_size=4), cut=st.integers(min_value=0))
def test_half_a_file_is_said_to_be_half(items: list[dict[str, Any]], cut: int) -> None:
    text = json.dumps(items)
    half = text[: cut % len(text)]

    with pytest.raises(InvalidInput):
        list(json_objects(TextSource.of(half)))


def test_objects_know_their_lines() -> None:
    assert [line for line, _ in json_objects(TextSource.of('[\n{"a": 1},\n\n{"b":\n 2},\n{}]\n'))] == [2, 4, 6]


@pytest.mark.parametrize(
    "text, words",
    [
        ('[{"a": 1}, {"b": 2', "ends too early"),
        ('[{"a": 1},', "ends too early"),
        ('{"a": "b', "ends too early"),
        ('[{"a": 1} {"b": 2}]', "Line 1 of this file is not as JSON should be: here should be ,."),
        ('[\n{"a": 1},\n{"b" 2}]', "Line 3 of this file"),
        ("[1]", "should be an object"),
        ('[{"a": NaN}]', "Line 1"),
        ('[{"a": ' + "[" * 200_000, "nested too deeply"),
        ('[{}] and more', "should end"),
        ('[[[{}]]]', "should be an object"),
    ],
)  # fmt: skip
def test_what_is_no_json_is_said_by_its_line(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as refusal:
        list(json_objects(TextSource.of(text)))

    assert refusal.value.field == "file"
