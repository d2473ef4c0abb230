"""Everything a person has here, as plain values for a file."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import IO, Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from webapp.accounts.models import User
from webapp.calculations.models import (
    Calculation,
    CalculationChain,
    CalculationName,
    Worksheet,
    WorksheetLink,
    WorksheetVersion,
)
from webapp.calculations.rules.chain import HASHED
from webapp.customers.models import Customer
from webapp.notices.models import Notice
from webapp.storage.bulk import table_of
from webapp.storage.db import db
from webapp.tasks.models import (
    Attachment,
    Category,
    Comment,
    Reminder,
    SavedView,
    Series,
    SeriesTag,
    Tag,
    Task,
    TaskBlocker,
    TaskTag,
    TimeEntry,
    UrgencyWeights,
)
from webapp.tasks.rules.recurrence import WEEKDAY_NAMES
from webapp.transfers.models import Feed
from webapp.workspaces.models import Membership, Workspace

Column = InstrumentedAttribute[int]

FORMAT = "devtrackr export 1"
BATCH = 1_000


def write_export(*, user_id: int, now: datetime, out: IO[str]) -> None:
    """
    Write all a person has here as one JSON object.

    Of their own workspace that is everything; of others, what they did there: their time entries, comments, files,
    calculations and worksheets.
    Instants are RFC 3339 in UTC, days YYYY-MM-DD, lengths whole minutes or seconds as the name says, results decimal
    strings. Rows are read a thousand at a time, so that the size of the account does not matter.
    """
    user = db.session.get_one(User, user_id)
    out.write("{\n")
    _write_value(out, "format", FORMAT, end=",\n")
    _write_value(out, "exported_at", _plain(now), end=",\n")
    _write_value(out, "person", _person(user), end=",\n")
    out.write('"workspaces": [')
    for number, workspace in enumerate(_workspaces(user_id)):
        out.write(",\n{" if number else "\n{")
        _write_workspace(out, workspace, user_id=user_id)
        out.write("}")
    out.write("\n]\n}\n")


def list_other_people(*, user_id: int) -> list[str]:
    """Return the names of those who also work in this person's own workspace, and would lose it with them."""
    return list(
        db.session.scalars(
            select(User.name)
            .join(Membership, Membership.user_id == User.id)
            .join(Workspace, Workspace.id == Membership.workspace_id)
            .where(Workspace.personal_user_id == user_id, User.id != user_id, User.email.is_not(None))
            .order_by(User.name)
        )
    )


def _write_workspace(out: IO[str], workspace: Workspace, *, user_id: int) -> None:
    is_own = workspace.personal_user_id == user_id
    _write_value(out, "name", workspace.name, end=",\n")
    _write_value(out, "is_personal", is_own, end=",\n")
    if is_own:
        people = _names(_people(workspace.id))
        categories = _names(select(Category.id, Category.name).where(Category.workspace_id == workspace.id))
        _write_list(out, "categories", (_label(row) for row in _rows(Category, workspace.id)), end=",\n")
        _write_list(out, "tags", (_label(row) for row in _rows(Tag, workspace.id)), end=",\n")
        _write_list(out, "customers", (_customer(row) for row in _rows(Customer, workspace.id)), end=",\n")
        _write_value(out, "urgency_weights", _weights(workspace.id), end=",\n")
        _write_list(out, "tasks", _tasks(workspace.id, categories, people), end=",\n")
        _write_list(out, "series", _series(workspace.id, categories, people), end=",\n")
        mine: tuple[ColumnElement[bool], ...] = ()
        said: tuple[ColumnElement[bool], ...] = ()
        kept: tuple[ColumnElement[bool], ...] = ()
    else:
        people = {}
        mine = (TimeEntry.user_id == user_id,)
        said, kept = (Comment.user_id == user_id,), (Attachment.user_id == user_id,)
    entries = (_entry(row, people) for row in _rows(TimeEntry, workspace.id, *mine))
    _write_list(out, "time_entries", entries, end=",\n")
    comments = (_comment(row, people) for row in _rows(Comment, workspace.id, *said))
    _write_list(out, "comments", comments, end=",\n")
    _write_list(out, "files", _files(workspace.id, people, *kept), end=",\n")
    made = () if is_own else (Calculation.user_id == user_id,)
    _write_list(out, "calculations", _calculations(workspace.id, people, made), end=",\n")
    begun = () if is_own else (Worksheet.user_id == user_id,)
    sheets = (_worksheet(row, people) for row in _rows(Worksheet, workspace.id, *begun))
    _write_list(out, "worksheets", sheets, end=",\n")
    written = () if is_own else (WorksheetVersion.user_id == user_id,)
    versions = (_version(row, people) for row in _rows(WorksheetVersion, workspace.id, *written))
    _write_list(out, "worksheet_versions", versions, end=",\n")
    given = () if is_own else (WorksheetLink.user_id == user_id,)
    links = (_link(row, people) for row in _rows(WorksheetLink, workspace.id, *given))
    _write_list(out, "worksheet_links", links, end=",\n")
    # Theirs alone, also in a workspace that others share.
    names = (_name(row) for row in _rows(CalculationName, workspace.id, CalculationName.user_id == user_id))
    _write_list(out, "calculation_names", names, end=",\n")
    reminders = (_reminder(row) for row in _rows(Reminder, workspace.id, Reminder.user_id == user_id))
    _write_list(out, "reminders", reminders, end=",\n")
    views = (_view(row) for row in _rows(SavedView, workspace.id, SavedView.user_id == user_id))
    _write_list(out, "views", views, end=",\n")
    feeds = (_feed(row) for row in _rows(Feed, workspace.id, Feed.user_id == user_id))
    _write_list(out, "feeds", feeds, end=",\n")
    notices = (_notice(row) for row in _rows(Notice, workspace.id, Notice.user_id == user_id))
    _write_list(out, "notices", notices, end="\n")


def _workspaces(user_id: int) -> list[Workspace]:
    return list(
        db.session.scalars(
            select(Workspace)
            .join(Membership, Membership.workspace_id == Workspace.id)
            .where(Membership.user_id == user_id)
            .order_by(Workspace.id)
        )
    )


def _names(statement: Select[int, str]) -> dict[int, str]:
    return {number: name for number, name in db.session.execute(statement)}  # noqa: C416


def _people(workspace_id: int) -> Select[int, str]:
    return (
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.workspace_id == workspace_id)
    )


def _rows(table: type[Any], workspace_id: int, *conditions: ColumnElement[bool]) -> Iterator[Any]:
    # Rows rather than objects: they are only read, and there may be very many of them.
    columns = table.__table__
    last = 0
    while True:
        batch = db.session.execute(
            select(columns)
            .where(columns.c.workspace_id == workspace_id, columns.c.id > last, *conditions)
            .order_by(columns.c.id)
            .limit(BATCH)
        ).all()
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1].id


def _tasks(workspace_id: int, categories: dict[int, str], people: dict[int, str]) -> Iterator[dict[str, Any]]:
    tags = _tags_of(TaskTag.task_id, TaskTag.tag_id, workspace_id)
    blockers = _blockers_of_tasks(workspace_id)
    for task in _rows(Task, workspace_id):
        yield {
            **_values(task, "id", "title", "description", "status", "due_on", "due_at", "estimated_minutes"),
            **_values(task, "starts_on", "parent_id", "position"),
            "priority": task.priority.word,
            "category": categories.get(task.category_id or 0),
            "tags": tags.get(task.id, []),
            "assignee": people.get(task.assignee_id or 0),
            "blocked_by": blockers.get(task.id, []),
            **_values(task, "tracked_seconds", "created_at", "updated_at", "completed_at", "deleted_at"),
            **_values(task, "customer_id", "source", "source_ref", "series_id", "occurrence", "uid", "extra"),
        }


def _series(workspace_id: int, categories: dict[int, str], people: dict[int, str]) -> Iterator[dict[str, Any]]:
    """Yield what repeats: the rule, where it is counted from and how far it has come, and what its tasks begin with."""
    tags = _tags_of(SeriesTag.series_id, SeriesTag.tag_id, workspace_id)
    for series in _rows(Series, workspace_id):
        yield {
            **_values(series, "id", "unit", "every", "nth", "is_last_day", "basis", "missed", "until_on", "times"),
            "weekdays": [WEEKDAY_NAMES[int(digit)] for digit in series.weekdays],
            **_values(
                series, "zone", "anchor_on", "anchor_n", "clock", "newest_n", "newest_on", "skipped", "stopped_at"
            ),
            **_values(series, "title", "description", "estimated_minutes", "days_ahead", "customer_id", "created_at"),
            "uid": series.uid,
            "priority": series.priority.word,
            "category": categories.get(series.category_id or 0),
            "tags": tags.get(series.id, []),
            "assignee": people.get(series.assignee_id or 0),
            "person": people.get(series.user_id),
        }


def _tags_of(record_id: Column, tag_id: Column, workspace_id: int) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(record_id, Tag.name)
        .join(Tag, Tag.id == tag_id)
        .where(Tag.workspace_id == workspace_id)
        .order_by(Tag.name_key)
    )
    for found_id, name in rows:
        tags.setdefault(found_id, []).append(name)
    return tags


def _blockers_of_tasks(workspace_id: int) -> dict[int, list[int]]:
    blockers: dict[int, list[int]] = {}
    rows = db.session.execute(
        select(TaskBlocker.task_id, TaskBlocker.blocked_by_id)
        .where(TaskBlocker.workspace_id == workspace_id)
        .order_by(TaskBlocker.blocked_by_id)
    )
    for task_id, blocked_by_id in rows:
        blockers.setdefault(task_id, []).append(blocked_by_id)
    return blockers


def _weights(workspace_id: int) -> dict[str, str]:
    """Return the weights of urgency that are not the usual ones, as decimal strings by name."""
    kept = select(UrgencyWeights.weights).where(UrgencyWeights.workspace_id == workspace_id)
    return db.session.scalar(kept) or {}


def _person(user: User) -> dict[str, Any]:
    return {
        **_values(
            user, "name", "email", "timezone", "week_start", "number_format", "date_format", "theme", "created_at"
        ),
        **_values(user, "morning", "quiet_from", "quiet_until", "digest_time", "wants_mail", "day_end"),
        **_values(user, "forgotten_after_minutes", "idle_after_minutes", "goal_day_minutes", "goal_week_minutes"),
        **_values(user, "work_from", "work_until", "work_days", "wants_nudge"),
    }


def _customer(customer: Any) -> dict[str, Any]:
    rate = customer.rate_cents
    return {
        **_values(customer, "id", "name", "email", "phone", "company", "notes"),
        "hourly_rate": None if rate is None else f"{Decimal(rate) / 100:.2f}",
        **_values(customer, "currency", "is_archived", "created_at", "updated_at", "uid"),
    }


def _entry(entry: Any, people: dict[int, str]) -> dict[str, Any]:
    return {
        **_values(entry, "id", "task_id", "started_at", "ended_at", "day", "seconds", "interrupted_seconds", "zone"),
        **_values(entry, "note", "is_billable", "is_paused", "customer_id", "source", "source_ref", "uid"),
        **_values(entry, "created_at", "updated_at", "deleted_at"),
        "person": people.get(entry.user_id),
    }


def _calculations(
    workspace_id: int, people: dict[int, str], conditions: tuple[ColumnElement[bool], ...]
) -> Iterator[dict[str, Any]]:
    """Yield all that stands in the hash of each calculation, and the hash: whoever has the file can take it again."""
    chains = {
        chain.id: chain
        for chain in db.session.execute(
            select(table_of(CalculationChain)).where(CalculationChain.workspace_id == workspace_id)
        )
    }
    for row in _rows(Calculation, workspace_id, *conditions):
        chain = chains.get(row.chain_id)
        yield {
            "id": row.id,
            "person": people.get(row.user_id),
            **_values(row, *HASHED),
            **_values(row, "previous_hash", "hash", "revises_id", "task_id", "customer_id", "hidden_at"),
            "chain": chain and {"uid": chain.uid, "person_id": chain.person_id, "is_sample": chain.is_sample},
        }


def _worksheet(worksheet: Any, people: dict[int, str]) -> dict[str, Any]:
    return {
        **_values(worksheet, "id", "title", "text", "answer", "number", "task_id", "customer_id"),
        **_values(worksheet, "created_at", "updated_at", "deleted_at"),
        "person": people.get(worksheet.user_id),
    }


def _version(version: Any, people: dict[int, str]) -> dict[str, Any]:
    return {
        **_values(version, "id", "worksheet_id", "number", "title", "text", "settings", "inputs", "results", "answer"),
        **_values(version, "engine_version", "saved_at", "previous_hash", "hash"),
        "person": people.get(version.user_id),
    }


def _link(link: Any, people: dict[int, str]) -> dict[str, Any]:
    return {**_values(link, "id", "version_id", "created_at"), "person": people.get(link.user_id)}


def _label(label: Any) -> dict[str, Any]:
    return _values(label, "id", "name", "hue")


def _comment(comment: Any, people: dict[int, str]) -> dict[str, Any]:
    return {
        **_values(comment, "id", "task_id", "text", "created_at", "edited_at"),
        "person": people.get(comment.user_id),
    }


def _files(workspace_id: int, people: dict[int, str], *conditions: ColumnElement[bool]) -> Iterator[dict[str, Any]]:
    """Yield files with their bytes in Base64, one at a time: together they may be very large."""
    ids = db.session.scalars(
        select(Attachment.id).where(Attachment.workspace_id == workspace_id, *conditions).order_by(Attachment.id)
    ).all()
    columns = table_of(Attachment)
    for file_id in ids:
        file = db.session.execute(select(columns).where(columns.c.id == file_id)).one_or_none()
        if file is not None:
            yield {
                **_values(file, "id", "task_id", "name", "media_type", "size_bytes", "created_at", "deleted_at"),
                "person": people.get(file.user_id),
                "content": b64encode(file.content).decode("ascii"),
            }


def _name(name: Any) -> dict[str, Any]:
    return _values(name, "name", "text", "number_format", "value", "shown", "calculation_id", "kept_at", "removed_at")


def _reminder(reminder: Any) -> dict[str, Any]:
    return _values(
        reminder, "id", "task_id", "basis", "minutes_before", "at", "snoozed_until", "fires_at", "sent_at", "created_at"
    )


def _view(view: Any) -> dict[str, Any]:
    return _values(view, "id", "name", "address", "is_shared", "is_default", "created_at", "updated_at")


def _feed(feed: Any) -> dict[str, Any]:
    # Not its address: nobody knows that any more.
    return _values(feed, "id", "view_id", "shape", "has_time", "created_at")


def _notice(notice: Any) -> dict[str, Any]:
    return _values(notice, "id", "kind", "text", "address", "created_at", "read_at")


def _values(row: Any, *names: str) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value


def _write_value(out: IO[str], name: str, value: Any, *, end: str) -> None:
    out.write(f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}{end}")


def _write_list(out: IO[str], name: str, rows: Iterator[dict[str, Any]], *, end: str) -> None:
    out.write(f"{json.dumps(name)}: [")
    for number, row in enumerate(rows):
        out.write(("," if number else "") + "\n  " + json.dumps(row, ensure_ascii=False))
    out.write(f"]{end}")
