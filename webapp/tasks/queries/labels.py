"""Questions about categories and tags as things of their own: how many tasks they are on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, func, literal, select

from webapp.storage.db import db
from webapp.tasks.errors import LabelNotFound
from webapp.tasks.models import Category, Tag, Task, TaskTag
from webapp.tasks.rules.labels import Kind
from webapp.values.actor import Actor
from webapp.values.status import Status
from webapp.values.text import name_key, shortened

MODELS: dict[Kind, Any] = {Kind.CATEGORY: Category, Kind.TAG: Tag}
MOST_SHOWN = 1_000
# Of what is on more tasks than this is only told that it is: to count them all would take as long as they are many.
MOST_COUNTED = 1_000


@dataclass(frozen=True)
class LabelRow:
    """
    A category or a tag, on how many tasks it is, and how many of them are open. The trash does not count.

    `is_more`: it is on more than `total`, and how many of them are open is not known.
    """

    id: int
    name: str
    hue: int | None
    total: int
    open: int | None
    is_more: bool = False


def list_labels(*, kind: Kind, actor: Actor) -> list[LabelRow]:
    """Return the first `MOST_SHOWN` categories or tags by name, with their counts. Two statements."""
    model = MODELS[kind]
    labels = db.session.execute(
        select(model.id, model.name, model.hue, _has_many(kind).label("has_many"))
        .where(model.workspace_id == actor.workspace_id)
        .order_by(model.name_key)
        .limit(MOST_SHOWN)
    ).all()
    counts = _counts(kind, [row.id for row in labels if not row.has_many], actor)
    return [
        LabelRow(row.id, row.name, row.hue, MOST_COUNTED, None, is_more=True)
        if row.has_many
        else LabelRow(row.id, row.name, row.hue, *counts.get(row.id, (0, 0)))
        for row in labels
    ]


def get_label(*, kind: Kind, label_id: int, actor: Actor) -> Category | Tag:
    """
    Return a category or a tag.

    :raises LabelNotFound: when it is not in the actor's workspace
    """
    model = MODELS[kind]
    found: Category | Tag | None = db.session.scalar(
        select(model)
        .where(model.id == label_id, model.workspace_id == actor.workspace_id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise LabelNotFound
    return found


def find_unknown(*, category: str | None, tag: str | None, actor: Actor) -> list[str]:
    """Return, of the names of a category and a tag that a list asks for, a phrase for each that there is none of."""
    asked = ((Kind.CATEGORY, category if category and category.strip().lower() != "none" else None), (Kind.TAG, tag))
    unknown = []
    for kind, name in asked:
        model = MODELS[kind]
        if name and not db.session.scalar(
            select(model.id).where(model.workspace_id == actor.workspace_id, model.name_key == name_key(name))
        ):
            unknown.append(f"no {kind} “{shortened(name, longest=60)}”")
    return unknown


def list_names(*, kind: Kind, actor: Actor, but_not: int) -> list[tuple[int, str]]:
    """Return the id and name of the other categories or tags, by name, to choose from."""
    model = MODELS[kind]
    rows = db.session.execute(
        select(model.id, model.name)
        .where(model.workspace_id == actor.workspace_id, model.id != but_not)
        .order_by(model.name_key)
        .limit(MOST_SHOWN)
    )
    return [(row.id, row.name) for row in rows]


def _has_many(kind: Kind) -> ColumnElement[bool]:
    """Return whether there is one more than are counted: a step along an index, as far as that and no further."""
    beyond: Select[int]
    if kind is Kind.CATEGORY:
        beyond = (
            select(literal(1))
            .where(
                Task.workspace_id == Category.workspace_id,
                Task.is_deleted == false(),
                Task.category_id == Category.id,
            )
            .order_by(Task.created_at, Task.id)
            .correlate(Category)
        )
    else:
        beyond = (
            select(literal(1))
            .where(TaskTag.tag_id == Tag.id, TaskTag.is_deleted == false())
            .order_by(TaskTag.created_at, TaskTag.task_id)
            .correlate(Tag)
        )
    return beyond.limit(1).offset(MOST_COUNTED).scalar_subquery().is_not(None)


def _counts(kind: Kind, label_ids: Sequence[int], actor: Actor) -> dict[int, tuple[int, int]]:
    if not label_ids:
        return {}
    is_open: ColumnElement[int] = case((Task.status != Status.DONE, 1), else_=0)
    if kind is Kind.CATEGORY:
        statement = (
            select(Task.category_id, func.count(), func.sum(is_open))
            .where(Task.workspace_id == actor.workspace_id, Task.is_deleted == false(), Task.category_id.in_(label_ids))
            .group_by(Task.category_id)
        )
    else:
        statement = (
            select(TaskTag.tag_id, func.count(), func.sum(is_open))
            .join(Task, Task.id == TaskTag.task_id)
            .where(TaskTag.tag_id.in_(label_ids), TaskTag.is_deleted == false(), Task.is_deleted == false())
            .group_by(TaskTag.tag_id)
        )
    rows: Any = db.session.execute(statement)
    return {label_id: (int(total), int(open_)) for label_id, total, open_ in rows}
