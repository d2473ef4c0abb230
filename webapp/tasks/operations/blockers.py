"""Which task waits for which, never in a circle: rows of TaskBlocker are written here, and after `check_link` alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import false, select

from webapp.errors import InvalidInput
from webapp.notices.operations import notify
from webapp.notices.rules import Kind, unblocked
from webapp.storage.db import db
from webapp.storage.journal import recorded, reword
from webapp.storage.transaction import transactional
from webapp.tasks.errors import TaskIsBlocked, TaskNotFound, TasksWaitInCircle
from webapp.tasks.models import Task, TaskBlocker
from webapp.tasks.queries.blockers import list_edges_from, list_open_blockers, open_blocker_counts
from webapp.tasks.queries.locks import hold_links
from webapp.tasks.rules import blockers as rules
from webapp.values.actor import Actor
from webapp.values.status import Status
from webapp.workspaces.models import Membership
from webapp.workspaces.rules import Role


@transactional
def add_blocker(*, task_id: int, blocked_by_id: int, actor: Actor, now: datetime) -> None:
    """
    Let a task wait for another. What it waits for already it goes on waiting for.

    :raises TaskNotFound: when either is in the trash, or not in the actor's workspace
    :raises TasksWaitInCircle: when the other waits for it, through whichever others; the message names them
    :raises InvalidInput: when it would wait for itself, or for too many
    """
    # One link after another in a workspace: of two that would make a circle together, the second sees the first.
    hold_links(actor=actor)
    titles = _lock_both(task_id, blocked_by_id, actor=actor)
    if db.session.get(TaskBlocker, (task_id, blocked_by_id)) is not None:
        return
    check_link(task_id=task_id, blocked_by_id=blocked_by_id)
    summary = f"“{titles[task_id]}” waits for “{titles[blocked_by_id]}”"
    with recorded("task.blocker_added", summary, actor=actor, now=now):
        db.session.add(
            TaskBlocker(task_id=task_id, blocked_by_id=blocked_by_id, workspace_id=actor.workspace_id, created_at=now)
        )


@transactional
def remove_blocker(*, task_id: int, blocked_by_id: int, actor: Actor, now: datetime) -> None:
    """
    Let a task wait for another no longer. What it does not wait for changes nothing.

    :raises TaskNotFound: when the task is in the trash, or not in the actor's workspace
    """
    titles = _lock_both(task_id, blocked_by_id, actor=actor)
    link = db.session.get(TaskBlocker, (task_id, blocked_by_id), populate_existing=True)
    if link is not None:
        summary = f"“{titles[task_id]}” no longer waits for “{titles[blocked_by_id]}”"
        with recorded("task.blocker_removed", summary, actor=actor, now=now):
            db.session.delete(link)


def check_link(*, task_id: int, blocked_by_id: int) -> None:
    """
    Refuse a new link that cannot be. The caller holds the workspace's links.

    :raises TasksWaitInCircle: naming the tasks of the circle
    :raises InvalidInput: when the task would wait for itself, or for too many
    """
    if task_id == blocked_by_id:
        raise InvalidInput("A task cannot wait for itself.", field="blocker")
    _refuse_many(task_id, blocked_by_id)
    refuse_circle(task_id=task_id, blocked_by_id=blocked_by_id)


def refuse_circle(*, task_id: int, blocked_by_id: int) -> None:
    """
    Refuse a link that would make a circle. The caller holds the workspace's row, so that nobody else links meanwhile.

    Done and deleted tasks count: they can be opened and restored.

    :raises TasksWaitInCircle: naming the tasks of the circle
    """
    waits_for: dict[int, list[int]] = {}
    frontier = {blocked_by_id}
    for _ in range(rules.LONGEST_LINE):
        for waiting, waited_for in list_edges_from(frontier):
            waits_for.setdefault(waiting, []).append(waited_for)
        if way := rules.find_way(waits_for, start=blocked_by_id, goal=task_id):
            raise TasksWaitInCircle(f"That goes in a circle: {rules.describe_circle(_titles([task_id, *way[:-1]]))}.")
        frontier = {other for task in frontier for other in waits_for.get(task, [])} - set(waits_for)
        if not frontier:
            return
        if len(waits_for) > rules.MOST_WALKED:
            break
    raise InvalidInput("Too many tasks wait in a row here. Let some of them wait for fewer.", field="blocker")


@contextmanager
def finishing(task: Task, *, override_reason: str | None, actor: Actor, now: datetime) -> Iterator[None]:
    """
    Let a task, which the caller has locked, be done inside; refuse it before when it waits for an open one.

    With a reason it is not refused, and the reason is kept in its history. Whoever waited for nothing else is told.

    :raises TaskIsBlocked: naming what it waits for
    :raises InvalidInput: when the reason is empty, or too long
    """
    blockers = list_open_blockers(task_id=task.id)
    if not blockers:
        yield
    else:
        described = rules.describe_blocked(task.title, list(blockers.values()))
        if override_reason is None:
            raise TaskIsBlocked(
                f"{described}. Finish that first, or say why it is done all the same.", blockers=blockers
            )
        reason = rules.checked_reason(override_reason)
        with recorded("task.overridden", described, actor=actor, now=now):
            reword(rules.describe_override(described, reason))
            yield
    tell_who_waits(task_id=task.id, actor=actor, now=now)


def tell_who_waits(*, task_id: int, actor: Actor, now: datetime) -> None:
    """Tell those whose tasks waited for nothing but this one, which was just finished or deleted."""
    # Their rows are held until the end: of two who finish the last two blockers at once, the second sees the first.
    waiting_ids = db.session.scalars(select(TaskBlocker.task_id).where(TaskBlocker.blocked_by_id == task_id)).all()
    if not waiting_ids:
        return
    waiting = db.session.execute(
        select(Task.id, Task.title, Task.assignee_id)
        .where(Task.id.in_(waiting_ids), Task.status != Status.DONE, Task.is_deleted == false())
        .order_by(Task.id)
        .with_for_update()
    ).all()
    held_up = open_blocker_counts([row.id for row in waiting])
    for row in waiting:
        if row.id not in held_up:
            notify(
                user_ids=_who_waits(row.assignee_id, actor=actor),
                workspace_id=actor.workspace_id,
                kind=Kind.UNBLOCKED,
                text=unblocked(title=row.title),
                address=f"/tasks/{row.id}",
                now=now,
                # Of several blockers that are done in one go, each may seem the last.
                dedupe_key=f"unblocked:{row.id}:{int(now.timestamp())}",
            )


def _who_waits(assignee_id: int | None, *, actor: Actor) -> list[int]:
    """Return whose task it is: its assignee's, when they can read it; else the owners' of the workspace."""
    members = db.session.execute(
        select(Membership.user_id, Membership.role).where(
            Membership.workspace_id == actor.workspace_id, Membership.role != Role.PLACEHOLDER
        )
    ).all()
    if any(member.user_id == assignee_id for member in members):
        return [assignee_id] if assignee_id is not None else []
    return [member.user_id for member in members if member.role is Role.OWNER]


def _lock_both(task_id: int, blocked_by_id: int, *, actor: Actor) -> dict[int, str]:
    """Return the titles of both, held until the transaction ends: neither is deleted meanwhile."""
    rows = db.session.execute(
        select(Task.id, Task.title)
        .where(
            Task.id.in_([task_id, blocked_by_id]),
            Task.workspace_id == actor.workspace_id,
            Task.is_deleted == false(),
        )
        .order_by(Task.id)
        .with_for_update()
    ).all()
    titles = {row.id: row.title for row in rows}
    if not {task_id, blocked_by_id} <= set(titles):
        raise TaskNotFound
    return titles


def _refuse_many(task_id: int, blocked_by_id: int) -> None:
    most = rules.MOST_LINKS
    for column, id_, sentence in (
        (TaskBlocker.task_id, task_id, f"A task can wait for {most} others at most."),
        (TaskBlocker.blocked_by_id, blocked_by_id, f"At most {most} tasks can wait for one."),
    ):
        if len(db.session.execute(select(column).where(column == id_).limit(most)).all()) >= most:
            raise InvalidInput(sentence, field="blocker")


def _titles(task_ids: Sequence[int]) -> list[str]:
    found = {row.id: row.title for row in db.session.execute(select(Task.id, Task.title).where(Task.id.in_(task_ids)))}
    return [found[task_id] for task_id in task_ids]
