"""The sample year: believable, the same for the same moment, and gone without a trace."""

from __future__ import annotations

from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from statistics import median
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.cast import NOW, Person, make_entry, make_task
from tests.page import Visit, words
from webapp.calculations.engine import CalculationError, Code, Settings
from webapp.calculations.engine.units import HOURS_MIXED
from webapp.calculations.engine.values import Quantity
from webapp.calculations.models import Calculation, CalculationChain, Worksheet, WorksheetVersion
from webapp.calculations.operations import worksheets
from webapp.calculations.operations.records import keep
from webapp.calculations.queries import verifying
from webapp.calculations.queries.verifying import Checked
from webapp.calculations.rules.inputs import Figure, Inputs
from webapp.calculations.rules.outcomes import sources_in, work_out
from webapp.calculations.rules.typed import TypedExpression
from webapp.customers import operations as customer_operations
from webapp.customers.models import Customer
from webapp.customers.rules import CustomerDetails
from webapp.storage.db import db
from webapp.storage.journal import Change
from webapp.storage.transaction import transaction
from webapp.tasks.models import Category, Comment, EntryDay, Series, Tag, Task, TaskBlocker, TaskTag, TimeEntry
from webapp.tasks.operations import timers
from webapp.tasks.rules.intake import EntryIn
from webapp.transfers.models import SampleRecord
from webapp.transfers.operations.sample import add_sample, remove_sample
from webapp.transfers.queries.sample import has_sample
from webapp.transfers.rules.sample import DAYS, Sample, make_sample
from webapp.values.status import Status
from webapp.values.text import clean_text

BERLIN = ZoneInfo("Europe/Berlin")
TABLES = (
    *(Task, TimeEntry, EntryDay, TaskTag, Category, Tag, TaskBlocker, Comment, Series),
    *(Customer, Calculation, Worksheet, WorksheetVersion, SampleRecord, Change),
)


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make_sample(now=NOW, zone=BERLIN, user_id=7)


def counts() -> dict[str, int]:
    return {model.__tablename__: db.session.scalar(select(func.count()).select_from(model)) or 0 for model in TABLES}


def span(entry: EntryIn) -> tuple[datetime, datetime]:
    assert entry.started_at is not None
    assert entry.ended_at is not None
    return entry.started_at, entry.ended_at


def test_same_moment_gives_the_same_year(sample: Sample) -> None:
    assert make_sample(now=NOW, zone=BERLIN, user_id=7) == sample
    assert make_sample(now=NOW, zone=BERLIN, user_id=7, seed=1) != sample


def test_year_is_full(sample: Sample) -> None:
    first = NOW - timedelta(days=DAYS + 1)

    assert 800 < len(sample.tasks) < 1100
    assert 1500 < len(sample.entries) < 2300
    assert all(task.created_at and first < task.created_at < NOW for task in sample.tasks)
    months = Counter(task.completed_at.strftime("%Y-%m") for task in sample.tasks if task.completed_at)
    assert len(months) >= 12
    assert {task.category for task in sample.tasks} == {
        "Development", "Review", "Meetings", "Writing", "Support", "Admin", "Design",
    }  # fmt: skip


def test_references_are_unique_and_lead_somewhere(sample: Sample) -> None:
    refs = [task.source_ref for task in sample.tasks]

    assert len(set(refs)) == len(refs)
    assert len({entry.source_ref for entry in sample.entries}) == len(sample.entries)
    assert {entry.task_ref for entry in sample.entries} <= set(refs)
    assert set(sample.customer_of) <= set(refs)
    assert set(sample.customer_of.values()) == set(range(len(sample.customers)))


def test_texts_are_as_a_person_could_have_saved_them(sample: Sample) -> None:
    texts = [task.description for task in sample.tasks] + [entry.note for entry in sample.entries]

    assert texts == [clean_text(text) for text in texts]


def test_estimates_err_by_kind_of_work(sample: Sample) -> None:
    spent: Counter[str] = Counter()
    for entry in sample.entries:
        spent[entry.task_ref] += entry.counted_seconds
    ratios = defaultdict(list)
    for task in sample.tasks:
        if task.completed_at and task.estimated_minutes and task.category:
            ratios[task.category].append(spent[task.source_ref] / 60 / task.estimated_minutes)

    assert median(ratios["Review"]) > 1.5
    assert 0.95 < median(ratios["Meetings"]) < 1.1
    assert median(ratios["Admin"]) < 0.95
    assert any(task.estimated_minutes is None for task in sample.tasks)


def test_there_is_something_to_do_today(sample: Sample) -> None:
    today = NOW.astimezone(BERLIN).date()
    still_open = [task for task in sample.tasks if task.status is not Status.DONE]
    due = {task.due_on for task in still_open if task.due_on}

    assert any(day < today for day in due)
    assert today in due
    assert any(today < day <= today + timedelta(days=7) for day in due)
    assert any(task.due_on is None and task.due_at is None for task in still_open)
    assert 2 <= sum(task.status is Status.DOING for task in sample.tasks) <= 10
    assert any(entry.started_at and entry.started_at.astimezone(BERLIN).date() == today for entry in sample.entries)


def test_time_is_of_every_kind(sample: Sample) -> None:
    timed = [entry for entry in sample.entries if entry.started_at]
    days = [tuple(moment.astimezone(BERLIN).date() for moment in span(entry)) for entry in timed]

    assert any(first < last for first, last in days), "nothing runs past midnight"
    assert any(entry.interrupted_seconds for entry in timed)
    assert len(timed) < len(sample.entries), "no plain duration"


@settings(max_examples=12, deadline=None)
@given(
    now=st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(["Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles", "UTC", "Asia/Kolkata"]),
    seed=st.integers(0, 10_000),
)
def test_any_year_could_have_been_lived(now: datetime, zone: str, seed: int) -> None:
    sample = make_sample(now=now, zone=ZoneInfo(zone), user_id=1, seed=seed)

    timed = sorted(span(entry) for entry in sample.entries if entry.started_at)
    assert all(end <= start for (_, end), (start, _) in pairwise(timed)), "two things at once"
    assert all(entry.counted_seconds > 0 for entry in sample.entries)
    assert all(end <= now for _, end in timed)
    created = {task.source_ref: task.created_at for task in sample.tasks if task.created_at}
    assert all(entry.started_at is None or entry.started_at >= created[entry.task_ref] for entry in sample.entries)
    for task in sample.tasks:
        assert (task.completed_at is not None) == (task.status is Status.DONE)
        assert task.completed_at is None or created[task.source_ref] <= task.completed_at <= now
        assert task.due_on is None or task.due_at is None
        assert len(task.title) < 120


def test_adding_keeps_every_task_and_every_second(ada: Person) -> None:
    sample = make_sample(now=NOW, zone=BERLIN, user_id=ada.user_id)

    assert add_sample(actor=ada.actor, now=NOW)

    found = counts()
    assert found["tasks"] == len(sample.tasks)
    assert found["time_entries"] == len(sample.entries)
    seconds = sum(entry.counted_seconds for entry in sample.entries)
    assert db.session.scalar(select(func.sum(EntryDay.seconds))) == seconds
    assert db.session.scalar(select(func.sum(Task.tracked_seconds))) == seconds
    assert found["customers"] == len(sample.customers)
    assert found["calculations"] == len(sample.calculations)
    assert found["worksheet_versions"] == sum(len(sheet.versions) for sheet in sample.worksheets)
    assert db.session.scalar(select(func.count()).select_from(Task).where(Task.customer_id.is_not(None)))
    assert has_sample(actor=ada.actor)


def test_adding_brings_a_project_together(ada: Person) -> None:
    add_sample(actor=ada.actor, now=NOW)

    launch = db.session.scalars(select(Task).where(Task.title == "Launch the online shop")).one()
    parts = db.session.scalars(select(Task).where(Task.parent_id == launch.id)).all()
    assert len(parts) == sum(part.part_of == "launch" for part in make_sample(now=NOW, zone=BERLIN, user_id=1).parts)
    found = counts()
    assert found["task_blockers"] == 3
    assert found["task_series"] == 2
    assert found["comments"] == 2
    assert found["changes"] == 0


def test_adding_twice_adds_nothing(ada: Person) -> None:
    add_sample(actor=ada.actor, now=NOW)
    before = counts()

    assert not add_sample(actor=ada.actor, now=NOW + timedelta(days=3))

    assert counts() == before


def test_adding_twice_at_once_adds_one_year(app: Flask, ada: Person) -> None:
    start = Barrier(2)

    def press(_: int) -> bool:
        with app.app_context():
            start.wait()
            return add_sample(actor=ada.actor, now=NOW)

    db.session.remove()
    with ThreadPoolExecutor(2) as threads:
        added = sorted(threads.map(press, range(2)))

    assert added == [False, True]
    assert counts()["customers"] == 8


def test_removing_leaves_nothing(ada: Person) -> None:
    add_sample(actor=ada.actor, now=NOW)

    assert remove_sample(actor=ada.actor, now=NOW) == 0

    assert set(counts().values()) == {0}
    assert not has_sample(actor=ada.actor)


def test_removing_where_there_is_none_changes_nothing(ada: Person) -> None:
    make_task(ada)

    assert remove_sample(actor=ada.actor, now=NOW) == 0

    assert counts()["tasks"] == 1


def test_what_was_there_before_stays(ada: Person) -> None:
    with transaction():
        db.session.add(Category(workspace_id=ada.workspace_id, name="development", name_key="development", hue=3))
        db.session.add(Tag(workspace_id=ada.workspace_id, name="Phone", name_key="phone"))
    make_entry(make_task(ada), ada)
    details = CustomerDetails("Ingrid Lund")
    customer_operations.create_customer(details=details, actor=ada.actor, now=NOW)
    calculate(ada)
    before = counts()

    add_sample(actor=ada.actor, now=NOW)
    remove_sample(actor=ada.actor, now=NOW)

    assert counts() == before
    assert db.session.scalars(select(Category.hue)).one() == 3


def test_what_was_made_since_stays(ada: Person) -> None:
    add_sample(actor=ada.actor, now=NOW)
    task = some_task()
    category_id, customer_id = task.category_id, db.session.scalars(select(Customer.id)).first()
    mine = make_task(ada, category_id=category_id, customer_id=customer_id)
    sample_calculation = db.session.scalars(select(Calculation.id).order_by(Calculation.id)).first()
    calculate(ada, revises_id=sample_calculation)

    assert remove_sample(actor=ada.actor, now=NOW) == 0

    kept = db.session.scalars(select(Task)).one()
    assert (kept.id, kept.category_id, kept.customer_id) == (mine.id, category_id, customer_id)
    assert db.session.scalars(select(Customer.id)).all() == [customer_id]
    assert db.session.scalars(select(Category.id)).all() == [category_id]
    assert db.session.scalars(select(Calculation)).one().revises_id is None


def test_the_sample_quote_stays_where_somebody_has_written_on(ada: Person) -> None:
    add_sample(actor=ada.actor, now=NOW)
    quote = db.session.scalars(select(Worksheet)).one()
    versions = db.session.scalars(select(WorksheetVersion).order_by(WorksheetVersion.number)).all()
    assert [line.get("code") for version in versions for line in version.results if "code" in line] == []
    assert quote.answer
    worksheets.save_worksheet(
        worksheet_id=quote.id, title="Mine", text="1 + 1", version=quote.number, actor=ada.actor, now=NOW
    )

    remove_sample(actor=ada.actor, now=NOW)

    kept = db.session.scalars(select(Worksheet)).one()
    assert (kept.title, kept.customer_id) == ("Mine", None)


def test_task_that_was_timed_since_becomes_the_persons_own(ada: Person) -> None:
    add_sample(actor=ada.actor, now=NOW)
    task_id = some_task(Task.tracked_seconds > 0).id
    timers.start_timer(task_id=task_id, actor=ada.actor, now=NOW)
    timers.stop_timer(task_id=task_id, actor=ada.actor, now=NOW + timedelta(minutes=30))

    assert remove_sample(actor=ada.actor, now=NOW + timedelta(hours=1)) == 1

    kept = db.session.scalars(select(Task)).one()
    assert (kept.id, kept.tracked_seconds, kept.source) == (task_id, 1800, None)
    assert db.session.scalars(select(TimeEntry.seconds)).all() == [1800]
    assert db.session.scalar(select(func.sum(EntryDay.seconds))) == 1800
    # Adding the sample again does not find it, and removing that leaves it alone.
    add_sample(actor=ada.actor, now=NOW + timedelta(days=1))
    remove_sample(actor=ada.actor, now=NOW + timedelta(days=1))
    assert db.session.scalars(select(Task.id)).all() == [task_id]


def test_task_that_was_changed_since_becomes_the_persons_own(ada: Person) -> None:
    add_sample(actor=ada.actor, now=NOW)
    with transaction():
        task = some_task(Task.tracked_seconds > 0)
        task.title = "Mine now"

    assert remove_sample(actor=ada.actor, now=NOW) == 1

    db.session.expire_all()
    kept = db.session.scalars(select(Task)).one()
    assert (kept.title, kept.tracked_seconds) == ("Mine now", 0)


def test_customer_that_was_changed_since_stays(ada: Person) -> None:
    add_sample(actor=ada.actor, now=NOW)
    with transaction():
        customer = db.session.scalars(select(Customer).order_by(Customer.id)).first()
        assert customer is not None
        customer.phone = "12"

    remove_sample(actor=ada.actor, now=NOW)

    assert db.session.scalars(select(Customer.phone)).all() == ["12"]


def test_trashed_sample_task_is_removed_too(ada: Person) -> None:
    add_sample(actor=ada.actor, now=NOW)
    with transaction():
        task = some_task()
        task.is_deleted, task.deleted_at = True, NOW

    assert remove_sample(actor=ada.actor, now=NOW) == 0

    assert counts()["tasks"] == 0


def test_sample_of_another_workspace_is_not_touched(ada: Person, cy: Person) -> None:
    add_sample(actor=cy.actor, now=NOW)
    before = counts()

    assert not has_sample(actor=ada.actor)
    add_sample(actor=ada.actor, now=NOW)
    remove_sample(actor=ada.actor, now=NOW)

    assert counts() == before


def test_somebody_new_may_try_it_from_their_first_page(ada: Person, visit: Visit) -> None:
    page = visit("today.index", as_=ada)

    assert "Try with sample data" in words(page.find("form", action="/sample/add"))
    assert not page.find("form", action="/sample/remove")


def test_page_adds_and_removes(ada: Person, visit: Visit) -> None:
    assert "Add the sample work" in words(visit("sample.show", as_=ada).main)

    visit.send("/sample/add", as_=ada)
    assert counts()["tasks"] > 800
    page = visit("sample.show", as_=ada)
    assert "is here to look around in" in words(page.main)
    assert "Remove the sample work" in words(page.main)
    assert visit("today.index", as_=ada).find("form", action="/sample/remove")

    visit.send("/sample/add", as_=ada)
    assert "is here already" in words(visit("sample.show", as_=ada).main)

    visit.send("/sample/remove", as_=ada)
    assert set(counts().values()) == {0}
    assert "The sample work is gone." in words(visit("sample.show", as_=ada).main)


def test_visitor_adds_and_removes_nothing(ada: Person, visit: Visit) -> None:
    add_sample(actor=ada.actor, now=NOW)
    before = counts()

    assert "/login" in visit.send("/sample/add").location
    assert "/login" in visit.send("/sample/remove").location

    assert counts() == before


def some_task(*conditions: Any) -> Task:
    task = db.session.scalars(select(Task).where(*conditions).order_by(Task.id)).first()
    assert task is not None
    return task


def test_taking_the_sample_out_leaves_every_chain_whole(ada: Person) -> None:
    calculate(ada)
    add_sample(actor=ada.actor, now=NOW)
    newest = db.session.scalars(select(Calculation.id).order_by(Calculation.id.desc())).first()
    calculate(ada, revises_id=newest)
    before = list(verifying.find_differences(email=None, checked=Checked(), on_rows=lambda _: None))

    remove_sample(actor=ada.actor, now=NOW)
    after = list(verifying.find_differences(email=None, checked=Checked(), on_rows=lambda _: None))

    assert (before, after) == ([], [])
    assert db.session.scalars(select(CalculationChain.length)).all() == [2]


@pytest.mark.parametrize("number_format", ["1234.5", "1,234.5", "1.234,5", "1 234,5", "1'234.5"])
def test_the_sample_calculations_come_out_however_numbers_are_written(sample: Sample, number_format: str) -> None:
    settings = Settings(number_format=number_format, today=NOW.date())
    refused = []
    for made in sample.calculations:
        keys = [source.key for source in sources_in(made.typed, settings)]
        inputs = Inputs([Figure(key, Quantity(Fraction(10), HOURS_MIXED)) for key in keys])
        outcome = work_out(made.typed, inputs=inputs, settings=settings)
        if isinstance(outcome, CalculationError):
            refused.append((made.typed, outcome.code))

    # One is there to show what a refusal is; the next takes its place.
    assert refused == [(TypedExpression("18 h + 120 EUR"), Code.UNIT_MISMATCH)]


def calculate(person: Person, revises_id: int | None = None) -> int:
    return keep(typed=TypedExpression("1 + 2"), actor=person.actor, now=NOW, revises_id=revises_id).id
