"""Seeing to what hangs together after rows of tasks and entries were put back past the session."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select

from webapp.errors import Conflict
from webapp.storage.db import db
from webapp.storage.transaction import transactional
from webapp.tasks.models import Task
from webapp.tasks.operations import derived, reminders
from webapp.tasks.operations.blockers import refuse_circle
from webapp.tasks.operations.sums import sum_up, write_days
from webapp.tasks.rules.parents import MOST_LEVELS


@transactional
def rebuild(*, task_ids: Collection[int], entry_ids: Collection[int], now: datetime) -> None:
    """
    Write what hangs on these tasks and entries: words and tags, when reminders come, the seconds of each day, and what
    each task's entries add up to.

    :param task_ids: the tasks that were written, and those of the entries
    """
    derived.follow(task_ids)
    reminders.rebuild(task_ids=sorted(task_ids), now=now)
    if entry_ids:
        write_days(sorted(entry_ids))
        sum_up(task_ids, now=now)


def refuse_circles(*, parents: Iterable[int], blockers: Iterable[tuple[int, int]]) -> None:
    """
    Refuse what would have a task be a part of itself, or wait for itself. Inside an operation that holds the links.

    :param parents: tasks that were put under another
    :param blockers: tasks that were made to wait, each with what it waits for
    :raises Conflict: in a sentence
    """
    for task_id in parents:
        way, step = {task_id}, db.session.scalar(select(Task.parent_id).where(Task.id == task_id))
        while step is not None:
            if step in way or len(way) > 2 * MOST_LEVELS:
                raise Conflict("A task would be a part of itself: others were moved since. Nothing was done.")
            way.add(step)
            step = db.session.scalar(select(Task.parent_id).where(Task.id == step))
    for task_id, blocked_by_id in blockers:
        refuse_circle(task_id=task_id, blocked_by_id=blocked_by_id)
