"""Many time entries changed at once: all of them or none, with one undo."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from tests.cast import NOW, Person, make_entry, make_task
from tests.page import Visit, check, words
from tests.tasks.test_timers import days_of, entry_now, task_now
from webapp.accounts.models import User
from webapp.customers.operations import create_customer
from webapp.customers.rules import CustomerDetails
from webapp.errors import InvalidInput
from webapp.history.operations import undo_change
from webapp.storage.db import db
from webapp.storage.journal import Change
from webapp.storage.transaction import transaction
from webapp.tasks.errors import EntryNotFound, EntryOfSomebodyElse, TaskNotFound
from webapp.tasks.models import EntryDay, Task, TimeEntry
from webapp.tasks.operations import timers
from webapp.tasks.operations.entry_bulk import change_entries, delete_entries
from webapp.tasks.rules.entry_bulk import EntryEdit


def make_entries(task: Task, person: Person, count: int = 3) -> list[int]:
    """Entries of an hour each, the newest two hours ago."""
    return [make_entry(task, person, started_at=NOW - timedelta(hours=2 * number)).id for number in range(1, count + 1)]


def seconds_of(task: Task) -> int:
    """What a task's entries add up to; its days and its sum say the same."""
    days = db.session.scalar(select(func.sum(EntryDay.seconds)).where(EntryDay.task_id == task.id))
    assert int(days or 0) == task_now(task.id).tracked_seconds
    return task_now(task.id).tracked_seconds


def undo_newest(person: Person) -> None:
    newest = db.session.scalars(select(Change.id).order_by(Change.id.desc()).limit(1)).one()
    undo_change(change_id=newest, actor=person.actor, now=NOW)


def test_entries_move_to_another_task_with_their_time_and_back(ada: Person) -> None:
    task, target = make_task(ada), make_task(ada, title="Target")
    ids = make_entries(task, ada)
    version = task_now(target.id).version

    count = change_entries(
        entry_ids=ids[:2], edit=EntryEdit(task_id=target.id, is_billable=True, note="Moved"), actor=ada.actor, now=NOW
    )

    assert count == 2
    assert (seconds_of(task), seconds_of(target)) == (3600, 7200)
    assert [(entry_now(key).task_id, entry_now(key).is_billable, entry_now(key).note) for key in ids] == [
        (target.id, True, "Moved"),
        (target.id, True, "Moved"),
        (task.id, False, ""),
    ]
    # Nobody edits a sum: who has the task open may save it.
    assert task_now(target.id).version == version
    undo_newest(ada)
    assert (seconds_of(task), seconds_of(target)) == (10_800, 0)
    assert [(entry_now(key).task_id, entry_now(key).is_billable) for key in ids] == [(task.id, False)] * 3


def test_entries_are_deleted_and_come_back(ada: Person) -> None:
    task = make_task(ada)
    ids = make_entries(task, ada)
    running = timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)

    assert delete_entries(entry_ids=[*ids, running], actor=ada.actor, now=NOW + timedelta(minutes=1)) == 4

    assert seconds_of(task) == 0
    assert entry_now(running).running_user_id is None
    undo_newest(ada)
    assert seconds_of(task) == 10_800
    assert days_of(ids[0]) == {NOW.date(): 3600}


def test_whom_it_was_for_follows_the_task(ada: Person) -> None:
    acme, beta = (create_customer(details=CustomerDetails(name), actor=ada.actor, now=NOW) for name in ("Acme", "Beta"))
    task, target = make_task(ada), make_task(ada, customer_id=beta)
    [entry_id] = make_entries(task, ada, 1)

    change_entries(entry_ids=[entry_id], edit=EntryEdit(customer_id=beta), actor=ada.actor, now=NOW)
    assert entry_now(entry_id).customer_id == beta
    change_entries(entry_ids=[entry_id], edit=EntryEdit(task_id=target.id), actor=ada.actor, now=NOW)
    assert entry_now(entry_id).customer_id is None
    change_entries(entry_ids=[entry_id], edit=EntryEdit(customer_id=acme), actor=ada.actor, now=NOW)
    assert entry_now(entry_id).customer_id == acme
    change_entries(entry_ids=[entry_id], edit=EntryEdit(customer_id=None), actor=ada.actor, now=NOW)
    assert entry_now(entry_id).customer_id is None


def test_one_that_may_not_be_changed_keeps_all_as_they_are(ada: Person, ben: Person, cy: Person) -> None:
    task = make_task(ada)
    ids = make_entries(task, ada, 2)
    bens, theirs = make_entry(task, ben).id, make_entry(make_task(cy), cy).id
    edit = EntryEdit(is_billable=True)

    with pytest.raises(EntryOfSomebodyElse, match="1 entry of 3 are"):
        change_entries(entry_ids=[*ids, bens], edit=edit, actor=ada.actor, now=NOW)
    with pytest.raises(EntryNotFound):
        change_entries(entry_ids=[*ids, theirs], edit=edit, actor=ada.actor, now=NOW)
    with pytest.raises(EntryOfSomebodyElse):
        delete_entries(entry_ids=[*ids, bens], actor=ada.actor, now=NOW)
    with pytest.raises(TaskNotFound):
        change_entries(entry_ids=ids, edit=EntryEdit(task_id=make_task(cy).id), actor=ada.actor, now=NOW)
    with pytest.raises(InvalidInput, match="Choose what to change"):
        change_entries(entry_ids=ids, edit=EntryEdit(), actor=ada.actor, now=NOW)

    assert not any(entry_now(key).is_billable for key in [*ids, bens, theirs])
    assert seconds_of(task) == 3 * 3600


def test_time_of_somebody_without_an_account_is_everybodys_to_correct(ada: Person, ben: Person) -> None:
    entry_id = make_entry(make_task(ada), ben).id
    with transaction():
        db.session.get_one(User, ben.user_id).email = None

    change_entries(entry_ids=[entry_id], edit=EntryEdit(note="Ours"), actor=ada.actor, now=NOW)

    assert entry_now(entry_id).note == "Ours"


def test_the_page_says_how_many_before_they_change(visit: Visit, ada: Person) -> None:
    task, target = make_task(ada), make_task(ada, title="Target")
    ids = make_entries(task, ada)
    with time_machine.travel(NOW, tick=False):
        listed = visit("/timesheet?view=list", as_=ada)
        assert len(listed.select("input[name=entry][form=bulk]")) == 3
        chosen = visit(f"/entries/bulk?view=list&entry={ids[0]}&entry={ids[1]}", as_=ada)
        assert words(chosen.select_one("h1")) == "Change 2 entries"
        assert "2 h in all" in words(chosen.main)

        sent = {"entry": [str(ids[0]), str(ids[1])], "task": str(target.id), "is_billable": "yes", "note": "none"}
        answer = visit.post("/entries/bulk?view=list", sent, as_=ada)

        assert "2 entries changed." in words(visit.follow(answer, as_=ada))
    assert seconds_of(target) == 7200


def test_all_that_match_are_changed_and_no_more_than_were_told(visit: Visit, ada: Person, ben: Person) -> None:
    task = make_task(ada)
    make_entries(task, ada)
    make_entry(task, ben)
    with time_machine.travel(NOW, tick=False):
        page = visit("/entries/bulk?view=list&all=1", as_=ada)
        assert words(page.select_one("h1")) == "Change 3 entries"
        address, sent = "/entries/bulk?view=list", {"all": "1", "count": "2", "action": "delete"}

        assert "3 entries match by now" in words(check(visit.send(address, sent, as_=ada, status=422)).main)
        assert seconds_of(task) == 4 * 3600
        visit.send(address, sent | {"count": "3"}, as_=ada)

    assert seconds_of(task) == 3600


@pytest.mark.parametrize(
    "sent, words_of_it",
    [
        ({}, "Choose what to change"),
        ({"task": "none"}, "Time is spent on a task"),
        ({"task": "x"}, "Choose from the list"),
        ({"customer": "99999999"}, "There is no such customer"),
        ({"note": "x" * 501}, "501 characters"),
        ({"is_billable": "perhaps"}, "not one of the choices"),
    ],
)
def test_what_cannot_be_changes_nothing_and_comes_back(
    visit: Visit, ada: Person, sent: dict[str, str], words_of_it: str
) -> None:
    [entry_id] = make_entries(make_task(ada), ada, 1)

    page = check(visit.send("/entries/bulk?view=list", {"entry": str(entry_id), **sent}, as_=ada, status=422))

    assert words_of_it in words(page.main)
    assert [field["value"] for field in page.select("input[name=entry]")] == [str(entry_id)]


def test_a_stranger_changes_nothing(visit: Visit, ada: Person, cy: Person) -> None:
    [entry_id] = make_entries(make_task(ada), ada, 1)

    visit(f"/entries/bulk?entry={entry_id}", as_=cy, status=404)
    visit.send("/entries/bulk", {"entry": str(entry_id), "note": "Mine"}, as_=cy, status=404)

    assert entry_now(entry_id).note == ""
    assert db.session.scalar(select(func.count(TimeEntry.id)).where(TimeEntry.deleted_at.is_not(None))) == 0


def test_nothing_selected_says_so(visit: Visit, ada: Person) -> None:
    answer = ada.client.get("/entries/bulk")

    assert answer.status_code == 303
    assert "Select the entries" in words(visit.follow(answer, as_=ada))
