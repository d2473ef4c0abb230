"""Whatever a reader yields, only what may be kept comes through; the rest is refused by a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from webapp.tasks.rules.intake import CommentIn, EntryIn, TaskIn
from webapp.transfers.rules.guarding import guarded
from webapp.transfers.rules.rows import EntryLine, LeftOutLine, RefusedLine, Remark, TaskLine

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
