"""The files that tasks and time are given out in."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import update

from tests.cast import NOW, Person, make_entry, make_person, make_task
from tests.page import Visit, counted_statements, words
from webapp.customers import operations as customers
from webapp.customers.rules import CustomerDetails
from webapp.storage.bulk import insert_rows
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import Task, TimeEntry
from webapp.tasks.operations import blockers, categories, comments
from webapp.tasks.operations import tasks as operations
from webapp.tasks.rules.criteria import TaskCriteria
from webapp.transfers.giving import queries
from webapp.transfers.rules.own import OwnEntry, OwnTask, Section, columns_of, keys_of
from webapp.values.priority import Priority


def read_json(person: Person, address: str = "/tasks/export.json") -> dict[str, Any]:
    with person.client.get(address) as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "application/json"
        said: dict[str, Any] = json.loads(answer.data)
    return said


def read_csv(person: Person, address: str) -> list[dict[str, str]]:
    with person.client.get(address) as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "text/csv"
        return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def titles(rows: list[dict[str, Any]]) -> list[str]:
    return [row["title"] for row in rows]


def test_the_json_file_tells_all_about_a_task(app: Flask, ada: Person) -> None:
    ben = make_person(app, name="Ben", email="ben@example.com", joins=ada)
    customer_id = customers.create_customer(details=CustomerDetails(name="Lund"), actor=ada.actor, now=NOW)
    parent = make_task(ada, title="Move house", created_at=NOW - timedelta(days=2))
    task = make_task(
        ada,
        title="Pack 📦\u202b",
        description="one\ntwo",
        priority=Priority.URGENT,
        category_id=categories.category_id_for(name="Home", actor=ada.actor),
        customer_id=customer_id,
        assignee_id=ben.user_id,
        parent_id=parent.id,
        position=3,
        starts_on=date(2026, 11, 19),
        due_at=datetime(2026, 11, 21, 8, tzinfo=UTC),
        estimated_minutes=90,
        source="todoist",
        source_ref="17",
        created_at=NOW - timedelta(days=1),
    )
    blockers.add_blocker(task_id=task.id, blocked_by_id=make_task(ada, title="Boxes").id, actor=ada.actor, now=NOW)
    comments.add_comment(task_id=task.id, text="Soon.", actor=ben.actor, now=NOW)
    make_entry(task, ben, seconds=120, customer_id=customer_id)

    said = read_json(ada)

    assert list(said) == ["format", *Section]
    assert titles(said["tasks"]) == ["Move house", "Pack 📦\u202b", "Boxes"]
    above, told, boxes = said["tasks"]
    assert tuple(told) == keys_of(OwnTask)
    assert told | {"ref": None, "parent": None, "blocked_by": None, "customer": None} == {
        "ref": None,
        "title": "Pack 📦\u202b",
        "description": "one\ntwo",
        "status": "todo",
        "priority": "urgent",
        "category": "Home",
        "tags": [],
        "customer": None,
        "assignee": "Ben",
        "parent": None,
        "position": 3,
        "starts_on": "2026-11-19",
        "due_on": None,
        "due_at": "2026-11-21T08:00:00Z",
        "estimated_minutes": 90,
        "blocked_by": None,
        "created_at": "2026-11-19T14:42:00Z",
        "created_on": "2026-11-20",
        "updated_at": told["updated_at"],
        "completed_at": None,
        "completed_on": None,
        "source": "todoist",
        "source_ref": "17",
        "series": None,
        "occurrence": None,
        "extra": {},
        "comments": [{"person": "Ben", "created_at": "2026-11-20T14:42:00Z", "edited_at": None, "text": "Soon."}],
    }
    (customer,), (entry,) = said["customers"], said["entries"]
    assert (told["parent"], told["blocked_by"], told["customer"]) == (above["ref"], [boxes["ref"]], customer["ref"])
    assert (entry["task"], entry["person"], entry["customer"]) == (told["ref"], "Ben", customer["ref"])
    assert (entry["started_at"], entry["seconds"], entry["zone"]) == ("2026-11-20T14:42:00Z", 120, "UTC")


def test_a_table_holds_what_a_cell_can(visit: Visit, ada: Person) -> None:
    task = make_task(ada, title="=HYPERLINK(1)", description="- one\n- two")
    make_entry(task, ada, seconds=60)

    (told,) = read_csv(ada, "/tasks/export.csv")
    (entry,) = read_csv(ada, "/tasks/entries.csv")

    assert tuple(told) == columns_of(OwnTask)
    assert (told["title"], told["description"]) == ("'=HYPERLINK(1)", "'- one\n- two")
    assert (told["due_on"], told["tracked_seconds"]) == ("", "60")
    assert tuple(entry) == columns_of(OwnEntry)
    assert (entry["task"], entry["task_title"], entry["is_billable"]) == (told["ref"], "'=HYPERLINK(1)", "no")


def test_it_does_not_matter_who_takes_the_file(app: Flask, ada: Person) -> None:
    ben = make_person(app, name="Ben", email="ben@example.com", timezone="Asia/Tokyo", joins=ada)
    make_entry(make_task(ada), ada)
    make_task(ada, title="Ben's", assignee_id=ben.user_id)

    with ada.client.get("/tasks/export.json") as hers, ben.client.get("/tasks/export.json") as his:
        assert hers.data == his.data


def test_the_trash_and_what_hangs_on_it_stays_here(ada: Person) -> None:
    gone = make_task(ada, title="Gone")
    waiting = make_task(ada, title="Waiting")
    blockers.add_blocker(task_id=waiting.id, blocked_by_id=gone.id, actor=ada.actor, now=NOW)
    make_entry(gone, ada)
    operations.delete_task(task_id=gone.id, actor=ada.actor, now=NOW)

    said = read_json(ada)

    (told,) = said["tasks"]
    assert (told["title"], told["blocked_by"]) == ("Waiting", [])
    assert said["entries"] == []


def test_a_timer_that_runs_is_no_entry_yet(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    visit.send(f"/tasks/{task.id}/timer/start", as_=ada)

    assert read_json(ada)["entries"] == []
    assert read_csv(ada, "/tasks/entries.csv") == []


def test_a_file_of_a_list_holds_what_the_list_shows(visit: Visit, ada: Person) -> None:
    lund, other = (
        customers.create_customer(details=CustomerDetails(name=name), actor=ada.actor, now=NOW)
        for name in ("Lund", "Other")
    )
    hers = make_task(
        ada, title="Letters", customer_id=lund, category_id=categories.category_id_for(name="A", actor=ada.actor)
    )
    make_entry(hers, ada)
    make_entry(
        make_task(
            ada, title="Bread", customer_id=other, category_id=categories.category_id_for(name="B", actor=ada.actor)
        ),
        ada,
    )

    said = read_json(ada, f"/tasks/export.json?customer={lund}")

    assert titles(said["tasks"]) == ["Letters"]
    assert [entry["task"] for entry in said["entries"]] == [said["tasks"][0]["ref"]]
    assert ([c["name"] for c in said["customers"]], [c["name"] for c in said["categories"]]) == (["Lund"], ["A"])
    assert titles(read_csv(ada, f"/tasks/export.csv?customer={other}")) == ["Bread"]
    assert [row["task_title"] for row in read_csv(ada, "/tasks/entries.csv?q=lett")] == ["Letters"]
    assert read_json(ada, "/tasks/export.json?q=nothing")["tasks"] == []
    visit("/tasks/export.csv?status=begun", as_=ada, status=422)


def test_a_stranger_finds_nothing_of_it(ada: Person, cy: Person) -> None:
    make_entry(make_task(ada), ada)

    said = read_json(cy)
    assert said.pop("format") == "devtrackr tasks 1"
    assert said == {str(section): [] for section in Section}
    assert read_csv(cy, "/tasks/export.csv") == []


def test_what_an_older_version_has_written_gets_its_name_first(ada: Person) -> None:
    task = make_task(ada)
    with transaction():
        db.session.execute(update(Task).where(Task.id == task.id).values(uid=None))

    first, again = read_json(ada), read_json(ada)

    assert len(first["tasks"][0]["ref"]) == 32
    assert first == again


def test_a_file_is_of_one_moment_and_of_no_more_than_a_batch_at_a_time(ada: Person) -> None:
    task = make_task(ada)
    entry = {
        "workspace_id": ada.workspace_id,
        "task_id": task.id,
        "user_id": ada.user_id,
        "day": date(2026, 11, 20),
        "seconds": 60,
        "zone": "UTC",
        "created_at": NOW,
        "updated_at": NOW,
        "interrupted_seconds": 0,
        "version": 1,
    }
    with transaction():
        insert_rows(TimeEntry, [entry | {"note": f"{number}"} for number in range(3 * queries.BATCH)])
    criteria = TaskCriteria(now=NOW)

    with counted_statements() as statements:
        pieces = queries.write_entries(criteria=criteria, actor=ada.actor)
        next(pieces)
        next(pieces)
        with transaction():
            insert_rows(TimeEntry, [entry | {"note": "late"}])
        rest = "".join(pieces)

    assert len([one for one in statements if "time_entries" in one and "SELECT" in one]) == 4
    assert "late" not in rest
    assert rest.count("\r\n") == 2 * queries.BATCH


def test_who_goes_away_half_way_gives_the_connection_back(ada: Person) -> None:
    make_task(ada)

    answers = [method("/tasks/export.json") for method in (ada.client.get, ada.client.head)]
    for answer in answers:
        answer.close()

    db.session.rollback()
    assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_the_page_says_what_is_in_each_file(visit: Visit, ada: Person) -> None:
    page = visit("giving.index", as_=ada)
    narrowed = visit("giving.index", as_=ada, q="bread")

    links = {str(link["href"]) for link in page.find_all("a", href=True)}
    assert {"/tasks/export.json", "/tasks/export.csv", "/tasks/entries.csv"} <= links
    assert "the tasks that your list shows" in words(narrowed.main)
    assert narrowed.find("a", href="/tasks/export.json?q=bread")
