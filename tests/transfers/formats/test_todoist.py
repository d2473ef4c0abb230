"""Todoist's CSV: notes belong to the task above, an empty priority is the highest, and dates are words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.transfers.formats.reading import read, refusals, tasks
from webapp.tasks.rules.recurrence import Basis, Repeat, Rule, Unit
from webapp.transfers.rules.rows import LeftOutLine
from webapp.values.priority import Priority

HEADER = (
    "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE,DURATION,DURATION_UNIT,"
    "DEADLINE,DEADLINE_LANG\n"
)
GARDEN = HEADER + (
    "meta,view_style=list,,,,,,,,,,,,\n"
    "section,Autumn,,,,,,,,,,,,\n"
    'task,Cut the hedge @outside @tools,"The long one, by the road",3,1,Pia (77),Rui (78),2026-10-20 09:30,en,'
    "Europe/Lisbon,45,minute,2026-10-31,en\n"
    "note,Borrow the ladder,,,,Rui (78),,2026-10-01 12:00,en,Europe/Lisbon,,,,\n"
    ",,,,,,,,,,,,,\n"
    "task,Oil the shears,,,2,,,every friday,en,,,,,\n"
    "note,Third shelf,,,,,,,,,,,,\n"
    "note,Third shelf,,,,,,,,,,,,\n"
    "section,Winter,,,,,,,,,,,,\n"
    "task,Wrap the fig @outside,,4,1,,,,,,,,2026-11-30,en\n"
)


def row(**cells: str) -> str:
    """One task with these cells."""
    names = HEADER.strip().lower().split(",")
    values = {"type": "task", "content": "Rake leaves", **cells}
    return HEADER + ",".join(values.get(name, "") for name in names) + "\n"


def test_a_project_comes_in_with_sections_parts_labels_and_notes() -> None:
    hedge, shears, fig = (line.task for line in tasks(GARDEN))

    assert (hedge.title, hedge.description) == ("Cut the hedge", "The long one, by the road")
    assert (hedge.category, hedge.tags, hedge.priority) == ("Autumn", ("outside", "tools"), Priority.MEDIUM)
    assert (hedge.due_at, hedge.estimated_minutes) == (datetime(2026, 10, 20, 8, 30, tzinfo=UTC), 45)
    assert dict(hedge.extra) == {"author": '"Pia (77)"', "deadline": '"2026-10-31"'}
    assert (shears.parent_ref, fig.parent_ref, fig.category) == (hedge.source_ref, None, "Winter")
    assert (fig.priority, fig.due_on) == (Priority.LOW, date(2026, 11, 30))
    assert [line.person for line in tasks(GARDEN)] == ["Rui", "", ""]


def test_a_note_is_a_comment_on_the_task_above_it_even_if_it_says_the_same_twice() -> None:
    hedge, shears, fig = (line.task for line in tasks(GARDEN))

    (ladder,) = hedge.comments
    assert (ladder.text, ladder.author_name) == ("Borrow the ladder", "Rui")
    assert ladder.created_at == datetime(2026, 10, 1, 11, tzinfo=UTC)
    assert [comment.text for comment in shears.comments] == ["Third shelf", "Third shelf"]
    assert len({comment.source_ref for comment in shears.comments}) == 2
    assert fig.comments == ()


def test_settings_are_left_out_and_counted() -> None:
    assert LeftOutLine(2, "settings of the project") in read(GARDEN)


@pytest.mark.parametrize(
    "said, priority",
    [("", Priority.URGENT), ("1", Priority.URGENT), ("2", Priority.HIGH), ("3", Priority.MEDIUM), ("4", Priority.LOW)],
)
def test_one_is_the_highest_priority_and_what_an_empty_cell_means(said: str, priority: Priority) -> None:
    assert tasks(row(priority=said))[0].task.priority is priority


@pytest.mark.parametrize(
    "said, repeat",
    [
        ("every monday", Repeat(Rule(Unit.WEEK, weekdays=(0,)))),
        ("Every mon and thu", Repeat(Rule(Unit.WEEK, weekdays=(0, 3)))),
        ("ev day", Repeat(Rule(Unit.DAY))),
        ("weekly", Repeat(Rule(Unit.WEEK))),
        ("every 3 months", Repeat(Rule(Unit.MONTH, every=3))),
        ("every last friday", Repeat(Rule(Unit.MONTH, weekdays=(4,), nth=-1))),
        ("every! 2 weeks", Repeat(Rule(Unit.WEEK, every=2), basis=Basis.COMPLETION)),
    ],
)
def test_a_repeat_is_one_here_where_it_can_be_said(said: str, repeat: Repeat) -> None:
    (line,) = tasks(row(date=said, date_lang="en"))

    assert (line.task.repeat, line.task.extra, line.left_out) == (repeat, (), ())
    assert (line.task.due_on, line.task.due_at) == (None, None)


@pytest.mark.parametrize(
    "said, lang",
    [
        ("every monday at 10:00", "en"),
        ("every 15th", "en"),
        ("every day until 2026-12-24", "en"),
        ("tomorrow", "en"),
        ("after lunch", "en"),
        ("jeden Montag", "de"),
        ("every monday", "nl"),
        ("31 Feb 2026", "en"),
    ],
)
def test_other_words_for_a_date_are_kept_as_they_are(said: str, lang: str) -> None:
    (line,) = tasks(row(date=said, date_lang=lang))

    assert (line.task.due_on, line.task.due_at, line.task.repeat) == (None, None, None)
    assert dict(line.task.extra) == {"date": f'"{said}"'}


@pytest.mark.parametrize(
    "said, day", [("2026-10-20", date(2026, 10, 20)), ("20 Oct 2026", date(2026, 10, 20)), ("", None)]
)
def test_a_day_is_a_day(said: str, day: date | None) -> None:
    assert tasks(row(date=said))[0].task.due_on == day


def test_days_that_it_takes_up_are_no_estimate() -> None:
    (line,) = tasks(row(duration="2", duration_unit="day"))

    assert line.task.estimated_minutes is None
    assert dict(line.task.extra) == {"duration": '"2 day"'}


@pytest.mark.parametrize(
    "content, title, tags",
    [
        ("Mail pia@example.test @mail", "Mail pia@example.test", ("mail",)),
        ("@phone Call Rui", "Call Rui", ("phone",)),
        ("@phone", "@phone", ("phone",)),
        ("Read 1 @ home", "Read 1 @ home", ()),
    ],
)
def test_labels_are_words_that_begin_with_an_at_sign(content: str, title: str, tags: tuple[str, ...]) -> None:
    task = tasks(row(content=content))[0].task

    assert (task.title, task.tags) == (title, tags)


def test_parts_belong_to_the_nearest_task_that_stands_further_out() -> None:
    content = HEADER + "".join(
        f"task,{title},,4,{indent},,,,,,,,,\n"
        for title, indent in [("a", 1), ("b", 3), ("c", 2), ("d", 3), ("e", 1), ("f", 2)]
    )

    lines = tasks(content)

    titles = {line.task.source_ref: line.task.title for line in lines}
    assert [titles.get(line.task.parent_ref or "") for line in lines] == [None, "a", "a", "c", None, "e"]


def test_tasks_of_the_same_words_are_told_apart_and_known_again() -> None:
    twice = HEADER + "task,Water,,4,1,,,,,,,,,\n" * 2

    refs = [line.task.source_ref for line in tasks(twice)]

    assert len(set(refs)) == 2
    changed = twice.replace("Water,,4", "Water @garden,By hand,1")
    assert [line.task.source_ref for line in tasks(changed)] == refs


@pytest.mark.parametrize(
    "cells, words",
    [
        ({"priority": "high"}, "not one of 1, 2, 3 and 4"),
        ({"priority": "5"}, "not one of 1, 2, 3 and 4"),
        ({"indent": "-1"}, "how far in"),
        ({"content": ""}, "no title"),
        ({"type": "Task"}, "none of task, section and note"),
        ({"deadline": "soon"}, "DEADLINE"),
        ({"duration": "long", "duration_unit": "minute"}, "DURATION"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_by_a_sentence(cells: dict[str, str], words: str) -> None:
    assert words in refusals(row(**cells))[2]


def test_a_zone_that_does_not_exist_leaves_a_time_as_it_was_written() -> None:
    (line,) = tasks(row(date="2026-10-20 09:30", timezone="Mars/Base"))

    assert (line.task.due_at, dict(line.task.extra)) == (None, {"date": '"2026-10-20 09:30"'})


def test_notes_of_a_task_that_is_refused_go_to_no_other() -> None:
    content = HEADER + (
        "note,Before anything,,,,,,,,,,,,\n"
        "task,Kept,,4,1,,,,,,,,,\n"
        "task,Refused,,9,1,,,,,,,,,\n"
        "note,About what is refused,,,,,,,,,,,,\n"
        "task,Part of it,,4,2,,,,,,,,,\n"
    )

    assert sorted(refusals(content)) == [2, 4, 5]
    kept, part = tasks(content)
    assert (kept.task.comments, part.task.parent_ref) == ((), None)
    assert part.left_out == ("the task it is part of, which is refused",)
