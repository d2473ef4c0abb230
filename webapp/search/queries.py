"""What holds the words somebody looks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, null, select, union_all

from webapp.calculations.queries.history import search_calculations
from webapp.calculations.queries.record import Record
from webapp.calculations.queries.worksheets import WorksheetRow, search_worksheets
from webapp.customers.models import Customer
from webapp.customers.queries import list_customers
from webapp.storage.db import db
from webapp.tasks.models import Category, Comment, Tag, Task
from webapp.tasks.queries.tasks import TaskRow, list_tasks
from webapp.tasks.rules.criteria import TaskCriteria
from webapp.values.actor import Actor
from webapp.values.text import name_key, snippet_around, split_at_words

MOST_OF_EACH = 20
MOST_SUGGESTED = 10
# Customers, calculations and worksheets among what is suggested, each, when there are tasks enough to fill it.
MOST_OTHERS_SUGGESTED = 3
MOST_LABELS = 6
# Of a description so much is looked at for what stands around the words.
LONGEST_LOOKED_AT = 10_000
# And so many comments on all the tasks that are shown.
MOST_COMMENTS_LOOKED_AT = 200


@dataclass(frozen=True)
class Label:
    """A category or a tag whose name holds the words. `hue` is a category’s, None a tag’s."""

    name: str
    hue: int | None


@dataclass(frozen=True)
class Found:
    """
    The first of each kind that match; `has_more_…` says that there are others.

    `is_cut`: there are more tasks than a search looks through, and the oldest were left out. `snippets` are what stands
    around the words in a description or else a comment, by task, where the title does not hold them.
    """

    labels: list[Label]
    tasks: list[TaskRow]
    snippets: dict[int, str]
    customers: list[Customer]
    calculations: list[Record]
    worksheets: list[WorksheetRow]
    has_more_tasks: bool
    has_more_customers: bool
    has_more_calculations: bool
    has_more_worksheets: bool
    is_cut: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing matches at all."""
        return not (self.labels or self.tasks or self.customers or self.calculations or self.worksheets)


def find_all(*, words: str, actor: Actor, now: datetime) -> Found:
    """Return the tasks, customers, calculations and worksheets of the actor's workspace that hold `words`."""
    tasks = list_tasks(criteria=TaskCriteria(now=now, q=words, limit=MOST_OF_EACH), actor=actor)
    customers = list_customers(actor=actor, words=words, limit=MOST_OF_EACH)
    calculations = search_calculations(actor=actor, words=words, limit=MOST_OF_EACH + 1)
    worksheets = search_worksheets(actor=actor, words=words, limit=MOST_OF_EACH + 1)
    return Found(
        labels=_find_labels(words, actor=actor),
        tasks=tasks.rows,
        snippets=_find_snippets(tasks.rows, words, actor=actor),
        customers=customers.rows,
        calculations=calculations[:MOST_OF_EACH],
        worksheets=worksheets[:MOST_OF_EACH],
        has_more_tasks=tasks.later is not None,
        has_more_customers=customers.later is not None,
        has_more_calculations=len(calculations) > MOST_OF_EACH,
        has_more_worksheets=len(worksheets) > MOST_OF_EACH,
        is_cut=tasks.looked_through is not None,
    )


def _find_labels(words: str, *, actor: Actor) -> list[Label]:
    parts = [
        select(model.name.label("name"), hue.label("hue"))
        .where(model.workspace_id == actor.workspace_id, model.name_key.contains(name_key(words), autoescape=True))
        .order_by(model.name_key)
        .limit(MOST_LABELS)
        .subquery()
        for model, hue in ((Category, Category.hue), (Tag, null()))
    ]
    return [Label(name, hue) for name, hue in db.session.execute(union_all(*(select(*part.c) for part in parts)))]


def _find_snippets(tasks: list[TaskRow], words: str, *, actor: Actor) -> dict[int, str]:
    wanted = [task.id for task in tasks if not any(is_found for _, is_found in split_at_words(task.title, words))]
    if not wanted:
        return {}
    found = db.session.execute(
        select(Task.id, func.substr(Task.description, 1, LONGEST_LOOKED_AT)).where(
            Task.id.in_(wanted), Task.workspace_id == actor.workspace_id
        )
    )
    snippets = {task_id: snippet for task_id, text in found if (snippet := snippet_around(text, words))}
    said = db.session.execute(
        select(Comment.task_id, func.substr(Comment.text, 1, LONGEST_LOOKED_AT))
        .where(Comment.task_id.in_(set(wanted) - set(snippets)), Comment.workspace_id == actor.workspace_id)
        .order_by(Comment.task_id, Comment.id)
        .limit(MOST_COMMENTS_LOOKED_AT)
    )
    for task_id, text in said:
        if snippet := snippet_around(text, words):
            snippets.setdefault(task_id, snippet)
    return snippets


@dataclass(frozen=True)
class Suggestion:
    """One thing that matches. `note` says what it is, or tells it apart; `status` is a task’s, else empty."""

    kind: str
    id: int
    text: str
    note: str
    status: str = ""


def suggest(*, words: str, actor: Actor, now: datetime) -> list[Suggestion]:
    """Return the first tasks, customers, calculations and worksheets that hold `words`: `MOST_SUGGESTED` at most."""
    others = MOST_OTHERS_SUGGESTED
    tasks = list_tasks(criteria=TaskCriteria(now=now, q=words, limit=MOST_SUGGESTED), actor=actor).rows
    customers = list_customers(actor=actor, words=words, limit=others).rows
    calculations = search_calculations(actor=actor, words=words, limit=others)
    worksheets = search_worksheets(actor=actor, words=words, limit=others)
    room = MOST_SUGGESTED - len(customers) - len(calculations) - len(worksheets)
    return [
        *(Suggestion("task", row.id, row.title, row.status.label, row.status.value) for row in tasks[:room]),
        *(Suggestion("customer", customer.id, customer.name, customer.company) for customer in customers),
        *(Suggestion("calculation", row.id, row.note or row.title, "Calculation") for row in calculations),
        *(Suggestion("worksheet", row.id, row.title, "Worksheet") for row in worksheets),
    ]
