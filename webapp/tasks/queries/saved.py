"""Questions about lists that are kept by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select, true

from webapp.storage.bulk import table_of
from webapp.storage.db import db, fetch_columns
from webapp.tasks.errors import ViewNotFound, ViewOfSomebodyElse
from webapp.tasks.models import SavedView
from webapp.tasks.rules.saved import MOST_VIEWS
from webapp.values.actor import Actor
from webapp.values.text import name_key
from webapp.workspaces.queries import is_owner


@dataclass(frozen=True)
class ViewRow:
    """
    A list by its name; `address` are its parameters, `is_mine` tells whether the viewer may change it.

    `version`: a number that changes with it.
    """

    id: int
    name: str
    address: str
    is_mine: bool
    is_shared: bool
    is_default: bool
    version: int

    @property
    def opened(self) -> str:
        """The parameters that open it: its own, and which view they are of, for what is changed on the way."""
        return f"{self.address}&view={self.id}".lstrip("&")


def list_views(*, actor: Actor) -> list[ViewRow]:
    """Return the actor's own and those shown to all in the workspace, by name; at most `MOST_VIEWS`."""
    found = fetch_columns(_views(), {"workspace": actor.workspace_id, "user": actor.user_id})
    return [
        ViewRow(
            id=row.id,
            name=row.name,
            address=row.address,
            is_mine=row.user_id == actor.user_id,
            is_shared=row.is_shared,
            is_default=row.is_default and row.user_id == actor.user_id,
            version=row.version,
        )
        for row in found
    ]


def get_visible_view(*, view_id: int, actor: Actor) -> SavedView:
    """
    Return a view that the actor may see, locked: it stays while what is made for it is written.

    :raises ViewNotFound: when there is none
    """
    return _get_view(view_id=view_id, actor=actor)


def get_own_view(*, view_id: int, actor: Actor) -> SavedView:
    """
    Return a view of the actor's, to be changed.

    :raises ViewNotFound: when there is none that they may see
    :raises ViewOfSomebodyElse: when somebody else shows it to all
    """
    view = _get_view(view_id=view_id, actor=actor)
    if view.user_id != actor.user_id:
        raise ViewOfSomebodyElse
    return view


def get_deletable_view(*, view_id: int, actor: Actor) -> SavedView:
    """
    Return a view that the actor may delete: their own, or as owner of the workspace one that is shown to all.

    Whoever shared it may have left.

    :raises ViewNotFound: when there is none that they may see
    :raises ViewOfSomebodyElse: when somebody else shows it to all
    """
    view = _get_view(view_id=view_id, actor=actor)
    if view.user_id != actor.user_id and not is_owner(actor=actor):
        raise ViewOfSomebodyElse
    return view


def _get_view(*, view_id: int, actor: Actor) -> SavedView:
    view = db.session.scalar(
        select(SavedView)
        .where(SavedView.id == view_id, SavedView.workspace_id == actor.workspace_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if view is None or (view.user_id != actor.user_id and not view.is_shared):
        raise ViewNotFound
    return view


def find_own_view(*, name: str, actor: Actor) -> SavedView | None:
    """Return the actor's view of this name, whatever its case."""
    return db.session.scalar(
        select(SavedView).where(
            SavedView.workspace_id == actor.workspace_id,
            SavedView.user_id == actor.user_id,
            SavedView.name_key == name_key(name),
        )
    )


def list_own_views(*, actor: Actor) -> list[SavedView]:
    """Return all of the actor's views in the workspace."""
    return list(
        db.session.scalars(
            select(SavedView).where(SavedView.workspace_id == actor.workspace_id, SavedView.user_id == actor.user_id)
        )
    )


@cache
def _views() -> Select[*tuple[Any, ...]]:
    views = table_of(SavedView)
    return (
        select(
            views.c.id,
            views.c.name,
            views.c.address,
            views.c.user_id,
            views.c.is_shared,
            views.c.is_default,
            views.c.version,
        )
        .where(
            views.c.workspace_id == bindparam("workspace"),
            or_(views.c.user_id == bindparam("user"), views.c.is_shared == true()),
        )
        .order_by(views.c.name_key, views.c.id)
        .limit(MOST_VIEWS)
    )
