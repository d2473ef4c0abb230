"""Questions about notices. Those of others are not found."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, false, func, select

from webapp.notices.errors import NoticeNotFound
from webapp.notices.models import Notice
from webapp.notices.rules import MOST_COUNTED
from webapp.storage.db import db
from webapp.values.actor import Actor
from webapp.values.page import Page, UnreadableCursor, cut_page, read_position

PAGE_ROWS = 50
_ORDER = "newest"


def unread_count_of(user_id: ColumnElement[int] | ScalarSelect[Any]) -> ScalarSelect[int]:
    """Return the number of a person's unread notices, for a statement of others; it stops at `MOST_COUNTED`."""
    unread = (
        select(Notice.id)
        .where(Notice.user_id == user_id, Notice.is_read == false())
        .limit(MOST_COUNTED)
        .subquery("unread")
    )
    return select(func.count(unread.c.id)).scalar_subquery()


def list_notices(
    *, actor: Actor, is_unread_only: bool = False, after: str | None = None, limit: int = PAGE_ROWS
) -> Page[Notice]:
    """
    Return one page of what the actor was told, in whichever workspace, the newest first.

    :param after: a cursor that an earlier page gave
    :raises UnreadableCursor: when the cursor is none of this list
    """
    position = read_position(after, order=_ORDER)
    statement = select(Notice).where(Notice.user_id == actor.user_id)
    if is_unread_only:
        statement = statement.where(Notice.is_read == false())
    is_backwards = position is not None and position.is_backwards
    if position is not None:
        match position.key:
            case (int(notice_id),):
                statement = statement.where(Notice.id > notice_id if is_backwards else Notice.id < notice_id)
            case _:
                raise UnreadableCursor
    statement = statement.order_by(Notice.id.asc() if is_backwards else Notice.id.desc()).limit(limit + 1)
    return cut_page(
        list(db.session.scalars(statement)),
        limit=limit,
        order=_ORDER,
        position=position,
        key_of=lambda notice: (notice.id,),
    )


def was_told(*, user_id: int, dedupe_key: str) -> bool:
    """Tell whether a person has been told something by this key."""
    found = select(Notice.id).where(Notice.user_id == user_id, Notice.dedupe_key == dedupe_key)
    return db.session.scalar(found) is not None


def lock_notice(*, notice_id: int, actor: Actor) -> Notice:
    """
    Return a notice of the actor's that nobody else changes until the transaction ends.

    :raises NoticeNotFound: when it is not theirs
    """
    notice = db.session.get(Notice, notice_id, with_for_update=True, populate_existing=True)
    if notice is None or notice.user_id != actor.user_id:
        raise NoticeNotFound
    return notice
