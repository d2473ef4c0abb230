"""Questions about workspaces, and about who is asking."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from webapp.accounts import rules as account_rules
from webapp.accounts.models import LoginSession, User
from webapp.storage.db import db
from webapp.workspaces.models import Membership, Workspace
from webapp.workspaces.rules import Role


@dataclass(frozen=True)
class Viewer:
    """The signed-in person as pages know them."""

    user_id: int
    workspace_id: int
    session_id: int
    name: str
    email: str
    zone: ZoneInfo
    week_start: int
    number_format: str
    date_format: str
    theme: str
    workspace_name: str
    workspaces: list[tuple[int, str]]
    # What Flask-Login asks of whoever is signed in.
    is_authenticated: bool = field(default=True, init=False)
    is_active: bool = field(default=True, init=False)
    is_anonymous: bool = field(default=False, init=False)

    def get_id(self) -> str:
        """Return the id that Flask-Login speaks of."""
        return str(self.user_id)

    @property
    def initials(self) -> str:
        """The first letters of the first and the last name."""
        words = self.name.split() or ["?"]
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


def find_viewer(*, session_key: str, now: datetime) -> Viewer | None:
    """
    Return whoever holds this session key, or None when it is not the key of a living session. One statement.

    They work in the workspace they last entered, when they still belong to it, else in their own.
    """
    session = aliased(LoginSession)
    rows = db.session.execute(
        select(session, User, Workspace.id, Workspace.name, Workspace.personal_user_id)
        .join(User, User.id == session.user_id)
        .join(Membership, Membership.user_id == User.id)
        .join(Workspace, Workspace.id == Membership.workspace_id)
        .where(
            session.key_hash == account_rules.key_hash(session_key),
            session.expires_at > now,
            or_(session.is_remembered, session.seen_at > now - account_rules.SESSION_IDLE),
            Membership.role != Role.PLACEHOLDER,
        )
        .order_by(func.coalesce(Workspace.personal_user_id, 0) != User.id, Workspace.id)
    ).all()
    if not rows:
        return None
    login, user = rows[0][0], rows[0][1]
    own = [(workspace_id, name) for _, _, workspace_id, name, _ in rows]
    workspace_id, workspace_name = next((pair for pair in own if pair[0] == login.workspace_id), own[0])
    return Viewer(
        user_id=user.id,
        workspace_id=workspace_id,
        session_id=login.id,
        name=user.name,
        email=user.email or "",
        zone=ZoneInfo(user.timezone),
        week_start=user.week_start,
        number_format=user.number_format,
        date_format=user.date_format,
        theme=user.theme,
        workspace_name=workspace_name,
        workspaces=own,
    )
