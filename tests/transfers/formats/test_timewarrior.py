"""Timewarrior's intervals: ids that change with every new one, tags for a task, and one that may still run."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.transfers.formats.reading import entries, format_of, refusals, tasks
from webapp.transfers.rules.formats.reader import Format
from webapp.transfers.rules.rows import Remark

INTERVALS: list[dict[str, Any]] = [
    {"id": 4, "start": "20261019T061500Z", "end": "20261019T080005Z", "tags": ["Prune the fig", "orchard"]},
    {"id": 3, "start": "20261019T225000Z", "end": "20261020T011000Z", "tags": ["orchard", "Prune the fig"]},
    {"id": 2, "start": "20261021T070000Z", "end": "20261021T072000Z", "annotation": "post"},
    {"id": 1, "start": "20261021T080000Z", "tags": ["orchard"]},
]


def export(*intervals: dict[str, Any]) -> str:
    return json.dumps(intervals)


def test_intervals_come_in_with_a_task_for_each_set_of_tags() -> None:
    text = export(*INTERVALS)

    assert [(line.task.title, line.task.tags) for line in tasks(text)] == [
        ("Prune the fig, orchard", ("Prune the fig", "orchard")),
        ("Time without a tag", ()),
    ]
    assert Remark.TITLE_MADE in tasks(text)[1].remarks
    first, second, third = entries(text)
    assert first.entry.task_ref == second.entry.task_ref != third.entry.task_ref
    assert [line.entry.counted_seconds for line in (first, second, third)] == [6305, 8400, 1200]
    assert first.entry.started_at == datetime(2026, 10, 19, 6, 15, tzinfo=UTC)
    assert (third.entry.note, third.left_out) == ("post", ())


def test_an_interval_that_still_runs_is_refused_and_no_timer_started() -> None:
    assert refusals(export(*INTERVALS)) == {
        1: "“20261021T080000Z”: It is still running there. Stop it there and export again: an import starts no timer."
    }


def test_ids_that_were_counted_anew_are_the_same_intervals() -> None:
    again = [{**interval, "id": interval["id"] + 5} for interval in INTERVALS]
    newest = {"id": 1, "start": "20261030T070000Z", "end": "20261030T080000Z", "tags": ["orchard"]}

    before = {line.entry.source_ref for line in entries(export(*INTERVALS))}
    after = {line.entry.source_ref for line in entries(export(*again, newest))}

    assert before < after


@pytest.mark.parametrize(
    "interval, words",
    [
        ({"start": "20261019T080000Z", "end": "20261019T070000Z"}, "ends before it starts"),
        ({"start": "20261019T080000Z", "end": 7}, "is not a day"),
        ({"start": "20261019T080000Z", "end": "20261340T070000Z"}, "in the calendar"),
        ({"start": "20261019T080000Z", "end": "20261019T090000Z", "tags": "a"}, "should be a list"),
        ({"start": "20261019T080000Z", "end": "20261019T090000Z", "tags": [{}]}, "should be a list"),
        ({"start": "20261019T080000Z", "end": "20261019T090000Z", "annotation": []}, "should be text"),
        ({"start": "20261019T080000Z", "end": "20261019T090000Z", "tags": ["a\u0000"]}, "cannot be kept"),
        ({"start": "20261019T080000Z", "end": "20261019T090000Z", "tags": ["\ud800"]}, "cannot be kept"),
        ({"start": "00001019T080000Z", "end": "20261019T090000Z"}, "out of range"),
    ],
)
def test_an_interval_that_cannot_be_read_is_refused_by_a_sentence(interval: dict[str, Any], words: str) -> None:
    first = {"start": "20261001T080000Z", "end": "20261001T090000Z"}

    assert words in refusals(f"[{json.dumps(first)},\n{json.dumps(interval)}]")[2]


def test_many_and_long_tags_leave_their_time_whole() -> None:
    tags = [f"tag {number}" for number in range(25)] + ["x" * 90]
    interval = {"start": "20261019T080000Z", "end": "20261019T090000Z", "tags": tags}

    (task,), (entry,) = tasks(export(interval)), entries(export(interval))

    assert (len(task.task.tags), entry.entry.counted_seconds) == (20, 3600)
    assert task.left_out == ("tags of more than 80 characters", "tags beyond the first 20")


def test_other_objects_with_a_start_are_not_taken_for_it() -> None:
    assert format_of(export(*INTERVALS)) is Format.TIMEWARRIOR
    assert format_of('[{"start": "2026-10-19", "end": "2026-10-20"}]') is None
    assert format_of('[{"start": "20261019T080000Z", "end": "20261019T090000Z", "user": 2}]') is None
    assert format_of("[]") is None
