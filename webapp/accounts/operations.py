"""Changes to people, their sign-ins and their passwords."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from webapp.accounts import passwords, queries, rules
from webapp.accounts.errors import EmailTaken, WrongCredentials, WrongPassword
from webapp.accounts.models import LoginSession, PasswordReset, User
from webapp.errors import InvalidInput, NotFound
from webapp.storage import outbox
from webapp.storage.db import db
from webapp.storage.transaction import transaction, transactional
from webapp.values.actor import Actor

KEY_BYTES = 32
# Told to the worker when a person's mornings or quiet hours are not when they were: `user_id`.
CLOCKS_JOB = "clocks"


@dataclass(frozen=True)
class Settings:
    """How a person wants to be called and shown things."""

    name: str
    timezone: str
    week_start: int
    number_format: str
    date_format: str
    theme: str
    # When the working day ends, by their own clocks; None: no matter.
    day_end: time | None = None


@dataclass(frozen=True)
class Habits:
    """
    When a person wants to be reminded, by their own clocks.

    :ivar quiet_from: and `quiet_until`: no reminder comes between them; both or neither
    :ivar digest_time: when the daily digest comes; None: never
    """

    morning: time
    quiet_from: time | None
    quiet_until: time | None
    digest_time: time | None
    wants_mail: bool


@dataclass(frozen=True)
class TimeHabits:
    """
    What a person wants of timers, and how much they mean to work, by their own clocks. None: never, or no matter.

    :ivar forgotten_after_minutes: a timer that runs longer is taken for forgotten
    :ivar idle_after_minutes: a browser that saw nothing of them for so long asks what to do with the time
    :ivar work_from: and `work_until`: their working hours; both or neither
    :ivar work_days: of date.weekday()
    :ivar wants_nudge: whether they are told when nothing runs in working hours
    """

    forgotten_after_minutes: int | None
    idle_after_minutes: int | None
    goal_day_minutes: int | None
    goal_week_minutes: int | None
    work_from: time | None
    work_until: time | None
    work_days: frozenset[int]
    wants_nudge: bool


@transactional
def add_user(*, name: str, email: str, password_hash: str, timezone: str, now: datetime) -> User:
    """
    Make a person who can log in; `email` is clean (see rules.clean_email).

    :raises EmailTaken: also when another registration of the same address is just faster
    """
    user = User(name=name, email=email, password_hash=password_hash, timezone=timezone, created_at=now)
    db.session.add(user)
    _flush_address()
    return user


def log_in(
    *,
    email: str,
    password: str,
    is_remembered: bool,
    user_agent: str,
    now: datetime,
    earlier_key: str | None = None,
) -> str:
    """
    Sign a browser in and return the key for its cookie.

    It costs the same whether or not anybody has that address.

    :param earlier_key: what the browser's cookie held before; that session ends
    :raises WrongCredentials: whichever of the two is wrong
    """
    user_id, kept_hash = queries.find_credentials(email=email)
    # Outside a transaction: this takes longer than everything else, and SQLite has one writer at a time.
    if not passwords.is_password(password, kept_hash=kept_hash) or user_id is None or kept_hash is None:
        raise WrongCredentials
    new_hash = passwords.hash_password(password) if passwords.needs_rehash(kept_hash) else kept_hash
    return _log_in_checked(
        user_id=user_id,
        checked_hash=kept_hash,
        new_hash=new_hash,
        earlier_key=earlier_key,
        is_remembered=is_remembered,
        user_agent=user_agent,
        now=now,
    )


@transactional
def start_session(
    *, user_id: int, is_remembered: bool, user_agent: str, now: datetime, earlier_key: str | None = None
) -> str:
    """
    Sign a person in and return the random key for their cookie: 256 bits, stored as its hash only.

    :param earlier_key: what the browser's cookie held before; that session ends
    """
    if earlier_key:
        log_out(session_key=earlier_key)
    key = secrets.token_urlsafe(KEY_BYTES)
    db.session.add(
        LoginSession(
            user_id=user_id,
            key_hash=rules.key_hash(key),
            is_remembered=is_remembered,
            user_agent=user_agent[: rules.LONGEST_USER_AGENT],
            created_at=now,
            seen_at=now,
            expires_at=now + rules.session_lasts(is_remembered=is_remembered),
        )
    )
    return key


def note_seen(*, session_id: int, now: datetime) -> None:
    """Remember that a browser was here. Tried once only: somebody waits for a page."""
    with transaction():
        db.session.execute(update(LoginSession).where(LoginSession.id == session_id).values(seen_at=now))


@transactional
def move_session(*, session_id: int, workspace_id: int, actor: Actor) -> None:
    """Have one of the person's browsers work in another workspace; one they do not belong to has no effect."""
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.user_id == actor.user_id)
        .values(workspace_id=workspace_id)
    )


@transactional
def end_session(*, session_id: int, actor: Actor) -> None:
    """
    Sign one of the person's browsers out; no copy of its cookie works any more.

    :raises NotFound: when it is not theirs, or signed out already
    """
    session = db.session.get(LoginSession, session_id, with_for_update=True)
    if session is None or session.user_id != actor.user_id:
        raise NotFound
    db.session.delete(session)


@transactional
def log_out(*, session_key: str) -> None:
    """Sign out the browser that holds this key; one that nobody knows is no error."""
    db.session.execute(delete(LoginSession).where(LoginSession.key_hash == rules.key_hash(session_key)))


@transactional
def log_out_everywhere(*, user_id: int) -> None:
    """Sign out all browsers of a person."""
    db.session.execute(delete(LoginSession).where(LoginSession.user_id == user_id))


@transactional
def forget_ended_sessions(*, now: datetime) -> None:
    """Drop the rows of sessions and reset links whose time is over."""
    db.session.execute(delete(LoginSession).where(LoginSession.expires_at <= now))
    db.session.execute(delete(PasswordReset).where(PasswordReset.expires_at <= now))


@transactional
def save_settings(*, settings: Settings, actor: Actor, now: datetime) -> None:
    """
    Change how a person is called and shown things.

    :raises InvalidInput: for a name, zone, weekday or theme that cannot be
    """
    user = queries.lock_user(user_id=actor.user_id)
    if user is None:
        raise NotFound
    user.name = rules.clean_name(settings.name)
    zone = rules.clean_zone(settings.timezone)
    if zone.key != user.timezone:
        user.timezone = zone.key
        _plan_digest(user, now=now)
        _follow_clocks(user, now=now)
    if settings.week_start not in rules.WEEK_STARTS:
        raise InvalidInput("A week starts on Monday, Saturday or Sunday.", field="week_start")
    if settings.theme not in rules.THEMES:
        raise InvalidInput("Choose one of the looks.", field="theme")
    user.week_start, user.theme = settings.week_start, settings.theme
    user.number_format, user.date_format = settings.number_format, settings.date_format
    user.day_end = settings.day_end


@transactional
def save_habits(*, habits: Habits, actor: Actor, now: datetime) -> None:
    """
    Change when a person is reminded.

    :raises InvalidInput: for quiet hours without a beginning or an end, naming the field
    """
    rules.check_quiet_hours(habits.quiet_from, habits.quiet_until)
    user = queries.lock_user(user_id=actor.user_id)
    if user is None:
        raise NotFound
    user.quiet_from, user.quiet_until = habits.quiet_from, habits.quiet_until
    user.morning, user.wants_mail = habits.morning, habits.wants_mail
    if user.digest_time != habits.digest_time:
        user.digest_time = habits.digest_time
        _plan_digest(user, now=now)
    _follow_clocks(user, now=now)


@transactional
def save_time_habits(*, habits: TimeHabits, actor: Actor, now: datetime) -> None:
    """
    Change what a person wants of timers, their goals and their working hours.

    :raises InvalidInput: naming the field of what cannot be
    """
    rules.check_working_hours(habits.work_from, habits.work_until, days=habits.work_days, is_needed=habits.wants_nudge)
    user = queries.lock_user(user_id=actor.user_id)
    if user is None:
        raise NotFound
    user.forgotten_after_minutes, user.idle_after_minutes = habits.forgotten_after_minutes, habits.idle_after_minutes
    user.goal_day_minutes, user.goal_week_minutes = habits.goal_day_minutes, habits.goal_week_minutes
    user.work_from, user.work_until = habits.work_from, habits.work_until
    user.work_days = rules.days_to_bits(habits.work_days)
    user.wants_nudge = habits.wants_nudge
    # The worker looks at once, and says itself when it looks next.
    user.nudge_due_at = now if habits.wants_nudge else None


@transactional
def set_angle_mode(*, angle: str, actor: Actor) -> None:
    """
    Change what a number without a unit is to the sine and its like.

    :raises InvalidInput: for anything but `rad` and `deg`
    """
    if angle not in rules.ANGLE_MODES:
        raise InvalidInput("Angles without a unit are in radians (rad) or in degrees (deg).", field="angle")
    user = queries.lock_user(user_id=actor.user_id)
    if user is None:
        raise NotFound
    user.angle_mode = angle


def change_email(*, email: str, password: str, actor: Actor) -> None:
    """
    Let a person log in with another address. Links that were mailed to the old one stop working.

    :raises WrongPassword: naming the field `password`
    :raises EmailTaken: naming the field `email`
    """
    address = rules.clean_email(email)
    checked_hash = check_password(password=password, actor=actor)
    _change_email(address=address, checked_hash=checked_hash, actor=actor)


def change_password(
    *, current: str, new: str, is_remembered: bool, user_agent: str, actor: Actor, now: datetime
) -> str:
    """
    Set a new password, sign out every browser, and sign this one in again: return the key for its cookie.

    :raises WrongPassword: naming the field `current_password`
    :raises InvalidInput: naming the field `password`, when the new one would be guessed first
    """
    checked_hash = check_password(password=current, actor=actor, field="current_password")
    email = queries.get_user(user_id=actor.user_id).email or ""
    rules.check_new_password(new, email=email)
    return _change_password(
        new_hash=passwords.hash_password(new),
        checked_hash=checked_hash,
        is_remembered=is_remembered,
        user_agent=user_agent,
        actor=actor,
        now=now,
    )


def check_password(*, password: str, actor: Actor, field: str = "password") -> str:
    """
    Make sure that it is really the person who asks; return the hash that was checked.

    :raises WrongPassword: naming `field`
    """
    kept_hash = queries.get_user(user_id=actor.user_id).password_hash
    if not passwords.is_password(password, kept_hash=kept_hash) or kept_hash is None:
        raise WrongPassword(field=field)
    return kept_hash


@transactional
def mail_reset_link(*, email: str, link_for: Callable[[str], str], now: datetime) -> None:
    """
    Send a link that sets a new password, if anybody has that address. What is answered must not depend on it.

    :param link_for: makes the address of the page from the link's key
    """
    user_id, _ = queries.find_credentials(email=email)
    if user_id is None:
        return
    key = make_reset_key(user_id=user_id, now=now)
    enqueue_mail(
        user=queries.get_user(user_id=user_id),
        subject="Set a new password for DevTrackr",
        text=_RESET_MAIL.format(link=link_for(key)),
        message_id=f"reset-{rules.key_hash(key)[:32]}",
        now=now,
    )


def enqueue_mail(*, user: User, subject: str, text: str, message_id: str, now: datetime) -> None:
    """Have the worker send a mail to a person, once the current transaction is committed; once for one `message_id`."""
    outbox.enqueue(
        kind="mail",
        payload={"to": user.email, "subject": subject, "text": text, "message_id": message_id},
        dedupe_key=f"{_mail_mark(user.id)}{message_id}",
        now=now,
    )


@transactional
def forget_mails(*, user_id: int) -> None:
    """Drop the mails to a person, sent or not: they hold the address, and links."""
    outbox.forget_jobs(dedupe_prefix=_mail_mark(user_id))


@transactional
def make_reset_key(*, user_id: int, now: datetime) -> str:
    """Return a fresh key that sets a new password once; earlier ones stop working."""
    db.session.execute(delete(PasswordReset).where(PasswordReset.user_id == user_id))
    key = secrets.token_urlsafe(KEY_BYTES)
    db.session.add(
        PasswordReset(
            user_id=user_id,
            key_hash=rules.key_hash(key),
            created_at=now,
            expires_at=now + rules.RESET_LINK_LASTS,
        )
    )
    return key


def reset_password(*, key: str, password: str, now: datetime) -> None:
    """
    Set a new password by a mailed link, and sign out every browser.

    :raises DeadResetLink: when the link was used, is too old, or never was one
    :raises InvalidInput: when the password would be guessed first; the link still works then
    """
    user = queries.get_user_of_reset(key=key, now=now)
    rules.check_new_password(password, email=user.email or "")
    _reset_password(key=key, new_hash=passwords.hash_password(password), now=now)


@transactional
def _log_in_checked(
    *,
    user_id: int,
    checked_hash: str,
    new_hash: str,
    earlier_key: str | None,
    is_remembered: bool,
    user_agent: str,
    now: datetime,
) -> str:
    # The password may have been changed since it was checked; then the old one must not open anything.
    user = queries.lock_user(user_id=user_id)
    if user is None or user.password_hash != checked_hash:
        raise WrongCredentials
    user.password_hash = new_hash
    return start_session(
        user_id=user_id, is_remembered=is_remembered, user_agent=user_agent, now=now, earlier_key=earlier_key
    )


@transactional
def _change_email(*, address: str, checked_hash: str, actor: Actor) -> None:
    user = _lock_checked(checked_hash=checked_hash, actor=actor, field="password")
    user.email = address
    _flush_address()
    db.session.execute(delete(PasswordReset).where(PasswordReset.user_id == user.id))


@transactional
def _change_password(
    *, new_hash: str, checked_hash: str, is_remembered: bool, user_agent: str, actor: Actor, now: datetime
) -> str:
    user = _lock_checked(checked_hash=checked_hash, actor=actor, field="current_password")
    _set_password(user=user, new_hash=new_hash)
    return start_session(user_id=user.id, is_remembered=is_remembered, user_agent=user_agent, now=now)


@transactional
def _reset_password(*, key: str, new_hash: str, now: datetime) -> None:
    # Two requests with one link: the second waits here, and finds it used.
    user = queries.lock_user_of_reset(key=key, now=now)
    db.session.execute(update(PasswordReset).where(PasswordReset.key_hash == rules.key_hash(key)).values(used_at=now))
    _set_password(user=user, new_hash=new_hash)


def _set_password(*, user: User, new_hash: str) -> None:
    user.password_hash = new_hash
    db.session.flush()
    log_out_everywhere(user_id=user.id)
    db.session.execute(delete(PasswordReset).where(PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None)))


def _lock_checked(*, checked_hash: str, actor: Actor, field: str) -> User:
    user = queries.lock_user(user_id=actor.user_id)
    if user is None or user.password_hash != checked_hash:
        raise WrongPassword(field=field)
    return user


def _flush_address() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise EmailTaken(field="email") from error


def _mail_mark(user_id: int) -> str:
    return f"mail:{user_id}:"


def _plan_digest(user: User, *, now: datetime) -> None:
    user.digest_due_at = rules.digest_after(now, digest_time=user.digest_time, zone=rules.zone_or_utc(user.timezone))


def _follow_clocks(user: User, *, now: datetime) -> None:
    # What is counted from mornings lies elsewhere by other clocks: there may be much of it, so the worker sees to it.
    outbox.enqueue(kind=CLOCKS_JOB, payload={"user_id": user.id}, now=now)


_RESET_MAIL = """Hello,

somebody asked for a new password for your DevTrackr account. To set one, open this address within an hour:

{link}

It works once. If it was not you, do nothing: your password stays as it is.
"""
