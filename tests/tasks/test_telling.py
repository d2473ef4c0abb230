"""Who is told when somebody gives them a task."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.cast import NOW, Person, make_task
from webapp.notices.models import Notice
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import Task
from webapp.tasks.operations.tasks import create_task, save_task
from webapp.tasks.operations.telling import tell_assignees
from webapp.tasks.rules.tasks import TaskDetails
from webapp.workspaces import operations as workspaces

GIVEN = TaskDetails(title="Pay the rent")


def told(person: Person) -> list[tuple[str, str | None]]:
    db.session.rollback()
    notices = db.session.scalars(select(Notice).where(Notice.user_id == person.user_id).order_by(Notice.id))
    return [(notice.text, notice.address) for notice in notices]


def save(task_id: int, details: TaskDetails, person: Person) -> None:
    db.session.rollback()
    version = db.session.get_one(Task, task_id, populate_existing=True).version
    save_task(task_id=task_id, details=details, version=version, actor=person.actor, now=NOW)


def test_whoever_is_given_a_new_task_is_told(ada: Person, ben: Person) -> None:
    task_id = create_task(details=replace(GIVEN, assignee_id=ben.user_id), actor=ada.actor, now=NOW)

    assert told(ben) == [("Ada Lovelace gave you “Pay the rent”.", f"/tasks/{task_id}")]
    assert told(ada) == []


def test_who_takes_a_task_for_themselves_is_not_told(ada: Person, ben: Person) -> None:
    task_id = create_task(details=GIVEN, actor=ada.actor, now=NOW)
    save(task_id, replace(GIVEN, assignee_id=ben.user_id), ben)

    assert told(ada) == told(ben) == []


def test_a_task_is_told_of_when_it_changes_hands_and_not_at_each_save(ada: Person, ben: Person) -> None:
    task_id = create_task(details=GIVEN, actor=ada.actor, now=NOW)
    details = replace(GIVEN, assignee_id=ben.user_id)

    save(task_id, details, ada)
    save(task_id, replace(details, title="Pay the rent now"), ada)
    save(task_id, replace(details, assignee_id=ada.user_id), ada)
    save(task_id, details, ada)

    assert [text for text, _ in told(ben)] == ["Ada Lovelace gave you “Pay the rent”."] * 2


def test_who_cannot_log_in_is_not_told(ada: Person) -> None:
    placeholder_id = workspaces.add_placeholder(name="Somebody", actor=ada.actor, now=NOW)

    create_task(details=replace(GIVEN, assignee_id=placeholder_id), actor=ada.actor, now=NOW)

    assert db.session.scalars(select(Notice)).all() == []


@pytest.mark.parametrize("number, texts", [(3, 3), (4, 1)])
def test_many_tasks_given_at_once_are_told_as_one(ada: Person, ben: Person, number: int, texts: int) -> None:
    tasks = [make_task(ada, title=f"Task {n}", assignee_id=ben.user_id) for n in range(number)]

    with transaction():
        tell_assignees(tasks=tasks, actor=ada.actor, now=NOW)

    assert len(told(ben)) == texts
    assert (told(ben)[0] == ("Ada Lovelace gave you 4 tasks.", "/tasks")) is (number == 4)
