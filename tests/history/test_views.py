"""The history, as people read it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import NOW, Person, make_task
from tests.page import Visit, texts, words
from webapp.customers import operations as customers
from webapp.customers.rules import CustomerDetails
from webapp.storage.db import db
from webapp.storage.journal import Change
from webapp.tasks.models import Task
from webapp.tasks.operations import bulk, entries, tasks
from webapp.tasks.rules.bulk import BulkEdit
from webapp.tasks.rules.entries import PlainDuration
from webapp.tasks.rules.tasks import TaskDetails
from webapp.values.priority import Priority
from webapp.values.status import Status


@pytest.fixture
def now() -> datetime:
    """Real time: what is too old is hidden from pages."""
    return datetime.now(UTC).replace(microsecond=0)


def summaries(page: Any) -> list[str]:
    return texts(page.select(".change__summary"))


def lines(page: Any) -> list[str]:
    return texts(page.select(".change__line"))


def newest() -> int:
    db.session.rollback()
    return db.session.scalars(select(Change.id).order_by(Change.id.desc())).first() or 0


def test_history_says_who_did_what_before_and_after_in_names(
    visit: Visit, ada: Person, ben: Person, now: datetime
) -> None:
    customer_id = customers.create_customer(details=CustomerDetails(name="Acme"), actor=ada.actor, now=now)
    task_id = tasks.create_task(details=TaskDetails(title="Pay", tags=("old",)), actor=ada.actor, now=now)
    changed = TaskDetails(
        title="Pay it",
        tags=("new",),
        category="Finance",
        priority=Priority.HIGH,
        due_on=date(2026, 12, 1),
        estimated_minutes=90,
        customer_id=customer_id,
        status=Status.DOING,
        assignee_id=ada.user_id,
    )
    tasks.save_task(task_id=task_id, details=changed, version=1, actor=ben.actor, now=now)

    page = visit("/history", as_=ada)

    assert summaries(page) == ["Changed “Pay it”", "Added “Pay”", "Added the customer “Acme”"]
    first = page.select_one(".change")
    assert first is not None
    assert words(first.select_one(".change__note")).startswith("Ben Ito ,")
    assert sorted(lines(first)) == [
        "Category → Finance",
        "Customer → Acme",
        "Due → 1 Dec 2026",
        "Estimate → 1 h 30 min",
        "Priority Medium → High",
        "Status To do → Doing",
        "Tag old → nothing",
        "Tag → new",
        "Title Pay → Pay it",
    ]


def test_the_task_page_shows_its_last_changes(visit: Visit, ada: Person, now: datetime) -> None:
    task, other = make_task(ada), make_task(ada, title="Other")
    tasks.set_status(task_id=task.id, status=Status.DOING, actor=ada.actor, now=now)
    tasks.set_status(task_id=other.id, status=Status.DOING, actor=ada.actor, now=now)
    spent = PlainDuration(now.date(), 5400)
    entries.create_entry(task_id=task.id, spent=spent, actor=ada.actor, now=now)

    page = visit(f"/tasks/{task.id}", as_=ada, most_statements=25)
    all_of_it = visit(f"/tasks/{task.id}/history", as_=ada)

    assert summaries(page) == ["Added time to “Write the report”", "Took up “Write the report”"]
    assert lines(page) == ["Time → 1 h 30 min", "Status To do → Doing"]
    assert summaries(all_of_it) == summaries(page)


def test_a_change_is_undone_from_the_history(visit: Visit, ada: Person, now: datetime) -> None:
    task = make_task(ada)
    tasks.set_status(task_id=task.id, status=Status.DONE, actor=ada.actor, now=now)
    page = visit("/history", as_=ada)
    button = page.select_one(".change button")
    assert button is not None

    answer = visit.send(str(button["formaction"]), {"next": "/history"}, as_=ada)
    page = visit.follow(answer, as_=ada)

    assert words(page.select_one(".flash__text")) == "Undone: Finished “Write the report”."
    assert summaries(page) == ["Undid: Finished “Write the report”", "Finished “Write the report”"]
    assert [item.select_one("button") is not None for item in page.select(".change")] == [True, False]
    assert words(page.select(".change")[1].select_one(".badge")) == "Undone"
    assert db.session.get_one(Task, task.id, populate_existing=True).status is Status.TODO


def test_what_is_undone_is_done_again_and_undone_again(visit: Visit, ada: Person, now: datetime) -> None:
    task = make_task(ada)
    tasks.set_status(task_id=task.id, status=Status.DONE, actor=ada.actor, now=now)
    said = []
    for _ in range(3):
        answer = visit.send(f"/history/{newest()}/undo", {"next": "/history"}, as_=ada)
        page = visit.follow(answer, as_=ada)
        message, first = page.select_one(".flash"), page.select_one(".change")
        assert message is not None
        assert first is not None
        button = words(message.select_one("form button"))
        said.append((words(message.select_one(".flash__text")), button, summaries(page)[0]))
        assert words(first.select_one("button")) == button

    what = "Finished “Write the report”"
    assert said == [
        (f"Undone: {what}.", "Redo", f"Undid: {what}"),
        (f"Done again: {what}.", "Undo", f"Redid: {what}"),
        (f"Undone: {what}.", "Redo", f"Undid: {what}"),
    ]


def test_the_message_after_a_change_undoes_it(visit: Visit, ada: Person) -> None:
    page = visit.follow(visit.send("/tasks", {"title": "Fresh"}, as_=ada), as_=ada)
    form, back = page.select_one(".flash form"), page.select_one(".flash form [name=next]")
    assert form is not None
    assert back is not None

    answer = visit.send(str(form["action"]), {"next": str(back["value"])}, as_=ada)

    # Its own page is gone with it.
    assert answer.location == "/tasks"
    assert "Fresh" in words(visit("/tasks/trash", as_=ada).main)


def test_an_undo_that_would_overwrite_says_so_and_does_nothing(visit: Visit, ada: Person, now: datetime) -> None:
    task = make_task(ada)
    tasks.set_status(task_id=task.id, status=Status.DOING, actor=ada.actor, now=now)
    first = newest()
    tasks.set_status(task_id=task.id, status=Status.DONE, actor=ada.actor, now=now)

    answer = visit.send("history.undo", as_=ada, change_id=first, status=409)

    assert "Finished “Write the report”" in answer.text
    assert db.session.get_one(Task, task.id, populate_existing=True).status is Status.DONE


def test_a_member_is_offered_only_their_own(visit: Visit, ada: Person, ben: Person, now: datetime) -> None:
    task = make_task(ada)
    tasks.set_status(task_id=task.id, status=Status.DOING, actor=ada.actor, now=now)
    of_ada = newest()
    tasks.set_status(task_id=task.id, status=Status.DONE, actor=ben.actor, now=now)

    def offered(person: Person) -> list[bool]:
        return [item.select_one("button") is not None for item in visit("/history", as_=person).select(".change")]

    assert offered(ben) == [True, False]
    assert offered(ada) == [True, True]
    visit.send("history.undo", as_=ben, change_id=of_ada, status=403)


def test_what_is_older_than_thirty_days_is_told_and_not_offered(visit: Visit, ada: Person, now: datetime) -> None:
    task = make_task(ada)
    long_ago = now - timedelta(days=31)
    tasks.set_status(task_id=task.id, status=Status.DOING, actor=ada.actor, now=long_ago)

    page = visit("/history", as_=ada)

    assert len(summaries(page)) == 1
    assert page.select(".change button") == []


def test_a_long_history_has_pages(visit: Visit, ada: Person, now: datetime) -> None:
    task = make_task(ada)
    for turn in range(60):
        status = Status.DOING if turn % 2 == 0 else Status.TODO
        tasks.set_status(task_id=task.id, status=status, actor=ada.actor, now=now)

    pages = [visit("/history", as_=ada)]
    while later := pages[-1].select_one(".pager [rel=next]"):
        pages.append(visit(str(later["href"]), as_=ada))
    back = pages[-1].select_one(".pager [rel=prev]")
    assert back is not None

    assert [len(summaries(page)) for page in pages] == [25, 25, 10]
    assert summaries(visit(str(back["href"]), as_=ada)) == summaries(pages[1])
    visit("/history?after=nonsense", as_=ada, status=422)


def test_a_strangers_history_is_empty_and_a_strange_change_not_found(
    visit: Visit, ada: Person, cy: Person, now: datetime
) -> None:
    task = make_task(ada)
    tasks.set_status(task_id=task.id, status=Status.DONE, actor=ada.actor, now=now)

    assert summaries(visit("/history", as_=cy)) == []
    visit(f"/tasks/{task.id}/history", as_=cy, status=404)
    visit.send("history.undo", as_=cy, change_id=newest(), status=404)
    assert db.session.get_one(Task, task.id, populate_existing=True).status is Status.DONE


def test_a_change_of_several_tasks_names_each(visit: Visit, ada: Person, now: datetime) -> None:
    ids = [make_task(ada, title=title).id for title in ("One", "Two")]
    edit = BulkEdit(priority=Priority.LOW, add_tags=("x",))
    bulk.change_tasks(task_ids=ids, edit=edit, actor=ada.actor, now=now)

    page = visit("/history", as_=ada)

    assert texts(page.select(".change__about")) == ["One", "Two"]
    assert lines(page) == ["Priority Medium → Low", "Tag → x"] * 2


def test_moving_a_task_is_undone_from_the_message_that_follows(visit: Visit, ada: Person) -> None:
    task = make_task(ada)

    page = visit.follow(visit.send("tasks.set_status", {"status": "done"}, as_=ada, task_id=task.id), as_=ada)
    assert words(page.select_one(".flash__text")) == "Finished “Write the report”."
    form = page.select_one(".flash form")
    assert form is not None
    visit.send(str(form["action"]), as_=ada)

    assert db.session.get_one(Task, task.id, populate_existing=True).status is Status.TODO


def test_a_long_text_is_told_by_its_beginning(visit: Visit, ada: Person) -> None:
    task_id = tasks.create_task(details=TaskDetails(title="A"), actor=ada.actor, now=NOW)
    details = TaskDetails(title="A", description="word " * 1000, assignee_id=ada.user_id)
    tasks.save_task(task_id=task_id, details=details, version=1, actor=ada.actor, now=NOW)

    (line,) = lines(visit("/history", as_=ada))

    assert len(line) < 200
    assert line.endswith("…")
