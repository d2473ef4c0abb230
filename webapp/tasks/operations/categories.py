"""Categories and tags come into being by being named."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from webapp.storage.db import db
from webapp.storage.failures import TryAgain
from webapp.storage.transaction import transactional
from webapp.tasks.models import Category, Tag
from webapp.tasks.queries import categories as queries
from webapp.tasks.rules.tasks import checked_name, next_hue
from webapp.values.actor import Actor
from webapp.values.text import name_key


@transactional
def category_id_for(*, name: str, actor: Actor) -> int:
    """
    Return the id of the category a person means by `name`, made if there is none.

    :raises InvalidInput: when it is too long or holds what cannot be kept
    """
    category = queries.find_category(name=name, actor=actor)
    if category is None:
        category = Category(
            workspace_id=actor.workspace_id,
            name=checked_name(name, field="category", what="The name of a category"),
            name_key=name_key(name),
            hue=next_hue(queries.count_categories(actor=actor)),
        )
        _add([category])
    return category.id


@transactional
def tags_for(*, names: tuple[str, ...], actor: Actor) -> list[Tag]:
    """Return the tags called `names`, each made if there is none."""
    if not names:
        return []
    known = {tag.name_key: tag for tag in queries.list_tags_named(names=names, actor=actor)}
    wanted = {
        name_key(name): known.get(name_key(name))
        or Tag(workspace_id=actor.workspace_id, name=name, name_key=name_key(name))
        for name in names
    }
    # In one order everywhere: two people who make the same tags at once do not wait for each other in a circle.
    _add([wanted[key] for key in sorted(wanted) if key not in known])
    return list(wanted.values())


def _add(made: list[Category] | list[Tag]) -> None:
    db.session.add_all(made)
    try:
        db.session.flush()
    except IntegrityError as error:
        # Somebody made one of the same name just now: the next try finds it.
        raise TryAgain from error
