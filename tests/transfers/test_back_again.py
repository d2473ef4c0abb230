"""Given out, taken in by an empty workspace and given out again, a workspace is the same, byte for byte."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from tests.cast import NOW, Person, make_task
from tests.transfers.test_imports import everything, take, undo
from webapp.customers import operations as customers
from webapp.customers.models import Customer
from webapp.customers.rules import CustomerDetails
from webapp.errors import InvalidInput
from webapp.storage.db import db
from webapp.storage.outbox import OutboxJob
from webapp.storage.transaction import transaction
from webapp.tasks.models import Category, Series, Tag, Task, TimeEntry
from webapp.tasks.operations import blockers, categories, comments, recurrence, sums
from webapp.tasks.rules.recurrence import Repeat, Rule, Unit
from webapp.transfers.models import Import
from webapp.transfers.operations import uploads
from webapp.transfers.rules.formats.reader import Format
from webapp.values.priority import Priority
from webapp.values.status import Status

WORDS = st.sampled_from(["Paint", "a, b; c", "=1+1", "'quoted'", "Zoë 🦉", "\u202bעברית", "back\\slash", "-x", "two  "])
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
TASKS = st.lists(
    st.fixed_dictionaries(
        {
            "title": WORDS,
            "description": st.sampled_from(["", "one\n\ntwo", "@home\ttab"]),
            "status": st.sampled_from(Status),
            "priority": st.sampled_from(Priority),
            "category": st.sampled_from([None, "Writing", "a, b"]),
            "customer": st.sampled_from([None, 0, 1]),
            "due_on": st.none() | DAYS,
            "starts_on": st.none() | DAYS,
            "estimated_minutes": st.none() | st.integers(0, 9999),
            "parent": st.none() | st.integers(0, 5),
            "blocker": st.none() | st.integers(0, 5),
            "comments": st.lists(WORDS, max_size=2),
            "origin": st.booleans(),
            "extra": st.sampled_from([None, [["udas", '{"a": [1, null]}'], ["x", '"\\"y\\""']]]),
            "repeats": st.booleans(),
            "times": st.lists(st.tuples(st.integers(0, 86_400), st.booleans(), st.booleans()), max_size=2),
        }
    ),
    max_size=5,
)


def build(ada: Person, ben: Person, told: list[dict[str, object]]) -> None:
    """Make a workspace that is as told."""
    customer_ids = [
        customers.create_customer(
            details=CustomerDetails(name=name, notes="n", currency="EUR"), actor=ada.actor, now=NOW
        )
        for name in ("Lund, A.", "Berg")
    ]
    made: list[Task] = []
    for number, facts in enumerate(told):
        is_done = facts["status"] is Status.DONE
        created_at = NOW - timedelta(days=9 - number)
        category = facts["category"]
        with_day = {"due_on": facts["due_on"] or date(2026, 12, 1)} if facts["repeats"] else {"due_on": facts["due_on"]}
        parent = facts["parent"]
        task = make_task(
            ada,
            title=str(facts["title"]).strip(),
            description=str(facts["description"]).strip(),
            status=facts["status"],
            priority=facts["priority"],
            category_id=categories.category_id_for(name=str(category), actor=ada.actor) if category else None,
            customer_id=customer_ids[int(str(facts["customer"]))] if facts["customer"] is not None else None,
            assignee_id=(ada, ben)[number % 2].user_id if number % 3 else None,
            starts_on=facts["starts_on"],
            estimated_minutes=facts["estimated_minutes"],
            parent_id=made[int(str(parent)) % len(made)].id if parent is not None and len(made) == 1 else None,
            position=number,
            created_at=created_at,
            created_on=created_at.date(),
            completed_at=NOW if is_done else None,
            completed_on=NOW.date() if is_done else None,
            source="todoist" if facts["origin"] else None,
            source_ref=f"t{number}" if facts["origin"] else None,
            extra=facts["extra"],
            **with_day,
        )
        for text in facts["comments"]:  # type: ignore[attr-defined]
            comments.add_comment(task_id=task.id, text=text, actor=ben.actor, now=NOW - timedelta(hours=number))
        for seconds, is_clocked, is_billable in facts["times"]:  # type: ignore[attr-defined]
            spend(task, (ada, ben)[number % 2], seconds, is_clocked, customer_ids[0] if is_billable else None)
        blocker = facts["blocker"]
        if made and blocker is not None:
            blockers.add_blocker(
                task_id=task.id, blocked_by_id=made[int(str(blocker)) % len(made)].id, actor=ada.actor, now=NOW
            )
        if facts["repeats"] and not is_done:
            recurrence.set_repeat(task_id=task.id, repeat=Repeat(Rule(Unit.WEEK)), actor=ada.actor, now=NOW)
        made.append(task)


def spend(task: Task, person: Person, seconds: int, is_clocked: bool, customer_id: int | None) -> None:
    begun = NOW - timedelta(seconds=seconds)
    with transaction():
        entry = TimeEntry(
            workspace_id=task.workspace_id,
            task_id=task.id,
            user_id=person.user_id,
            customer_id=customer_id,
            started_at=begun if is_clocked else None,
            ended_at=NOW if is_clocked else None,
            day=begun.astimezone(person.actor.zone).date(),
            seconds=seconds * 2 // 3 if is_clocked else seconds,
            interrupted_seconds=seconds - seconds * 2 // 3 if is_clocked else 0,
            zone=person.actor.zone.key,
            is_billable=customer_id is not None,
            note=task.title,
            created_at=NOW,
            updated_at=NOW,
        )
        db.session.add(entry)
        db.session.flush()
        sums.write_days([entry.id])
        sums.sum_up([task.id], now=NOW)


def given_out(person: Person, address: str = "/tasks/export.json") -> bytes:
    with person.client.get(address) as answer:
        assert answer.status_code == 200
        return bytes(answer.data)


def taken_in(person: Person, content: bytes, filename: str = "devtrackr.json") -> Import:
    import_id = uploads.begin_import(
        filename=filename, stream=io.BytesIO(content), actor=person.actor, now=NOW, in_background=False
    )
    return take(person, import_id)


def clear(*people: Person) -> None:
    with transaction():
        db.session.execute(delete(OutboxJob))
        for model in (Task, Series, Tag, Category, Customer, Import):
            for person in people:
                db.session.execute(delete(model).where(model.workspace_id == person.workspace_id))


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(told=TASKS)
def test_a_workspace_comes_back_byte_for_byte(
    app: Flask, ada: Person, ben: Person, cy: Person, told: list[dict[str, object]]
) -> None:
    clear(ada, cy)
    build(ada, ben, told)
    before = everything()
    file = given_out(ada)

    record = taken_in(cy, file)

    assert given_out(cy).splitlines() == file.splitlines()
    assert record.refused_count == 0
    again = taken_in(cy, file)
    assert (again.created_count, again.updated_count) == (0, 0)
    at_home = taken_in(ada, file)
    assert (at_home.created_count, at_home.updated_count, given_out(ada)) == (0, 0, file)
    undo(cy, record.id)
    assert everything() == before


def test_tables_come_back_byte_for_byte(app: Flask, ada: Person, ben: Person, cy: Person) -> None:
    facts = {
        "title": "=a, b; 'c'",
        "description": "one\n\ntwo",
        "status": Status.DONE,
        "priority": Priority.URGENT,
        "category": "a, b",
        "customer": 1,
        "due_on": date(2026, 12, 1),
        "starts_on": None,
        "estimated_minutes": 90,
        "parent": 0,
        "blocker": 0,
        "comments": ["Not in a table"],
        "origin": True,
        "extra": None,
        "repeats": False,
        "times": [(600, True, True), (60, False, False)],
    }
    build(ada, ben, [facts, facts | {"title": "-2"}, facts | {"status": Status.TODO, "customer": None}])
    tables = [given_out(ada, address) for address in ("/tasks/export.csv", "/tasks/entries.csv")]

    for table in tables:
        record = taken_in(cy, table, "tasks.csv")
        assert (record.refused_count, record.format) == (0, Format.OWN_CSV)
        again = taken_in(cy, table, "tasks.csv")
        assert (again.created_count, again.updated_count) == (0, 0)

    assert [given_out(cy, address) for address in ("/tasks/export.csv", "/tasks/entries.csv")] == tables


def test_what_was_changed_in_the_file_is_taken_over_where_nobody_changed_it_here(ada: Person, cy: Person) -> None:
    task = make_task(ada, title="Pack")
    file = given_out(ada)
    taken_in(cy, file)

    record = taken_in(cy, file.replace(b'"Pack"', b'"Pack it"'))
    kept = taken_in(ada, file.replace(b'"Pack"', b'"Pack it"'))

    assert (record.updated_count, kept.updated_count) == (1, 0)
    assert sorted(db.session.scalars(select(Task.title))) == ["Pack", "Pack it"]
    assert db.session.get_one(Task, task.id).title == "Pack"


def test_half_a_file_of_ours_is_refused_whole(ada: Person) -> None:
    make_task(ada, title="Pack")
    file = given_out(ada)

    for half, sentence in ((file[:-30], "ends too early"), (file.replace(b"tasks 1", b"tasks 9"), "tasks 9")):
        with pytest.raises(InvalidInput, match=sentence):
            taken_in(ada, half)
