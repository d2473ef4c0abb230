"""Telling people of tasks that were given to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from webapp.accounts.models import User
from webapp.notices import rules as notices
from webapp.notices.operations import notify
from webapp.storage.db import db
from webapp.tasks.models import Task
from webapp.tasks.rules.reminders import task_address
from webapp.values.actor import Actor
from webapp.workspaces.models import Membership
from webapp.workspaces.rules import Role

# More than these at once are told as one.
MOST_APART = 3


def tell_assignees(*, tasks: Sequence[Task], actor: Actor, now: datetime) -> None:
    """
    Tell whoever these tasks, which have their ids, were just given to by somebody else; within the caller's unit of
    work.
    """
    given: dict[int, list[Task]] = {}
    for task in tasks:
        if task.assignee_id is not None and task.assignee_id != actor.user_id:
            given.setdefault(task.assignee_id, []).append(task)
    if not given:
        return
    readers = db.session.scalars(
        select(Membership.user_id).where(
            Membership.workspace_id == actor.workspace_id,
            Membership.user_id.in_(given),
            Membership.role != Role.PLACEHOLDER,
        )
    )
    who = db.session.scalar(select(User.name).where(User.id == actor.user_id)) or ""
    for user_id in sorted(readers):
        theirs = given[user_id]
        told = [(notices.assigned(who=who, title=task.title), task_address(task.id)) for task in theirs]
        if len(theirs) > MOST_APART:
            told = [(notices.assigned_many(who=who, count=len(theirs)), "/tasks")]
        for text, address in told:
            notify(
                user_ids=[user_id],
                workspace_id=actor.workspace_id,
                kind=notices.Kind.ASSIGNED,
                text=text,
                address=address,
                now=now,
            )
