"""Changes to notices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, false, select, update
from sqlalchemy.exc import IntegrityError

from webapp.accounts import operations as account_operations
from webapp.notices.models import Notice
from webapp.notices.queries import lock_notice
from webapp.notices.rules import LONGEST_TEXT
from webapp.storage.db import db
from webapp.storage.failures import TryAgain
from webapp.storage.transaction import transactional
from webapp.values.actor import Actor
from webapp.values.text import shortened

KEPT_FOR = timedelta(days=180)


@transactional
def notify(
    *,
    user_ids: Iterable[int],
    workspace_id: int,
    kind: str,
    text: str,
    address: str | None,
    now: datetime,
    dedupe_key: str | None = None,
    snooze_address: str | None = None,
) -> None:
    """
    Tell people something, each of them once for one `dedupe_key`, within the caller's unit of work.

    :param user_ids: members of the workspace; whoever acts is left out by the caller
    :param kind: one of rules.Kind
    :param address: a path of this site that leads to the record
    :param snooze_address: a path of this site that puts it off when posted to with `until`
    """
    people = sorted(set(user_ids))
    told = _told(people, dedupe_key=dedupe_key)
    # What the caller has changed so far is written first, so that a refusal below is about these rows only.
    db.session.flush()
    for user_id in people:
        if user_id not in told:
            db.session.add(
                Notice(
                    user_id=user_id,
                    workspace_id=workspace_id,
                    kind=kind,
                    text=shortened(text, longest=LONGEST_TEXT),
                    address=address,
                    snooze_address=snooze_address,
                    dedupe_key=dedupe_key,
                    created_at=now,
                )
            )
    try:
        db.session.flush()
    except IntegrityError as error:
        # Somebody tells them the same right now: look again once they have finished.
        raise TryAgain from error


@transactional
def open_notice(*, notice_id: int, session_id: int, actor: Actor, now: datetime) -> str | None:
    """
    Mark a notice as read and return the address of what it speaks of; this browser moves into that workspace.

    :raises NoticeNotFound: when it is not theirs
    """
    notice = lock_notice(notice_id=notice_id, actor=actor)
    _mark(notice, is_read=True, now=now)
    if notice.workspace_id != actor.workspace_id:
        account_operations.move_session(session_id=session_id, workspace_id=notice.workspace_id, actor=actor)
    return notice.address


@transactional
def mark_notice(*, notice_id: int, is_read: bool, actor: Actor, now: datetime) -> None:
    """
    Mark a notice as read, or as unread again.

    :raises NoticeNotFound: when it is not theirs
    """
    _mark(lock_notice(notice_id=notice_id, actor=actor), is_read=is_read, now=now)


@transactional
def mark_settled(*, user_id: int, dedupe_key: str, now: datetime) -> None:
    """Mark as read what a person was told by this key: they have seen to it. Nothing to mark is no error."""
    db.session.execute(
        update(Notice)
        .where(Notice.user_id == user_id, Notice.dedupe_key == dedupe_key, Notice.is_read == false())
        .values(is_read=True, read_at=now)
        .execution_options(synchronize_session=False)
    )


@transactional
def mark_all_read(*, up_to_id: int, actor: Actor, now: datetime) -> None:
    """Mark as read what was told so far. What came after `up_to_id`, the newest the person saw, stays unread."""
    db.session.execute(
        update(Notice)
        .where(Notice.user_id == actor.user_id, Notice.is_read == false(), Notice.id <= up_to_id)
        .values(is_read=True, read_at=now)
        .execution_options(synchronize_session=False)
    )


@transactional
def forget_notices_in(*, workspace_id: int, user_id: int) -> None:
    """Drop what a person was told in a workspace that they leave."""
    db.session.execute(delete(Notice).where(Notice.workspace_id == workspace_id, Notice.user_id == user_id))


@transactional
def forget_old_notices(*, now: datetime) -> None:
    """Drop what was told half a year ago."""
    db.session.execute(delete(Notice).where(Notice.created_at < now - KEPT_FOR))


def _told(people: list[int], *, dedupe_key: str | None) -> set[int]:
    if dedupe_key is None:
        return set()
    return set(
        db.session.scalars(select(Notice.user_id).where(Notice.user_id.in_(people), Notice.dedupe_key == dedupe_key))
    )


def _mark(notice: Notice, *, is_read: bool, now: datetime) -> None:
    if notice.is_read is not is_read:
        notice.is_read, notice.read_at = is_read, now if is_read else None
