"""Undoing changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from webapp.history import queries
from webapp.history.errors import AlreadyUndone, CannotUndo, ChangeNotFound, NotYourChange, TooLate
from webapp.storage.db import db
from webapp.storage.journal import Change, KeptRow, recorded
from webapp.storage.restoring import InUse, Overtaken, Restored, put_back
from webapp.storage.transaction import transactional
from webapp.tasks.operations.rebuilding import rebuild, refuse_circles
from webapp.tasks.queries.history import is_visible_to
from webapp.tasks.queries.locks import hold_links, lock_tasks
from webapp.tasks.queries.timers import is_any_running_in_trash
from webapp.tasks.rules.history import (
    PRIVATE_KINDS,
    UNDO_DAYS,
    is_too_old,
    is_undoing,
    summary_of_undoing,
    what_was_done,
)
from webapp.values.actor import Actor
from webapp.workspaces.queries import is_owner


@dataclass(frozen=True)
class Undone:
    """What was undone, whether that was an undoing itself, and which records are gone now (table and key)."""

    summary: str
    is_done_again: bool
    removed: frozenset[tuple[str, str]]


@transactional
def undo_change(*, change_id: int, actor: Actor, now: datetime) -> Undone:
    """
    Give every row that a change wrote the values it had before; all of them or, where one cannot, none.

    The undoing is a change of its own: undoing that does the first one again.

    :raises ChangeNotFound: when there is none that the actor may see
    :raises NotYourChange: when somebody else made it, and the actor does not own the workspace
    :raises CannotUndo: naming the later change that would be overwritten, or what is in the way
    """
    change = _locked(change_id, actor=actor)
    if change.user_id != actor.user_id and not is_owner(actor=actor):
        raise NotYourChange
    if change.undone_at is not None:
        raise AlreadyUndone
    if is_too_old(change.at, now=now):
        raise TooLate(f"Changes can be undone for {UNDO_DAYS} days. This one is older.")
    if change.address is not None:
        raise CannotUndo("This is undone on its own page.")
    rows = queries.list_rows(change_id=change_id)
    if len(rows) < change.rows_count:
        raise CannotUndo("Some of what this changed was deleted for good since.")
    links = [row for row in rows if _links_tasks(row)]
    if links:
        hold_links(actor=actor)
    lock_tasks(_task_ids_of(rows))
    _check_nothing_hangs_on(change, rows, actor=actor)

    # What was private stays so, however often it is undone and done again.
    kind = change.kind if change.kind in PRIVATE_KINDS else "change.undone"
    with recorded(kind, summary_of_undoing(change.summary), actor=actor, now=now, undo_of_id=change_id):
        restored = _put_back(change, rows, actor=actor, now=now)
        refuse_circles(
            parents=[int(row.row_key) for row in links if row.table_name == "tasks"],
            blockers=[
                (row.before["task_id"], row.before["blocked_by_id"])
                for row in links
                if row.table_name != "tasks" and row.before
            ],
        )
        rebuild(
            task_ids=_task_ids_of(rows),
            entry_ids={int(key) for table, key in restored.written if table == "time_entries"},
            now=now,
        )
        if is_any_running_in_trash(task_ids=_task_ids_of(rows)):
            raise CannotUndo(
                "A timer would run in the trash. Restore what is there, or stop the timer. Nothing was done."
            )
    _mark_undone(change, now=now)
    return Undone(what_was_done(change.summary), is_undoing(change.summary), frozenset(restored.removed))


def _locked(change_id: int, *, actor: Actor) -> Change:
    # Of two who undo it at once, the second waits here and sees what the first has done.
    change = db.session.scalar(
        select(Change)
        .where(Change.id == change_id, is_visible_to(actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if change is None:
        raise ChangeNotFound
    return change


def _task_ids_of(rows: Sequence[KeptRow]) -> set[int]:
    """Return the tasks that these rows are about; time that was moved is about both."""
    ids = {row.task_id for row in rows if row.task_id is not None}
    for row in rows:
        if row.table_name == "time_entries":
            ids.update(side["task_id"] for side in (row.before, row.after) if side and side.get("task_id"))
    return ids


def _links_tasks(row: KeptRow) -> bool:
    """Tell whether undoing this puts a task under another, or has it wait for another."""
    before = row.before or {}
    return row.table_name == "task_blockers" or (row.table_name == "tasks" and before.get("parent_id") is not None)


def _check_nothing_hangs_on(change: Change, rows: Sequence[KeptRow], *, actor: Actor) -> None:
    # Into the trash a task would take what was done on it since.
    made = [row.task_id for row in rows if row.table_name == "tasks" and row.before is None and row.task_id is not None]
    later = queries.find_later_change_of_tasks(change=change, task_ids=made) if made else None
    if later is not None:
        raise CannotUndo(_overwrites(later, actor=actor))


def _put_back(change: Change, rows: Sequence[KeptRow], *, actor: Actor, now: datetime) -> Restored:
    try:
        restored = put_back(rows, now=now)
    except Overtaken as error:
        later = queries.find_later_change_of_row(change=change, table=error.table, row_key=error.row_key)
        raise CannotUndo(_overwrites(later, actor=actor)) from error
    except InUse as error:
        raise CannotUndo("Other records hang on what this added. Take them away first.") from error
    except IntegrityError as error:
        raise CannotUndo(
            "What this would bring back no longer fits: something it needs is gone, its name is taken, or another "
            "timer runs."
        ) from error
    if not restored.written:
        raise CannotUndo("Everything is as it was before this already, or others use what it added.")
    return restored


def _overwrites(later: Change | None, *, actor: Actor) -> str:
    if later is None or (later.kind in PRIVATE_KINDS and later.user_id != actor.user_id):
        return "This was changed again since. Undoing it would overwrite that, so nothing was done."
    return f"A later change would be overwritten: {later.summary}. Undo that one first. Nothing was done."


def _mark_undone(change: Change, *, now: datetime) -> None:
    db.session.execute(update(Change).where(Change.id == change.id).values(undone_at=now))
    if change.undo_of_id is not None:
        # What it had undone stands again.
        db.session.execute(update(Change).where(Change.id == change.undo_of_id).values(undone_at=None))
