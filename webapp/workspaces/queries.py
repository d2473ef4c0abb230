"""Questions about workspaces, and about who is asking."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, case, func, or_, select

from webapp.accounts import rules as account_rules
from webapp.accounts.models import LoginSession, User
from webapp.errors import NotFound
from webapp.notices.queries import unread_count_of
from webapp.storage.bulk import table_of
from webapp.storage.db import db, fetch_columns
from webapp.values.actor import Actor
from webapp.workspaces.models import Membership, Workspace
from webapp.workspaces.rules import Role

MOST_NAMES = 500


@dataclass(frozen=True)
class Viewer:
    """The signed-in person as pages know them."""

    user_id: int
    workspace_id: int
    session_id: int
    is_remembered: bool
    seen_at: datetime
    name: str
    email: str
    initials: str
    zone: ZoneInfo
    week_start: int
    day_end: time | None
    idle_after_minutes: int | None
    goal_day_minutes: int | None
    goal_week_minutes: int | None
    number_format: str
    date_format: str
    theme: str
    workspace_name: str
    # All that they may enter, their own first.
    workspaces: list[tuple[int, str]]
    # At most notices.rules.MOST_COUNTED.
    unread_notices: int
    # What Flask-Login asks of whoever is signed in.
    is_authenticated: bool = field(default=True, init=False)
    is_active: bool = field(default=True, init=False)
    is_anonymous: bool = field(default=False, init=False)

    def get_id(self) -> str:
        """Return the id that Flask-Login speaks of."""
        return str(self.user_id)


@dataclass(frozen=True)
class WorkspaceRow:
    """One workspace as an operator sees it in a list."""

    workspace_id: int
    name: str
    is_personal: bool
    people: int


def find_viewer(*, session_key: str, now: datetime) -> Viewer | None:
    """
    Return whoever holds this session key, or None when it is not the key of a living session. One statement.

    They work in the workspace they last entered, when they still belong to it, else in their own.
    """
    rows = fetch_columns(
        _viewer_statement(),
        {
            "held_key": account_rules.key_hash(session_key),
            "at": now,
            "idle_since": now - account_rules.SESSION_IDLE,
        },
    ).all()
    if not rows:
        return None
    row = rows[0]
    workspaces = [(own.workspace_id, own.workspace_name) for own in rows]
    workspace_id, workspace_name = next((own for own in workspaces if own[0] == row.entered_id), workspaces[0])
    return Viewer(
        user_id=row.user_id,
        workspace_id=workspace_id,
        session_id=row.session_id,
        is_remembered=row.is_remembered,
        seen_at=row.seen_at,
        name=row.name,
        email=row.email or "",
        initials=account_rules.initials(row.name),
        zone=account_rules.zone_or_utc(row.timezone),
        week_start=row.week_start,
        day_end=row.day_end,
        idle_after_minutes=row.idle_after_minutes,
        goal_day_minutes=row.goal_day_minutes,
        goal_week_minutes=row.goal_week_minutes,
        number_format=row.number_format,
        date_format=row.date_format,
        theme=row.theme,
        workspace_name=workspace_name,
        workspaces=workspaces,
        unread_notices=int(row.unread),
    )


@cache
def _viewer_statement() -> Select[*tuple[Any, ...]]:
    # Made once, and of plain columns: every page asks for it.
    sessions, users, members, places = map(table_of, (LoginSession, User, Membership, Workspace))
    holder = sessions.alias()
    key_hash = bindparam("held_key", type_=sessions.c.key_hash.type)
    unread = unread_count_of(select(holder.c.user_id).where(holder.c.key_hash == key_hash).scalar_subquery())
    return (
        select(
            sessions.c.id.label("session_id"),
            sessions.c.workspace_id.label("entered_id"),
            sessions.c.is_remembered,
            sessions.c.seen_at,
            users.c.id.label("user_id"),
            users.c.name,
            users.c.email,
            users.c.timezone,
            users.c.week_start,
            users.c.day_end,
            users.c.idle_after_minutes,
            users.c.goal_day_minutes,
            users.c.goal_week_minutes,
            users.c.number_format,
            users.c.date_format,
            users.c.theme,
            places.c.id.label("workspace_id"),
            places.c.name.label("workspace_name"),
            unread.label("unread"),
        )
        .join_from(sessions, users, users.c.id == sessions.c.user_id)
        .join(members, members.c.user_id == users.c.id)
        .join(places, places.c.id == members.c.workspace_id)
        .where(
            sessions.c.key_hash == key_hash,
            sessions.c.expires_at > bindparam("at", type_=sessions.c.expires_at.type),
            or_(
                sessions.c.is_remembered,
                sessions.c.seen_at > bindparam("idle_since", type_=sessions.c.seen_at.type),
            ),
            members.c.role != Role.PLACEHOLDER,
        )
        .order_by(case((places.c.personal_user_id == users.c.id, 0), else_=1), places.c.name, places.c.id)
    )


def get_workspace(*, workspace_id: int, user_id: int) -> Workspace:
    """
    Return a workspace that this person may enter.

    :raises NotFound: when there is none, or they do not belong to it
    """
    workspace = db.session.scalar(
        select(Workspace)
        .join(Membership, Membership.workspace_id == Workspace.id)
        .where(Workspace.id == workspace_id, Membership.user_id == user_id, Membership.role != Role.PLACEHOLDER)
    )
    if workspace is None:
        raise NotFound
    return workspace


def get_own_workspace_id(*, user_id: int) -> int:
    """Return the id of the workspace that a person has had since they registered."""
    return db.session.scalars(select(Workspace.id).where(Workspace.personal_user_id == user_id)).one()


def list_people(*, actor: Actor) -> list[User]:
    """Return everybody in the actor's workspace, placeholders included, by name."""
    return list(
        db.session.scalars(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.workspace_id == actor.workspace_id)
            .order_by(User.name, User.id)
        )
    )


def list_names(*, actor: Actor) -> list[tuple[int, str]]:
    """Return the id and name of the people of the actor's workspace, who can log in first, to choose from; 500."""
    rows = db.session.execute(
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.workspace_id == actor.workspace_id)
        .order_by(case((Membership.role == Role.PLACEHOLDER, 1), else_=0), User.name, User.id)
        .limit(MOST_NAMES)
    )
    return [(row.id, row.name) for row in rows]


def list_placeholders(*, workspace_id: int) -> list[User]:
    """Return the people of a workspace whom imported files named and who cannot log in, the first named first."""
    return list(
        db.session.scalars(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.workspace_id == workspace_id, Membership.role == Role.PLACEHOLDER)
            .order_by(User.id)
        )
    )


def is_owner(*, actor: Actor) -> bool:
    """Tell whether the actor owns the workspace they are in."""
    role = select(Membership.role).where(
        Membership.workspace_id == actor.workspace_id, Membership.user_id == actor.user_id
    )
    return db.session.scalar(role) is Role.OWNER


def lock_members(*, workspace_id: int) -> list[Membership]:
    """Return who may enter a workspace, who joined first first; nobody joins or leaves until the transaction ends."""
    return list(
        db.session.scalars(
            select(Membership)
            .where(Membership.workspace_id == workspace_id, Membership.role != Role.PLACEHOLDER)
            .order_by(Membership.joined_at, Membership.user_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def list_workspaces() -> list[WorkspaceRow]:
    """Return all workspaces of the site, for its operator, the oldest first."""
    rows = db.session.execute(
        select(Workspace.id, Workspace.name, Workspace.personal_user_id, func.count(Membership.user_id))
        .join(Membership, Membership.workspace_id == Workspace.id, isouter=True)
        .group_by(Workspace.id, Workspace.name, Workspace.personal_user_id)
        .order_by(Workspace.id)
    )
    return [WorkspaceRow(number, name, own is not None, int(people)) for number, name, own, people in rows]
