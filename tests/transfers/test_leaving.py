"""Taking everything away, and ending an account so that nothing of it is left."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import Table, func, select, update

from tests.cast import NOW, PASSWORD, TODAY, Person, make_entry, make_person, make_task
from tests.page import Visit, error_of, words
from webapp.accounts import operations as account_operations
from webapp.accounts.errors import WrongPassword
from webapp.accounts.models import User
from webapp.accounts.passwords import hash_password
from webapp.calculations.models import Calculation, Worksheet, WorksheetLink, WorksheetVersion
from webapp.calculations.operations import worksheets
from webapp.calculations.operations.records import keep
from webapp.calculations.queries import verifying
from webapp.calculations.queries import worksheets as worksheet_queries
from webapp.calculations.queries.verifying import Checked
from webapp.calculations.rules.chain import hash_calculation
from webapp.calculations.rules.typed import TypedExpression
from webapp.customers.models import Customer
from webapp.notices.models import Notice
from webapp.notices.operations import notify
from webapp.notices.rules import Kind
from webapp.storage import outbox
from webapp.storage.db import Model, db
from webapp.storage.journal import Change
from webapp.storage.once import DoneRequest
from webapp.storage.transaction import transaction
from webapp.tasks.models import Category, EntryDay, Reminder, SavedView, Series, Tag, Task, TaskTag, TimeEntry
from webapp.tasks.operations import comments, files, reminders, saved, timers
from webapp.tasks.operations.blockers import add_blocker
from webapp.tasks.operations.recurrence import set_repeat
from webapp.tasks.operations.urgency import save_weights
from webapp.tasks.rules.recurrence import LAST, Missed, Repeat, Rule, Unit
from webapp.tasks.rules.reminders import Basis, Timing
from webapp.tasks.rules.urgency import Weights
from webapp.transfers.leaving import operations
from webapp.values.actor import Actor
from webapp.values.text import name_key
from webapp.workspaces import operations as workspace_operations
from webapp.workspaces.models import Membership, Workspace
from webapp.workspaces.rules import Role

PASSWORD_HASH = hash_password(PASSWORD)


def make_work(owner: Person) -> Task:
    """Put one of everything into the owner's workspace, and return its task."""
    task = make_task(owner, title="Zoë’s “report” 🦊\u202e", estimated_minutes=90, due_on=TODAY)
    make_entry(task, owner)
    with transaction():
        category = Category(workspace_id=owner.workspace_id, name="Écriture", name_key="écriture")
        tag = Tag(workspace_id=owner.workspace_id, name="deep", name_key="deep")
        customer = Customer(
            workspace_id=owner.workspace_id, name="ACME", name_key=name_key("ACME"), created_at=NOW, updated_at=NOW
        )
        db.session.add_all([category, tag, customer])
        db.session.flush()
        found = db.session.get_one(Task, task.id)
        found.category_id, found.customer_id, found.assignee_id = category.id, customer.id, owner.user_id
        db.session.add(TaskTag(task_id=task.id, tag_id=tag.id))
        first = calculation(owner, "0.1", revises_id=None)
        db.session.add(first)
        db.session.flush()
        db.session.add(calculation(owner, "0.2", revises_id=first.id))
        db.session.add(DoneRequest(user_id=owner.user_id, key="0" * 32, fingerprint="x", result_id=1, done_at=NOW))
    comments.add_comment(task_id=task.id, text="Said **so**", actor=owner.actor, now=NOW)
    files.add_file(task_id=task.id, filename="note.txt", content=b"kept\n", actor=owner.actor, now=NOW)
    set_repeat(
        task_id=task.id,
        repeat=Repeat(Rule(Unit.MONTH, 2, (0, 4), LAST), missed=Missed.EACH, count=9),
        actor=owner.actor,
        now=NOW,
    )
    return task


def calculation(owner: Person, result: str, *, revises_id: int | None) -> Calculation:
    """A sum somebody worked out."""
    return Calculation(
        workspace_id=owner.workspace_id,
        user_id=owner.user_id,
        operation="add",
        operands=["0.1", "0"],
        result=result,
        is_exact=True,
        revises_id=revises_id,
        created_at=NOW,
    )


def make_worksheet(owner: Person) -> None:
    """Put a worksheet with a link into the owner's workspace."""
    worksheet_id = worksheets.create_worksheet(title="Quote", text="1 + 2", actor=owner.actor, now=NOW)
    worksheets.share_version(worksheet_id=worksheet_id, number=1, actor=owner.actor, now=NOW)


@pytest.fixture
def eve(app: Flask, app_context: None) -> Person:
    """Eve, who has a password and a workspace of her own."""
    return with_password(make_person(app, name="Eve Adler", email="eve@example.com", timezone="Europe/Berlin"))


def with_password(person: Person) -> Person:
    """Let somebody prove who they are."""
    with transaction():
        db.session.execute(update(User).where(User.id == person.user_id).values(password_hash=PASSWORD_HASH))
    return person


def counts() -> dict[str, int]:
    """How many rows each table holds."""
    db.session.rollback()
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in db.metadata.sorted_tables
    }


def leave(person: Person) -> None:
    """End somebody's account."""
    operations.delete_account(password=PASSWORD, actor=person.actor, now=NOW)
    db.session.expire_all()


def exported(person: Person) -> dict[str, Any]:
    """What the export holds."""
    with person.client.get("/account/export") as response:
        assert response.status_code == 200
        assert response.headers["Content-Disposition"].startswith("attachment; filename=devtrackr-")
        assert response.headers["Cache-Control"] == "no-store"
        found: dict[str, Any] = json.loads(response.data.decode("utf-8"))
    return found


def test_export_holds_everything_as_it_is(eve: Person, cy: Person) -> None:
    task = make_work(eve)
    make_work(cy)

    everything = exported(eve)

    assert everything["format"] == "devtrackr export 1"
    assert everything["person"]["email"] == "eve@example.com"
    (workspace,) = everything["workspaces"]
    (exported_task,) = workspace["tasks"]
    (entry,) = workspace["time_entries"]
    assert exported_task["title"] == "Zoë’s “report” 🦊\u202e"
    assert (exported_task["status"], exported_task["priority"]) == ("todo", "medium")
    assert (exported_task["category"], exported_task["tags"]) == ("Écriture", ["deep"])
    assert (exported_task["due_on"], exported_task["estimated_minutes"]) == ("2026-11-20", 90)
    assert exported_task["assignee"] == "Eve Adler"
    assert (entry["task_id"], entry["seconds"], entry["person"]) == (task.id, 3600, "Eve Adler")
    assert (entry["started_at"], entry["ended_at"]) == ("2026-11-20T14:42:00Z", "2026-11-20T15:42:00Z")
    assert [row["result"] for row in workspace["calculations"]] == ["0.1", "0.2"]
    assert [row["name"] for row in workspace["customers"]] == ["ACME"]
    (comment,), (file,) = workspace["comments"], workspace["files"]
    assert (comment["task_id"], comment["text"], comment["person"]) == (task.id, "Said **so**", "Eve Adler")
    assert (file["task_id"], file["name"], file["size_bytes"]) == (task.id, "note.txt", 5)
    assert base64.b64decode(file["content"]) == b"kept\n"
    assert [row["name"] for row in workspace["tags"]] == ["deep"]
    assert (exported_task["starts_on"], exported_task["parent_id"]) == (None, None)
    (series,) = workspace["series"]
    assert (exported_task["series_id"], exported_task["occurrence"]) == (series["id"], 0)
    assert (series["unit"], series["every"], series["weekdays"], series["nth"]) == (
        "month",
        2,
        ["Monday", "Friday"],
        -1,
    )
    assert (series["missed"], series["times"], series["anchor_on"]) == ("each", 9, "2026-11-20")
    assert (series["title"], series["category"], series["tags"]) == (exported_task["title"], "Écriture", ["deep"])
    assert (series["assignee"], series["person"], series["clock"]) == ("Eve Adler", "Eve Adler", None)


def test_export_holds_no_secrets(eve: Person) -> None:
    assert "argon2" not in json.dumps(exported(eve))
    assert "hash" not in json.dumps(exported(eve))


def test_export_of_nothing_is_whole(cy: Person) -> None:
    (workspace,) = exported(cy)["workspaces"]

    assert workspace == {
        "name": "Cy Stranger",
        "is_personal": True,
        "categories": [],
        "tags": [],
        "customers": [],
        "comments": [],
        "files": [],
        "urgency_weights": {},
        "tasks": [],
        "series": [],
        "time_entries": [],
        "calculations": [],
        "calculation_names": [],
        "worksheets": [],
        "worksheet_versions": [],
        "worksheet_links": [],
        "feeds": [],
        "notices": [],
        "reminders": [],
        "views": [],
    }


# What is found out anew, or is nobody's but the machine's.
TECHNICAL = {
    *("workspace_id", "user_id", "version", "name_key", "title_key", "source_hash", "due_sort", "estimate_sort"),
    *("category_id", "assignee_id", "created_on", "completed_on", "is_deleted", "tag_list", "has_subtasks"),
    *("has_blockers", "running_user_id", "wakes_at", "token_hash"),
}
# Written as something that says more.
WRITTEN_OTHERWISE = {"rate_cents"}


@pytest.mark.parametrize(
    "name, model",
    [
        *(("tasks", Task), ("time_entries", TimeEntry), ("customers", Customer), ("series", Series)),
        *(("views", SavedView), ("worksheets", Worksheet), ("worksheet_versions", WorksheetVersion)),
        ("worksheet_links", WorksheetLink),
    ],
)
def test_no_column_is_forgotten_by_the_export(eve: Person, name: str, model: type[Model]) -> None:
    make_work(eve)
    make_worksheet(eve)
    saved.save_view(name="Mine", address="", is_shared=False, is_default=False, actor=eve.actor, now=NOW)

    (workspace,) = exported(eve)["workspaces"]

    columns = {column.name for column in model.__table__.columns}
    assert columns - set(workspace[name][0]) <= TECHNICAL | WRITTEN_OTHERWISE


def test_export_holds_of_the_workspaces_of_others_only_what_one_did_there(ada: Person, eve: Person) -> None:
    task = make_work(ada)
    workspace_operations.add_member(workspace_id=ada.workspace_id, email=eve.email, now=NOW)
    make_entry(task, eve, seconds=60)

    theirs = next(workspace for workspace in exported(eve)["workspaces"] if not workspace["is_personal"])

    assert "tasks" not in theirs
    assert [entry["seconds"] for entry in theirs["time_entries"]] == [60]
    assert theirs["calculations"] == []


def test_worksheets_of_others_keep_their_versions_whole_without_the_name(ada: Person, eve: Person) -> None:
    workspace_operations.add_member(workspace_id=ada.workspace_id, email=eve.email, now=NOW)
    there = type(eve.actor)(user_id=eve.user_id, workspace_id=ada.workspace_id, zone=eve.actor.zone)
    worksheets.create_worksheet(title="Ours", text="1 + 2", actor=there, now=NOW)
    make_worksheet(eve)

    leave(eve)

    (row,) = worksheet_queries.list_worksheets(actor=ada.actor).rows
    (version,) = worksheet_queries.list_versions(worksheet_id=row.id, actor=ada.actor)
    assert (row.title, version.user_name) == ("Ours", "Former member")
    assert [differences for _, differences in worksheet_queries.verify_versions(after_id=0, limit=9)] == [[]]


def test_export_reads_thousands_of_rows_in_order(eve: Person) -> None:
    with transaction():
        values = {
            "workspace_id": eve.workspace_id,
            "title_key": "",
            "created_at": NOW,
            "created_on": TODAY,
            "updated_at": NOW,
        }
        table = Task.__table__
        assert isinstance(table, Table)
        rows = [{**values, "title": f"Task {number}"} for number in range(2_500)]
        db.session.execute(table.insert(), rows)

    (workspace,) = exported(eve)["workspaces"]

    assert [task["title"] for task in workspace["tasks"]] == [f"Task {number}" for number in range(2_500)]


def test_deleting_an_account_leaves_nothing(eve: Person) -> None:
    task = make_work(eve)
    timers.start_timer(task_id=task.id, actor=eve.actor, now=NOW)
    workspace_operations.add_placeholder(name="Paul", actor=eve.actor, now=NOW)
    account_operations.mail_reset_link(email=eve.email, link_for=str, now=NOW)
    account_operations.start_session(user_id=eve.user_id, is_remembered=True, user_agent="", now=NOW)

    leave(eve)

    assert {table: number for table, number in counts().items() if number} == {}


@pytest.mark.parametrize("rows", [1, 2, 3, 4])
def test_a_large_account_is_deleted_piece_by_piece(eve: Person, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    monkeypatch.setattr(operations, "ROWS_A_STATEMENT", rows)
    for _ in range(4):
        make_entry(make_task(eve), eve)

    leave(eve)

    assert {table: number for table, number in counts().items() if number} == {}


def test_deleting_an_account_touches_nobody_else(eve: Person, cy: Person) -> None:
    make_work(cy)
    account_operations.mail_reset_link(email=cy.email, link_for=str, now=NOW)
    with transaction():
        outbox.enqueue(kind="mail", payload={}, dedupe_key=f"reset:{eve.user_id}0:x", now=NOW)
    make_work(eve)
    before = counts()
    leave(eve)

    after = counts()

    assert after["outbox_jobs"] == before["outbox_jobs"]
    for table in ("users", "workspaces", "memberships", "tasks", "time_entries", "entry_days", "calculations"):
        assert after[table] * 2 == before[table], table
    assert cy.client.get("/login").status_code == 303


def test_the_workspaces_of_others_keep_their_records_without_the_name(ada: Person, eve: Person) -> None:
    task = make_task(ada)
    workspace_operations.add_member(workspace_id=ada.workspace_id, email=eve.email, now=NOW)
    make_entry(task, eve, seconds=1800)
    there = type(eve.actor)(user_id=eve.user_id, workspace_id=ada.workspace_id, zone=eve.actor.zone)
    timers.start_timer(task_id=task.id, actor=there, now=NOW - timedelta(minutes=10))
    with transaction():
        db.session.get_one(Task, task.id).assignee_id = eve.user_id
        shared = calculation(eve, "1", revises_id=None)
        shared.workspace_id = ada.workspace_id
        db.session.add(shared)

    leave(eve)

    successor = db.session.scalars(select(User).where(User.email.is_(None))).one()
    assert successor.name == "Former member"
    assert db.session.get_one(Membership, (ada.workspace_id, successor.id)).role is Role.PLACEHOLDER
    entries = db.session.scalars(select(TimeEntry)).all()
    assert {entry.user_id for entry in entries} == {successor.id}
    assert sorted(entry.seconds for entry in entries) == [600, 1800]
    assert all(entry.running_user_id is None for entry in entries)
    assert set(db.session.scalars(select(EntryDay.user_id))) == {successor.id}
    assert db.session.scalars(select(Calculation.user_id)).all() == [successor.id]
    kept = db.session.get_one(Task, task.id)
    assert (kept.assignee_id, kept.tracked_seconds) == (successor.id, 2400)
    assert "Eve" not in str(db.session.execute(select(User.__table__)).all())


def test_what_nobody_else_saw_goes_from_the_workspaces_of_others(ada: Person, eve: Person) -> None:
    workspace_operations.add_member(workspace_id=ada.workspace_id, email=eve.email, now=NOW)
    there = type(eve.actor)(user_id=eve.user_id, workspace_id=ada.workspace_id, zone=eve.actor.zone)
    for name in ("Secret", "Shared"):
        saved.save_view(name=name, address="q=x", is_shared=name == "Shared", is_default=False, actor=there, now=NOW)
    timing = Timing(Basis.AT, at=NOW + timedelta(days=1))
    reminders.add_reminder(task_id=make_task(ada).id, timing=timing, actor=there, now=NOW)
    comments.add_comment(task_id=make_task(ada).id, text="Said", actor=there, now=NOW)

    leave(eve)

    assert db.session.scalars(select(SavedView.name)).all() == ["Shared"]
    assert db.session.scalars(select(Change.kind)).all() == ["comment.added"]


def test_a_shared_workspace_that_loses_its_owner_gets_another(app: Flask, eve: Person, cy: Person) -> None:
    with transaction():
        workspace = Workspace(name="Shared", created_at=NOW)
        db.session.add(workspace)
        db.session.flush()
        db.session.add(Membership(workspace_id=workspace.id, user_id=eve.user_id, role=Role.OWNER, joined_at=NOW))
    workspace_id = workspace.id
    workspace_operations.add_member(workspace_id=workspace_id, email=cy.email, now=NOW)

    leave(eve)

    assert db.session.get_one(Membership, (workspace_id, cy.user_id)).role is Role.OWNER

    with_password(cy)
    leave(cy)

    assert db.session.get(Workspace, workspace_id) is None


def test_the_page_deletes_with_the_password_alone(visit: Visit, eve: Person) -> None:
    refused = visit.send("/account/delete", {"password": "guess"}, as_=eve, status=422)
    assert "not your password" in error_of(BeautifulSoup(refused.text, "html.parser"), "password")
    visit.send("/account/delete", {"password": ""}, as_=eve, status=422)
    assert counts()["users"] == 1

    gone = visit.send("/account/delete", {"password": PASSWORD}, as_=eve)

    assert gone.location == "/login"
    assert eve.client.get_cookie("devtrackr_session") is None
    assert counts()["users"] == 0


def test_the_page_offers_the_export_first_and_names_who_loses_what(visit: Visit, eve: Person, cy: Person) -> None:
    workspace_operations.add_member(workspace_id=eve.workspace_id, email=cy.email, now=NOW)

    page = visit("/account/leave", as_=eve)

    text = words(page.main)
    assert text.index("Download everything") < text.index("Delete my account")
    assert page.find("a", href="/account/export")
    assert "Cy Stranger works in your workspace too" in text


def test_delete_account_refuses_a_password_that_is_changed_meanwhile(eve: Person) -> None:
    with pytest.raises(WrongPassword):
        operations._delete_account(checked_hash="an older one", actor=eve.actor, now=NOW)

    assert counts()["users"] == 1


def test_a_visitor_exports_and_deletes_nothing(visit: Visit, eve: Person) -> None:
    assert visit.app.test_client().get("/account/export").status_code == 303
    assert visit.send("/account/delete", {"password": PASSWORD}).location.startswith("/login")

    assert counts()["users"] == 1


def test_what_a_person_was_told_is_theirs_alone(eve: Person, cy: Person) -> None:
    """In the export, and gone with the account: nobody takes it over."""
    workspace_operations.add_member(workspace_id=cy.workspace_id, email=eve.email, now=NOW)
    there = Person(
        eve.user_id, cy.workspace_id, eve.email, replace(eve.actor, workspace_id=cy.workspace_id), eve.client
    )
    task = make_task(cy)
    for person in (there, cy):
        moment = Timing(Basis.AT, at=NOW + timedelta(days=1))
        reminders.add_reminder(task_id=task.id, timing=moment, actor=person.actor, now=NOW)
        notify(
            user_ids=[person.user_id],
            workspace_id=cy.workspace_id,
            kind=Kind.ASSIGNED,
            text=f"For {person.email}",
            address=f"/tasks/{task.id}",
            now=NOW,
        )

    everything = exported(eve)
    leave(eve)

    assert everything["person"]["morning"] == "09:00"
    shared = next(workspace for workspace in everything["workspaces"] if not workspace["is_personal"])
    assert [notice["text"] for notice in shared["notices"]] == ["For eve@example.com"]
    assert [reminder["at"] for reminder in shared["reminders"]] == ["2026-11-21T14:42:00Z"]
    assert db.session.scalars(select(Notice.text)).all() == ["For cy@example.com"]
    assert db.session.scalars(select(Reminder.user_id)).all() == [cy.user_id]


def test_export_tells_what_waits_for_what_and_what_presses(eve: Person) -> None:
    first, second = make_task(eve, title="First"), make_task(eve, title="Second")
    add_blocker(task_id=second.id, blocked_by_id=first.id, actor=eve.actor, now=NOW)
    save_weights(weights=Weights(due=Decimal("3.50")), actor=eve.actor, now=NOW)

    (workspace,) = exported(eve)["workspaces"]

    assert {task["title"]: task["blocked_by"] for task in workspace["tasks"]} == {"First": [], "Second": [first.id]}
    assert workspace["urgency_weights"] == {"due": "3.50"}
    leave(eve)
    assert {table: number for table, number in counts().items() if number} == {}


def test_leaving_takes_ones_own_chain_of_calculations_and_leaves_those_of_others_whole(
    app: Flask, ada: Person, ben: Person
) -> None:
    at_home = make_own_workspace_of(app, ben)
    for actor in (ada.actor, ben.actor, at_home, ada.actor, ben.actor):
        keep(typed=TypedExpression("third = 1 / 3"), actor=actor, now=NOW)

    leave(with_password(ben))
    left = db.session.execute(select(Calculation.user_id, Calculation.workspace_id).order_by(Calculation.id)).all()
    found = list(verifying.find_differences(email=None, checked=Checked(), on_rows=lambda _: None))

    assert [row.workspace_id for row in left] == [ada.workspace_id] * 4
    assert ben.user_id not in {row.user_id for row in left}
    assert found == []


def make_own_workspace_of(app: Flask, person: Person) -> Actor:
    """Give somebody who works in another's workspace one of their own, as everybody has who registered."""
    with transaction():
        workspace = Workspace(name="Own", personal_user_id=person.user_id, created_at=NOW)
        db.session.add(workspace)
        db.session.flush()
        db.session.add(Membership(workspace_id=workspace.id, user_id=person.user_id, role=Role.OWNER, joined_at=NOW))
    return replace(person.actor, workspace_id=workspace.id)


def test_export_holds_all_that_is_hashed_of_each_calculation(ada: Person, ben: Person) -> None:
    old = keep(typed=TypedExpression("2 h * 85 EUR/h"), actor=ada.actor, now=NOW, note="Für Zoë")
    keep(typed=TypedExpression("1/0"), actor=ada.actor, now=NOW, revises_id=old.id)
    keep(typed=TypedExpression("1 + 1"), actor=ben.actor, now=NOW)

    (workspace,) = exported(ada)["workspaces"]
    (of_ben,) = exported(ben)["workspaces"]

    rows = workspace["calculations"]
    assert [(row["typed"], row["person"]) for row in rows] == [
        ("2 h * 85 EUR/h", "Ada Lovelace"),
        ("1/0", "Ada Lovelace"),
        ("1 + 1", "Ben Ito"),
    ]
    assert (rows[0]["numerator"], rows[0]["unit"], rows[1]["error"]["position"]) == ("170", "EUR", 1)
    assert [row["typed"] for row in of_ben["calculations"]] == ["1 + 1"]
    for row in rows:
        chain = row["chain"]
        again = hash_calculation(
            row, chain_uid=chain["uid"], person_id=chain["person_id"], previous_hash=row["previous_hash"]
        )
        assert again == row["hash"]
