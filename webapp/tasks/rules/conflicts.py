"""Two people edit one task: what each of them changed. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.tasks.rules.tasks import TaskDetails
from webapp.values.text import name_key

# What the form of a task decides, in its order.
DECIDED = (
    "title",
    "description",
    "due",
    "repeat",
    "priority",
    "estimate",
    "status",
    "starts",
    "category",
    "tags",
    "parent",
    "assignee",
    "customer",
)
_MARK_LENGTH = 12


@dataclass(frozen=True)
class Difference:
    """A field in which two versions differ, and who changed it since the form was shown."""

    name: str
    is_changed_here: bool
    is_changed_there: bool


def marks(details: TaskDetails) -> dict[str, str]:
    """Return a short mark of each field, by which it is known later whether it was changed."""
    return {
        name: hashlib.sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()[:_MARK_LENGTH]
        for name, value in _decided(details).items()
    }


def differences(*, mine: TaskDetails, theirs: TaskDetails, shown: Mapping[str, str]) -> list[Difference]:
    """
    Return the fields in which `mine` and `theirs` differ.

    :param shown: the marks of what the form showed; where they are lost, both count as changed
    """
    here, there = marks(mine), marks(theirs)
    return [
        Difference(name, is_changed_here=here[name] != shown.get(name), is_changed_there=there[name] != shown.get(name))
        for name in DECIDED
        if here[name] != there[name]
    ]


def _decided(details: TaskDetails) -> dict[str, Any]:
    return {
        "title": details.title,
        "description": details.description,
        "due": (details.due_on, details.due_at),
        "repeat": details.repeat,
        "priority": details.priority,
        "estimate": details.estimated_minutes,
        "status": details.status,
        "starts": details.starts_on,
        "category": name_key(details.category or ""),
        "tags": sorted(name_key(tag) for tag in details.tags),
        "parent": details.parent_id,
        "assignee": details.assignee_id,
        "customer": details.customer_id,
    }
