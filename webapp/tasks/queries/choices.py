"""What a form about time, or a list of it, offers to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, bindparam, false, literal, select

from webapp.accounts.models import User
from webapp.customers.models import Customer
from webapp.storage.db import db
from webapp.storage.dialect import stacked
from webapp.tasks.models import Category, Tag, Task
from webapp.tasks.queries.blockers import find_named
from webapp.tasks.queries.tasks import list_tasks
from webapp.tasks.rules.criteria import TaskCriteria
from webapp.values.actor import Actor
from webapp.workspaces.models import Membership

MOST_TO_CHOOSE_FROM = 50
MOST_CHOICES = 500


@dataclass(frozen=True)
class Choices:
    """What a list of entries can be narrowed to, by id and name."""

    categories: tuple[tuple[int, str], ...]
    tags: tuple[tuple[int, str], ...]
    customers: tuple[tuple[int, str], ...]
    people: tuple[tuple[int, str], ...]


def list_choices(*, actor: Actor) -> Choices:
    """Return what the entries of the workspace can be narrowed to, by name. One statement."""
    found: dict[str, list[tuple[int, str]]] = {"category": [], "tag": [], "customer": [], "person": []}
    for kind, key, name in db.session.execute(_choices(db.engine.dialect.name), {"workspace_id": actor.workspace_id}):
        found[kind].append((key, name))
    categories, tags, customers, people = (
        tuple(sorted(of_kind, key=lambda choice: (choice[1].casefold(), choice[0]))) for of_kind in found.values()
    )
    return Choices(categories, tags, customers, people)


@cache
def _choices(engine_name: str) -> Any:
    workspace_id: BindParameter[int] = bindparam("workspace_id")
    return stacked(
        [
            select(literal("category").label("kind"), Category.id, Category.name)
            .where(Category.workspace_id == workspace_id)
            .order_by(Category.name_key)
            .limit(MOST_CHOICES),
            select(literal("tag").label("kind"), Tag.id, Tag.name)
            .where(Tag.workspace_id == workspace_id)
            .order_by(Tag.name_key)
            .limit(MOST_CHOICES),
            select(literal("customer").label("kind"), Customer.id, Customer.name)
            .where(Customer.workspace_id == workspace_id)
            .order_by(Customer.name_key)
            .limit(MOST_CHOICES),
            select(literal("person").label("kind"), User.id, User.name)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.workspace_id == workspace_id)
            .order_by(User.id)
            .limit(MOST_CHOICES),
        ],
        engine_name=engine_name,
    )


def list_tasks_to_choose(*, actor: Actor) -> list[tuple[int, str]]:
    """Return id and title of the tasks that were touched last, the newest first."""
    rows = db.session.execute(
        select(Task.id, Task.title)
        .where(Task.workspace_id == actor.workspace_id, Task.is_deleted == false())
        .order_by(Task.updated_at.desc(), Task.id.desc())
        .limit(MOST_TO_CHOOSE_FROM)
    )
    return [(row.id, row.title) for row in rows]


def find_tasks(*, typed: str, actor: Actor, now: datetime) -> list[tuple[int, str]]:
    """
    Return id and title of the tasks that a person may mean by `typed`: a number (`#12`, or as offered: `#12 Pay`), the
    beginning of a title, or words in it. One when it is certain.
    """
    named = find_named(typed=typed, task_id=None, actor=actor)
    if named:
        return [(task.id, task.title) for task in named]
    page = list_tasks(criteria=TaskCriteria(now=now, q=typed), actor=actor)
    return [(row.id, row.title) for row in page.rows]
