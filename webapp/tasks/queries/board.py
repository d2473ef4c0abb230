"""Tasks as a board shows them: one column a status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from webapp.storage.db import db
from webapp.tasks.models import Task
from webapp.tasks.queries.rows import TaskRow, list_rows
from webapp.tasks.queries.urgency import urgencies
from webapp.tasks.queries.windows import list_windows
from webapp.tasks.rules.criteria import Sort, TaskCriteria
from webapp.values.actor import Actor
from webapp.values.status import Status

MOST_IN_A_COLUMN = 50

# What comes first in each of these orders is looked at: the most pressing is due soon or matters much.
_WINDOWS = (
    (Status.TODO, Sort.DUE, False),
    (Status.TODO, Sort.PRIORITY, True),
    (Status.DOING, Sort.DUE, False),
    (Status.DOING, Sort.PRIORITY, True),
    (Status.DONE, Sort.UPDATED, True),
)


@dataclass(frozen=True)
class Column:
    """
    The first tasks of one status; `has_more` when there are others. `sort` is their order in an address.

    Without `is_certain` there may be others: filters were held against so many of very many tasks.
    """

    status: Status
    rows: list[TaskRow]
    has_more: bool
    is_certain: bool
    sort: str


def list_columns(*, criteria: TaskCriteria, actor: Actor) -> list[Column]:
    """
    Return what `criteria` asks for in a column for each status, or in one when it asks for one.

    What is open goes by urgency and what is done by when it was finished, whatever order is asked for. Of an open
    status with very many tasks, those are weighed that are due first and those that matter most.
    """
    statuses = [status for status in Status if criteria.status in (None, status)]
    windows = [window for window in _WINDOWS if window[0] in statuses]
    plain = replace(criteria, status=None, sort=None, is_descending=False, after=None)
    # One more tells that there are more.
    lists, has_all = list_windows(criteria=plain, windows=windows, among=(), limit=MOST_IN_A_COLUMN + 1, actor=actor)
    found: dict[Status, set[int]] = {status: set() for status in statuses}
    for (status, *_), ids in zip(windows, lists, strict=False):
        found[status].update(ids)
    done, open_ = found.pop(Status.DONE, set()), sorted(set().union(*found.values()))

    scores = urgencies(task_ids=open_, now=criteria.now, actor=actor)
    ordered = {
        status: sorted(ids & scores.keys(), key=lambda task_id: (-scores[task_id].total, task_id))
        for status, ids in found.items()
    }
    if Status.DONE in statuses:
        ordered[Status.DONE] = _by_completion(sorted(done))
    shown = {status: ids[:MOST_IN_A_COLUMN] for status, ids in ordered.items()}
    rows = list_rows(task_ids=[id_ for ids in shown.values() for id_ in ids], now=criteria.now, actor=actor)
    return [
        Column(
            status,
            [rows[id_] for id_ in shown[status] if id_ in rows],
            has_more=len(ordered[status]) > MOST_IN_A_COLUMN,
            is_certain=has_all,
            sort="-updated" if status is Status.DONE else "-urgency",
        )
        for status in statuses
    ]


def _by_completion(task_ids: Sequence[int]) -> list[int]:
    if not task_ids:
        return []
    return list(
        db.session.scalars(
            select(Task.id).where(Task.id.in_(task_ids)).order_by(Task.completed_at.desc(), Task.id.desc())
        )
    )
