"""Questions about workspaces, and about who is asking."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import aliased

from webapp.accounts import rules as account_rules
from webapp.accounts.models import LoginSession, User
from webapp.errors import NotFound
from webapp.notices.queries import unread_count_of
from webapp.storage.db import db
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
    key_hash = account_rules.key_hash(session_key)
    holder = aliased(LoginSession)
    unread = unread_count_of(select(holder.user_id).where(holder.key_hash == key_hash).scalar_subquery())
    rows = db.session.execute(
        select(LoginSession, User, Workspace.id, Workspace.name, unread)
        .join(User, User.id == LoginSession.user_id)
        .join(Membership, Membership.user_id == User.id)
        .join(Workspace, Workspace.id == Membership.workspace_id)
        .where(
            LoginSession.key_hash == key_hash,
            LoginSession.expires_at > now,
            or_(LoginSession.is_remembered, LoginSession.seen_at > now - account_rules.SESSION_IDLE),
            Membership.role != Role.PLACEHOLDER,
        )
        .order_by(case((Workspace.personal_user_id == User.id, 0), else_=1), Workspace.name, Workspace.id)
    ).all()
    if not rows:
        return None
    session, user = rows[0][0], rows[0][1]
    workspaces = [(workspace_id, name) for _, _, workspace_id, name, _ in rows]
    workspace_id, workspace_name = next((own for own in workspaces if own[0] == session.workspace_id), workspaces[0])
    return Viewer(
        user_id=user.id,
        workspace_id=workspace_id,
        session_id=session.id,
        is_remembered=session.is_remembered,
        seen_at=session.seen_at,
        name=user.name,
        email=user.email or "",
        initials=account_rules.initials(user.name),
        zone=account_rules.zone_or_utc(user.timezone),
        week_start=user.week_start,
        day_end=user.day_end,
        number_format=user.number_format,
        date_format=user.date_format,
        theme=user.theme,
        workspace_name=workspace_name,
        workspaces=workspaces,
        unread_notices=int(rows[0][4]),
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
