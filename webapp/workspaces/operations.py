"""Changes to workspaces and to who belongs to them. Registration, because it makes a person and a workspace of one."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError, OperationalError

from webapp.accounts import operations as account_operations
from webapp.accounts import passwords
from webapp.accounts import queries as account_queries
from webapp.accounts import rules as account_rules
from webapp.accounts.errors import EmailTaken
from webapp.accounts.models import User
from webapp.errors import InvalidInput, NotFound
from webapp.notices import operations as notice_operations
from webapp.storage.db import db
from webapp.storage.failures import TryAgain
from webapp.storage.transaction import transactional
from webapp.values.actor import Actor
from webapp.values.text import clean_line, name_key
from webapp.workspaces import queries
from webapp.workspaces.models import Membership, Workspace
from webapp.workspaces.queries import Viewer
from webapp.workspaces.rules import LONGEST_PLACEHOLDER_NAME, Role, personal_workspace_name


def register(*, name: str, email: str, password: str, timezone: str, now: datetime) -> int:
    """
    Make a person with a workspace of their own and return the person's id.

    :param timezone: as a browser names it; one that nobody knows becomes UTC
    :raises InvalidInput: naming the field `name`, `email` or `password`
    """
    name = account_rules.clean_name(name)
    email = account_rules.clean_email(email)
    account_rules.check_new_password(password, email=email)
    if account_queries.find_user_by_email(email=email):
        raise EmailTaken(field="email")
    return _register_checked(
        name=name,
        email=email,
        password_hash=passwords.hash_password(password),
        timezone=account_rules.zone_or_utc(timezone).key,
        now=now,
    )


def recognise(*, session_key: str, now: datetime) -> Viewer | None:
    """Return whoever holds this session key, and remember now and then that they were here."""
    viewer = queries.find_viewer(session_key=session_key, now=now)
    if viewer is not None and viewer.seen_at <= now - account_rules.SEEN_EVERY:
        # Next to nothing is lost when this cannot be written right now; the page they asked for would be.
        with suppress(OperationalError):
            account_operations.note_seen(session_id=viewer.session_id, now=now)
    return viewer


@transactional
def enter(*, workspace_id: int, session_id: int, actor: Actor) -> None:
    """
    Work in another workspace from now on, in this browser.

    :raises NotFound: when the person does not belong to it
    """
    queries.get_workspace(workspace_id=workspace_id, user_id=actor.user_id)
    account_operations.move_session(session_id=session_id, workspace_id=workspace_id, actor=actor)


@transactional
def add_member(*, workspace_id: int, email: str, now: datetime) -> None:
    """
    Let a person with an account into a workspace. Whoever is in it already stays in it.

    :raises NotFound: when there is no such workspace or nobody with that address
    """
    workspace = db.session.get(Workspace, workspace_id)
    user = account_queries.find_user_by_email(email=email)
    if workspace is None:
        raise NotFound(f"There is no workspace {workspace_id}. `flask workspaces list` shows them.")
    if user is None:
        raise NotFound(f"Nobody has registered with {email}.")
    if db.session.get(Membership, (workspace_id, user.id)) is None:
        _join(workspace_id=workspace_id, user_id=user.id, role=Role.MEMBER, now=now)


@transactional
def leave(*, workspace_id: int, user_id: int) -> None:
    """
    Take a person out of a workspace that others belong to.

    When it loses its last owner, whoever joined first of those who stay becomes one.
    """
    members = queries.lock_members(workspace_id=workspace_id)
    staying = [member for member in members if member.user_id != user_id]
    if staying and all(member.role is not Role.OWNER for member in staying):
        staying[0].role = Role.OWNER
    for member in members:
        if member.user_id == user_id:
            db.session.delete(member)
    db.session.flush()
    notice_operations.forget_notices_in(workspace_id=workspace_id, user_id=user_id)


@transactional
def add_placeholder(*, name: str, actor: Actor, now: datetime) -> int:
    """
    Return the id of the placeholder of this name in the workspace, made now if there is none.

    :raises InvalidInput: for an empty name, or one that cannot be kept
    """
    try:
        name = clean_line(name)
    except ValueError as error:
        raise InvalidInput(str(error)) from None
    if not name or len(name) > LONGEST_PLACEHOLDER_NAME:
        raise InvalidInput(f"A name has 1 to {LONGEST_PLACEHOLDER_NAME} characters.")
    # Two imports may name the same person at once: one of them waits here.
    db.session.get_one(Workspace, actor.workspace_id, with_for_update=True)
    for person in queries.list_placeholders(workspace_id=actor.workspace_id):
        if name_key(person.name) == name_key(name):
            return person.id
    user = User(name=name, created_at=now)
    db.session.add(user)
    db.session.flush()
    _join(workspace_id=actor.workspace_id, user_id=user.id, role=Role.PLACEHOLDER, now=now)
    return user.id


@transactional
def remove_placeholder(*, user_id: int, actor: Actor) -> None:
    """Take a placeholder out of the workspace again; anybody else stays. The caller has seen that nothing is theirs."""
    is_placeholder = db.session.scalar(
        select(Membership.user_id).where(
            Membership.workspace_id == actor.workspace_id,
            Membership.user_id == user_id,
            Membership.role == Role.PLACEHOLDER,
        )
    )
    if is_placeholder is not None:
        db.session.execute(delete(User).where(User.id == user_id, User.email.is_(None)))


@transactional
def _register_checked(*, name: str, email: str, password_hash: str, timezone: str, now: datetime) -> int:
    user = account_operations.add_user(name=name, email=email, password_hash=password_hash, timezone=timezone, now=now)
    workspace = Workspace(name=personal_workspace_name(name), personal_user_id=user.id, created_at=now)
    db.session.add(workspace)
    db.session.flush()
    _join(workspace_id=workspace.id, user_id=user.id, role=Role.OWNER, now=now)
    return user.id


def _join(*, workspace_id: int, user_id: int, role: Role, now: datetime) -> None:
    db.session.add(Membership(workspace_id=workspace_id, user_id=user_id, role=role, joined_at=now))
    try:
        db.session.flush()
    except IntegrityError as error:
        # Somebody adds the same person right now: look again once they have finished.
        raise TryAgain from error
