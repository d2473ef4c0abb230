"""Making feeds, giving them another address, and ending them."""

from __future__ import annotations

import secrets
from datetime import datetime

from webapp.accounts.rules import key_hash
from webapp.errors import InvalidInput
from webapp.storage.db import db
from webapp.storage.transaction import transactional
from webapp.tasks.queries.saved import get_visible_view
from webapp.transfers.feeds import queries
from webapp.transfers.models import Feed
from webapp.transfers.rules.calendar import FeedShape
from webapp.values.actor import Actor

MOST_FEEDS = 20
_TOKEN_BYTES = 32


@transactional
def make_feed(*, view_id: int | None, shape: FeedShape, has_time: bool, actor: Actor, now: datetime) -> str:
    """
    Make a feed and return its token, which nobody can look up again.

    :param view_id: None for the tasks that are the actor's or nobody's
    :raises InvalidInput: when they have as many as there may be
    :raises ViewNotFound: when there is no such view that they may see
    """
    if view_id is not None:
        get_visible_view(view_id=view_id, actor=actor)
    if len(queries.list_feeds(actor=actor)) >= MOST_FEEDS:
        raise InvalidInput(f"You have {MOST_FEEDS} feeds. Take one back to make another.", field="view")
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    db.session.add(
        Feed(
            workspace_id=actor.workspace_id,
            user_id=actor.user_id,
            view_id=view_id,
            shape=shape,
            has_time=has_time,
            token_hash=key_hash(token),
            created_at=now,
        )
    )
    return token


@transactional
def renew_feed(*, feed_id: int, actor: Actor, now: datetime) -> str:
    """Give a feed another token and return it; who has the one before finds nothing any more."""
    feed = queries.get_own_feed(feed_id=feed_id, actor=actor)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    feed.token_hash, feed.created_at = key_hash(token), now
    return token


@transactional
def end_feed(*, feed_id: int, actor: Actor) -> None:
    """Take a feed back: who has its address finds nothing any more."""
    db.session.delete(queries.get_own_feed(feed_id=feed_id, actor=actor))
