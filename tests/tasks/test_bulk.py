"""Changing many tasks at once: all of them or none, one change in the history, one undo."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import NOW, Person, make_task
from tests.page import Visit, counted_statements, error_of, texts, words
from webapp.customers import operations as customers
from webapp.customers.rules import CustomerDetails
from webapp.errors import InvalidInput
from webapp.history.operations import undo_change
from webapp.storage.db import db
from webapp.storage.journal import Change
from webapp.tasks.errors import TaskIsBlocked, TaskNotFound
from webapp.tasks.models import Task, TimeEntry
from webapp.tasks.operations import blockers, bulk, recurrence, tasks, timers
from webapp.tasks.rules.bulk import BulkEdit, Shift
from webapp.tasks.rules.recurrence import Repeat, Rule, Unit
from webapp.tasks.rules.tasks import TaskDetails
from webapp.values.priority import Priority
from webapp.values.status import Status


def make(person: Person, title: str = "One", **details: Any) -> int:
    return tasks.create_task(details=TaskDetails(title=title, **details), actor=person.actor, now=NOW)


def change(person: Person, ids: list[int], edit: BulkEdit, **more: Any) -> int:
    return bulk.change_tasks(task_ids=ids, edit=edit, actor=person.actor, now=NOW, **more)


def task_now(task_id: int) -> Task:
    db.session.rollback()
    return db.session.get_one(Task, task_id, populate_existing=True)


def tags_of(task_id: int) -> set[str]:
    db.session.rollback()
    found = db.session.scalars(select(Task).where(Task.id == task_id)).one()
    db.session.refresh(found, ["tags"])
    return {tag.name for tag in found.tags}


def newest() -> Change:
    db.session.rollback()
    return db.session.scalars(select(Change).order_by(Change.id.desc())).first()  # type: ignore[return-value]


def undo(person: Person) -> None:
    undo_change(change_id=newest().id, actor=person.actor, now=NOW)


def test_everything_can_be_changed_at_once_and_undone_at_once(ada: Person, ben: Person) -> None:
    customer_id = customers.create_customer(details=CustomerDetails(name="Acme"), actor=ada.actor, now=NOW)
    parent_id = make(ada, "Whole")
    first = make(ada, "First", tags=("old", "both"), due_on=date(2026, 12, 1), category="Home", estimated_minutes=5)
    second = make(ada, "Second", tags=("both",))
    edit = BulkEdit(
        status=Status.DOING,
        priority=Priority.URGENT,
        category="Work",
        add_tags=("new", "both"),
        remove_tags=("old",),
        due=date(2027, 1, 2),
        estimated_minutes=90,
        customer_id=customer_id,
        assignee_id=ben.user_id,
        parent_id=parent_id,
    )

    count = change(ada, [first, second], edit)

    assert count == 2
    assert newest().summary == (
        "Changed 2 tasks: status, priority, category, tags, due, estimate, customer, assignee, parent"
    )
    for task_id in (first, second):
        task = task_now(task_id)
        assert (task.status, task.priority, task.due_on) == (Status.DOING, Priority.URGENT, date(2027, 1, 2))
        assert (task.estimated_minutes, task.estimate_sort, task.customer_id) == (90, 90, customer_id)
        assert (task.assignee_id, task.parent_id, task.version) == (ben.user_id, parent_id, 2)
        assert tags_of(task_id) == {"both", "new"}
    assert task_now(parent_id).has_subtasks
    undo(ada)
    task = task_now(first)
    assert (task.status, task.priority, task.due_on) == (Status.TODO, Priority.MEDIUM, date(2026, 12, 1))
    assert (task.estimated_minutes, task.assignee_id, task.parent_id) == (5, ada.user_id, None)
    assert tags_of(first) == {"old", "both"}
    assert tags_of(second) == {"both"}
    assert task_now(second).due_on is None


def test_none_takes_away_and_what_is_not_named_stays(ada: Person) -> None:
    task_id = make(ada, category="Home", due_at=NOW, estimated_minutes=5, priority=Priority.HIGH)

    change(ada, [task_id], BulkEdit(category=None, due=None, estimated_minutes=None, assignee_id=None))

    task = task_now(task_id)
    assert (task.category_id, task.due_at, task.estimated_minutes, task.assignee_id) == (None, None, None, None)
    assert (task.priority, task.title) == (Priority.HIGH, "One")


def test_due_days_are_moved_and_times_stay_the_same_on_the_clocks(ada: Person) -> None:
    on_a_day = make(ada, due_on=date(2026, 12, 30))
    # 15:00 in Berlin on the day before the clocks go forward.
    at_a_time = make(ada, due_at=datetime(2027, 3, 27, 14, 0, tzinfo=UTC))
    not_due = make(ada)

    change(ada, [on_a_day, at_a_time, not_due], BulkEdit(due=Shift(2)))

    assert task_now(on_a_day).due_on == date(2027, 1, 1)
    assert task_now(at_a_time).due_at == datetime(2027, 3, 29, 13, 0, tzinfo=UTC)
    assert (task_now(not_due).due_on, task_now(not_due).due_at) == (None, None)


@pytest.mark.parametrize("what", ["stranger", "trash", "nothing"])
def test_one_that_may_not_be_changed_leaves_all_as_they_are(ada: Person, cy: Person, what: str) -> None:
    fine = make(ada)
    other = 999_999 if what == "nothing" else make(cy if what == "stranger" else ada)
    if what == "trash":
        tasks.delete_task(task_id=other, actor=ada.actor, now=NOW)

    with pytest.raises(TaskNotFound, match="Nothing was changed"):
        change(ada, [fine, other], BulkEdit(priority=Priority.LOW))
    with pytest.raises(TaskNotFound):
        bulk.delete_tasks(task_ids=[fine, other], actor=ada.actor, now=NOW)

    assert task_now(fine).priority is Priority.MEDIUM
    assert not task_now(fine).is_deleted


def test_somebody_elses_customer_and_people_are_refused(ada: Person, cy: Person) -> None:
    task_id = make(ada)
    customer_id = customers.create_customer(details=CustomerDetails(name="Theirs"), actor=cy.actor, now=NOW)

    for edit, field in (
        (BulkEdit(customer_id=customer_id), "customer"),
        (BulkEdit(assignee_id=cy.user_id), "assignee"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            change(ada, [task_id], edit)
        assert refusal.value.field == field


def test_none_selected_too_many_and_no_change_are_refused(ada: Person) -> None:
    task_id = make(ada)

    for ids, edit in (
        ([], BulkEdit(priority=Priority.LOW)),
        ([task_id], BulkEdit()),
        ([task_id], BulkEdit(due=Shift(0))),
    ):
        with pytest.raises(InvalidInput):
            change(ada, ids, edit)
    with pytest.raises(InvalidInput, match="5,000"):
        change(ada, list(range(1, 5002)), BulkEdit(priority=Priority.LOW))


def test_done_says_which_wait_for_others_and_takes_a_reason(ada: Person) -> None:
    free, waiting, other = make(ada, "Free"), make(ada, "Waiting"), make(ada, "Other")
    blockers.add_blocker(task_id=waiting, blocked_by_id=other, actor=ada.actor, now=NOW)

    with pytest.raises(TaskIsBlocked, match="“Waiting” waits for another task"):
        change(ada, [free, waiting], BulkEdit(status=Status.DONE))
    assert task_now(free).status is Status.TODO
    change(ada, [free, waiting], BulkEdit(status=Status.DONE), override_reason="They waived it")

    assert task_now(waiting).status is Status.DONE
    assert newest().summary == "Changed 2 tasks: status; 1 task waited for others: They waived it"


def test_what_is_done_together_does_not_wait_for_each_other(ada: Person) -> None:
    first, second = make(ada, "First"), make(ada, "Second")
    blockers.add_blocker(task_id=second, blocked_by_id=first, actor=ada.actor, now=NOW)

    change(ada, [first, second], BulkEdit(status=Status.DONE))

    assert {task_now(first).status, task_now(second).status} == {Status.DONE}
    assert task_now(first).completed_on == date(2026, 11, 20)


def test_done_stops_the_own_timer_and_makes_the_next_of_a_series(ada: Person) -> None:
    timed, repeating = make(ada, "Timed"), make(ada, "Weekly", due_on=date(2026, 11, 20))
    recurrence.set_repeat(task_id=repeating, repeat=Repeat(Rule(Unit.WEEK)), actor=ada.actor, now=NOW)
    timers.start_timer(task_id=timed, actor=ada.actor, now=NOW)

    change(ada, [timed, repeating], BulkEdit(status=Status.DONE))

    open_days = select(Task.due_on).where(Task.title == "Weekly", Task.status == Status.TODO)
    assert db.session.scalars(open_days).all() == [date(2026, 11, 27)]
    assert db.session.scalars(select(TimeEntry.running_user_id)).all() == [None]
    undo(ada)
    assert db.session.scalars(select(TimeEntry.running_user_id)).all() == [ada.user_id]
    assert db.session.scalars(open_days.where(Task.is_deleted.is_(False))).all() == [date(2026, 11, 20)]


def test_tasks_go_to_the_trash_with_their_parts_and_come_back(ada: Person, ben: Person) -> None:
    whole = make(ada, "Whole")
    part = make(ada, "Part", parent_id=whole)
    deeper = make(ada, "Deeper", parent_id=part)
    other = make(ada, "Other")
    timers.start_timer(task_id=deeper, actor=ben.actor, now=NOW)

    count = bulk.delete_tasks(task_ids=[whole, other, part], actor=ada.actor, now=NOW)

    assert count == 4
    assert newest().summary == "Put 4 tasks in the trash"
    assert all(task_now(task_id).is_deleted for task_id in (whole, part, deeper, other))
    assert db.session.scalars(select(TimeEntry.running_user_id)).all() == [None]
    undo(ada)
    assert not any(task_now(task_id).is_deleted for task_id in (whole, part, deeper, other))


def test_a_task_is_not_put_under_itself(ada: Person) -> None:
    whole, other = make(ada, "Whole"), make(ada, "Other")
    part = make(ada, "Part", parent_id=whole)

    for ids, parent_id in (([whole, other], whole), ([whole], part)):
        with pytest.raises(InvalidInput) as refusal:
            change(ada, ids, BulkEdit(parent_id=parent_id))
        assert refusal.value.field == "parent"
    assert task_now(other).parent_id is None


def test_many_take_few_statements(ada: Person) -> None:
    ids = [make_task(ada, title=f"{number}").id for number in range(600)]

    with counted_statements() as statements:
        change(ada, ids, BulkEdit(status=Status.DONE, priority=Priority.HIGH, add_tags=("x",)))

    # Two of each: six hundred are cut into stretches of five hundred.
    assert len(statements) < 45, "\n".join(statements)


# The pages


def selected(*ids: int) -> str:
    return "&".join(f"task={task_id}" for task_id in ids)


def test_each_row_of_the_list_can_be_selected(visit: Visit, ada: Person) -> None:
    ids = [make(ada, title) for title in ("One", "Two")]

    page = visit("/tasks?sort=created", as_=ada)

    boxes = page.select(".task-row input[type=checkbox]")
    assert [box["value"] for box in boxes] == [str(task_id) for task_id in ids]
    assert {box["form"] for box in boxes} == {"bulk"}
    assert page.select_one("form#bulk input[name=sort]")["value"] == "created"  # type: ignore[index]


def test_the_number_is_shown_before_anything_is_changed(visit: Visit, ada: Person) -> None:
    first, second = make(ada, "One"), make(ada, "Two")
    make(ada, "Three")

    page = visit(f"/tasks/bulk?{selected(first, second)}&status=todo", as_=ada)

    assert words(page.h1) == "Change 2 tasks"
    assert texts(page.select(".bulk-titles li")) == ["One", "Two"]
    assert page.select_one("form.form")["action"] == "/tasks/bulk?status=todo"  # type: ignore[index]
    assert task_now(first).version == 1


def test_selected_tasks_are_changed_and_the_message_undoes_it(visit: Visit, ada: Person) -> None:
    first, second = make(ada, "One"), make(ada, "Two")
    fields = {"task": [str(first), str(second)], "priority": "high", "due_change": "set", "due": "2026-12-24"}

    answer = visit.send("/tasks/bulk?status=todo", fields, as_=ada)
    page = visit.follow(answer, as_=ada)

    assert answer.location == "/tasks?status=todo"
    assert words(page.select_one(".flash__text")) == "2 tasks changed."
    assert {task_now(task_id).due_on for task_id in (first, second)} == {date(2026, 12, 24)}
    undo_form = page.select_one(".flash form")
    assert undo_form is not None
    visit.send(str(undo_form["action"]), as_=ada)
    assert {task_now(task_id).priority for task_id in (first, second)} == {Priority.MEDIUM}


def test_all_that_match_are_changed_beyond_the_page(visit: Visit, ada: Person) -> None:
    matching = [make(ada, f"{number}", tags=("x",)) for number in range(40)]
    other = make(ada, "Other")

    page = visit("/tasks/bulk?all=1&tag=x", as_=ada)
    assert words(page.h1) == "Change 40 tasks"
    assert words(page.select(".bulk-titles li")[-1]) == "and 32 more"
    visit.send("/tasks/bulk?tag=x", {"all": "1", "count": "40", "status": "doing"}, as_=ada)

    assert {task_now(task_id).status for task_id in matching} == {Status.DOING}
    assert task_now(other).status is Status.TODO


def test_nobody_changes_more_than_they_were_told(visit: Visit, ada: Person) -> None:
    task_id = make(ada, tags=("x",))
    make(ada, "Another", tags=("x",))

    answer = visit.send("/tasks/bulk?tag=x", {"all": "1", "count": "1", "status": "doing"}, as_=ada, status=422)

    assert "2 tasks match by now" in answer.text
    assert task_now(task_id).status is Status.TODO


def test_tasks_are_put_in_the_trash_from_the_page(visit: Visit, ada: Person) -> None:
    first, second = make(ada, "One"), make(ada, "Two")

    answer = visit.send("/tasks/bulk", {"task": [str(first), str(second)], "action": "delete"}, as_=ada)

    assert words(visit.follow(answer, as_=ada).select_one(".flash__text")) == "2 tasks went to the trash."
    assert task_now(first).is_deleted


def test_none_selected_leads_back_to_the_list(visit: Visit, ada: Person) -> None:
    make(ada)

    answer = ada.client.get("/tasks/bulk?status=todo")

    assert (answer.status_code, answer.location) == (303, "/tasks?status=todo")
    assert "Select the tasks" in words(visit(answer.location, as_=ada).select_one(".flash__text"))


@pytest.mark.parametrize(
    "fields, field",
    [
        ({"status": "later"}, "status"),
        ({"due_change": "set"}, "due"),
        ({"due": "31/31/31"}, "due"),
        ({"due": "99999-01-01"}, "due"),
        ({"due_change": "shift"}, "days"),
        ({"due_change": "shift", "days": "soon"}, "days"),
        ({"due_change": "shift", "days": "999999"}, "days"),
        ({"estimate": "-5"}, "estimate"),
        ({"customer": "x"}, "customer"),
        ({"customer": "999"}, "customer"),
        ({"parent": "999"}, "parent"),
        ({"category": "x" * 81}, "category"),
        ({"add_tags": "x" * 81}, "add_tags"),
    ],
)
def test_what_cannot_be_comes_back_with_a_sentence(
    visit: Visit, ada: Person, fields: dict[str, str], field: str
) -> None:
    task_id = make(ada)

    answer = visit.send("/tasks/bulk", {"task": str(task_id), "priority": "high", **fields}, as_=ada, status=422)

    from tests.page import check

    page = check(answer)
    assert error_of(page, field)
    assert page.select_one("[name=priority] option[selected]")["value"] == "high"  # type: ignore[index]
    assert task_now(task_id).version == 1


def test_blocked_tasks_ask_for_a_reason(visit: Visit, ada: Person) -> None:
    waiting, other = make(ada, "Waiting"), make(ada, "Other")
    blockers.add_blocker(task_id=waiting, blocked_by_id=other, actor=ada.actor, now=NOW)
    fields = {"task": str(waiting), "status": "done"}

    answer = visit.send("/tasks/bulk", fields, as_=ada, status=409)
    assert "“Waiting” waits for another task" in answer.text
    assert 'name="override_reason"' in answer.text
    visit.send("/tasks/bulk", {**fields, "override_reason": "Waived"}, as_=ada)

    assert task_now(waiting).status is Status.DONE


def test_for_a_stranger_there_are_no_such_tasks(visit: Visit, ada: Person, cy: Person) -> None:
    task_id = make(ada)

    visit(f"/tasks/bulk?task={task_id}", as_=cy, status=404)
    visit.send("/tasks/bulk", {"task": str(task_id), "priority": "low"}, as_=cy, status=404)
    visit.send("/tasks/bulk", {"task": str(task_id), "action": "delete"}, as_=cy, status=404)
    visit("/tasks/bulk?task=abc", as_=ada, status=422)

    assert task_now(task_id).version == 1


def test_late_change_is_not_overwritten_by_the_undo_of_many(ada: Person) -> None:
    first, second = make(ada, "One"), make(ada, "Two")
    change(ada, [first, second], BulkEdit(priority=Priority.LOW))
    made = newest().id
    change(ada, [second], BulkEdit(priority=Priority.URGENT))

    with pytest.raises(Exception, match="later change"):
        undo_change(change_id=made, actor=ada.actor, now=NOW + timedelta(minutes=1))

    assert task_now(first).priority is Priority.LOW
