"""Two people undo the same change at once: one of them does."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select

from tests.cast import NOW, Person, make_task
from webapp.errors import DomainError
from webapp.history.errors import AlreadyUndone
from webapp.history.operations import undo_change
from webapp.storage.db import db
from webapp.storage.failures import translate
from webapp.storage.journal import Change
from webapp.tasks.models import Task
from webapp.tasks.operations import tasks
from webapp.tasks.rules.tasks import TaskDetails
from webapp.values.status import Status

RACERS = 6


def test_a_change_is_undone_by_one_of_many_who_try_at_once(app: Flask, ada: Person) -> None:
    task_id = tasks.create_task(details=TaskDetails(title="Before", tags=("old",)), actor=ada.actor, now=NOW)
    changed = TaskDetails(title="After", tags=("new",))
    tasks.save_task(task_id=task_id, details=changed, version=1, actor=ada.actor, now=NOW)
    change_id = newest()
    db.session.remove()

    outcomes = race(app, lambda: undo_change(change_id=change_id, actor=ada.actor, now=NOW))

    assert outcomes.count(None) == 1
    assert all(outcome is None or isinstance(outcome, AlreadyUndone) for outcome in outcomes)
    assert db.session.get_one(Task, task_id).title == "Before"
    assert db.session.scalar(select(func.count()).where(Change.undo_of_id == change_id)) == 1


def test_an_undo_and_an_edit_at_once_never_lose_the_edit(app: Flask, ada: Person) -> None:
    task = make_task(ada, title="Before")
    task_id = task.id
    tasks.set_status(task_id=task_id, status=Status.DOING, actor=ada.actor, now=NOW)
    change_id = newest()
    db.session.remove()
    turns = iter(range(RACERS))
    lock = threading.Lock()

    def act() -> None:
        with lock:
            turn = next(turns)
        if turn:
            tasks.set_status(task_id=task_id, status=Status.DONE, actor=ada.actor, now=NOW)
        else:
            undo_change(change_id=change_id, actor=ada.actor, now=NOW)

    race(app, act)

    # Before the edit the undoing went through; after it, it was refused.
    assert db.session.get_one(Task, task_id).status is Status.DONE


def race(app: Flask, act: object) -> list[DomainError | None]:
    """Do the same from several threads at once; return what each was refused with."""
    barrier = threading.Barrier(RACERS)

    def run(_: int) -> DomainError | None:
        with app.app_context():
            barrier.wait()
            try:
                act()  # type: ignore[operator]
            except DomainError as refusal:
                return refusal
            except Exception as error:
                known = translate(error)
                if known is None:
                    raise
                return known
            finally:
                db.session.remove()
        return None

    with ThreadPoolExecutor(RACERS) as pool:
        return list(pool.map(run, range(RACERS)))


def newest() -> int:
    db.session.rollback()
    return db.session.scalars(select(Change.id).order_by(Change.id.desc())).first() or 0
