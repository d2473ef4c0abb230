"""
Issues from GitHub, as its API answers them or as `gh issue list --json` writes them.

The API lists pull requests among the issues; they are no tasks. An issue is known by its repository and its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from webapp.tasks.rules.intake import CommentIn, TaskIn
from webapp.transfers.rules.cells import quoted
from webapp.transfers.rules.formats.attributes import Attributes, first_keys, refused
from webapp.transfers.rules.formats.lines import (
    LeftOut,
    Numbering,
    Unreadable,
    digest_of,
    extra_of,
    fitting_name,
    fitting_tags,
)
from webapp.transfers.rules.formats.reader import Head, Reading
from webapp.transfers.rules.json_reading import json_objects
from webapp.transfers.rules.reading import TextSource
from webapp.transfers.rules.rows import LeftOutLine, Line, Remark, TaskLine
from webapp.values.status import Status

_ADDRESS = re.compile(
    r"https?://[^/\s]+/(?:repos/)?(?P<repository>[^/\s]+/[^/\s]+)/(?P<kind>issues|pulls?)/(?P<number>\d+)"
)
# Numbers and addresses by which programs find their way; they say nothing about the issue.
_TECHNICAL = re.compile(r"id|node_id|databaseId|fullDatabaseId|url|(?:.+_)?url|performed_via_github_app")
# What else an issue says; anything beside it has no name that is sure to be short.
_KNOWN = frozenset(
    {
        *("reactions", "reactionGroups", "locked", "active_lock_reason", "author_association", "closed_by", "draft"),
        *("type", "sub_issues_summary", "issue_dependencies_summary", "issue_field_values", "projectItems"),
        *("updated_at", "updatedAt", "projectCards", "isPinned", "repository", "assignee", "closed"),
    }
)


class Github:
    """Reads the issues of GitHub."""

    label = "GitHub, issues as JSON"
    source = "GitHub"
    needs_zone = False

    def recognises(self, head: Head) -> bool:
        """Tell whether the first object is an issue of GitHub."""
        keys = first_keys(head)
        return {"number", "title", "state"} <= keys and bool(
            {"html_url", "node_id", "created_at", "createdAt", "labels", "url"} & keys
        )

    def read(self, text: TextSource, reading: Reading) -> Iterator[Line]:
        """Yield the issues in order."""
        for line, values in json_objects(text):
            try:
                yield _issue(line, Attributes(values), reading.zone)
            except Unreadable as error:
                yield refused(line, values, "title", "number", because=error)


def _issue(line: int, values: Attributes, zone: ZoneInfo) -> Line:
    address = values.line("html_url") or values.line("url")
    found = _ADDRESS.fullmatch(address)
    if values.value("pull_request") is not None or (found and found["kind"].startswith("pull")):
        return LeftOutLine(line, "pull requests")
    number = values.line("number")
    if not number:
        raise Unreadable("It has no number.")
    repository = found["repository"] if found else ""
    left_out, extra, remarks = LeftOut(), list[tuple[str, object]](), list[Remark]()
    status = _status(values)
    closed_at = values.instant("closed_at", "closedAt", zone=zone)
    created_at = values.instant("created_at", "createdAt", zone=zone)
    if created_at is None:
        remarks.append(Remark.CREATED_NOW)
    if status is Status.DONE and closed_at is None:
        remarks.append(Remark.END_UNKNOWN)
    reason = values.line("state_reason", "stateReason").lower()
    # That it is completed, or open again, its status says.
    if reason not in ("", "completed", "reopened"):
        extra.append(("state_reason", reason))
    if address:
        extra.append(("html_url", address))
    assignees = _people(values)
    if assignees[1:]:
        extra.append(("assignees", list(assignees)))
    author = values.object("user", "author")
    if author and author.line("login"):
        extra.append(("author", author.line("login")))
    milestone, due_on = _milestone(values)
    task = TaskIn(
        source_ref=f"{repository}#{number}",
        title=values.line("title"),
        description=values.text("body"),
        status=status,
        category=fitting_name(repository, "repositories", left_out) or None,
        tags=fitting_tags((*_labels(values), milestone), left_out),
        due_on=due_on,
        created_at=created_at,
        completed_at=closed_at if status is Status.DONE else None,
        parent_ref=_parent(values),
        comments=_comments(values, left_out, zone),
    )
    values.value("assignee")
    for name, value in values.rest():
        if value and not _TECHNICAL.fullmatch(name):
            left_out.add(name if name in _KNOWN else "other attributes")
    task = replace(task, extra=extra_of(extra, left_out))
    person = assignees[0] if assignees else ""
    return TaskLine(line, task, person, remarks=tuple(remarks), left_out=left_out.names)


def _status(values: Attributes) -> Status:
    state = values.line("state").lower()
    if state not in ("open", "closed"):
        raise Unreadable(f"state: {quoted(state)} is neither open nor closed.")
    return Status.DONE if state == "closed" else Status.TODO


def _people(values: Attributes) -> tuple[str, ...]:
    logins = [person.line("login") for person in values.objects("assignees")]
    first = values.object("assignee")
    if first and first.line("login"):
        logins.insert(0, first.line("login"))
    return tuple(dict.fromkeys(login for login in logins if login))


def _labels(values: Attributes) -> tuple[str, ...]:
    labels = values.value("labels") or []
    if isinstance(labels, list) and all(isinstance(label, str) for label in labels):
        return tuple(labels)
    return tuple(label.line("name") for label in values.objects("labels"))


def _milestone(values: Attributes) -> tuple[str, date | None]:
    """Return the milestone's name and its day: an instant in the file, of which the day in UTC is meant."""
    milestone = values.object("milestone")
    if milestone is None:
        return "", None
    due = milestone.instant("due_on", "dueOn", zone=ZoneInfo("UTC"))
    return milestone.line("title"), due.date() if due else None


def _parent(values: Attributes) -> str | None:
    found = _ADDRESS.fullmatch(values.line("parent_issue_url"))
    return f"{found['repository']}#{found['number']}" if found else None


def _comments(values: Attributes, left_out: LeftOut, zone: ZoneInfo) -> tuple[CommentIn, ...]:
    """Return the comments; the API says no more than how many there are."""
    if not isinstance(values.value("comments"), list):
        if values.number("comments"):
            left_out.add("comments, of which the file says only how many there are")
        return ()
    numbering = Numbering()
    comments = []
    for comment in values.objects("comments"):
        author = comment.object("author", "user")
        text, at = comment.text("body"), comment.line("createdAt", "created_at")
        ref = comment.line("id") or digest_of(at, text)
        name = author.line("login") if author else ""
        said_at = comment.instant("createdAt", "created_at", zone=zone)
        comments.append(CommentIn(numbering.ref(f"comment-{ref}"), text, said_at, name))
    return tuple(comments)
