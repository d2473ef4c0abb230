"""Whom time was for: the customer of its task, unless it says otherwise; and whom a calculation was made for."""

from __future__ import annotations

import json
from io import StringIO

import pytest

from tests.cast import NOW, Person, make_entry, make_task
from tests.page import Visit, check, error_of, texts, words
from webapp.calculations.models import Calculation
from webapp.customers.operations import archive_customer, create_customer
from webapp.customers.rules import CustomerDetails
from webapp.storage.db import db
from webapp.tasks.models import Task, TimeEntry
from webapp.tasks.queries.customers import get_work
from webapp.transfers.leaving.queries import write_export


def add_customer(owner: Person, name: str) -> int:
    return create_customer(details=CustomerDetails(name), actor=owner.actor, now=NOW)


def only_entry() -> TimeEntry:
    db.session.rollback()
    return db.session.query(TimeEntry).populate_existing().one()


def test_time_is_for_the_customer_of_its_task_unless_it_says_otherwise(visit: Visit, ada: Person) -> None:
    acme, beta = add_customer(ada, "Acme"), add_customer(ada, "Beta")
    task = make_task(ada, customer_id=acme)
    sent = {"day": "2026-11-19", "duration": "1h"}

    visit.send("entries.create", {**sent, "customer": str(acme)}, as_=ada, task_id=task.id)
    assert only_entry().customer_id is None
    entry = only_entry()
    changed = {**sent, "version": str(entry.version), "customer": str(beta)}
    visit.send("entries.save", changed, as_=ada, entry_id=entry.id)

    assert only_entry().customer_id == beta
    assert "for Beta" in words(visit("tasks.show", as_=ada, task_id=task.id).select_one(".entry"))
    form = visit("entries.edit", as_=ada, entry_id=entry.id)
    assert texts(form.select("select[name=customer] option[selected]")) == ["Beta"]
    assert get_work(customer_id=acme, actor=ada.actor, now=NOW).tracked_seconds == 0
    assert get_work(customer_id=beta, actor=ada.actor, now=NOW).tracked_seconds == 3600
    # A form that does not ask leaves it as it is.
    sent_again = {**sent, "version": str(only_entry().version), "note": "again"}
    visit.send("entries.save", sent_again, as_=ada, entry_id=entry.id)
    assert only_entry().customer_id == beta


def test_what_follows_its_task_follows_it_to_another_customer(ada: Person) -> None:
    acme, beta = add_customer(ada, "Acme"), add_customer(ada, "Beta")
    task = make_task(ada, customer_id=acme)
    make_entry(task, ada, seconds=60)

    db.session.get_one(Task, task.id).customer_id = beta
    db.session.commit()

    assert get_work(customer_id=acme, actor=ada.actor, now=NOW).tracked_seconds == 0
    assert get_work(customer_id=beta, actor=ada.actor, now=NOW).tracked_seconds == 60


@pytest.mark.parametrize("typed", ["x", "99999999", "-1", "a\0"])
def test_a_customer_that_is_none_comes_back(visit: Visit, ada: Person, cy: Person, typed: str) -> None:
    add_customer(ada, "Acme")
    task = make_task(ada)
    theirs = str(add_customer(cy, "Secret"))
    sent = {"day": "2026-11-19", "duration": "1h", "note": "kept"}

    for customer in (typed, theirs):
        page = check(visit.send("entries.create", {**sent, "customer": customer}, as_=ada, status=422, task_id=task.id))
        assert "customer" in error_of(page, "customer")
        assert "Secret" not in words(page.main)
        made = {"operation": "add", "operands": ["1", "2"], "customer": customer}
        page = check(visit.send("calculations.create", made, as_=ada, status=422))
        assert "customer" in words(page.select_one("#by-operation [id$=customer-error]"))

    assert db.session.query(TimeEntry).count() == db.session.query(Calculation).count() == 0


def test_a_calculation_can_be_for_a_customer(visit: Visit, ada: Person) -> None:
    acme = add_customer(ada, "Acme")

    made = {"operation": "add", "operands": ["1", "2"], "customer": str(acme)}
    answer = visit.send("calculations.create", made, as_=ada)

    page = visit.follow(answer, as_=ada)
    facts = dict(zip(texts(page.select("dt.facts__name")), texts(page.select("dd.facts__value")), strict=True))
    assert facts["Customer"] == "Acme"
    assert "for Acme" in words(visit("calculations.index", as_=ada).select_one(".calculations"))
    archive_customer(customer_id=acme, actor=ada.actor, now=NOW)
    # It is still whom these numbers were for, and not offered for others.
    again = visit(f"/calculations?use={answer.location.rpartition('/')[2]}", as_=ada)
    assert texts(again.select("#by-operation [name=customer] option[selected]")) == ["Acme"]
    assert "Acme" not in texts(visit("calculations.index", as_=ada).select("#by-operation option"))


def test_the_export_names_the_customers(ada: Person, visit: Visit) -> None:
    acme = create_customer(details=CustomerDetails("Acme", hourly_rate=None, currency="EUR"), actor=ada.actor, now=NOW)
    make_entry(make_task(ada), ada, customer_id=acme)
    visit.send("calculations.create", {"operation": "add", "operands": ["1", "2"], "customer": str(acme)}, as_=ada)
    out = StringIO()

    write_export(user_id=ada.user_id, now=NOW, out=out)

    own = json.loads(out.getvalue())["workspaces"][0]
    assert [(row["currency"], row["hourly_rate"], row["is_archived"]) for row in own["customers"]] == [
        ("EUR", None, False)
    ]
    assert own["time_entries"][0]["customer_id"] == own["calculations"][0]["customer_id"] == acme
