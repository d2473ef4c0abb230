"""Changes to categories and tags as things of their own: their name and colour, two into one, none at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from webapp.errors import InvalidInput
from webapp.storage import journal
from webapp.storage.bulk import delete_rows, in_chunks, table_of
from webapp.storage.db import Model, db
from webapp.storage.failures import TryAgain
from webapp.storage.journal import recorded
from webapp.storage.transaction import transactional
from webapp.tasks.errors import LabelNotFound
from webapp.tasks.models import Category, Series, SeriesTag, Tag, Task, TaskTag
from webapp.tasks.operations import derived
from webapp.tasks.queries.labels import MODELS
from webapp.tasks.rules.labels import Kind, checked_hue, checked_label
from webapp.values.actor import Actor
from webapp.values.text import name_key


@transactional
def save_label(*, kind: Kind, label_id: int, name: str, hue: int | None, actor: Actor, now: datetime) -> None:
    """
    Give a category or a tag a name and a colour.

    :raises LabelNotFound: when it is not in the actor's workspace
    :raises InvalidInput: naming the field `name` or `hue`; also for the name of another
    """
    name, hue = checked_label(kind, name), checked_hue(kind, hue)
    (label,) = _locked(kind, [label_id], actor=actor)
    model = MODELS[kind]
    other = db.session.scalar(
        select(model.name).where(
            model.workspace_id == actor.workspace_id, model.name_key == name_key(name), model.id != label_id
        )
    )
    if other is not None:
        raise InvalidInput(f"There is “{other}” already. Merge this {kind} into it instead.", field="name")
    with recorded(f"{kind}.saved", f"Changed the {kind} “{label.name}”", actor=actor, now=now):
        label.name, label.name_key = name, name_key(name)
        if hue is not None or isinstance(label, Tag):
            label.hue = hue
        _flush()


@transactional
def merge_labels(*, kind: Kind, label_id: int, into_id: int, actor: Actor, now: datetime) -> int:
    """
    Put all that is of one category or tag under another, delete the one, and return how many tasks that moved.

    One undo takes all of it back.

    :raises LabelNotFound: when one of them is not in the actor's workspace, or somebody merged it away just now
    :raises InvalidInput: naming the field `into`, when they are the same
    """
    if label_id == into_id:
        raise InvalidInput(f"Choose another {kind} to merge this one into.", field="into")
    label, into = _locked(kind, [label_id, into_id], actor=actor)
    summary = f"Merged the {kind} “{label.name}” into “{into.name}”"
    with recorded(f"{kind}.merged", summary, actor=actor, now=now):
        return _remove(label, into_id=into_id)


@transactional
def delete_label(*, kind: Kind, label_id: int, actor: Actor, now: datetime) -> int:
    """
    Delete a category or a tag, and return how many tasks lose it. The tasks stay.

    :raises LabelNotFound: when it is not in the actor's workspace
    """
    (label,) = _locked(kind, [label_id], actor=actor)
    with recorded(f"{kind}.deleted", f"Deleted the {kind} “{label.name}”", actor=actor, now=now):
        return _remove(label, into_id=None)


def _locked(kind: Kind, label_ids: list[int], *, actor: Actor) -> list[Category | Tag]:
    """Return the labels in the order asked for, held until the transaction ends."""
    model = MODELS[kind]
    # Always in one order: two who merge the same two the other way round wait for each other, and not in a circle.
    found = db.session.scalars(
        select(model)
        .where(model.id.in_(label_ids), model.workspace_id == actor.workspace_id)
        .order_by(model.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    labels: dict[int, Category | Tag] = {label.id: label for label in found}
    if len(labels) < len(label_ids):
        raise LabelNotFound
    return [labels[label_id] for label_id in label_ids]


def _remove(label: Category | Tag, *, into_id: int | None) -> int:
    if isinstance(label, Category):
        moved = _move_column(Task, label.id, into_id)
        _move_column(Series, label.id, into_id)
    else:
        moved = _move_links(TaskTag, "task_id", label.id, into_id)
        _move_links(SeriesTag, "series_id", label.id, into_id)
    db.session.delete(label)
    _flush()
    return moved


def _move_column(model: type[Task] | type[Series], category_id: int, into_id: int | None) -> int:
    table = table_of(model)
    ids = db.session.scalars(
        select(model.id).where(model.category_id == category_id).order_by(model.id).with_for_update()
    ).all()
    for chunk in in_chunks(ids):
        for row_id in chunk:
            journal.note(
                table=table.name,
                key=row_id,
                task_id=row_id if model is Task else None,
                before={"category_id": category_id},
                after={"category_id": into_id},
            )
        db.session.execute(
            update(table).where(table.c.id.in_(chunk)).values(category_id=into_id, version=table.c.version + 1)
        )
    return len(ids)


def _move_links(model: type[TaskTag] | type[SeriesTag], owner: str, tag_id: int, into_id: int | None) -> int:
    table = table_of(model)
    owners = _owners(table, owner, tag_id)
    have_it = set(_owners(table, owner, into_id)) if into_id is not None else set()
    for chunk in in_chunks(owners):
        for owner_id in chunk:
            _note_link(table, owner, owner_id, tag_id, is_new=False)
        come = [owner_id for owner_id in chunk if into_id is not None and owner_id not in have_it]
        if come:
            for owner_id in come:
                _note_link(table, owner, owner_id, into_id, is_new=True)
            db.session.execute(insert(table), [{owner: owner_id, "tag_id": into_id} for owner_id in come])
    delete_rows(model, model.tag_id, [tag_id])
    _bump(Task if model is TaskTag else Series, owners)
    if model is TaskTag:
        derived.follow(owners, texts=False)
    return len(owners)


def _owners(table: Table, owner: str, tag_id: int | None) -> list[int]:
    column = table.c[owner]
    return list(db.session.scalars(select(column).where(table.c.tag_id == tag_id).order_by(column).with_for_update()))


def _note_link(table: Table, owner: str, owner_id: int, tag_id: int | None, *, is_new: bool) -> None:
    link: dict[str, Any] = {owner: owner_id, "tag_id": tag_id}
    journal.note(
        table=table.name,
        key=(owner_id, tag_id),
        task_id=owner_id if owner == "task_id" else None,
        before=None if is_new else link,
        after=link if is_new else None,
    )


def _bump(model: type[Model], ids: Sequence[int]) -> None:
    # Whoever has one of these in a form is told that it changed.
    table = table_of(model)
    for chunk in in_chunks(ids):
        db.session.execute(update(table).where(table.c.id.in_(chunk)).values(version=table.c.version + 1))


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        # Somebody gave another one this name, or put a task under this one, just now: the next try sees it.
        raise TryAgain from error
