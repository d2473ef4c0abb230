"""Taskwarrior: an array or a task a line, attributes that somebody made, and recurring templates."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.transfers.formats.reading import BERLIN, format_of, read, refusals, tasks
from webapp.tasks.rules.intake import TaskIn
from webapp.tasks.rules.recurrence import Basis, Repeat, Rule, Unit
from webapp.transfers.rules.formats.reader import Format
from webapp.transfers.rules.rows import LeftOutLine, Remark
from webapp.values.priority import Priority
from webapp.values.status import Status

PRUNE, BURN, WATER = "aaaa-1", "bbbb-2", "cccc-3"
TASK: dict[str, Any] = {
    "uuid": PRUNE,
    "status": "pending",
    "entry": "20261005T060000Z",
    "description": "Prune the fig",
}
TASKS: list[dict[str, Any]] = [
    TASK | changes
    for changes in json.loads("""[
{"id": 0, "status": "completed", "start": "20261019T060000Z", "end": "20261019T080000Z", "urgency": 4.2,
 "modified": "20261019T080001Z", "project": "garden.autumn", "priority": "H", "tags": ["saw", "ladder"],
 "estimate": "PT1H45M", "annotations": [{"entry": "20261006T070000Z", "description": "Mind the nest"}],
 "reviewed": "20261007T000000Z", "cost": 0, "room": {"floor": 2}},
{"id": 1, "uuid": "bbbb-2", "description": "Burn the twigs", "due": "20261025T150000Z", "depends": ["aaaa-1"],
 "wait": "20261020T220000Z", "urgency": 7.7},
{"id": 2, "uuid": "cccc-3", "description": "Water", "start": "20261018T060000Z", "priority": "L"}
]""")
]


def one(**changes: Any) -> str:
    return json.dumps([{**TASK, **changes}])


def the_task(**changes: Any) -> TaskIn:
    (line,) = tasks(one(**changes))
    return line.task


def test_tasks_come_in_with_what_there_is_a_field_for() -> None:
    prune, burn, water = (line.task for line in tasks(json.dumps(TASKS)))

    assert (prune.source_ref, prune.title, prune.status) == (PRUNE, "Prune the fig", Status.DONE)
    assert (prune.category, prune.tags, prune.priority) == ("garden.autumn", ("saw", "ladder"), Priority.HIGH)
    assert prune.created_at == datetime(2026, 10, 5, 6, tzinfo=UTC)
    assert prune.completed_at == datetime(2026, 10, 19, 8, tzinfo=UTC)
    assert prune.estimated_minutes == 105
    (nest,) = prune.comments
    assert (nest.text, nest.created_at) == ("Mind the nest", datetime(2026, 10, 6, 7, tzinfo=UTC))
    assert (burn.status, burn.blocked_by_refs) == (Status.TODO, (PRUNE,))
    assert (burn.due_at, burn.starts_on) == (datetime(2026, 10, 25, 15, tzinfo=UTC), date(2026, 10, 21))
    assert (water.status, water.priority) == (Status.DOING, Priority.LOW)


def test_attributes_that_are_not_known_are_kept_as_they_are() -> None:
    prune, _, water = (line.task for line in tasks(json.dumps(TASKS)))

    assert prune.extra == (
        ("cost", "0"),
        ("estimate", '"PT1H45M"'),
        ("reviewed", '"20261007T000000Z"'),
        ("room", '{"floor": 2}'),
        ("start", '"20261019T060000Z"'),
    )
    assert water.extra == (("start", '"20261018T060000Z"'),)


def test_what_taskwarrior_counts_anew_is_left_out_so_that_it_is_no_change() -> None:
    lines = tasks(json.dumps(TASKS))
    later = [{**task, "id": number + 9, "urgency": 1.5} for number, task in enumerate(TASKS)]

    assert [line.left_out for line in lines] == [("urgency", "modified"), ("id", "urgency"), ("id",)]
    assert [line.task for line in tasks(json.dumps(later))] == [line.task for line in lines]


@pytest.mark.parametrize("written", ["one a line", "one a line with commas", "indented"])
def test_a_task_a_line_is_the_same_as_an_array(written: str) -> None:
    text = {
        "one a line": "\n".join(json.dumps(task) for task in TASKS) + "\n",
        "one a line with commas": ",\n".join(json.dumps(task) for task in TASKS),
        "indented": json.dumps(TASKS, indent=2),
    }[written]

    assert format_of(text) is Format.TASKWARRIOR
    assert [line.task for line in tasks(text)] == [line.task for line in tasks(json.dumps(TASKS))]


@pytest.mark.parametrize(
    "changes, expected",
    [
        ({"depends": f"{BURN},{WATER}"}, {"blocked_by_refs": (BURN, WATER)}),
        ({"tags": "saw"}, {"tags": ("saw",)}),
        ({"status": "waiting", "wait": "20261101T230000Z"}, {"status": Status.TODO, "starts_on": date(2026, 11, 2)}),
        ({"scheduled": "20261101T120000Z"}, {"starts_on": date(2026, 11, 1)}),
        ({"priority": "M"}, {"priority": Priority.MEDIUM}),
        ({}, {"priority": Priority.MEDIUM, "due_at": None, "starts_on": None, "category": None, "tags": ()}),
        ({"estimate": "P1DT2H"}, {"estimated_minutes": 26 * 60}),
        ({"estimate": "PT90M"}, {"estimated_minutes": 90}),
        ({"due": "20261025T173000Z"}, {"due_at": datetime(2026, 10, 25, 17, 30, tzinfo=UTC)}),
    ],
)
def test_attributes_have_their_fields(changes: dict[str, Any], expected: dict[str, Any]) -> None:
    task = the_task(**changes)

    assert {name: getattr(task, name) for name in expected} == expected


@pytest.mark.parametrize(
    "changes, extra",
    [
        ({"priority": "P1"}, {"priority": '"P1"'}),
        ({"estimate": 3}, {"estimate": "3"}),
        ({"estimate": "PT"}, {"estimate": '"PT"'}),
        ({"wait": "99991230T000000Z", "status": "waiting"}, {"wait": '"99991230T000000Z"'}),
        ({"due": "99991230T000000Z"}, {"due": '"99991230T000000Z"'}),
        ({"until": "20270101T000000Z"}, {"until": '"20270101T000000Z"'}),
        ({"wait": "20261101T000000Z", "scheduled": "20261102T000000Z"}, {"scheduled": '"20261102T000000Z"'}),
        ({"wait": "20261101T000000Z", "due": "20261020T000000Z"}, {"wait": '"20261101T000000Z"'}),
        ({"größe": "é", "imask": 3, "parent": "dddd-4"}, {"größe": '"é"', "imask": "3", "parent": '"dddd-4"'}),
    ],
)
def test_what_no_field_can_hold_is_kept_beside_them(changes: dict[str, Any], extra: dict[str, str]) -> None:
    assert dict(the_task(**changes).extra) == extra


WEEKLY = TASK | {"status": "recurring", "due": "20261016T150000Z", "recur": "weekly", "mask": "-"}


@pytest.mark.parametrize(
    "recur, rule",
    [
        ("weekly", Rule(Unit.WEEK)),
        ("daily", Rule(Unit.DAY)),
        ("weekdays", Rule(Unit.WEEK, weekdays=(0, 1, 2, 3, 4))),
        ("biweekly", Rule(Unit.WEEK, every=2)),
        ("monthly", Rule(Unit.MONTH)),
        ("quarterly", Rule(Unit.MONTH, every=3)),
        ("annual", Rule(Unit.YEAR)),
        ("P2W", Rule(Unit.WEEK, every=2)),
        ("3days", Rule(Unit.DAY, every=3)),
        ("2 weeks", Rule(Unit.WEEK, every=2)),
    ],
)
def test_a_template_alone_is_a_task_that_repeats(recur: str, rule: Rule) -> None:
    task = the_task(**{**WEEKLY, "recur": recur})

    assert task.repeat == Repeat(rule)
    assert (task.status, task.due_at) == (Status.TODO, datetime(2026, 10, 16, 15, tzinfo=UTC))


@pytest.mark.parametrize("changes", [{"recur": "4hours"}, {"recur": "sometimes"}, {"due": None}])
def test_a_rule_that_cannot_be_said_here_is_kept(changes: dict[str, Any]) -> None:
    (line,) = tasks(one(**{**WEEKLY, **changes}))

    assert line.task.repeat is None
    assert "recur" in dict(line.task.extra)


def test_a_template_ends_and_is_counted_from_completion_where_it_says_so() -> None:
    until = the_task(**WEEKLY, until="20261231T230000Z").repeat
    chained = the_task(**WEEKLY, rtype="chained").repeat

    assert until == Repeat(Rule(Unit.WEEK), until=date(2027, 1, 1))
    assert chained == Repeat(Rule(Unit.WEEK), basis=Basis.COMPLETION)


def test_a_template_goes_on_at_the_first_date_that_its_mask_leaves_open() -> None:
    # Across the night on which clocks in Berlin are put back: it stays at five in the afternoon.
    due = the_task(**{**WEEKLY, "mask": "+X-"}).due_at

    assert due is not None
    assert due.astimezone(BERLIN).isoformat() == "2026-10-30T17:00:00+01:00"


def test_the_newest_open_task_of_a_template_repeats_in_its_place() -> None:
    parts = [
        {**TASK, "uuid": "p-0", "parent": PRUNE, "due": "20261016T150000Z", "status": "completed", "recur": "weekly"},
        {**TASK, "uuid": "p-1", "parent": PRUNE, "due": "20261023T150000Z", "recur": "weekly"},
        {**TASK, "uuid": "p-2", "parent": PRUNE, "due": "20261030T160000Z", "recur": "weekly"},
    ]

    template, *lines = read(json.dumps([{**WEEKLY, "mask": "+--"}, *parts]))

    assert isinstance(template, LeftOutLine)
    repeats = {line.task.source_ref: line.task.repeat for line in lines if not isinstance(line, LeftOutLine)}  # type: ignore[union-attr]
    assert repeats == {"p-0": None, "p-1": None, "p-2": Repeat(Rule(Unit.WEEK))}


def test_deleted_tasks_are_counted_and_left_out() -> None:
    assert read(one(status="deleted")) == [LeftOutLine(1, "deleted tasks")]


def test_what_is_not_said_is_said_to_be_missing() -> None:
    (line,) = tasks(json.dumps([TASK | {"status": "completed"}]))
    (other,) = tasks(json.dumps([TASK, {key: TASK[key] for key in ("status", "description")} | {"uuid": BURN}]))[1:]

    assert (line.task.completed_at, line.remarks) == (None, (Remark.END_UNKNOWN,))
    assert (other.task.created_at, other.remarks) == (None, (Remark.CREATED_NOW,))


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"uuid": ""}, "no uuid"),
        ({"uuid": PRUNE}, "already"),
        ({"uuid": ["a"]}, "should be text"),
        ({"uuid": "u" * 200}, "longer than"),
        ({"status": "paused"}, "not a status"),
        ({"status": None}, "not a status"),
        ({"description": ""}, "no title"),
        ({"description": 10**400}, "should be text"),
        ({"description": "a\u0000b"}, "cannot be kept"),
        ({"description": "\ud800"}, "cannot be kept"),
        ({"due": "20260230T150000Z"}, "in the calendar"),
        ({"due": "00010101T000000Z"}, "out of range"),
        ({"due": 20261025}, "is not a day"),
        ({"tags": [1]}, "should be a list"),
        ({"depends": {"a": 1}}, "should be a list"),
        ({"depends": ["\u0000"]}, "cannot be kept"),
        ({"annotations": "note"}, "should be a list"),
        ({"annotations": ["note"]}, "should be a list"),
        ({"annotations": [{"entry": "now", "description": "x"}]}, "is not a day"),
        ({"project": True}, "should be text"),
        ({"estimate": "P9999D"}, "estimate is longer"),
    ],
)
def test_a_task_that_cannot_be_read_is_refused_by_a_sentence(changes: dict[str, Any], words: str) -> None:
    text = f"[{json.dumps(TASK)},\n{json.dumps({**TASK, 'uuid': BURN, **changes})}]"

    assert words in refusals(text)[2]


def test_attributes_that_cannot_be_kept_are_left_out_and_the_task_is_not() -> None:
    (line,) = tasks(one(**{"long": "x" * 30_000, "odd\u0000": 1, "n" * 90: 2, "bad": "\ud800", "fine": "ok"}))

    assert line.task.extra == (("fine", '"ok"'),)
    assert line.left_out == ("attributes that are too long, or hold what cannot be kept",)
