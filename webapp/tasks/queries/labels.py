"""Questions about categories and tags as things of their own: how many tasks they are on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, false, func, select

from webapp.storage.db import db
from webapp.tasks.errors import LabelNotFound
from webapp.tasks.models import Category, Tag, Task, TaskTag
from webapp.tasks.rules.labels import Kind
from webapp.values.actor import Actor
from webapp.values.status import Status
from webapp.values.text import name_key, shortened

MODELS: dict[Kind, Any] = {Kind.CATEGORY: Category, Kind.TAG: Tag}
MOST_SHOWN = 1_000


@dataclass(frozen=True)
class LabelRow:
    """A category or a tag, on how many tasks it is, and how many of them are open. The trash does not count."""

    id: int
    name: str
    hue: int | None
    total: int
    open: int


def list_labels(*, kind: Kind, actor: Actor) -> list[LabelRow]:
    """Return the first `MOST_SHOWN` categories or tags by name, with their counts. Two statements."""
    model = MODELS[kind]
    labels = db.session.execute(
        select(model.id, model.name, model.hue)
        .where(model.workspace_id == actor.workspace_id)
        .order_by(model.name_key)
        .limit(MOST_SHOWN)
    ).all()
    counts = _counts(kind, actor)
    return [LabelRow(row.id, row.name, row.hue, *counts.get(row.id, (0, 0))) for row in labels]


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


def _counts(kind: Kind, actor: Actor) -> dict[int, tuple[int, int]]:
    is_open: ColumnElement[int] = case((Task.status != Status.DONE, 1), else_=0)
    visible = (Task.workspace_id == actor.workspace_id, Task.is_deleted == false())
    if kind is Kind.CATEGORY:
        statement = (
            select(Task.category_id, func.count(), func.sum(is_open))
            .where(*visible, Task.category_id.is_not(None))
            .group_by(Task.category_id)
        )
    else:
        statement = (
            select(TaskTag.tag_id, func.count(), func.sum(is_open))
            .join(Task, Task.id == TaskTag.task_id)
            .where(*visible)
            .group_by(TaskTag.tag_id)
        )
    rows: Any = db.session.execute(statement)
    return {label_id: (int(total), int(open_)) for label_id, total, open_ in rows}
