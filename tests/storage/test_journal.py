"""What is recorded of a change: each row before and after, as JSON keeps it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from tests.cast import NOW, Person, make_entry, make_task
from webapp.customers.models import Customer
from webapp.storage import journal
from webapp.storage.db import db
from webapp.storage.journal import Change, ChangeRow, recorded
from webapp.storage.transaction import transaction
from webapp.tasks.models import Tag, Task, TimeEntry
from webapp.values.priority import Priority
from webapp.values.status import Status


def changes() -> list[Change]:
    db.session.rollback()
    return list(db.session.scalars(select(Change).order_by(Change.id)))


def rows() -> list[tuple[str, str, int | None, dict[str, Any] | None, dict[str, Any] | None]]:
    db.session.rollback()
    found = db.session.scalars(select(ChangeRow).order_by(ChangeRow.change_id, ChangeRow.position))
    return [(row.table_name, row.row_key, row.task_id, row.before, row.after) for row in found]


def test_a_change_says_who_did_what_when(ada: Person) -> None:
    task = make_task(ada)

    with transaction(), recorded("task.saved", "Changed “Write the report”", actor=ada.actor, now=NOW):
        db.session.get_one(Task, task.id).title = "Write it"

    (change,) = changes()
    assert (change.user_id, change.workspace_id, change.at) == (ada.user_id, ada.workspace_id, NOW)
    assert (change.kind, change.summary, change.rows_count) == ("task.saved", "Changed “Write the report”", 1)


def test_of_a_changed_row_only_what_differs_is_kept(ada: Person) -> None:
    task = make_task(ada, due_on=date(2026, 11, 30))

    with transaction(), recorded("task.saved", "x", actor=ada.actor, now=NOW):
        found = db.session.get_one(Task, task.id)
        found.priority = Priority.URGENT
        found.status, found.due_on, found.due_at = Status.DONE, None, NOW + timedelta(microseconds=5)
        found.updated_at = NOW + timedelta(hours=1)

    assert rows() == [
        (
            "tasks",
            str(task.id),
            task.id,
            {"priority": Priority.MEDIUM.value, "status": "todo", "due_on": "2026-11-30", "due_at": None},
            {
                "priority": Priority.URGENT.value,
                "status": "done",
                "due_on": None,
                "due_at": "2026-11-20T14:42:00+00:00",
            },
        )
    ]


def test_a_new_row_is_kept_whole_and_decodes_to_what_the_columns_hold(ada: Person) -> None:
    task = make_task(ada)

    with transaction(), recorded("entry.created", "x", actor=ada.actor, now=NOW):
        entry = TimeEntry(
            workspace_id=ada.workspace_id,
            task_id=task.id,
            user_id=ada.user_id,
            started_at=NOW,
            day=NOW.date(),
            zone="UTC",
            created_at=NOW,
            updated_at=NOW,
        )
        db.session.add(entry)

    ((table, key, task_id, before, after),) = rows()
    assert (table, key, task_id, before) == ("time_entries", str(entry.id), task.id, None)
    assert after is not None
    columns = journal.kept_columns(db.metadata.tables["time_entries"])
    kept = db.session.execute(select(*columns)).mappings().one()
    assert {column.name: journal.decode(column, after[column.name]) for column in columns} == dict(kept)
    assert {"version", "updated_at"} & set(after) == set()


def test_what_a_row_held_is_known_even_if_it_was_not_read_again(ada: Person) -> None:
    task = make_task(ada, due_on=date(2026, 11, 30))

    with transaction(), recorded("task.saved", "x", actor=ada.actor, now=NOW):
        found = db.session.get_one(Task, task.id)
        db.session.expire(found)
        found.due_on = None

    assert [row[3:] for row in rows()] == [({"due_on": "2026-11-30"}, {"due_on": None})]


def test_a_deleted_row_is_kept_whole(ada: Person) -> None:
    task = make_task(ada)
    entry = make_entry(task, ada)

    with transaction(), recorded("entry.deleted", "x", actor=ada.actor, now=NOW):
        found = db.session.get_one(TimeEntry, entry.id)
        found.note = "changed just before"
        db.session.flush()
        db.session.delete(found)

    ((_, _, _, before, after),) = rows()
    assert after is None
    assert before is not None
    assert (before["note"], before["seconds"]) == ("", 3600)


def test_tags_that_come_and_go_are_rows_of_their_own(ada: Person) -> None:
    task = make_task(ada)
    with transaction():
        old = Tag(workspace_id=ada.workspace_id, name="old", name_key="old")
        found = db.session.get_one(Task, task.id, options=[selectinload(Task.tags)], populate_existing=True)
        found.tags = [old]

    with transaction(), recorded("task.saved", "x", actor=ada.actor, now=NOW):
        new = Tag(workspace_id=ada.workspace_id, name="new", name_key="new")
        found = db.session.get_one(Task, task.id)
        found.tags = [new]

    assert [(row[0], row[1], row[2], row[3] is None, row[4] is None) for row in rows()] == [
        ("tags", str(new.id), None, True, False),
        ("task_tags", f"{task.id}:{new.id}", task.id, True, False),
        ("task_tags", f"{task.id}:{old.id}", task.id, False, True),
    ]


def test_the_oldest_before_and_the_newest_after_count(ada: Person) -> None:
    task = make_task(ada)

    with transaction(), recorded("task.saved", "x", actor=ada.actor, now=NOW):
        found = db.session.get_one(Task, task.id)
        for title in ("second", "third"):
            found.title = title
            db.session.flush()
        found.description = "kept"

    assert [row[3:] for row in rows()] == [
        ({"title": "Write the report", "description": ""}, {"title": "third", "description": "kept"})
    ]


def test_where_nothing_changed_nothing_is_recorded(ada: Person) -> None:
    task = make_task(ada)

    with transaction(), recorded("task.saved", "x", actor=ada.actor, now=NOW):
        found = db.session.get_one(Task, task.id)
        found.title = "another"
        db.session.flush()
        found.title = "Write the report"
        found.updated_at = NOW + timedelta(hours=1)
        brief = Tag(workspace_id=ada.workspace_id, name="brief", name_key="brief")
        db.session.add(brief)
        db.session.flush()
        db.session.delete(brief)

    assert changes() == []
    assert rows() == []


def test_an_inner_recording_joins_the_outer_one(ada: Person) -> None:
    task = make_task(ada)

    with transaction(), recorded("outer", "Outer", actor=ada.actor, now=NOW):
        with recorded("inner", "Inner", actor=ada.actor, now=NOW):
            db.session.get_one(Task, task.id).title = "one"
        db.session.add(Customer(workspace_id=ada.workspace_id, name="A", name_key="a", created_at=NOW, updated_at=NOW))

    assert [change.kind for change in changes()] == ["outer"]
    assert sorted(row[0] for row in rows()) == ["customers", "tasks"]


def test_what_a_statement_wrote_can_be_noted(ada: Person) -> None:
    task = make_task(ada)

    with transaction(), recorded("bulk", "x", actor=ada.actor, now=NOW):
        db.session.execute(update(Task).where(Task.id == task.id).values(priority=Priority.HIGH, due_at=NOW))
        journal.note(
            table="tasks",
            key=task.id,
            task_id=task.id,
            before={"priority": Priority.MEDIUM, "due_at": None, "version": 1},
            after={"priority": Priority.HIGH, "due_at": NOW, "version": 2},
        )

    assert [row[3:] for row in rows()] == [
        (
            {"priority": Priority.MEDIUM.value, "due_at": None},
            {"priority": Priority.HIGH.value, "due_at": "2026-11-20T14:42:00+00:00"},
        )
    ]


def test_what_fails_is_not_recorded(ada: Person) -> None:
    task = make_task(ada)

    def fail() -> None:
        with transaction(), recorded("x", "x", actor=ada.actor, now=NOW):
            db.session.get_one(Task, task.id).title = "gone"
            db.session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert changes() == []
    assert journal.last_change_id() is None


def test_the_last_change_is_known_once_it_is_committed(ada: Person) -> None:
    task = make_task(ada)

    with transaction():
        with recorded("x", "x", actor=ada.actor, now=NOW):
            db.session.get_one(Task, task.id).title = "changed"
        assert journal.last_change_id() is None
    known = journal.last_change_id()

    assert [change.id for change in changes()] == [known]


def test_recording_outside_of_a_transaction_is_refused(ada: Person) -> None:
    with (
        pytest.raises(RuntimeError, match="inside a transaction"),
        recorded("x", "x", actor=ada.actor, now=NOW),
    ):
        pass


def test_a_long_summary_is_shortened(ada: Person) -> None:
    task = make_task(ada)

    with transaction(), recorded("x", "é" * 400, actor=ada.actor, now=NOW):
        db.session.get_one(Task, task.id).title = "changed"

    (change,) = changes()
    assert change.summary == "é" * 299 + "…"
