"""Questions about categories and tags."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Select, bindparam, func, select

from webapp.storage.bulk import table_of
from webapp.storage.db import db, fetch_columns
from webapp.tasks.models import Category, Tag
from webapp.tasks.queries.rows import CategoryName
from webapp.values.actor import Actor
from webapp.values.text import name_key


def find_category(*, name: str, actor: Actor) -> Category | None:
    """Return the category a person means by `name`, whatever its case."""
    return db.session.scalar(
        select(Category).where(Category.workspace_id == actor.workspace_id, Category.name_key == name_key(name))
    )


def list_categories(*, actor: Actor) -> list[Category]:
    """Return all categories by name."""
    return list(
        db.session.scalars(
            select(Category).where(Category.workspace_id == actor.workspace_id).order_by(Category.name_key)
        )
    )


def list_names(*, actor: Actor) -> list[CategoryName]:
    """Return all categories by name, as filters show them."""
    found = fetch_columns(_names(), {"workspace": actor.workspace_id})
    return [CategoryName(row.name, row.hue) for row in found]


@cache
def _names() -> Select[str, int]:
    named = table_of(Category)
    return (
        select(named.c.name, named.c.hue)
        .where(named.c.workspace_id == bindparam("workspace"))
        .order_by(named.c.name_key)
    )


def count_categories(*, actor: Actor) -> int:
    """Return how many categories there are."""
    return (
        db.session.scalar(select(func.count()).select_from(Category).where(Category.workspace_id == actor.workspace_id))
        or 0
    )


def list_tags_named(*, names: tuple[str, ...], actor: Actor) -> list[Tag]:
    """Return those of the tags called `names` that exist."""
    keys = [name_key(name) for name in names]
    return list(db.session.scalars(select(Tag).where(Tag.workspace_id == actor.workspace_id, Tag.name_key.in_(keys))))
