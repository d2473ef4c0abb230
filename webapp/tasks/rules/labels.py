"""What categories and tags may be called, and which colours they have. Pure."""

from __future__ import annotations

from enum import StrEnum

from webapp.errors import InvalidInput
from webapp.tasks.rules.tasks import HUES, checked_name
from webapp.values.text import name_key

HUE_NAMES = ("Blue", "Orange", "Teal", "Purple", "Olive", "Red", "Violet", "Slate")


class Kind(StrEnum):
    """A category (at most one a task) or a tag (any number)."""

    CATEGORY = "category"
    TAG = "tag"


def checked_label(kind: Kind, name: str) -> str:
    """
    Return the name of a category or a tag as it is kept.

    :raises InvalidInput: naming the field `name`
    """
    if kind is Kind.TAG:
        name = name.strip().lstrip("#")
    name = checked_name(name, field="name", what="A name")
    if not name:
        raise InvalidInput("Give it a name.", field="name")
    if kind is Kind.TAG and "," in name:
        raise InvalidInput("A tag holds no comma: commas stand between tags.", field="name")
    if kind is Kind.CATEGORY and name_key(name) == "none":
        raise InvalidInput("“none” means a task without a category. Choose another name.", field="name")
    return name


def checked_hue(kind: Kind, hue: int | None) -> int | None:
    """
    Return a hue as it is kept; a tag may have none.

    :raises InvalidInput: naming the field `hue`
    """
    if hue is None and kind is Kind.TAG:
        return None
    if hue is None or not 1 <= hue <= HUES:
        raise InvalidInput("Choose one of the colours.", field="hue")
    return hue
