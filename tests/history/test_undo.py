"""Undoing what was changed, and doing it again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.cast import NOW, Person, make_entry, make_task
from tests.consistency import assert_consistent
from webapp.customers import operations as customers
from webapp.customers.models import Customer
from webapp.customers.rules import CustomerDetails
from webapp.errors import DomainError
from webapp.history.errors import AlreadyUndone, CannotUndo, ChangeNotFound, NotYourChange, TooLate
from webapp.history.operations import Undone, undo_change
from webapp.storage.db import db
from webapp.storage.journal import Change
from webapp.tasks.models import Category, EntryDay, Tag, Task, TimeEntry
from webapp.tasks.operations import entries, tasks, timers
from webapp.tasks.rules.entries import Interval, PlainDuration
from webapp.tasks.rules.tasks import TaskDetails
from webapp.values.status import Status

LATER = NOW + timedelta(minutes=5)


def newest() -> int:
    db.session.rollback()
    return db.session.scalars(select(Change.id).order_by(Change.id.desc())).first() or 0


def undo(person: Person, change_id: int | None = None) -> Undone:
    return undo_change(change_id=change_id or newest(), actor=person.actor, now=LATER)


def task_now(task_id: int) -> Task:
    db.session.rollback()
    return db.session.get_one(Task, task_id, populate_existing=True)


def entry_now(entry_id: int) -> TimeEntry:
    db.session.rollback()
    return db.session.get_one(TimeEntry, entry_id, populate_existing=True)


def save(task_id: int, person: Person, details: TaskDetails) -> None:
    version = task_now(task_id).version
    tasks.save_task(task_id=task_id, details=details, version=version, actor=person.actor, now=NOW)


def test_undoing_an_edit_brings_back_every_field(ada: Person) -> None:
    before = TaskDetails(title="Before", description="a", tags=("x", "y"), category="Work", due_on=date(2026, 12, 1))
    task_id = tasks.create_task(details=before, actor=ada.actor, now=NOW)
    save(task_id, ada, TaskDetails(title="After", tags=("y", "z"), category="Home", due_at=NOW, status=Status.DONE))

    undone = undo(ada)

    task = task_now(task_id)
    assert undone.summary == "Changed “After”"
    assert (task.title, task.description, task.due_on, task.due_at) == ("Before", "a", date(2026, 12, 1), None)
    assert (task.status, task.completed_at) == (Status.TODO, None)
    assert set(db.session.scalars(select(Tag.name))) == {"x", "y"}
    assert set(db.session.scalars(select(Tag.name).join(Task.tags))) == {"x", "y"}
    assert set(db.session.scalars(select(Category.name))) == {"Work"}
    assert task.version == 3


def test_undoing_the_undoing_does_it_again(ada: Person) -> None:
    task_id = tasks.create_task(details=TaskDetails(title="Before"), actor=ada.actor, now=NOW)
    save(task_id, ada, TaskDetails(title="After", tags=("z",), category="Home"))
    edit = newest()

    undo(ada)
    undo(ada)

    assert task_now(task_id).title == "After"
    assert set(db.session.scalars(select(Tag.name).join(Task.tags))) == {"z"}
    assert db.session.get_one(Change, edit).undone_at is None
    undo(ada, edit)
    assert task_now(task_id).title == "Before"


def test_undoing_a_new_task_puts_it_in_the_trash(ada: Person) -> None:
    task_id = tasks.create_task(details=TaskDetails(title="New", tags=("x",)), actor=ada.actor, now=NOW)

    undone = undo(ada)

    assert undone.removed >= {("tasks", str(task_id))}
    assert task_now(task_id).is_deleted
    assert task_now(task_id).deleted_at == LATER
    undo(ada)
    assert not task_now(task_id).is_deleted
    assert set(db.session.scalars(select(Tag.name).join(Task.tags))) == {"x"}


def test_undoing_a_deletion_takes_it_out_of_the_trash(ada: Person) -> None:
    task = make_task(ada)
    timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)
    tasks.delete_task(task_id=task.id, actor=ada.actor, now=LATER)

    undo(ada)

    assert not task_now(task.id).is_deleted
    running = db.session.scalars(select(TimeEntry)).one()
    assert (running.running_user_id, running.ended_at) == (ada.user_id, None)


def test_undoing_time_takes_it_off_the_days_and_the_total(ada: Person) -> None:
    task = make_task(ada)
    day = NOW.date()
    entry_id = entries.create_entry(task_id=task.id, spent=PlainDuration(day, 3600), actor=ada.actor, now=NOW)

    undo(ada)

    assert entry_now(entry_id).deleted_at == LATER
    assert task_now(task.id).tracked_seconds == 0
    assert db.session.scalars(select(EntryDay)).all() == []
    undo(ada)
    assert task_now(task.id).tracked_seconds == 3600
    assert [row.seconds for row in db.session.scalars(select(EntryDay))] == [3600]


def test_undoing_the_stop_of_a_timer_has_it_run_on(ada: Person) -> None:
    task = make_task(ada)
    entry_id = timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)
    timers.stop_timer(task_id=task.id, actor=ada.actor, now=LATER)

    undo(ada)

    entry = entry_now(entry_id)
    assert (entry.running_user_id, entry.ended_at, entry.seconds) == (ada.user_id, None, 0)
    assert task_now(task.id).tracked_seconds == 0


def test_undoing_a_switch_of_timers_has_the_first_run_on(ada: Person) -> None:
    first, second = make_task(ada), make_task(ada)
    one = timers.start_timer(task_id=first.id, actor=ada.actor, now=NOW)
    two = timers.start_timer(task_id=second.id, actor=ada.actor, now=LATER)

    undo(ada)

    assert entry_now(one).running_user_id == ada.user_id
    assert entry_now(two).deleted_at is not None
    undo(ada)
    assert entry_now(one).running_user_id is None
    assert (entry_now(two).running_user_id, entry_now(two).deleted_at) == (ada.user_id, None)


def test_a_timer_is_not_set_running_beside_another(ada: Person) -> None:
    first, second = make_task(ada), make_task(ada)
    timers.start_timer(task_id=first.id, actor=ada.actor, now=NOW)
    timers.stop_timer(task_id=first.id, actor=ada.actor, now=LATER)
    stopped = newest()
    timers.start_timer(task_id=second.id, actor=ada.actor, now=LATER)

    with pytest.raises(CannotUndo, match="another timer runs"):
        undo(ada, stopped)


def test_a_later_change_of_the_same_field_is_not_overwritten(ada: Person) -> None:
    task_id = tasks.create_task(details=TaskDetails(title="One"), actor=ada.actor, now=NOW)
    save(task_id, ada, TaskDetails(title="Two", tags=("x",)))
    edit = newest()
    save(task_id, ada, TaskDetails(title="Three", tags=("x",)))

    with pytest.raises(CannotUndo, match="Changed “Three”"):
        undo(ada, edit)

    assert task_now(task_id).title == "Three"
    assert set(db.session.scalars(select(Tag.name).join(Task.tags))) == {"x"}


def test_a_later_change_of_another_field_does_not_matter(ada: Person) -> None:
    task_id = tasks.create_task(details=TaskDetails(title="One"), actor=ada.actor, now=NOW)
    save(task_id, ada, TaskDetails(title="Two"))
    edit = newest()
    tasks.set_status(task_id=task_id, status=Status.DOING, actor=ada.actor, now=NOW)

    undo(ada, edit)

    assert (task_now(task_id).title, task_now(task_id).status) == ("One", Status.DOING)


def test_a_new_task_with_work_on_it_is_not_taken_away(ada: Person, ben: Person) -> None:
    task_id = tasks.create_task(details=TaskDetails(title="New"), actor=ada.actor, now=NOW)
    made = newest()
    spent = PlainDuration(NOW.date(), 60)
    entries.create_entry(task_id=task_id, spent=spent, actor=ben.actor, now=NOW)

    with pytest.raises(CannotUndo, match="Added time to “New”"):
        undo(ada, made)

    assert not task_now(task_id).is_deleted


def test_what_was_undone_is_in_nobodys_way(ada: Person) -> None:
    task_id = tasks.create_task(details=TaskDetails(title="New"), actor=ada.actor, now=NOW)
    made = newest()
    save(task_id, ada, TaskDetails(title="Newer"))
    undo(ada)

    undo(ada, made)

    assert task_now(task_id).is_deleted


def test_a_customer_with_a_task_is_not_taken_away(ada: Person) -> None:
    customer_id = customers.create_customer(details=CustomerDetails(name="Acme"), actor=ada.actor, now=NOW)
    made = newest()
    task = make_task(ada, customer_id=customer_id)

    with pytest.raises(CannotUndo, match="hang on"):
        undo(ada, made)
    task_now(task.id).customer_id = None
    db.session.commit()
    undo(ada, made)

    assert db.session.get(Customer, customer_id) is None
    undo(ada)
    assert db.session.get_one(Customer, customer_id).name == "Acme"


def test_a_tag_that_others_use_stays(ada: Person) -> None:
    task_id = tasks.create_task(details=TaskDetails(title="One"), actor=ada.actor, now=NOW)
    save(task_id, ada, TaskDetails(title="Two", tags=("x",)))
    edit = newest()
    tasks.create_task(details=TaskDetails(title="Another", tags=("x",)), actor=ada.actor, now=NOW)

    undo(ada, edit)

    titles = db.session.scalars(select(Task.title).join(Task.tags).where(Tag.name == "x"))
    assert set(titles) == {"Another"}


def test_a_change_is_undone_once(ada: Person) -> None:
    task = make_task(ada)
    tasks.set_status(task_id=task.id, status=Status.DONE, actor=ada.actor, now=NOW)
    done = newest()
    undo(ada, done)

    with pytest.raises(AlreadyUndone):
        undo(ada, done)


def test_a_change_is_undone_for_thirty_days(ada: Person) -> None:
    task = make_task(ada)
    tasks.set_status(task_id=task.id, status=Status.DONE, actor=ada.actor, now=NOW)
    done = newest()

    with pytest.raises(TooLate, match="30 days"):
        undo_change(change_id=done, actor=ada.actor, now=NOW + timedelta(days=30, seconds=1))
    undo_change(change_id=done, actor=ada.actor, now=NOW + timedelta(days=30))

    assert task_now(task.id).status is Status.TODO


def test_the_owner_undoes_what_a_member_did_and_not_the_other_way_round(ada: Person, ben: Person) -> None:
    task = make_task(ada)
    tasks.set_status(task_id=task.id, status=Status.DOING, actor=ada.actor, now=NOW)
    of_ada = newest()
    tasks.set_status(task_id=task.id, status=Status.DONE, actor=ben.actor, now=NOW)

    with pytest.raises(NotYourChange):
        undo(ben, of_ada)
    undo(ada)

    assert task_now(task.id).status is Status.DOING


def test_for_a_stranger_there_is_no_change(ada: Person, cy: Person) -> None:
    task = make_task(ada)
    tasks.set_status(task_id=task.id, status=Status.DONE, actor=ada.actor, now=NOW)

    with pytest.raises(ChangeNotFound):
        undo(cy)


def test_a_timer_in_another_workspace_is_recorded_there(ada: Person, ben: Person) -> None:
    there = make_task(ada)
    timers.start_timer(task_id=there.id, actor=ben.actor, now=NOW)
    own_workspace = ben.actor.__class__(ben.user_id, make_own_workspace(ben), ben.actor.zone)
    here = tasks.create_task(details=TaskDetails(title="Mine"), actor=own_workspace, now=NOW)
    timers.start_timer(task_id=here, actor=own_workspace, now=LATER)

    recorded = [(change.workspace_id, change.kind) for change in db.session.scalars(select(Change).order_by(Change.id))]

    assert recorded == [
        (ada.workspace_id, "timer.started"),
        (own_workspace.workspace_id, "task.created"),
        (ada.workspace_id, "timer.stopped"),
        (own_workspace.workspace_id, "timer.started"),
    ]


def make_own_workspace(person: Person) -> int:
    from tests.cast import make_person  # noqa: F401
    from webapp.workspaces.models import Membership, Workspace
    from webapp.workspaces.rules import Role

    workspace = Workspace(name="Own", personal_user_id=None, created_at=NOW)
    db.session.add(workspace)
    db.session.flush()
    db.session.add(Membership(workspace_id=workspace.id, user_id=person.user_id, role=Role.MEMBER, joined_at=NOW))
    db.session.commit()
    return workspace.id


def test_what_cannot_be_undone_leaves_no_record(ada: Person) -> None:
    entry = make_entry(make_task(ada), ada)
    entries.delete_entry(entry_id=entry.id, actor=ada.actor, now=NOW)
    deleted = newest()
    entries.restore_entry(entry_id=entry.id, actor=ada.actor, now=NOW)
    restored = newest()

    with pytest.raises(DomainError):
        undo(ada, deleted)

    assert newest() == restored
    assert db.session.get_one(Change, deleted).undone_at is None


def test_undoing_never_leaves_a_timer_running_in_the_trash(ada: Person, ben: Person) -> None:
    task = make_task(ada, status=Status.DOING)
    timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)
    timers.stop_timer(task_id=task.id, actor=ada.actor, now=LATER)
    stopped = newest()
    tasks.delete_task(task_id=task.id, actor=ben.actor, now=LATER)

    with pytest.raises(CannotUndo, match="in the trash"):
        undo(ada, stopped)

    tasks.restore_task(task_id=task.id, actor=ben.actor, now=LATER)
    restored = newest()
    timers.start_timer(task_id=task.id, actor=ada.actor, now=LATER)
    with pytest.raises(CannotUndo, match="in the trash"):
        undo(ben, restored)
    assert not task_now(task.id).is_deleted
    entry = timers.stop_timer(task_id=task.id, actor=ada.actor, now=LATER)
    stopped = newest()
    assert entry is not None
    entries.delete_entry(entry_id=entry.id, actor=ada.actor, now=LATER)
    with pytest.raises(CannotUndo, match="in the trash"):
        undo(ada, stopped)


def test_undoing_a_corrected_start_of_a_timer_that_has_stopped_since_counts_its_length_anew(ada: Person) -> None:
    task = make_task(ada)
    entry_id = timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)
    earlier = Interval(NOW - timedelta(minutes=10), None)
    version = entry_now(entry_id).version
    entries.save_entry(entry_id=entry_id, spent=earlier, note="", version=version, actor=ada.actor, now=NOW)
    corrected = newest()
    timers.stop_timer(task_id=task.id, actor=ada.actor, now=LATER)

    undo(ada, corrected)

    assert (entry_now(entry_id).started_at, entry_now(entry_id).seconds) == (NOW, 300)
    assert task_now(task.id).tracked_seconds == 300
    assert_consistent()
