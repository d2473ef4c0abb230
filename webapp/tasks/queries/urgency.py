"""Questions about how pressing tasks are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, case, false, func, select, true
from sqlalchemy.orm import aliased

from webapp.storage.bulk import in_chunks
from webapp.storage.db import db
from webapp.tasks.models import Task, TaskBlocker, TimeEntry, UrgencyWeights
from webapp.tasks.queries.rows import TaskRow, list_rows
from webapp.tasks.queries.windows import list_first_ids, list_windows
from webapp.tasks.rules.criteria import Due, Sort, TaskCriteria
from webapp.tasks.rules.due import due_sort
from webapp.tasks.rules.urgency import NOT_URGENT, Facts, Urgency, Weights, inherit, most_beyond, score, weights_of
from webapp.values.actor import Actor
from webapp.values.page import Page, Position, UnreadableCursor, cut_page, read_position
from webapp.values.status import Status
from webapp.workspaces.models import Membership

# Urgency is passed on along so many tasks in a row, and from so many tasks altogether.
MOST_LEVELS = 10
MOST_INHERITED_FROM = 1_000
# A list by urgency looks at so many tasks of each status by due day, by priority and by age; and at what is waited for,
# by so many links of the tasks that were made last.
WINDOW = 100
MOST_LINKS = 500
MOST_PREVIEWED = 10
# Above what is done come the open tasks, whose urgency, in hundredths, may be below zero.
_OPEN = 10_000_000


@dataclass(frozen=True)
class UrgencyPage(Page[TaskRow]):
    """
    A page of tasks by urgency.

    :param among: how many tasks were looked at, where it is not certain that no other belongs on this page
    """

    among: int | None = None


@dataclass(frozen=True)
class Preview:
    """What other weights would make of one task."""

    id: int
    title: str
    now: Decimal
    then: Decimal


@dataclass(frozen=True)
class _Found:
    """Tasks that may be on a list by urgency; `cut` are the statuses of which there are more."""

    ids: list[int]
    cut: set[Status]
    windows: dict[tuple[Status, Sort], list[int]]
    is_certain: bool


@dataclass(frozen=True)
class _Known:
    """A task as its urgency needs it."""

    title: str
    facts: Facts


def get_weights(*, actor: Actor) -> Weights:
    """Return the weights of the actor's workspace."""
    kept = db.session.scalar(select(UrgencyWeights.weights).where(UrgencyWeights.workspace_id == actor.workspace_id))
    return weights_of(kept or {})


def urgencies(*, task_ids: Sequence[int], now: datetime, actor: Actor) -> dict[int, Urgency]:
    """
    Return how pressing those of the tasks are that the actor may see, by their ids.

    One statement, and one more for each further task in a row that waits for one of them.
    """
    if not task_ids:
        return {}
    known, waiting, weights = _gather(task_ids, now=now, actor=actor)
    return _score_all(known, waiting, weights, task_ids)


def list_most_urgent(*, criteria: TaskCriteria, actor: Actor, window: int = WINDOW) -> UrgencyPage:
    """
    Return one page of the tasks that `criteria` asks for by urgency; those that are done have none and come last.

    What is due first, matters most, is oldest or is waited for is looked at, `window` tasks of each: `among` says how
    many, unless no other can be on this page. All pages are reckoned from the moment the first was.

    :raises UnreadableCursor: when the cursor is not one of this order
    """
    order = criteria.sort_word
    position = read_position(criteria.after, order=order)
    as_of = _as_of(position, now=criteria.now)
    found = _find(replace(criteria, now=as_of), window=window, actor=actor)
    known, waiting, weights = _gather(found.ids, now=as_of, actor=actor)
    scores = _score_all(known, waiting, weights, found.ids)

    keys = {task_id: (_rank(known[task_id].facts, urgency), task_id) for task_id, urgency in scores.items()}
    is_downward = criteria.is_descending != (position is not None and position.is_backwards)
    # Of what presses alike, what was added first comes first going down.
    ids = sorted(keys, key=lambda task_id: (keys[task_id][0], -task_id), reverse=is_downward)
    if position is not None:
        _, rank, last_id = position.key
        beyond = (int(rank or 0), -int(last_id or 0))
        ids = [
            task_id
            for task_id in ids
            if ((keys[task_id][0], -task_id) < beyond if is_downward else (keys[task_id][0], -task_id) > beyond)
        ]
    page = cut_page(
        ids[: criteria.limit + 1],
        limit=criteria.limit,
        order=order,
        position=position,
        key_of=lambda task_id: (int(as_of.timestamp()), *keys[task_id]),
    )
    rows = list_rows(task_ids=page.rows, now=criteria.now, actor=actor)
    least = min((keys[task_id][0] for task_id in page.rows), default=0)
    is_certain = not found.cut or (
        criteria.is_descending and found.is_certain and least >= _highest_beyond(found, known, weights)
    )
    return UrgencyPage(
        [rows[task_id] for task_id in page.rows if task_id in rows],
        earlier=page.earlier,
        later=page.later,
        among=None if is_certain else len(found.ids),
    )


def preview(*, weights: Weights, now: datetime, actor: Actor) -> list[Preview]:
    """Return the tasks that would be most urgent by these weights, with what they are now; nothing is saved."""
    found = _find(TaskCriteria(now, sort=Sort.URGENCY, is_descending=True), window=WINDOW, actor=actor)
    known, waiting, usual = _gather(found.ids, now=now, actor=actor)
    before = _score_all(known, waiting, usual, found.ids)
    after = _score_all(known, waiting, weights, found.ids)
    open_ids = [task_id for task_id in after if known[task_id].facts.status is not Status.DONE]
    chosen = sorted(open_ids, key=lambda task_id: (-after[task_id].total, task_id))[:MOST_PREVIEWED]
    return [Preview(id_, known[id_].title, before[id_].total, after[id_].total) for id_ in chosen]


def _running(actor: Actor) -> Select[int]:
    # By the people of the workspace, each of whom has one timer at most: an index that is never long.
    members = select(Membership.user_id).where(Membership.workspace_id == actor.workspace_id)
    return select(TimeEntry.task_id).where(
        TimeEntry.running_user_id.in_(members),
        # + 0 keeps SQLite from reading every entry of the workspace instead.
        TimeEntry.workspace_id + 0 == actor.workspace_id,
    )


def _score_all(
    known: dict[int, _Known], waiting: dict[int, list[int]], weights: Weights, task_ids: Iterable[int]
) -> dict[int, Urgency]:
    own = {
        task_id: score(task.facts, weights) for task_id, task in known.items() if task.facts.status is not Status.DONE
    }
    raised = inherit(own, waiting, {task_id: task.title for task_id, task in known.items()})
    return {task_id: raised.get(task_id, NOT_URGENT) for task_id in task_ids if task_id in known}


def _find(criteria: TaskCriteria, *, window: int, actor: Actor) -> _Found:
    """Return what may come first on a list by urgency: a few stretches of indexes, whatever the size of the whole."""
    plain = replace(criteria, sort=None, after=None)
    found = _Found(ids=[], cut=set(), windows={}, is_certain=True)
    if criteria.status is not Status.DONE:
        found = _find_open(plain, is_descending=criteria.is_descending, window=window, actor=actor)
    if criteria.status in (None, Status.DONE) and criteria.due is not Due.OVERDUE:
        # They are all alike: the newest are enough.
        done, is_all = list_first_ids(
            criteria=replace(plain, status=Status.DONE),
            sort=Sort.CREATED,
            is_descending=True,
            limit=window,
            actor=actor,
        )
        found = replace(found, ids=[*found.ids, *done], cut=found.cut if is_all else {*found.cut, Status.DONE})
    return found


def _find_open(criteria: TaskCriteria, *, is_descending: bool, window: int, actor: Actor) -> _Found:
    ids, is_all = list_first_ids(criteria=criteria, sort=Sort.DUE, is_open=True, limit=2 * window, actor=actor)
    if is_all:
        return _Found(ids=ids, cut=set(), windows={}, is_certain=True)
    windows: list[tuple[Status, Sort, bool]] = [
        (status, sort, is_descending if sort is Sort.PRIORITY else not is_descending)
        for status in (Status.TODO, Status.DOING)
        if criteria.status in (None, status)
        for sort in (Sort.DUE, Sort.PRIORITY, Sort.CREATED)
    ]
    pressing, has_all = _list_waited_for(actor=actor)
    (*lists, chosen), is_told = list_windows(
        criteria=criteria,
        windows=windows,
        among=[*pressing, *db.session.scalars(_running(actor))],
        limit=window,
        actor=actor,
    )
    named = {(status, sort): found for (status, sort, _), found in zip(windows, lists, strict=True)}
    complete = {status for (status, _), found in named.items() if is_told and len(found) < window}
    return _Found(
        ids=sorted({*ids, *chosen, *(task_id for found in lists for task_id in found)}),
        cut={status for status, _ in named} - complete,
        windows=named,
        is_certain=has_all,
    )


def _highest_beyond(found: _Found, known: dict[int, _Known], weights: Weights) -> int:
    """Return the highest rank that a task may have which was not looked at."""
    highest = 0
    for status in found.cut:
        if status is Status.DONE:
            # They are all alike: any other may come before the last.
            highest = max(highest, 1)
            continue
        by_due, by_priority, by_age = (
            [known[task_id].facts for task_id in found.windows[status, sort] if task_id in known]
            for sort in (Sort.DUE, Sort.PRIORITY, Sort.CREATED)
        )
        if not (by_due and by_priority and by_age):
            return 2 * _OPEN
        most = most_beyond(
            weights,
            status=status,
            due_sort=max(due_sort(due_on=facts.due_on, due_at=facts.due_at) for facts in by_due),
            priority=min(facts.priority for facts in by_priority),
            created_at=max(facts.created_at for facts in by_age),
            now=by_due[0].now,
            zone=by_due[0].zone,
        )
        # One that presses as much may have been added earlier than the last of the page.
        highest = max(highest, _OPEN + _cents(most) + 1)
    return highest


def _rank(facts: Facts, urgency: Urgency) -> int:
    return 0 if facts.status is Status.DONE else _OPEN + _cents(urgency.total)


def _cents(points: Decimal) -> int:
    return int(points * 100)


def _as_of(position: Position | None, *, now: datetime) -> datetime:
    """Return the moment that a list is reckoned from: that of its first page."""
    if position is None:
        return now.replace(microsecond=0)
    match position.key:
        case (int(seconds), int(), int()) if seconds <= now.timestamp() + 1:
            return datetime.fromtimestamp(seconds, UTC)
    raise UnreadableCursor


def _list_waited_for(*, actor: Actor) -> tuple[list[int], bool]:
    """Return open tasks that open tasks wait for, and whether these are all: of so many links, those made last."""
    waiting = aliased(Task)
    links = (
        select(TaskBlocker.task_id, TaskBlocker.blocked_by_id)
        .where(TaskBlocker.workspace_id == actor.workspace_id)
        .order_by(TaskBlocker.task_id.desc(), TaskBlocker.blocked_by_id.desc())
        .limit(MOST_LINKS)
        .subquery()
    )
    is_open = and_(
        Task.status != Status.DONE,
        Task.is_deleted == false(),
        waiting.status != Status.DONE,
        waiting.is_deleted == false(),
    )
    found = db.session.execute(
        select(links.c.blocked_by_id, is_open)
        .select_from(links)
        .join(Task, Task.id == links.c.blocked_by_id)
        .join(waiting, waiting.id == links.c.task_id)
    ).all()
    pressing = dict.fromkeys(task_id for task_id, holds_up in found if holds_up)
    return list(pressing), len(found) < MOST_LINKS


def _gather(
    task_ids: Sequence[int], *, now: datetime, actor: Actor
) -> tuple[dict[int, _Known], dict[int, list[int]], Weights]:
    """Return tasks with those that wait for them, and for these; by task, who waits for it; and the weights."""
    weights = Weights()
    known: dict[int, _Known] = {}
    waiting: dict[int, list[int]] = {}
    for chunk in in_chunks(task_ids):
        for row in db.session.execute(_facts(actor).where(Task.id.in_(chunk))):
            known[row.id] = _known(row, now=now, actor=actor)
            weights = weights_of(row.weights or {})
    frontier = _waited_for(known, known)
    for _ in range(MOST_LEVELS):
        if not frontier or len(known) - len(task_ids) > MOST_INHERITED_FROM:
            break
        found = [
            row
            for chunk in in_chunks(frontier)
            for row in db.session.execute(
                _facts(actor)
                .add_columns(TaskBlocker.blocked_by_id)
                .join(TaskBlocker, TaskBlocker.task_id == Task.id)
                .where(TaskBlocker.blocked_by_id.in_(chunk), Task.status != Status.DONE)
            )
        ]
        new = set()
        for row in found:
            waiting.setdefault(row.blocked_by_id, []).append(row.id)
            if row.id not in known:
                known[row.id] = _known(row, now=now, actor=actor)
                new.add(row.id)
        frontier = _waited_for(known, new)
    return known, waiting, weights


def _waited_for(known: dict[int, _Known], task_ids: Iterable[int]) -> list[int]:
    return sorted(
        task_id
        for task_id in task_ids
        if known[task_id].facts.waiting and known[task_id].facts.status is not Status.DONE
    )


def _facts(actor: Actor) -> Select[*tuple[Any, ...]]:
    blocker, waiting = aliased(Task), aliased(Task)
    before, after = aliased(TaskBlocker), aliased(TaskBlocker)
    blockers = (
        select(func.count())
        .select_from(before)
        .join(blocker, blocker.id == before.blocked_by_id)
        .where(before.task_id == Task.id, blocker.status != Status.DONE, blocker.is_deleted == false())
        .correlate(Task)
        .scalar_subquery()
    )
    waiters = (
        select(func.count())
        .select_from(after)
        .join(waiting, waiting.id == after.task_id)
        .where(after.blocked_by_id == Task.id, waiting.status != Status.DONE, waiting.is_deleted == false())
        .correlate(Task)
        .scalar_subquery()
    )
    running = _running(actor).distinct().subquery()
    wanted = select(
        Task.id,
        Task.title,
        Task.status,
        Task.priority,
        Task.created_at,
        Task.due_on,
        Task.due_at,
        Task.starts_on,
        # Most wait for nothing: what is not asked for costs nothing.
        case((Task.has_blockers == true(), blockers), else_=0).label("blockers"),
        waiters.label("waiters"),
        running.c.task_id.is_not(None).label("is_running"),
        UrgencyWeights.weights,
    )
    return (
        wanted.outerjoin(running, running.c.task_id == Task.id)
        # Also by the actor's: one row for all of them, read once.
        .outerjoin(
            UrgencyWeights,
            and_(UrgencyWeights.workspace_id == Task.workspace_id, UrgencyWeights.workspace_id == actor.workspace_id),
        )
        # + 0 keeps SQLite from looking through all of the workspace for what the ids name already.
        .where(Task.workspace_id + 0 == actor.workspace_id, Task.is_deleted == false())
    )


def _known(row: Any, *, now: datetime, actor: Actor) -> _Known:
    facts = Facts(
        now=now,
        zone=actor.zone,
        created_at=row.created_at,
        status=row.status,
        priority=row.priority,
        due_on=row.due_on,
        due_at=row.due_at,
        starts_on=row.starts_on,
        is_running=bool(row.is_running),
        blockers=int(row.blockers),
        waiting=int(row.waiters),
    )
    return _Known(row.title, facts)
