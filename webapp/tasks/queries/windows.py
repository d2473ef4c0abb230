"""The first tasks of some orders, as ids: for pages that put them in an order of their own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import and_, false, literal, select, true, union_all

from webapp.storage.bulk import table_of
from webapp.storage.db import db
from webapp.storage.dialect import along_index
from webapp.tasks.models import Task
from webapp.tasks.queries import walks
from webapp.tasks.queries.conditions import Asked, ask, filters_of
from webapp.tasks.rules.criteria import Sort, TaskCriteria
from webapp.values.actor import Actor
from webapp.values.status import Status

# Where a few tasks of each status are wanted, so many are asked first, and more only if they were not enough.
SCANNED_OF_A_WINDOW = 600


def list_first_ids(
    *, criteria: TaskCriteria, sort: Sort, is_descending: bool = False, is_open: bool = False, limit: int, actor: Actor
) -> tuple[list[int], bool]:
    """
    Return the ids of the first tasks of `criteria` in an order, and whether these are all there are.

    :param is_open: only those that are not done
    """
    asked = ask(criteria, actor=actor)
    if is_open and criteria.status is None and "open" not in asked.names:
        asked.add("open")
        asked.statuses = (Status.TODO, Status.DOING)
    if asked.is_empty:
        return [], True
    walk = walks.plan(asked, sort, is_descending=is_descending)
    legs, values = walks.legs_of(walk, asked, behind=None)
    if not legs:
        return [], True
    found = walks.fetch(legs, values, most=limit + 1)
    is_cut = len(found) > limit or (walk.is_scan and walks.find_end(legs, values) is not None)
    return [row.id for row in found[:limit]], not is_cut


def list_windows(
    *,
    criteria: TaskCriteria,
    windows: Sequence[tuple[Status, Sort, bool]],
    among: Collection[int],
    limit: int,
    actor: Actor,
) -> tuple[list[list[int]], bool]:
    """
    Return, for each status, order and direction, the ids of the first tasks of `criteria`, in no order; one statement.

    Where there are filters besides, so many tasks are asked as for any page, and no more. The last list holds those of
    `among` that are among them. Also returned: whether a list with fewer than `limit` tasks has all there are.
    """
    asked = ask(replace(criteria, status=None), actor=actor)
    if asked.is_empty:
        return [[] for _ in range(len(windows) + 1)], True
    if not asked.names or "ids" in asked.names:
        return _windows(asked, windows, among, limit=limit, scanned=None, actor=actor), True
    found = _windows(asked, windows, among, limit=limit, scanned=SCANNED_OF_A_WINDOW, actor=actor)
    # Most filters let enough of these pass.
    short = [number for number in range(len(windows)) if len(found[number]) < limit]
    if short:
        some = [windows[number] for number in short]
        further = _windows(asked, some, (), limit=limit, scanned=walks.SCANNED, actor=actor)
        for number, task_ids in zip(short, further, strict=False):
            found[number] = task_ids
    return found, False


def _windows(
    asked: Asked,
    windows: Sequence[tuple[Status, Sort, bool]],
    among: Collection[int],
    *,
    limit: int,
    scanned: int | None,
    actor: Actor,
) -> list[list[int]]:
    filters = filters_of(asked, actor=actor)
    _, _, *others = filters
    slices = []
    for number, (status, sort, is_descending) in enumerate(windows):
        columns = [getattr(Task, name) for name in walks.SORT_COLUMNS[sort]]
        order = [column.desc() if is_descending else column.asc() for column in columns]
        label = literal(number).label("number")
        if "ids" in asked.names:
            named = select(label, Task.id).where(*filters, Task.status == status).order_by(*order).limit(limit)
            slices.append(select(*named.subquery().c))
            continue
        walked = select(*columns, (and_(*others) if others else true()).label("fits")).where(
            Task.workspace_id == actor.workspace_id, Task.is_deleted == false(), Task.status == status
        )
        walked = along_index(walked.order_by(*order), table_of(Task), f"ix_tasks_by_status_{sort}")
        some = walked.limit(limit if scanned is None else scanned).subquery()
        fitting = select(label, some.c.id)
        if scanned is not None:
            keys = [some.c[column.name] for column in columns]
            fitting = fitting.where(some.c.fits).order_by(*(key.desc() if is_descending else key for key in keys))
            fitting = select(*fitting.limit(limit).subquery().c)
        slices.append(fitting)
    if among:
        # + 0 keeps SQLite from looking through all of the workspace for what the ids name already.
        is_theirs = Task.workspace_id + 0 == actor.workspace_id
        statuses = {status for status, *_ in windows}
        chosen = select(literal(len(windows)).label("number"), Task.id).where(
            Task.id.in_(among), is_theirs, *filters[1:]
        )
        slices.append(select(*chosen.where(Task.status.in_(statuses)).subquery().c))
    found: list[list[int]] = [[] for _ in range(len(windows) + 1)]
    for number, task_id in db.session.execute(union_all(*slices)):
        found[number].append(task_id)
    return found
