"""Questions about people and their sign-ins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select

from webapp.accounts import rules
from webapp.accounts.errors import DeadResetLink
from webapp.accounts.models import LoginSession, PasswordReset, User
from webapp.errors import InvalidInput, NotFound
from webapp.storage.db import db


@dataclass(frozen=True)
class SignedInBrowser:
    """One row of the list of browsers on the account page."""

    session_id: int
    name: str
    is_this_one: bool
    is_remembered: bool
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


def get_user(*, user_id: int) -> User:
    """
    Return a person.

    :raises NotFound: when there is none
    """
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound
    return user


def lock_user(*, user_id: int) -> User | None:
    """Return a person, read anew, whom nobody else changes until the current transaction ends."""
    return db.session.get(User, user_id, with_for_update=True, populate_existing=True)


def find_user_by_email(*, email: str) -> User | None:
    """Return the person who logs in with this address, however it is written."""
    try:
        address = rules.clean_email(email)
    except InvalidInput:
        return None
    return db.session.scalar(select(User).where(User.email == address))


def list_users() -> list[User]:
    """Return everybody who can log in, the first registered first."""
    return list(db.session.scalars(select(User).where(User.email.is_not(None)).order_by(User.id)))


def find_credentials(*, email: str) -> tuple[int | None, str | None]:
    """Return the id and the password hash of whoever logs in with this address; twice None when nobody does."""
    user = find_user_by_email(email=email)
    return (user.id, user.password_hash) if user else (None, None)


def get_user_of_reset(*, key: str, now: datetime) -> User:
    """
    Return the person whose password this link sets.

    :raises DeadResetLink: when the link was used, is too old, or never was one
    """
    return _only(db.session.scalars(_user_of_reset(key=key, now=now)).first())


def lock_user_of_reset(*, key: str, now: datetime) -> User:
    """
    As `get_user_of_reset`, and nobody else uses the link until the current transaction ends.

    :raises DeadResetLink: when the link was used, is too old, or never was one
    """
    return _only(db.session.scalars(_user_of_reset(key=key, now=now).with_for_update()).first())


def list_browsers(*, user_id: int, this_session_id: int, now: datetime) -> list[SignedInBrowser]:
    """Return the browsers in which a person is signed in now: this one first, then the latest seen."""
    sessions = db.session.scalars(
        select(LoginSession)
        .where(
            LoginSession.user_id == user_id,
            LoginSession.expires_at > now,
            or_(LoginSession.is_remembered, LoginSession.seen_at > now - rules.SESSION_IDLE),
        )
        .order_by(LoginSession.id != this_session_id, LoginSession.seen_at.desc(), LoginSession.id.desc())
        .limit(100)
    )
    return [
        SignedInBrowser(
            session_id=session.id,
            name=rules.browser_name(session.user_agent),
            is_this_one=session.id == this_session_id,
            is_remembered=session.is_remembered,
            created_at=session.created_at,
            seen_at=session.seen_at,
            expires_at=session.expires_at,
        )
        for session in sessions
    ]


def _user_of_reset(*, key: str, now: datetime) -> Select[User]:
    return (
        select(User)
        .join(PasswordReset, PasswordReset.user_id == User.id)
        .where(
            PasswordReset.key_hash == rules.key_hash(key),
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > now,
        )
    )


def _only(user: User | None) -> User:
    if user is None:
        raise DeadResetLink
    return user
