"""The samples that DEVTRACKR_SAMPLES names are read as they are. Without it this module is not collected."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.transfers.formats.reading import entries, format_of, read, refusals, tasks
from webapp.tasks.rules.recurrence import Repeat, Rule, Unit
from webapp.transfers.rules.formats.reader import Format
from webapp.transfers.rules.rows import LeftOutLine, Line
from webapp.values.priority import Priority
from webapp.values.status import Status


def sample(name: str) -> str:
    return (Path(os.environ["DEVTRACKR_SAMPLES"]) / name).read_text("utf-8-sig")


@pytest.mark.parametrize(
    "name, expected, kinds",
    [
        ("todoist_template.csv", Format.TODOIST, {"TaskLine": 2}),
        ("toggl_detailed.csv", Format.TOGGL, {"TaskLine": 3, "EntryLine": 3}),
        ("taskwarrior_export.json", Format.TASKWARRIOR, {"TaskLine": 3}),
        ("timewarrior_export.json", Format.TIMEWARRIOR, {"TaskLine": 2, "EntryLine": 2, "RefusedLine": 1}),
        ("kimai_export.csv", Format.KIMAI, {"TaskLine": 3, "EntryLine": 3}),
        ("kimai_api.json", Format.KIMAI_API, {"TaskLine": 2, "EntryLine": 2, "RefusedLine": 1}),
        ("redmine_issues.csv", Format.REDMINE, {"TaskLine": 3}),
        ("github_issues.json", Format.GITHUB, {"TaskLine": 2, "LeftOutLine": 1}),
    ],
)
def test_each_sample_is_known_and_read_to_its_end(name: str, expected: Format, kinds: dict[str, int]) -> None:
    assert format_of(sample(name)) is expected
    assert counted(read(sample(name))) == kinds


def counted(lines: list[Line]) -> dict[str, int]:
    kinds = [type(line).__name__ for line in lines]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds), key=kinds.index)}


def test_todoist_says_two_tasks_and_a_note_on_the_second() -> None:
    copy, prices = (line.task for line in tasks(sample("todoist_template.csv")))

    assert (copy.category, copy.priority, copy.tags) == ("Spring launch", Priority.HIGH, ("writing",))
    assert (copy.due_at, copy.estimated_minutes) == (datetime(2026, 3, 9, 9, tzinfo=UTC), 90)
    assert (prices.parent_ref, prices.priority) == (copy.source_ref, Priority.LOW)
    assert prices.repeat == Repeat(Rule(Unit.WEEK, weekdays=(0,)))
    assert [len(task.comments) for task in (copy, prices)] == [0, 1]


@pytest.mark.parametrize(
    "name, seconds, billable",
    [
        ("toggl_detailed.csv", [5730, 1800, 2525], [True, False, True]),
        ("kimai_export.csv", [5700, 1800, 2520], [True, False, True]),
        ("kimai_api.json", [5700, 1800], [True, False]),
        ("timewarrior_export.json", [5741, 1800], [False, False]),
    ],
)
def test_time_is_exact_across_midnight_too(name: str, seconds: list[int], billable: list[bool]) -> None:
    found = entries(sample(name))

    assert [line.entry.counted_seconds for line in found] == seconds
    assert [line.entry.is_billable for line in found] == billable
    assert [line.remarks for line in found] == [()] * len(found)


def test_what_still_runs_is_refused() -> None:
    assert ["still running" in words for words in refusals(sample("timewarrior_export.json")).values()] == [True]
    assert ["still running" in words for words in refusals(sample("kimai_api.json")).values()] == [True]


def test_taskwarrior_keeps_what_is_not_known_and_repeats() -> None:
    copy, publish, review = (line.task for line in tasks(sample("taskwarrior_export.json")))

    assert (copy.status, copy.estimated_minutes, len(copy.comments)) == (Status.DONE, 90, 1)
    assert dict(copy.extra)["estimate"] == '"PT1H30M"'
    assert publish.blocked_by_refs == (copy.source_ref,)
    assert review.repeat == Repeat(Rule(Unit.WEEK))
    assert review.due_at == datetime(2026, 3, 6, 15, tzinfo=UTC)


def test_redmine_says_parts_and_hours() -> None:
    page, rounding, legal = tasks(sample("redmine_issues.csv"))

    assert [line.task.status for line in (page, rounding, legal)] == [Status.DONE, Status.TODO, Status.DOING]
    assert [line.task.estimated_minutes for line in (page, rounding, legal)] == [180, None, 30]
    assert [line.total and line.total[1] for line in (page, rounding, legal)] == [15_300, None, 2520]
    assert (rounding.task.parent_ref, page.task.due_on) == ("311", date(2026, 3, 13))


def test_github_says_two_issues_and_leaves_the_pull_request() -> None:
    lines = read(sample("github_issues.json"))
    toggle, rounding = tasks(sample("github_issues.json"))

    assert LeftOutLine(4, "pull requests") in lines
    assert (toggle.task.status, toggle.task.due_on, toggle.person) == (Status.DONE, date(2026, 3, 13), "ivo")
    assert (toggle.task.estimated_minutes, rounding.task.description) == (None, "")
