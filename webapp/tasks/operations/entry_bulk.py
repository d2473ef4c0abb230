"""Changing many time entries at once: all of them or none, and one change in the history."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from webapp.accounts.models import User
from webapp.customers.queries import check_customer_id
from webapp.storage import journal
from webapp.storage.bulk import in_chunks, update_rows
from webapp.storage.db import db
from webapp.storage.failures import TryAgain
from webapp.storage.journal import recorded
from webapp.storage.transaction import transactional
from webapp.tasks.errors import EntryNotFound, EntryOfSomebodyElse
from webapp.tasks.models import Task, TimeEntry
from webapp.tasks.operations import entries
from webapp.tasks.operations.sums import sum_up, write_days
from webapp.tasks.queries.locks import lock_tasks, visible
from webapp.tasks.rules import entry_bulk as rules
from webapp.tasks.rules.bulk import KEEP
from webapp.tasks.rules.entry_bulk import EntryEdit
from webapp.values.actor import Actor
from webapp.values.text import counted


@transactional
def change_entries(*, entry_ids: Collection[int], edit: EntryEdit, actor: Actor, now: datetime) -> int:
    """
    Change entries, and return how many; the history has it as one change.

    :raises EntryNotFound: when one of them is not in the actor's workspace, or deleted; nothing is changed then
    :raises EntryOfSomebodyElse: when one of them is somebody else's who can log in
    :raises TaskNotFound: when the task they are to be moved to is not in the actor's workspace, or in the trash
    :raises InvalidInput: when nothing is to change, or there is no such customer
    """
    ids = sorted(set(entry_ids))
    rules.check_count(len(ids))
    rules.check_edit(edit)
    if isinstance(edit.customer_id, int):
        check_customer_id(customer_id=edit.customer_id, actor=actor)
    target_ids = [edit.task_id] if isinstance(edit.task_id, int) else []
    found, tasks = _locked(ids, target_ids, actor=actor)
    target = visible(tasks.get(target_ids[0]), actor=actor) if target_ids else None
    with recorded("entries.changed", rules.describe(edit, len(ids)), actor=actor, now=now):
        _write(found, {entry.id: _values(entry, edit, target or tasks[entry.task_id]) for entry in found}, now=now)
        if target is not None:
            _count_anew(ids, tasks, now=now)
    # Objects that the session holds are of rows that were written past it.
    db.session.expire_all()
    return len(ids)


@transactional
def delete_entries(*, entry_ids: Collection[int], actor: Actor, now: datetime) -> int:
    """
    Take entries out, so that they count nowhere, and return how many; one that runs is stopped first.

    :raises EntryNotFound, EntryOfSomebodyElse: as `change_entries`
    """
    ids = sorted(set(entry_ids))
    rules.check_count(len(ids))
    found, tasks = _locked(ids, [], actor=actor)
    with recorded("entries.deleted", rules.describe_deletion(len(ids)), actor=actor, now=now):
        for entry in found:
            if entry.running_user_id is not None:
                entries.end(entry, now=now)
        db.session.flush()
        _write(found, {entry.id: {"deleted_at": now} for entry in found}, now=now)
        _count_anew(ids, tasks, now=now)
    db.session.expire_all()
    return len(ids)


def _locked(
    ids: Sequence[int], target_ids: Sequence[int], *, actor: Actor
) -> tuple[list[TimeEntry], Mapping[int, Task]]:
    """Lock entries that the actor may change, and before them their tasks and the one they are to be moved to."""
    task_ids = set(target_ids)
    for chunk in in_chunks(ids):
        task_ids.update(db.session.scalars(select(TimeEntry.task_id).where(TimeEntry.id.in_(chunk)).distinct()))
    tasks = lock_tasks(task_ids)
    found: list[TimeEntry] = []
    for chunk in in_chunks(ids):
        found += db.session.scalars(
            select(TimeEntry)
            .where(
                TimeEntry.id.in_(chunk),
                TimeEntry.workspace_id + 0 == actor.workspace_id,
                TimeEntry.deleted_at.is_(None),
            )
            .order_by(TimeEntry.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    if len(found) < len(ids) or any(tasks[entry.task_id].is_deleted for entry in found if entry.task_id in tasks):
        raise EntryNotFound("One of these entries is not there any more. Nothing was changed: select them again.")
    if any(entry.task_id not in tasks for entry in found):
        # Somebody moved it while we waited for its task.
        raise TryAgain
    _check_rights(found, actor=actor)
    return found, tasks


def _check_rights(found: Sequence[TimeEntry], *, actor: Actor) -> None:
    others = {entry.user_id for entry in found} - {actor.user_id}
    # Whom an imported file named cannot log in: everybody may correct their time.
    people = set(db.session.scalars(select(User.id).where(User.id.in_(others), User.email.is_not(None))))
    theirs = sum(entry.user_id in people for entry in found)
    if theirs:
        raise EntryOfSomebodyElse(
            f"{counted(theirs, 'entry', 'entries')} of {len(found):,} are somebody else’s. "
            "Nothing was changed: show your own alone, or select them."
        )


def _values(entry: TimeEntry, edit: EntryEdit, task: Task) -> dict[str, Any]:
    customer_id = entry.customer_id if edit.customer_id is KEEP else edit.customer_id
    values: dict[str, Any] = {
        "task_id": task.id,
        # Nobody, where it is whom the task is for.
        "customer_id": None if customer_id == task.customer_id else customer_id,
    }
    if isinstance(edit.is_billable, bool):
        values["is_billable"] = edit.is_billable
    if isinstance(edit.note, str):
        values["note"] = edit.note
    return values


def _write(found: Sequence[TimeEntry], values: Mapping[int, Mapping[str, Any]], *, now: datetime) -> None:
    for entry in found:
        after = values[entry.id]
        before = {name: getattr(entry, name) for name in after}
        task_id = after.get("task_id", entry.task_id)
        journal.note(table="time_entries", key=entry.id, task_id=task_id, before=before, after=after)
    update_rows(TimeEntry, values, now=now)


def _count_anew(ids: Sequence[int], tasks: Mapping[int, Task], *, now: datetime) -> None:
    write_days(ids)
    sum_up(tasks, now=now, is_edit=False)
