"""Adding, changing, finishing and deleting tasks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.cast import NOW, Person, make_task
from webapp.errors import InvalidInput, NotFound
from webapp.storage.db import db
from webapp.tasks.errors import TaskEditedMeanwhile
from webapp.tasks.models import NO_DUE, Category, Tag, Task
from webapp.tasks.operations import categories, tasks, timers
from webapp.tasks.queries.tasks import get_task
from webapp.tasks.queries.timers import find_running
from webapp.tasks.rules.tasks import TaskDetails
from webapp.values.priority import Priority
from webapp.values.request_key import RequestKey
from webapp.values.status import Status

LATER = NOW + timedelta(hours=1)
WHOLE = TaskDetails(
    title="Écrire l’offre 🖋️",
    description="Two\nlines",
    status=Status.DOING,
    priority=Priority.HIGH,
    category="Sales",
    tags=("acme", "offer"),
    due_on=date(2026, 12, 1),
    estimated_minutes=90,
)


def add(person: Person, **changes: Any) -> int:
    return tasks.create_task(details=replace(WHOLE, **changes), actor=person.actor, now=NOW)


def details_of(task: Task) -> TaskDetails:
    return TaskDetails(
        title=task.title,
        description=task.description,
        status=task.status,
        priority=task.priority,
        category=task.category.name if task.category else None,
        tags=tuple(tag.name for tag in task.tags),
        due_on=task.due_on,
        due_at=task.due_at,
        estimated_minutes=task.estimated_minutes,
        customer_id=task.customer_id,
    )


def test_create_task_keeps_what_was_decided(ada: Person) -> None:
    task = get_task(task_id=add(ada), actor=ada.actor)

    assert details_of(task) == WHOLE
    assert (task.created_at, task.created_on, task.updated_at) == (NOW, date(2026, 11, 20), NOW)
    assert (task.due_sort, task.estimate_sort) == (datetime(2026, 12, 1, 23, 59, 59, tzinfo=UTC), 90)
    assert task.title_key == "écrire l’offre 🖋\ufe0f"
    assert task.version == 1


def test_create_task_counts_the_day_where_its_author_lives(ada: Person) -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)

    task_id = tasks.create_task(details=WHOLE, actor=ada.actor, now=late)

    assert get_task(task_id=task_id, actor=ada.actor).created_on == date(2026, 11, 21)


def test_create_task_as_done_says_when(ada: Person) -> None:
    task = get_task(task_id=add(ada, status=Status.DONE), actor=ada.actor)

    assert (task.completed_at, task.completed_on) == (NOW, date(2026, 11, 20))


def test_create_task_finds_the_category_and_the_tags_whatever_their_case(ada: Person) -> None:
    add(ada)
    second = get_task(task_id=add(ada, category="SALES", tags=("Offer", "new")), actor=ada.actor)

    assert second.category is not None
    assert second.category.name == "Sales"
    assert [tag.name for tag in second.tags] == ["new", "offer"]
    assert db.session.scalar(select(func.count()).select_from(Category)) == 1
    assert db.session.scalar(select(func.count()).select_from(Tag)) == 3


def test_categories_of_two_workspaces_do_not_meet(ada: Person, cy: Person) -> None:
    add(ada)
    add(cy)

    names = db.session.execute(select(Category.workspace_id, Category.name, Category.hue)).all()
    assert sorted(names) == sorted([(ada.workspace_id, "Sales", 1), (cy.workspace_id, "Sales", 1)])


def test_create_task_once_for_one_request_key(ada: Person) -> None:
    key = RequestKey(key="0" * 32, fingerprint="f" * 64)

    ids = {tasks.create_task(details=WHOLE, actor=ada.actor, now=NOW, request_key=key) for _ in range(3)}

    assert len(ids) == 1
    assert db.session.scalar(select(func.count()).select_from(Task)) == 1
    with pytest.raises(InvalidInput):
        tasks.create_task(details=WHOLE, actor=ada.actor, now=NOW, request_key=replace(key, fingerprint="0" * 64))


def test_twenty_identical_forms_at_once_make_one_task(app: Flask, ada: Person) -> None:
    key = RequestKey(key="a" * 32, fingerprint="f" * 64)

    answers = at_once(app, 20, lambda _: tasks.create_task(details=WHOLE, actor=ada.actor, now=NOW, request_key=key))

    assert db.session.scalar(select(func.count()).select_from(Task)) == 1
    assert len({answer for answer in answers if isinstance(answer, int)}) == 1


def test_many_who_name_a_new_category_at_once_share_it(app: Flask, ada: Person) -> None:
    ids = at_once(app, 8, lambda _: categories.category_id_for(name="New", actor=ada.actor))

    assert len(set(ids)) == 1, ids
    assert db.session.scalar(select(func.count()).select_from(Category)) == 1


def test_twenty_status_changes_at_once_all_succeed_and_agree(app: Flask, ada: Person) -> None:
    task = make_task(ada)
    statuses = [Status.DOING, Status.DONE]

    answers = at_once(
        app,
        20,
        lambda turn: tasks.set_status(task_id=task.id, status=statuses[turn % 2], actor=ada.actor, now=NOW),
    )

    assert sorted(answers) == sorted(statuses * 10), answers
    after = get_task(task_id=task.id, actor=ada.actor)
    assert (after.completed_at is not None) == (after.status is Status.DONE) == (after.completed_on is not None)


def test_save_task_replaces_what_was_decided(ada: Person, ben: Person) -> None:
    task_id = add(ada)
    changed = TaskDetails(title="Other", due_at=LATER, tags=("offer",))

    tasks.save_task(task_id=task_id, details=changed, version=1, actor=ben.actor, now=LATER)

    task = get_task(task_id=task_id, actor=ada.actor)
    assert details_of(task) == changed
    assert (task.version, task.updated_at, task.due_sort) == (2, LATER, LATER)


def test_save_task_refuses_a_version_that_is_not_the_newest(ada: Person, ben: Person) -> None:
    task_id = add(ada)
    tasks.save_task(task_id=task_id, details=replace(WHOLE, title="Ben’s"), version=1, actor=ben.actor, now=NOW)

    with pytest.raises(TaskEditedMeanwhile):
        tasks.save_task(task_id=task_id, details=replace(WHOLE, title="Ada’s"), version=1, actor=ada.actor, now=NOW)

    assert get_task(task_id=task_id, actor=ada.actor).title == "Ben’s"


def test_save_task_makes_a_version_when_only_tags_change(ada: Person) -> None:
    task_id = add(ada)

    tasks.save_task(task_id=task_id, details=replace(WHOLE, tags=("x",)), version=1, actor=ada.actor, now=NOW)

    assert get_task(task_id=task_id, actor=ada.actor).version == 2


def test_eight_saves_of_one_version_leave_one_winner(app: Flask, ada: Person) -> None:
    task_id = add(ada)

    answers = at_once(
        app,
        8,
        lambda turn: tasks.save_task(
            task_id=task_id, details=replace(WHOLE, title=f"Save {turn}"), version=1, actor=ada.actor, now=NOW
        ),
    )

    assert answers.count(None) == 1
    assert [type(answer) for answer in answers if answer is not None] == [TaskEditedMeanwhile] * 7
    assert get_task(task_id=task_id, actor=ada.actor).title == f"Save {answers.index(None)}"


@pytest.mark.parametrize("status", list(Status))
def test_set_status_says_when_it_was_done_and_only_then(ada: Person, status: Status) -> None:
    task = make_task(ada, status=Status.DONE)
    tasks.set_status(task_id=task.id, status=Status.TODO, actor=ada.actor, now=NOW)

    tasks.set_status(task_id=task.id, status=status, actor=ada.actor, now=LATER)

    found = get_task(task_id=task.id, actor=ada.actor)
    done = status is Status.DONE
    assert found.status is status
    assert (found.completed_at, found.completed_on) == ((LATER, LATER.date()) if done else (None, None))


def test_set_status_again_changes_nothing(ada: Person) -> None:
    task = make_task(ada, status=Status.DONE)

    tasks.set_status(task_id=task.id, status=Status.DONE, actor=ada.actor, now=LATER)

    found = get_task(task_id=task.id, actor=ada.actor)
    assert (found.completed_at, found.version) == (NOW, 1)


def test_delete_task_puts_it_in_the_trash_and_restore_takes_it_out(ada: Person) -> None:
    task = make_task(ada)

    tasks.delete_task(task_id=task.id, actor=ada.actor, now=LATER)
    tasks.delete_task(task_id=task.id, actor=ada.actor, now=LATER + timedelta(hours=1))
    with pytest.raises(NotFound):
        get_task(task_id=task.id, actor=ada.actor)
    kept = db.session.get_one(Task, task.id)
    assert (kept.is_deleted, kept.deleted_at) == (True, LATER)

    tasks.restore_task(task_id=task.id, actor=ada.actor, now=LATER)
    tasks.restore_task(task_id=task.id, actor=ada.actor, now=LATER)
    assert get_task(task_id=task.id, actor=ada.actor).deleted_at is None


def test_delete_task_stops_everybodys_timer_on_it_and_no_other(ada: Person, ben: Person) -> None:
    task, other = make_task(ada), make_task(ada)
    for person, on in ((ada, other), (ben, task)):
        timers.start_timer(task_id=on.id, actor=person.actor, now=NOW)

    tasks.delete_task(task_id=task.id, actor=ada.actor, now=NOW + timedelta(minutes=20))

    assert find_running(user_id=ben.user_id) is None
    running = find_running(user_id=ada.user_id)
    assert running is not None
    assert running.task_id == other.id
    db.session.expire_all()
    assert db.session.get_one(Task, task.id).tracked_seconds == 1200


def test_a_task_does_not_exist_for_a_stranger(ada: Person, cy: Person) -> None:
    task = make_task(ada)
    arguments: dict[str, Any] = {"task_id": task.id, "actor": cy.actor}

    with pytest.raises(NotFound):
        get_task(**arguments)
    with pytest.raises(NotFound):
        tasks.set_status(**arguments, status=Status.DONE, now=NOW)
    with pytest.raises(NotFound):
        tasks.save_task(**arguments, details=WHOLE, version=1, now=NOW)
    with pytest.raises(NotFound):
        tasks.delete_task(**arguments, now=NOW)
    with pytest.raises(NotFound):
        tasks.restore_task(**arguments, now=NOW)
    assert details_of(get_task(task_id=task.id, actor=ada.actor)).title == task.title


def test_a_customer_of_another_workspace_is_refused(ada: Person) -> None:
    with pytest.raises(InvalidInput) as refusal:
        add(ada, customer_id=1)

    assert refusal.value.field == "customer"
    assert db.session.scalar(select(func.count()).select_from(Task)) == 0
    assert db.session.scalar(select(func.count()).select_from(Category)) == 0


def test_a_task_without_due_day_and_estimate_sorts_last(ada: Person) -> None:
    task = get_task(task_id=add(ada, due_on=None, estimated_minutes=None), actor=ada.actor)

    assert (task.due_sort, task.estimate_sort) == (NO_DUE, 2_000_000_000)


def at_once(app: Flask, times: int, work: Any) -> list[Any]:
    """Run `work(turn)` in as many threads at the same moment; return what each returned or raised."""
    # What this thread has read must not hold the others up.
    db.session.rollback()
    answers: list[Any] = [None] * times
    barrier = Barrier(times)

    def run(turn: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                answers[turn] = work(turn)
            except Exception as error:  # noqa: BLE001
                answers[turn] = error
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=(turn,)) for turn in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
