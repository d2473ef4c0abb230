"""Tasks as a board shows them: one column a status."""

from __future__ import annotations

from dataclasses import dataclass, replace

from webapp.tasks.queries.tasks import TaskRow, list_tasks
from webapp.tasks.rules.criteria import Sort, TaskCriteria
from webapp.values.actor import Actor
from webapp.values.status import Status

MOST_IN_A_COLUMN = 50


@dataclass(frozen=True)
class Column:
    """The first tasks of one status; `has_more` when there are others. `sort` is their order in an address."""

    status: Status
    rows: list[TaskRow]
    has_more: bool
    sort: str


def list_columns(*, criteria: TaskCriteria, actor: Actor) -> list[Column]:
    """
    Return what `criteria` asks for in a column for each status, or in one when it asks for one.

    What is open goes by its due day and what is done by when it was changed last, whatever order is asked for.
    """
    return [_column(criteria, status, actor) for status in Status if criteria.status in (None, status)]


def _column(criteria: TaskCriteria, status: Status, actor: Actor) -> Column:
    is_done = status is Status.DONE
    wanted = replace(
        criteria,
        status=status,
        sort=Sort.UPDATED if is_done else Sort.DUE,
        is_descending=is_done,
        after=None,
        limit=MOST_IN_A_COLUMN,
    )
    page = list_tasks(criteria=wanted, actor=actor)
    return Column(status, page.rows, has_more=page.later is not None, sort=wanted.sort_word)
