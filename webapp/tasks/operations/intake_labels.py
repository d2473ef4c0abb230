"""Taking in what tasks refer to: categories and tags by name, and series of a file of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from webapp.storage.bulk import insert_rows
from webapp.storage.db import db
from webapp.storage.transaction import transactional
from webapp.tasks.models import Category, Series, SeriesTag, Tag
from webapp.tasks.queries.intake import find_ids_by_key, find_series_ids
from webapp.tasks.rules.intake import Change, SeriesIn, Taken
from webapp.tasks.rules.tasks import next_hue
from webapp.values.actor import Actor
from webapp.values.text import name_key


@transactional
def take_in_labels(*, categories: Mapping[str, int], tags: Mapping[str, int | None], actor: Actor) -> list[Change]:
    """Make categories and tags with their hues, by name; those that are here stay as they are."""
    taken = Taken()
    said: tuple[tuple[type[Category] | type[Tag], Mapping[str, int | None]], ...] = (
        (Category, categories),
        (Tag, tags),
    )
    for model, hues in said:
        # A category and a tag may have the same name, and each its own hue.
        hue_of = {name_key(name): hue for name, hue in hues.items()}
        here = find_ids_by_key(model, list(hue_of), actor=actor)
        ids_by_name(
            taken,
            model,
            hues,
            actor=actor,
        )
        for key, record_id in find_ids_by_key(model, list(hue_of), actor=actor).items():
            if key not in here:
                db.session.execute(
                    update(model)
                    .where(model.id == record_id)
                    .values(hue=hue_of[key])
                    .execution_options(synchronize_session=False)
                )
    return taken.changes


@transactional
def take_in_series(*, series: Sequence[SeriesIn], actor: Actor, now: datetime) -> list[Change]:
    """Make series as they were elsewhere; their tasks say by themselves that they are dates of them."""
    taken = Taken()
    names = {item.category for item in series if item.category}
    category_ids = ids_by_name(taken, Category, sorted(names), actor=actor)
    tag_ids = ids_by_name(taken, Tag, sorted({tag for item in series for tag in item.tags}), actor=actor)
    insert_rows(
        Series,
        [
            {
                **item.columns,
                "workspace_id": actor.workspace_id,
                "uid": item.ref,
                "user_id": item.user_id,
                "category_id": category_ids[name_key(item.category)] if item.category else None,
                "customer_id": item.customer_id,
                "assignee_id": item.assignee_id,
                "version": 1,
            }
            for item in series
        ],
    )
    ids = find_series_ids(refs=[item.ref for item in series], actor=actor)
    insert_rows(
        SeriesTag,
        [
            {"series_id": ids[item.ref], "tag_id": tag_id}
            for item in series
            for tag_id in sorted({tag_ids[name_key(tag)] for tag in item.tags})
        ],
    )
    return [*taken.changes, *(Change("task_series", series_id) for series_id in ids.values())]


def ids_by_name(
    taken: Taken, model: type[Category] | type[Tag], names: Iterable[str], *, actor: Actor
) -> dict[str, int]:
    """Return ids by the names' keys, making what is not there yet; a new category gets the next hue."""
    wanted: dict[str, str] = {}
    for name in names:
        wanted.setdefault(name_key(name), name)
    ids = find_ids_by_key(model, wanted, actor=actor)
    missing = [key for key in wanted if key not in ids]
    if not missing:
        return ids
    rows: list[dict[str, Any]] = [
        {"workspace_id": actor.workspace_id, "name": wanted[key], "name_key": key} for key in missing
    ]
    if model is Category:
        in_workspace = select(func.count()).select_from(Category).where(Category.workspace_id == actor.workspace_id)
        before = db.session.scalar(in_workspace) or 0
        rows = [row | {"hue": next_hue(before + index)} for index, row in enumerate(rows)]
    insert_rows(model, rows)
    made = find_ids_by_key(model, missing, actor=actor)
    taken.changes.extend(Change(model.__tablename__, made[key]) for key in missing)
    return ids | made
