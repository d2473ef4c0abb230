"""
What follows from tasks and is kept beside them, so that lists are quick: their words, and what tags repeat of them.

Whatever the session writes of a task is noticed and followed up before the commit, in the same transaction. What
statements write past the session is told by `follow`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, event, inspect, select, update
from sqlalchemy.orm import Session, scoped_session

from webapp.storage.bulk import in_chunks, table_of
from webapp.storage.db import db
from webapp.tasks.models import Comment, Task, TaskBlocker, TaskTag
from webapp.tasks.operations.words import index_words

_TEXTS = ("title", "description")
_REPEATED = ("due_sort", "priority", "created_at", "updated_at", "is_deleted")


def watch() -> None:
    """Notice from now on what sessions write."""
    for name, listener in (("after_flush", _note_flush), ("before_commit", _catch_up), ("after_rollback", _forget)):
        if not event.contains(Session, name, listener):
            event.listen(Session, name, listener)


def follow(task_ids: Iterable[int], *, texts: bool = True) -> None:
    """
    Follow up tasks that a statement wrote past the session, before the transaction is committed.

    :param texts: whether titles or descriptions may be other ones
    """
    session = db.session()
    ids = set(task_ids)
    _noted(session, "tags").update(ids)
    _noted(session, "moved").update(ids)
    if texts:
        _noted(session, "words").update(ids)


def catch_up() -> None:
    """Follow up now what was noted so far."""
    _catch_up(db.session())


def _noted(session: Session | scoped_session[Session], kind: str) -> set[int]:
    found: set[int] = session.info.setdefault(f"derived_{kind}", set())
    return found


def _note_flush(session: Session, _context: Any) -> None:
    for record in session.new:
        if isinstance(record, Task):
            _noted(session, "words").add(record.id)
            if record.tags:
                _noted(session, "tags").add(record.id)
            if record.parent_id is not None:
                _noted(session, "parents").add(record.parent_id)
        elif isinstance(record, TaskBlocker):
            _noted(session, "blocked").add(record.task_id)
    for record in session.dirty:
        if isinstance(record, Task):
            _note_changed(session, record)
    for record in (*session.new, *session.dirty, *session.deleted):
        if isinstance(record, Comment):
            _noted(session, "words").add(record.task_id)


def _note_changed(session: Session, task: Task) -> None:
    attributes = inspect(task).attrs
    if any(attributes[name].history.has_changes() for name in _TEXTS):
        _noted(session, "words").add(task.id)
    links = attributes["tags"].history
    if links.added or links.deleted or any(attributes[name].history.has_changes() for name in _REPEATED):
        _noted(session, "tags").add(task.id)
    parent = attributes["parent_id"].history
    if parent.added and parent.added[0] is not None:
        _noted(session, "parents").add(parent.added[0])


def _catch_up(session: Session | scoped_session[Session]) -> None:
    info = session.info
    session.flush()
    if words := info.pop("derived_words", None):
        index_words(task_ids=sorted(words))
    if tags := info.pop("derived_tags", None):
        _repeat_on_tags(sorted(tags))
    if moved := info.pop("derived_moved", None):
        _note_links(session, sorted(moved))
    if parents := info.pop("derived_parents", None):
        _set_flag(sorted(parents), Task.has_subtasks)
    if blocked := info.pop("derived_blocked", None):
        _set_flag(sorted(blocked), Task.has_blockers)


def _forget(session: Session) -> None:
    for kind in ("words", "tags", "moved", "parents", "blocked"):
        session.info.pop(f"derived_{kind}", None)


def _repeat_on_tags(task_ids: Sequence[int]) -> None:
    tasks, links = table_of(Task), table_of(TaskTag)
    for chunk in in_chunks(task_ids):
        known = {
            row.id: row.tag_list
            for row in db.session.execute(select(tasks.c.id, tasks.c.tag_list).where(tasks.c.id.in_(chunk)))
        }
        wanted: dict[int, str] = dict.fromkeys(known, "")
        for task_id, tag_id in db.session.execute(
            select(links.c.task_id, links.c.tag_id)
            .where(links.c.task_id.in_(chunk))
            .order_by(links.c.task_id, links.c.tag_id)
        ):
            if task_id in wanted:
                wanted[task_id] = f"{wanted[task_id]},{tag_id}".lstrip(",")
        # What comes to hold the same shares a statement: thousands may get one tag at once.
        changed: dict[str, list[int]] = {}
        for task_id, tag_list in wanted.items():
            if known[task_id] != tag_list:
                changed.setdefault(tag_list, []).append(task_id)
        for tag_list, ids in changed.items():
            db.session.execute(update(tasks).where(tasks.c.id.in_(ids)).values(tag_list=tag_list))
        tagged = [task_id for task_id, tag_list in wanted.items() if tag_list]
        if tagged:
            repeated: dict[str, ColumnElement[Any]] = {
                name: select(tasks.c[name]).where(tasks.c.id == links.c.task_id).scalar_subquery() for name in _REPEATED
            }
            db.session.execute(update(links).where(links.c.task_id.in_(tagged)).values(repeated))


def _note_links(session: Session | scoped_session[Session], task_ids: Sequence[int]) -> None:
    """Note what these tasks are a part of, and which of them wait: statements may have written that, too."""
    for chunk in in_chunks(task_ids):
        parents = select(Task.parent_id).where(Task.id.in_(chunk), Task.parent_id.is_not(None)).distinct()
        _noted(session, "parents").update(session.scalars(parents))
        waiting = select(TaskBlocker.task_id).where(TaskBlocker.task_id.in_(chunk)).distinct()
        _noted(session, "blocked").update(session.scalars(waiting))


def _set_flag(task_ids: Sequence[int], flag: Any) -> None:
    # Never taken back: one that is set says only where to look.
    tasks = table_of(Task)
    for chunk in in_chunks(task_ids):
        db.session.execute(
            update(tasks)
            .where(tasks.c.id.in_(chunk), tasks.c[flag.key] == False)  # noqa: E712
            .values({flag.key: True})
        )
