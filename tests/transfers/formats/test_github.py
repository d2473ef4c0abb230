"""GitHub: pull requests among the issues, days that are written as instants, and bodies that are no fields."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.transfers.formats.reading import format_of, read, refusals, tasks
from webapp.transfers.rules.formats.reader import Format
from webapp.transfers.rules.rows import LeftOutLine, Remark
from webapp.values.status import Status

ISSUE: dict[str, Any] = json.loads("""
{"id": 5001, "node_id": "I_x", "url": "https://api.example/repos/fig/orchard/issues/7", "number": 7,
 "html_url": "https://git.example/fig/orchard/issues/7", "title": "Prune the fig", "state": "closed",
 "state_reason": "completed", "body": "East side. estimate: 4h", "user": {"login": "pia", "id": 1},
 "assignee": {"login": "rui", "id": 2}, "assignees": [{"login": "rui", "id": 2}, {"login": "pia", "id": 1}],
 "labels": [{"id": 1, "name": "tree", "color": "a2eeef"}, {"id": 2, "name": "good first issue"}],
 "milestone": {"number": 1, "title": "Autumn", "due_on": "2026-10-20T07:00:00Z"}, "locked": false, "comments": 2,
 "created_at": "2026-10-01T07:15:00Z", "updated_at": "2026-10-19T08:00:01Z", "closed_at": "2026-10-19T08:00:00Z",
 "reactions": {"total_count": 1}, "author_association": "MEMBER"}
""")
PULL = ISSUE | json.loads("""
{"number": 8, "html_url": "https://git.example/fig/orchard/pull/8", "title": "Prune", "pull_request": {"url": "x"}}
""")
OPEN = ISSUE | json.loads("""
{"number": 9, "html_url": "https://git.example/fig/orchard/issues/9", "title": "Burn", "state": "open",
 "state_reason": null, "body": null, "assignee": null, "assignees": [], "labels": [], "milestone": null,
 "closed_at": null, "comments": 0, "reactions": {}, "user": null, "updated_at": null}
""")


def one(**changes: Any) -> str:
    return json.dumps([{**ISSUE, **changes}])


def test_issues_come_in_and_pull_requests_are_counted() -> None:
    prune, pull, burn = read(json.dumps([ISSUE, PULL, OPEN]))

    assert pull == LeftOutLine(1, "pull requests")
    prune, burn = tasks(json.dumps([ISSUE, PULL, OPEN]))
    task = prune.task
    assert (task.source_ref, task.title, task.description) == (
        "fig/orchard#7",
        "Prune the fig",
        "East side. estimate: 4h",
    )
    assert (task.category, task.tags) == ("fig/orchard", ("tree", "good first issue", "Autumn"))
    assert (task.status, task.due_on, task.estimated_minutes) == (Status.DONE, date(2026, 10, 20), None)
    assert task.created_at == datetime(2026, 10, 1, 7, 15, tzinfo=UTC)
    assert task.completed_at == datetime(2026, 10, 19, 8, tzinfo=UTC)
    assert (prune.person, burn.person) == ("rui", "")
    assert (burn.task.status, burn.task.description, burn.task.due_on, burn.task.tags) == (Status.TODO, "", None, ())


def test_what_nothing_holds_is_kept_or_listed() -> None:
    prune, burn = tasks(json.dumps([ISSUE, OPEN]))

    assert dict(prune.task.extra) == {
        "assignees": '["rui", "pia"]',
        "author": '"pia"',
        "html_url": '"https://git.example/fig/orchard/issues/7"',
    }
    assert prune.left_out == (
        "comments, of which the file says only how many there are",
        "updated_at",
        "reactions",
        "author_association",
    )
    assert burn.left_out == ("author_association",)


def test_a_due_day_is_the_same_in_every_zone() -> None:
    for zone in ("Pacific/Honolulu", "Pacific/Auckland"):
        assert tasks(one(), ZoneInfo(zone))[0].task.due_on == date(2026, 10, 20)


@pytest.mark.parametrize("reason", ["not_planned", "NOT_PLANNED", "duplicate"])
def test_what_was_not_done_is_closed_and_says_why(reason: str) -> None:
    (line,) = tasks(one(state_reason=reason))

    assert (line.task.status, dict(line.task.extra)["state_reason"]) == (Status.DONE, f'"{reason.lower()}"')


def test_pages_one_after_the_other_are_one_file() -> None:
    pages = json.dumps([ISSUE, PULL]) + json.dumps([OPEN])

    assert format_of(pages) is Format.GITHUB
    assert [line.task for line in tasks(pages)] == [line.task for line in tasks(json.dumps([ISSUE, OPEN]))]
    assert [line.task for line in tasks(f"[{pages.replace('][', '],[')}]")] == [line.task for line in tasks(pages)]


def test_what_the_command_line_writes_is_the_same_issue() -> None:
    listed = """[{"number": 7, "title": "Prune the fig", "state": "CLOSED", "stateReason": "NOT_PLANNED",
    "url": "https://git.example/fig/orchard/issues/7", "author": {"login": "pia"}, "labels": [{"name": "tree"}],
    "createdAt": "2026-10-01T07:15:00Z", "closedAt": "2026-10-19T08:00:00Z", "assignees": [{"login": "rui"}],
    "milestone": {"title": "Autumn", "dueOn": "2026-10-20T07:00:00Z"}, "closed": true, "isPinned": true,
    "body": "East side", "comments": [
        {"id": "IC_1", "author": {"login": "rui"}, "body": "Done", "createdAt": "2026-10-19T08:00:00Z"}
    ]}]"""

    (line,) = tasks(listed)

    assert (line.task.source_ref, line.task.status, line.task.due_on) == (
        "fig/orchard#7",
        Status.DONE,
        date(2026, 10, 20),
    )
    (comment,) = line.task.comments
    assert (comment.source_ref, comment.text, comment.author_name) == ("comment-IC_1", "Done", "rui")
    assert comment.created_at == datetime(2026, 10, 19, 8, tzinfo=UTC)
    assert line.left_out == ("closed", "isPinned")


def test_an_issue_is_part_of_another_where_that_is_said() -> None:
    (line,) = tasks(one(parent_issue_url="https://api.example/repos/fig/orchard/issues/3"))

    assert line.task.parent_ref == "fig/orchard#3"


def test_names_of_attributes_that_nobody_knows_are_not_repeated() -> None:
    (line,) = tasks(one(**{"x" * 5000: 1, "\u0000": 2, "events_url": "u", "comments": 0, "reactions": None}))

    assert line.left_out == ("updated_at", "author_association", "other attributes")


@pytest.mark.parametrize("written", ["html_url", "url"])
def test_an_issue_without_its_address_is_known_by_its_number(written: str) -> None:
    bare = {name: value for name, value in ISSUE.items() if name not in ("html_url", "url")}
    (line,) = tasks(json.dumps([{**bare, written: "issues/7"}]))

    assert (line.task.source_ref, line.task.category) == ("#7", None)


def test_what_is_not_said_is_said_to_be_missing() -> None:
    (line,) = tasks(one(created_at=None, closed_at=None))

    assert line.remarks == (Remark.CREATED_NOW, Remark.END_UNKNOWN)


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"number": None}, "no number"),
        ({"number": 7}, "already"),
        ({"number": [9]}, "should be text"),
        ({"number": 10**300}, "should be text"),
        ({"state": "draft"}, "neither open nor closed"),
        ({"state": 1}, "neither open nor closed"),
        ({"title": None}, "no title"),
        ({"title": {"a": 1}}, "should be text"),
        ({"body": ["x"]}, "should be text"),
        ({"body": "x" * 60_000}, "60,000 characters"),
        ({"body": "\u0000"}, "cannot be kept"),
        ({"labels": "bug"}, "should be a list"),
        ({"labels": [1]}, "should be a list"),
        ({"labels": [{"name": {}}]}, "should be text"),
        ({"milestone": "Autumn"}, "should be an object"),
        ({"milestone": {"title": "Autumn", "due_on": "soon"}}, "is not a day"),
        ({"assignees": {"login": "rui"}}, "should be a list"),
        ({"user": "pia"}, "should be an object"),
        ({"created_at": "2026-13-01T00:00:00Z"}, "in the calendar"),
        ({"created_at": "0001-01-01T00:00:00Z"}, "out of range"),
        ({"comments": -1}, "whole number"),
        ({"comments": [{"body": "x", "createdAt": []}]}, "should be text"),
    ],
)
def test_an_issue_that_cannot_be_read_is_refused_by_a_sentence(changes: dict[str, Any], words: str) -> None:
    text = f"[{json.dumps(ISSUE)},\n{json.dumps({**OPEN, 'html_url': '', 'url': ISSUE['html_url'], **changes})}]"

    assert words in refusals(text)[2]


def test_a_refusal_says_which_issue_it_is_about() -> None:
    assert refusals(one(state="draft", title="Burn \ud800")) == {
        1: "“Burn ”: state: “draft” is neither open nor closed."
    }
