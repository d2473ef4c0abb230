"""What tasks that were taken in are parts of and wait for, written once all of them are here."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from webapp.errors import DomainError
from webapp.storage.db import db
from webapp.storage.transaction import transactional
from webapp.tasks.models import Task, TaskBlocker
from webapp.tasks.operations import derived
from webapp.tasks.operations.blockers import check_link
from webapp.tasks.operations.intake import seal_again
from webapp.tasks.operations.parents import check_place
from webapp.tasks.queries.intake import find_by_ref, list_kept_of_tasks
from webapp.tasks.queries.locks import hold_links
from webapp.tasks.rules.intake import LinkIn, is_untouched
from webapp.values.actor import Actor


@transactional
def link(
    *, source: str | None, links: Sequence[LinkIn], among: Container[int], actor: Actor, now: datetime
) -> dict[str, str]:
    """
    Make tasks parts of others, and have them wait for others, as a file says; run again it changes nothing more.

    Return, by task, in a sentence what could not be: what is not here, what would be a circle.

    :param source: as of `intake.take_in`
    :param among: the tasks that were made or changed by the intake; of them those that somebody has changed since stay
    """
    # One after another in a workspace: of two that would make a circle together, the second sees the first.
    hold_links(actor=actor)
    refs = {ref for link in links for ref in (link.task_ref, link.parent_ref, *link.blocked_by_refs) if ref}
    here = find_by_ref(
        Task, (Task.id, Task.source_hash, Task.is_deleted), source=source, refs=sorted(refs), actor=actor
    )
    ids = {ref: row.id for ref, row in here.items() if not row.is_deleted}
    kept = list_kept_of_tasks([ids[link.task_ref] for link in links if link.task_ref in ids])
    written: set[int] = set()
    left_out: dict[str, list[str]] = {}
    for link in links:
        task_id = ids.get(link.task_ref)
        if task_id is None or task_id not in among:
            continue
        if not is_untouched(here[link.task_ref].source_hash, kept[task_id]):
            continue
        written.add(task_id)
        left_out[link.task_ref] = [
            *_place(task_id, link.parent_ref, ids=ids, actor=actor),
            *_hold_up(task_id, link.blocked_by_refs, ids=ids, actor=actor, now=now),
        ]
    db.session.flush()
    derived.follow(written, texts=False)
    seal_again(written)
    return {ref: " ".join(sentences) for ref, sentences in left_out.items() if sentences}


def _place(task_id: int, parent_ref: str | None, *, ids: dict[str, int], actor: Actor) -> list[str]:
    if parent_ref is None:
        return []
    parent_id = ids.get(parent_ref)
    if parent_id is None:
        return [f"It is part of “{parent_ref}”, which is not here."]
    task = db.session.get_one(Task, task_id)
    if task.parent_id == parent_id:
        return []
    try:
        check_place(parent_id=parent_id, task=task, actor=actor)
    except DomainError as refusal:
        return [f"It is not made a part of “{parent_ref}”. {refusal.message}"]
    task.parent_id = parent_id
    db.session.flush()
    return []


def _hold_up(
    task_id: int, blocked_by_refs: Sequence[str], *, ids: dict[str, int], actor: Actor, now: datetime
) -> list[str]:
    before = set(db.session.scalars(select(TaskBlocker.blocked_by_id).where(TaskBlocker.task_id == task_id)))
    wanted = {ref: ids.get(ref) for ref in blocked_by_refs}
    gone = before - set(wanted.values())
    db.session.execute(
        delete(TaskBlocker)
        .where(TaskBlocker.task_id == task_id, TaskBlocker.blocked_by_id.in_(gone))
        .execution_options(synchronize_session="fetch")
    )
    sentences: list[str] = []
    for ref, other_id in wanted.items():
        if other_id is None:
            sentences.append(f"It waits for “{ref}”, which is not here.")
        elif other_id not in before:
            try:
                check_link(task_id=task_id, blocked_by_id=other_id)
            except DomainError as refusal:
                sentences.append(f"It does not wait for “{ref}”. {refusal.message}")
                continue
            db.session.add(
                TaskBlocker(task_id=task_id, blocked_by_id=other_id, workspace_id=actor.workspace_id, created_at=now)
            )
            db.session.flush()
    return sentences
