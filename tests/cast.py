"""Who plays in the tests: Ada owns, Ben is in her workspace, Cy is a stranger. And what they work on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient

from webapp.accounts.models import User
from webapp.accounts.operations import start_session
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import NO_DUE, NO_ESTIMATE, EntryDay, Task, TimeEntry
from webapp.values.actor import Actor
from webapp.values.priority import Priority
from webapp.values.status import Status
from webapp.values.text import name_key
from webapp.workspaces.models import Membership, Workspace
from webapp.workspaces.rules import Role

# A Friday afternoon in Berlin (15:42 there).
NOW = datetime(2026, 11, 20, 14, 42, tzinfo=UTC)
TODAY = date(2026, 11, 20)
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Person:
    """Somebody with an account, signed in with `client`."""

    user_id: int
    workspace_id: int
    email: str
    actor: Actor
    client: FlaskClient


def make_person(app: Flask, *, name: str, email: str, timezone: str = "UTC", joins: Person | None = None) -> Person:
    """Make a person who is signed in: in a workspace of their own, or in that of another."""
    with transaction():
        user = User(name=name, email=email, timezone=timezone, created_at=NOW)
        db.session.add(user)
        db.session.flush()
        if joins is None:
            workspace = Workspace(name=name, personal_user_id=user.id, created_at=NOW)
            db.session.add(workspace)
            db.session.flush()
            workspace_id, role = workspace.id, Role.OWNER
        else:
            workspace_id, role = joins.workspace_id, Role.MEMBER
        db.session.add(Membership(workspace_id=workspace_id, user_id=user.id, role=role, joined_at=NOW))
    actor = Actor(user_id=user.id, workspace_id=workspace_id, zone=ZoneInfo(timezone))
    # Real time: the session must be alive for requests that do not stop the clock.
    key = start_session(user_id=user.id, is_remembered=True, user_agent="test", now=datetime.now(UTC))
    client = app.test_client()
    client.set_cookie(app.config["LOGIN_COOKIE_NAME"], key)
    return Person(user.id, workspace_id, email, actor, client)


def make_stranger_to(app: Flask) -> Person:
    """Make Cy."""
    return make_person(app, name="Cy Stranger", email="cy@example.com", timezone="America/New_York")


def make_task(owner: Person, **overrides: Any) -> Task:
    """Put a task in the owner's workspace, straight into its table."""
    values: dict[str, Any] = {
        "workspace_id": owner.workspace_id,
        "title": "Write the report",
        "status": Status.TODO,
        "priority": Priority.MEDIUM,
        "created_at": NOW,
        "created_on": TODAY,
        "updated_at": NOW,
        "due_sort": NO_DUE,
        "estimate_sort": overrides.get("estimated_minutes") or NO_ESTIMATE,
        **overrides,
    }
    values.setdefault("title_key", name_key(values["title"])[:120])
    if values["status"] is Status.DONE:
        values.setdefault("completed_at", NOW)
        values.setdefault("completed_on", TODAY)
    with transaction():
        task = Task(**values)
        db.session.add(task)
    return task


def make_entry(
    task: Task,
    owner: Person,
    *,
    started_at: datetime = NOW,
    seconds: int = 3600,
    customer_id: int | None = None,
) -> TimeEntry:
    """Put a finished interval on a task, that does not pass midnight, straight into its tables."""
    day = started_at.astimezone(owner.actor.zone).date()
    with transaction():
        entry = TimeEntry(
            workspace_id=task.workspace_id,
            task_id=task.id,
            user_id=owner.user_id,
            customer_id=customer_id,
            started_at=started_at,
            ended_at=started_at + timedelta(seconds=seconds),
            day=day,
            seconds=seconds,
            zone=owner.actor.zone.key,
            created_at=NOW,
            updated_at=NOW,
        )
        db.session.add(entry)
        db.session.flush()
        db.session.add(
            EntryDay(
                entry_id=entry.id,
                day=day,
                workspace_id=task.workspace_id,
                user_id=owner.user_id,
                task_id=task.id,
                seconds=seconds,
            )
        )
        found = db.session.get_one(Task, task.id)
        found.tracked_seconds += seconds
    return entry
