"""What a daily digest tells: what is overdue, due today and ready, of what is a person's to do."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from webapp.accounts.models import User
from webapp.storage.db import db
from webapp.storage.dialect import walk_index
from webapp.tasks.models import Task
from webapp.tasks.queries.blockers import open_blocker_counts
from webapp.tasks.queries.conditions import due_within
from webapp.tasks.rules.criteria import Due, due_window
from webapp.tasks.rules.digests import MOST_A_PART, MOST_READY, Digest, DigestTask
from webapp.tasks.rules.reminders import Dates, Habits
from webapp.values.status import Status
from webapp.workspaces.models import Membership, Workspace
from webapp.workspaces.rules import Role

_BY_DUE = (Task.due_sort, Task.id)
_BY_PRIORITY = (Task.priority.desc(), Task.created_at.desc(), Task.id.desc())


def list_people_to_tell(*, now: datetime, limit: int) -> list[int]:
    """Return the ids of people whose daily digest is due, the longest due first."""
    return list(
        db.session.scalars(
            select(User.id).where(User.digest_due_at <= now).order_by(User.digest_due_at, User.id).limit(limit)
        )
    )


def get_digest(*, user_id: int, now: datetime, habits: Habits) -> Digest | None:
    """
    Return what is before a person today, in all their workspaces; None when nothing is.

    It is theirs when it is assigned to them, or to nobody in their own workspace. What is blocked or hidden is left
    out.
    """
    places = db.session.execute(
        select(Workspace.id, Workspace.personal_user_id)
        .join(Membership, Membership.workspace_id == Workspace.id)
        .where(Membership.user_id == user_id, Membership.role != Role.PLACEHOLDER)
        .order_by(Workspace.id)
    ).all()
    if not places:
        return None
    own_id = next((place.id for place in places if place.personal_user_id == user_id), places[0].id)
    today = now.astimezone(habits.zone).date()
    late = due_window(Due.OVERDUE, now=now, zone=habits.zone)
    window = due_window(Due.TODAY, now=now, zone=habits.zone)
    not_yet_late = or_(Task.due_at.is_(None), Task.due_at >= now)
    later = or_(
        and_(Task.due_on.is_(None), Task.due_at.is_(None)), Task.due_on > window.last, Task.due_at >= window.ends_at
    )
    is_shown = or_(Task.starts_on.is_(None), Task.starts_on <= today)
    overdue: list[Task] = []
    due: list[Task] = []
    ready: list[Task] = []
    for place in places:
        is_theirs: ColumnElement[bool] = Task.assignee_id == user_id
        if place.personal_user_id == user_id:
            is_theirs = or_(is_theirs, Task.assignee_id.is_(None))
        here = [Task.workspace_id == place.id, Task.is_deleted == false(), is_theirs, is_shown]
        overdue += _list(here, due_within(late), _BY_DUE, "ix_tasks_by_status_due")
        due += _list(here, [*due_within(window), not_yet_late], _BY_DUE, "ix_tasks_by_status_due")
        ready += _list(here, [later], _BY_PRIORITY, "ix_tasks_by_status_priority")
    blocked = open_blocker_counts([task.id for task in (*overdue, *due, *ready)])
    overdue.sort(key=lambda task: (task.due_sort, task.id))
    due.sort(key=lambda task: (task.due_sort, task.id))
    ready.sort(key=lambda task: (task.status is not Status.DOING, -task.priority, task.due_sort, -task.id))
    digest = Digest(
        workspace_id=own_id,
        overdue=_told(overdue, blocked)[: MOST_A_PART + 1],
        due=_told(due, blocked)[: MOST_A_PART + 1],
        ready=_told(ready, blocked)[:MOST_READY],
    )
    return digest if digest.parts else None


def _list(
    here: Sequence[ColumnElement[bool]], where: Sequence[ColumnElement[bool]], order: Sequence[Any], index: str
) -> list[Task]:
    found: list[Task] = []
    # Each status by itself: a stretch of one index.
    for status in (Status.DOING, Status.TODO):
        statement = select(Task).where(*here, Task.status == status, *where).order_by(*order)
        # Some of them may be blocked.
        statement = walk_index(statement, table="tasks", index=index).limit(2 * MOST_A_PART)
        found += db.session.scalars(statement)
    return found


def _told(tasks: Sequence[Task], blocked: Collection[int]) -> list[DigestTask]:
    return [
        DigestTask(task.id, task.title, Dates(due_on=task.due_on, due_at=task.due_at, starts_on=task.starts_on))
        for task in tasks
        if task.id not in blocked
    ]
