"""Questions about feeds, and what is in one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from webapp.accounts import rules as account_rules
from webapp.accounts.models import User
from webapp.storage.bulk import in_chunks, table_of
from webapp.storage.db import db, fetch_columns
from webapp.tasks.models import SavedView, Task, TimeEntry
from webapp.tasks.queries.conditions import ask
from webapp.tasks.queries.rows import TaskRow, list_rows
from webapp.tasks.rules.criteria import TaskCriteria
from webapp.transfers.feeds.errors import FeedNotFound
from webapp.transfers.models import Feed
from webapp.transfers.rules.calendar import (
    MOST_ENTRIES,
    MOST_TASKS,
    PAST_DAYS,
    FeedContents,
    FeedEntry,
    FeedShape,
    FeedTask,
)
from webapp.values.actor import Actor
from webapp.values.status import Status
from webapp.workspaces.models import Membership
from webapp.workspaces.rules import Role

_T, _ENTRIES = table_of(Task), table_of(TimeEntry)
_PARENT = _T.alias("parents")


@dataclass(frozen=True)
class FeedRow:
    """A feed as its maker sees it; `view_name` is None for that of their own tasks."""

    id: int
    view_name: str | None
    shape: FeedShape
    has_time: bool
    created_at: datetime


@dataclass(frozen=True)
class OpenFeed:
    """
    A feed that somebody reads, and in whose name: they see what its maker may see now.

    :param address: the parameters of the view; None for the tasks that are its maker's or nobody's
    """

    name: str
    address: str | None
    shape: FeedShape
    has_time: bool
    actor: Actor


def list_feeds(*, actor: Actor) -> list[FeedRow]:
    """Return the actor's feeds of this workspace, the newest first."""
    rows = db.session.execute(
        select(Feed.id, SavedView.name, Feed.shape, Feed.has_time, Feed.created_at)
        .outerjoin(SavedView, SavedView.id == Feed.view_id)
        .where(Feed.workspace_id == actor.workspace_id, Feed.user_id == actor.user_id)
        .order_by(Feed.id.desc())
    )
    return [FeedRow(row.id, row.name, row.shape, row.has_time, row.created_at) for row in rows]


def get_own_feed(*, feed_id: int, actor: Actor) -> Feed:
    """
    Return a feed of the actor's, to be changed.

    :raises FeedNotFound: when there is none
    """
    feed = db.session.scalar(
        select(Feed)
        .where(Feed.id == feed_id, Feed.workspace_id == actor.workspace_id, Feed.user_id == actor.user_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if feed is None:
        raise FeedNotFound
    return feed


def open_feed(*, token: str) -> OpenFeed:
    """
    Return the feed that a token opens.

    :raises FeedNotFound: also when its maker has left the workspace, or may not see the view any more
    """
    row = db.session.execute(
        select(
            Feed.workspace_id,
            Feed.user_id,
            Feed.view_id,
            Feed.shape,
            Feed.has_time,
            User.name,
            User.timezone,
            SavedView.name.label("view_name"),
            SavedView.address,
        )
        .join(User, User.id == Feed.user_id)
        .join(Membership, and_(Membership.user_id == Feed.user_id, Membership.workspace_id == Feed.workspace_id))
        .outerjoin(
            SavedView,
            and_(
                SavedView.id == Feed.view_id,
                SavedView.workspace_id == Feed.workspace_id,
                or_(SavedView.user_id == Feed.user_id, SavedView.is_shared),
            ),
        )
        .where(Feed.token_hash == account_rules.key_hash(token), Membership.role != Role.PLACEHOLDER)
    ).one_or_none()
    if row is None or (row.view_id is not None and row.address is None):
        raise FeedNotFound
    zone = account_rules.zone_or_utc(row.timezone)
    return OpenFeed(
        name=row.view_name or f"{row.name}: tasks",
        address=row.address,
        shape=row.shape,
        has_time=row.has_time,
        actor=Actor(user_id=row.user_id, workspace_id=row.workspace_id, zone=zone),
    )


def get_contents(*, feed: OpenFeed, criteria: TaskCriteria, address_of: Callable[[int], str]) -> FeedContents:
    """
    Return what is in a calendar now.

    Of the tasks the open ones, and those done lately: at most `MOST_TASKS`, those due first before others. If the feed
    has time, what its maker has spent lately from when to when: at most `MOST_ENTRIES`, the newest before others.

    :param criteria: what the feed's address asks for
    :param address_of: the address of a task's page
    """
    actor = feed.actor
    asked = ask(criteria, actor=actor)
    if asked.is_empty:
        return FeedContents(feed.name, feed.shape, actor.zone, ())
    wanted = [_T.c.workspace_id == actor.workspace_id, _T.c.is_deleted == false(), *asked.conditions()]
    entries = _list_entries(wanted, now=criteria.now, actor=actor) if feed.has_time else []
    if feed.address is None:
        wanted.append(or_(_T.c.assignee_id.is_(None), _T.c.assignee_id == actor.user_id))
    tasks = _list_tasks(wanted, now=criteria.now, actor=actor)
    rows: dict[int, TaskRow] = {}
    for chunk in in_chunks([task.id for task in tasks]):
        rows |= list_rows(task_ids=chunk, now=criteria.now, actor=actor)
    return FeedContents(
        feed.name,
        feed.shape,
        actor.zone,
        tasks=tuple(_task(task, rows[task.id], address_of) for task in tasks if task.id in rows),
        entries=tuple(_entry(entry, address_of) for entry in entries),
    )


def _list_tasks(wanted: Sequence[ColumnElement[bool]], *, now: datetime, actor: Actor) -> list[Any]:
    since = now.astimezone(actor.zone).date() - timedelta(days=PAST_DAYS)
    # Each is a range of an index of its own: what was done years ago is not read.
    stretches: list[tuple[list[ColumnElement[bool]], ColumnElement[Any]]] = [
        ([_T.c.status == Status.TODO], _T.c.due_sort),
        ([_T.c.status == Status.DOING], _T.c.due_sort),
        ([_T.c.status == Status.DONE, _T.c.completed_on >= since], _T.c.completed_on.desc()),
    ]
    found: list[Any] = []
    for conditions, order in stretches:
        found += fetch_columns(
            select(
                *(_T.c[name] for name in _COLUMNS),
                _PARENT.c.uid.label("parent_uid"),
            )
            .outerjoin_from(_T, _PARENT, and_(_PARENT.c.id == _T.c.parent_id, _PARENT.c.is_deleted == false()))
            .where(*wanted, *conditions)
            .order_by(order, _T.c.id)
            .limit(MOST_TASKS)
        ).all()
    return sorted(found, key=lambda row: (row.due_sort, row.id))[:MOST_TASKS]


_COLUMNS = ("id", "uid", "description", "due_sort", "created_at", "updated_at", "completed_at", "version")


def _task(row: Any, shown: TaskRow, address_of: Callable[[int], str]) -> FeedTask:
    return FeedTask(
        uid=row.uid,
        title=shown.title,
        description=row.description,
        status=shown.status,
        priority=shown.priority,
        labels=((shown.category.name,) if shown.category else ()) + shown.tags,
        starts_on=shown.starts_on,
        due_on=shown.due_on,
        due_at=shown.due_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        completed_at=row.completed_at,
        version=row.version,
        parent_uid=row.parent_uid,
        parts_done=shown.subtasks_done,
        parts_total=shown.subtasks_total,
        address=address_of(row.id),
    )


def _list_entries(wanted: Sequence[ColumnElement[bool]], *, now: datetime, actor: Actor) -> Sequence[Any]:
    statement = (
        select(
            *(
                _ENTRIES.c[name]
                for name in ("uid", "note", "started_at", "ended_at", "updated_at", "version", "task_id")
            ),
            _T.c.title,
        )
        .join_from(_ENTRIES, _T, _T.c.id == _ENTRIES.c.task_id)
        .where(
            _ENTRIES.c.user_id == actor.user_id,
            _ENTRIES.c.workspace_id == actor.workspace_id,
            _ENTRIES.c.started_at >= now - timedelta(days=PAST_DAYS),
            _ENTRIES.c.ended_at.is_not(None),
            _ENTRIES.c.deleted_at.is_(None),
            *wanted,
        )
        .order_by(_ENTRIES.c.started_at.desc(), _ENTRIES.c.id)
        .limit(MOST_ENTRIES)
    )
    return fetch_columns(statement).all()


def _entry(row: Any, address_of: Callable[[int], str]) -> FeedEntry:
    return FeedEntry(
        uid=row.uid,
        title=row.title,
        note=row.note,
        started_at=row.started_at,
        ended_at=row.ended_at,
        updated_at=row.updated_at,
        version=row.version,
        address=address_of(row.task_id),
    )
