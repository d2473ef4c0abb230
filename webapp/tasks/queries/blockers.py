"""Questions about which tasks wait for which. What is done or in the trash holds nothing up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, literal, select, union_all
from sqlalchemy.orm import aliased

from webapp.storage.bulk import in_chunks
from webapp.storage.db import db
from webapp.tasks.models import Task, TaskBlocker
from webapp.tasks.rules.blockers import MOST_LINKS
from webapp.tasks.rules.tasks import title_key
from webapp.values.actor import Actor
from webapp.values.status import Status

MOST_FOUND = 20


@dataclass(frozen=True)
class LinkedTask:
    """A task that another waits for, or that waits for another."""

    id: int
    title: str
    status: Status

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.status is not Status.DONE


@dataclass(frozen=True)
class Dependencies:
    """What one task waits for, and what waits for it: each the open ones first, in the order they were linked."""

    waits_for: list[LinkedTask]
    waited_by: list[LinkedTask]

    @property
    def blockers(self) -> list[LinkedTask]:
        """What holds it up now."""
        return [task for task in self.waits_for if task.is_open]


def is_blocked() -> ColumnElement[bool]:
    """Return the condition, on Task, that it waits for an open task."""
    blocker = aliased(Task)
    return exists(
        select(literal(1))
        .select_from(TaskBlocker)
        .join(blocker, blocker.id == TaskBlocker.blocked_by_id)
        .where(TaskBlocker.task_id == Task.id, blocker.status != Status.DONE, blocker.is_deleted == false())
        .correlate(Task)
    )


def is_blocking() -> ColumnElement[bool]:
    """Return the condition, on Task, that an open task waits for it."""
    waiting = aliased(Task)
    return exists(
        select(literal(1))
        .select_from(TaskBlocker)
        .join(waiting, waiting.id == TaskBlocker.task_id)
        .where(TaskBlocker.blocked_by_id == Task.id, waiting.status != Status.DONE, waiting.is_deleted == false())
        .correlate(Task)
    )


def open_blocker_counts(task_ids: Sequence[int]) -> dict[int, int]:
    """Return how many open tasks each of these waits for; those that wait for none are absent."""
    counts: dict[int, int] = {}
    for chunk in in_chunks(task_ids):
        rows = db.session.execute(
            select(TaskBlocker.task_id, func.count())
            .join(Task, Task.id == TaskBlocker.blocked_by_id)
            .where(TaskBlocker.task_id.in_(chunk), Task.status != Status.DONE, Task.is_deleted == false())
            .group_by(TaskBlocker.task_id)
        )
        counts |= {task_id: int(count) for task_id, count in rows}
    return counts


def list_dependencies(*, task_id: int) -> Dependencies:
    """Return what a task, which the caller may see, waits for and what waits for it. One statement."""
    before = _linked("before", Task.id == TaskBlocker.blocked_by_id, TaskBlocker.task_id == task_id)
    after = _linked("after", Task.id == TaskBlocker.task_id, TaskBlocker.blocked_by_id == task_id)
    rows = db.session.execute(union_all(before, after)).all()
    ordered = sorted(rows, key=lambda row: (row.status is Status.DONE, row.created_at, row.id))
    return Dependencies(
        waits_for=[LinkedTask(row.id, row.title, row.status) for row in ordered if row.side == "before"],
        waited_by=[LinkedTask(row.id, row.title, row.status) for row in ordered if row.side == "after"],
    )


def list_open_blockers(*, task_id: int) -> dict[int, str]:
    """Return the titles of the open tasks that a task waits for, by their ids, in the order they were linked."""
    rows = db.session.execute(
        select(Task.id, Task.title)
        .join(TaskBlocker, TaskBlocker.blocked_by_id == Task.id)
        .where(TaskBlocker.task_id == task_id, Task.status != Status.DONE, Task.is_deleted == false())
        .order_by(TaskBlocker.created_at, Task.id)
    )
    return {row.id: row.title for row in rows}


def list_edges_from(task_ids: Iterable[int]) -> list[tuple[int, int]]:
    """Return what each of these tasks waits for, done and deleted ones too: (task, what it waits for)."""
    edges: list[tuple[int, int]] = []
    for chunk in in_chunks(sorted(task_ids)):
        rows = db.session.execute(
            select(TaskBlocker.task_id, TaskBlocker.blocked_by_id).where(TaskBlocker.task_id.in_(chunk))
        )
        edges += [(task_id, blocked_by_id) for task_id, blocked_by_id in rows]
    return edges


def find_named(*, typed: str, task_id: int | None, actor: Actor) -> list[LinkedTask]:
    """
    Return the tasks that a person may mean by `typed`: a number (`#12`, or as offered: `#12 Pay`), or words of a title.

    One when it is certain, else those whose title begins with the words, the open ones first, at most twenty. The task
    itself, where there is one, is not among them.
    """
    others = select(Task.id, Task.title, Task.status).where(
        Task.workspace_id == actor.workspace_id, Task.is_deleted == false()
    )
    if task_id is not None:
        others = others.where(Task.id != task_id)
    if number := re.match(r"#([0-9]{1,9})(?:\s|$)", typed):
        return _tasks(others.where(Task.id == int(number[1])))
    key = title_key(typed)
    if not key:
        return []
    found = _tasks(
        others.where(Task.title_key.startswith(key, autoescape=True))
        .order_by(Task.title_key, Task.id)
        .limit(MOST_FOUND)
    )
    same = [task for task in found if title_key(task.title) == key]
    open_same = [task for task in same if task.is_open]
    if len(open_same or same) == 1:
        return open_same or same
    return sorted(found, key=lambda task: not task.is_open)


def list_offered(*, task_id: int, actor: Actor) -> list[LinkedTask]:
    """Return the open tasks that were touched last, the newest first, to choose a blocker from."""
    rows = _tasks(
        select(Task.id, Task.title, Task.status)
        .where(Task.workspace_id == actor.workspace_id, Task.is_deleted == false(), Task.id != task_id)
        .order_by(Task.updated_at.desc(), Task.id.desc())
        .limit(MOST_LINKS)
    )
    return [task for task in rows if task.is_open]


def _linked(side: str, joined: ColumnElement[bool], of_task: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(literal(side).label("side"), Task.id, Task.title, Task.status, TaskBlocker.created_at)
        .select_from(TaskBlocker)
        .join(Task, joined)
        .where(of_task, Task.is_deleted == false())
    )


def _tasks(statement: Select[*tuple[Any, ...]]) -> list[LinkedTask]:
    return [LinkedTask(row.id, row.title, row.status) for row in db.session.execute(statement)]
