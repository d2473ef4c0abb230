"""Whether time is billable: proposed by what its customer pays, said by the person, kept, told and taken along."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO

import pytest

from tests.cast import NOW, Person, make_task
from tests.page import Visit, words
from webapp.customers.operations import create_customer
from webapp.customers.rules import CustomerDetails
from webapp.storage.db import db
from webapp.tasks.models import Task, TimeEntry
from webapp.tasks.operations import timers
from webapp.tasks.operations.intake import take_in
from webapp.tasks.rules.intake import EntryIn, Outcome, TaskIn
from webapp.transfers.leaving.queries import write_export

SENT = {"day": "2026-11-19", "duration": "1h"}


def make_task_for(owner: Person, rate: Decimal | None) -> Task:
    details = CustomerDetails("Acme", hourly_rate=rate, currency="EUR")
    return make_task(owner, customer_id=create_customer(details=details, actor=owner.actor, now=NOW))


def only_entry() -> TimeEntry:
    db.session.rollback()
    return db.session.query(TimeEntry).populate_existing().one()


@pytest.mark.parametrize(
    "rate, sent, billable",
    [
        (Decimal(90), {}, True),
        (None, {}, False),
        (Decimal(90), {"asks_billable": "1"}, False),
        (None, {"asks_billable": "1", "is_billable": "y"}, True),
        (None, {"is_billable": "y"}, True),
    ],
)
def test_time_is_billable_as_the_form_says_or_its_customer_pays(
    visit: Visit, ada: Person, rate: Decimal | None, sent: dict[str, str], billable: bool
) -> None:
    task = make_task_for(ada, rate)

    visit.send("entries.create", SENT | sent, as_=ada, task_id=task.id)

    assert only_entry().is_billable is billable


@pytest.mark.parametrize("sent, billable", [("", True), ("yes", True), ("no", False)])
def test_where_the_task_is_chosen_its_customer_is_asked(visit: Visit, ada: Person, sent: str, billable: bool) -> None:
    task = make_task_for(ada, Decimal(90))

    visit.send("entries.add", {**SENT, "task": str(task.id), "is_billable": sent}, as_=ada)

    assert only_entry().is_billable is billable


def test_the_form_proposes_it_and_the_page_says_it(visit: Visit, ada: Person) -> None:
    task = make_task_for(ada, Decimal(90))

    page = visit("entries.index", as_=ada, task_id=task.id)
    assert page.select("input[name=is_billable][checked]")

    visit.send("entries.create", SENT, as_=ada, task_id=task.id)
    assert "billable" in words(visit("entries.index", as_=ada, task_id=task.id).select_one(".entry"))
    entry = only_entry()
    assert visit("entries.edit", as_=ada, entry_id=entry.id).select("input[name=is_billable][checked]")
    changed = {**SENT, "version": str(entry.version), "asks_billable": "1"}
    visit.send("entries.save", changed, as_=ada, entry_id=entry.id)
    assert not only_entry().is_billable
    # A form that does not ask leaves it as it is.
    visit.send("entries.save", {**SENT, "version": str(only_entry().version)}, as_=ada, entry_id=entry.id)
    assert not only_entry().is_billable
    assert "Time: billable" in words(visit("tasks.show", as_=ada, task_id=task.id).main)


def test_a_timer_is_billable_where_the_customer_pays(ada: Person) -> None:
    task = make_task_for(ada, Decimal(90))

    timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)

    assert only_entry().is_billable


def test_what_a_file_says_is_kept_and_known_again(ada: Person) -> None:
    task = TaskIn("T", "Write")
    paid, free = (
        EntryIn("1", "T", ada.user_id, seconds=60, is_billable=True),
        EntryIn("2", "T", ada.user_id, seconds=60),
    )

    def take(*entries: EntryIn) -> dict[str, Outcome]:
        taken = take_in(source="x", tasks=[task], entries=entries, zone=ada.actor.zone, actor=ada.actor, now=NOW)
        return taken.entries

    take(paid, free)
    assert dict(db.session.execute(db.select(TimeEntry.source_ref, TimeEntry.is_billable)).all()) == {
        "1": True,
        "2": False,
    }
    assert take(paid, free) == {"1": Outcome.UNCHANGED, "2": Outcome.UNCHANGED}
    assert take(EntryIn("1", "T", ada.user_id, seconds=60)) == {"1": Outcome.UPDATED}


def test_the_export_of_an_account_says_it(visit: Visit, ada: Person) -> None:
    visit.send("entries.create", SENT, as_=ada, task_id=make_task_for(ada, Decimal(90)).id)
    out = StringIO()

    write_export(user_id=ada.user_id, now=NOW, out=out)

    assert json.loads(out.getvalue())["workspaces"][0]["time_entries"][0]["is_billable"] is True
