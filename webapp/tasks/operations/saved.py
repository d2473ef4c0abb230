"""Keeping lists by name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from webapp.errors import InvalidInput
from webapp.storage.db import db
from webapp.storage.failures import TryAgain
from webapp.storage.journal import recorded
from webapp.storage.transaction import transactional
from webapp.tasks.errors import ViewChanged
from webapp.tasks.models import SavedView
from webapp.tasks.queries import saved as queries
from webapp.tasks.rules.saved import MOST_VIEWS, checked_address, checked_view_name
from webapp.values.actor import Actor
from webapp.values.text import name_key


@transactional
def save_view(*, name: str, address: str, is_shared: bool, is_default: bool, actor: Actor, now: datetime) -> int:
    """
    Keep a list by name and return its id; what the actor kept by that name before is replaced.

    :param address: the parameters of the list
    :raises InvalidInput: when the name cannot be kept, or they have as many as there may be
    """
    name, address = checked_view_name(name), checked_address(address)
    with recorded("view.saved", f"Saved the view “{name}”", actor=actor, now=now):
        view = queries.find_own_view(name=name, actor=actor)
        if view is None:
            if len(queries.list_own_views(actor=actor)) >= MOST_VIEWS:
                raise InvalidInput(f"You have {MOST_VIEWS} views. Delete one to keep another.", field="name")
            view = SavedView(workspace_id=actor.workspace_id, user_id=actor.user_id, created_at=now)
            db.session.add(view)
        view.name, view.name_key, view.address = name, name_key(name), address
        _set(view, is_shared=is_shared, is_default=is_default, actor=actor, now=now)
        return view.id


@transactional
def change_view(*, view_id: int, name: str, is_shared: bool, is_default: bool, actor: Actor, now: datetime) -> None:
    """
    Give a view another name, show it to all or to nobody, begin the list with it or not.

    :raises InvalidInput: when another view of theirs has this name
    """
    name = checked_view_name(name)
    with recorded("view.changed", f"Changed the view “{name}”", actor=actor, now=now):
        view = queries.get_own_view(view_id=view_id, actor=actor)
        other = queries.find_own_view(name=name, actor=actor)
        if other is not None and other.id != view.id:
            raise InvalidInput(f"Another view of yours is called “{other.name}”.", field="name")
        view.name, view.name_key = name, name_key(name)
        _set(view, is_shared=is_shared, is_default=is_default, actor=actor, now=now)


@transactional
def update_view(*, view_id: int, address: str, version: int, actor: Actor, now: datetime) -> None:
    """
    Let a view show the list with other parameters from now on.

    :param version: what the view had when this was chosen
    :raises ViewChanged: when it has another by now
    """
    address = checked_address(address)
    view = queries.get_own_view(view_id=view_id, actor=actor)
    if view.version != version:
        raise ViewChanged
    with recorded("view.changed", f"Changed the view “{view.name}”", actor=actor, now=now):
        view.address, view.updated_at = address, now


@transactional
def delete_view(*, view_id: int, actor: Actor, now: datetime) -> None:
    """Forget a view; the owner of the workspace any that is shown to all. The tasks on it stay as they are."""
    view = queries.get_deletable_view(view_id=view_id, actor=actor)
    with recorded("view.deleted", f"Deleted the view “{view.name}”", actor=actor, now=now):
        db.session.delete(view)


def _set(view: SavedView, *, is_shared: bool, is_default: bool, actor: Actor, now: datetime) -> None:
    view.is_shared, view.is_default, view.updated_at = is_shared, is_default, now
    if is_default:
        with db.session.no_autoflush:
            others = [other for other in queries.list_own_views(actor=actor) if other is not view]
        for other in others:
            if other.is_default:
                other.is_default, other.updated_at = False, now
    try:
        db.session.flush()
    except IntegrityError as error:
        # The same form was sent twice at once: the next try replaces what the other made.
        raise TryAgain from error
