"""Figures from the work itself: what they come to, what is said of them, and for whom there are none."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import update

from tests.cast import NOW, Person, make_entry, make_task
from tests.tasks.test_figures import make_label
from webapp.accounts.models import User
from webapp.calculations.engine import evaluate, find_sources
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.nodes import Filter, SourceNode
from webapp.calculations.engine.settings import Settings
from webapp.calculations.engine.sources import key_of, settle_filters
from webapp.calculations.engine.units import HOURS_MIXED, write_units
from webapp.calculations.engine.values import Quantity
from webapp.calculations.queries.figures import MOST_FIGURES, Figure, figures_for
from webapp.customers.models import Customer
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import Category, Tag, TaskTag
from webapp.tasks.operations import timers
from webapp.values.period import Period
from webapp.values.status import Status
from webapp.values.text import name_key


def source(name: str, *asked: tuple[str, str]) -> SourceNode:
    """Return `hours(task:42)` as it is read; the first filter stands right behind the bracket."""
    filters, at = [], len(name) + 1
    for field, value in asked:
        end = at + len(field) + 1 + len(value)
        filters.append(Filter(field, value, at, end))
        at = end + 2
    settled = settle_filters(name, filters, 0, at - 1)
    return SourceNode(name, settled, key_of(name, settled), 0, at - 1)


def figure(person: Person, name: str, *asked: tuple[str, str], now: datetime = NOW) -> Figure:
    node = source(name, *asked)
    return figures_for([node], actor=person.actor, now=now)[node.key]


def amount(found: Figure) -> Fraction:
    assert isinstance(found.value, Quantity)
    assert isinstance(found.value.number, Fraction)
    return found.value.number


def make_customer(
    owner: Person, name: str = "Acme", *, rate_cents: int | None = 8500, currency: str | None = "EUR"
) -> int:
    with transaction():
        customer = Customer(
            workspace_id=owner.workspace_id,
            name=name,
            name_key=name_key(name),
            rate_cents=rate_cents,
            currency=currency,
            created_at=NOW,
            updated_at=NOW,
        )
        db.session.add(customer)
    return customer.id


def test_hours_of_a_task_are_everybodys_and_count_what_runs(ada: Person, ben: Person) -> None:
    task_id = (task := make_task(ada)).id
    make_entry(task, ada, seconds=3600)
    make_entry(task, ben, seconds=1800)
    timers.start_timer(task_id=task_id, actor=ben.actor, now=NOW)

    found = figure(ada, "hours", ("task", str(task_id)), now=NOW + timedelta(minutes=15))

    assert isinstance(found.value, Quantity)
    assert (found.value.number, found.value.units) == (Fraction(7, 4), HOURS_MIXED)
    assert found.is_running
    assert found.words == (
        f"Time on task {task_id} “Write the report”, everybody’s, all days, "
        "with a running timer counted to 2026-11-20 15:57"
    )


def test_hours_of_a_category_in_a_period_say_the_days(ada: Person, ben: Person) -> None:
    task = make_task(ada, category_id=make_label(Category, ada, "Code Review"))
    make_entry(task, ada, seconds=3600)
    make_entry(task, ben, seconds=3600)
    make_entry(task, ada, started_at=NOW - timedelta(days=30))

    found = figure(ada, "hours", ("category", "code review"), ("period", "this month"))

    assert amount(found) == 2
    assert found.period == Period(date(2026, 11, 1), date(2026, 12, 1))
    assert found.words == "Time, category “Code Review”, everybody’s, 2026-11-01 to 2026-11-30, 1 task"
    own = figure(ada, "hours", ("category", "code review"), ("person", "me"), ("period", "2026-11-20"))
    assert (amount(own), own.words) == (
        Fraction(1),
        "Time, category “Code Review”, of Ada Lovelace, 2026-11-20, 1 task",
    )
    of_ben = figure(ada, "hours", ("person", "ben"), ("status", "open"), ("billable", "no"), ("period", "2026"))
    assert (amount(of_ben), of_ben.words) == (
        Fraction(1),
        "Time, on tasks that are open, not billable, of Ben Ito, 2026-01-01 to 2026-12-31, 1 task",
    )


def test_today_begins_at_midnight_where_the_person_lives(ada: Person, ben: Person) -> None:
    task = make_task(ada)
    make_entry(task, ada, seconds=3600)
    late = NOW.replace(hour=23, minute=30)

    # It is half past midnight on the 21st in Berlin.
    assert amount(figure(ada, "hours", ("period", "today"), now=late)) == 0
    assert amount(figure(ada, "hours", ("period", "yesterday"), now=late)) == 1


def test_a_week_begins_on_the_day_of_the_persons_settings(ada: Person) -> None:
    week = figure(ada, "hours", ("period", "this week"))
    with transaction():
        db.session.execute(update(User).values(week_start=6))
    from_sunday = figure(ada, "hours", ("period", "this week"))

    assert week.period == Period(date(2026, 11, 16), date(2026, 11, 23))
    assert from_sunday.period == Period(date(2026, 11, 15), date(2026, 11, 22))


def test_estimates_are_those_of_a_task_or_of_several(ada: Person) -> None:
    customer_id = make_customer(ada)
    task = make_task(ada, estimated_minutes=90, customer_id=customer_id)
    make_task(ada, estimated_minutes=30, customer_id=customer_id, status=Status.DOING)
    make_task(ada, customer_id=customer_id)
    make_task(ada, estimated_minutes=600)

    one = figure(ada, "estimate", ("task", str(task.id)))
    several = figure(ada, "estimate", ("customer", "ACME"), ("status", "open"))

    assert (amount(one), one.words) == (Fraction(3, 2), f"Estimate of task {task.id} “Write the report”")
    assert (amount(several), several.words) == (
        Fraction(2),
        "Estimates of tasks, customer “Acme”, now open, 2 tasks of 3 with an estimate",
    )


def test_count_counts_what_was_finished(ada: Person) -> None:
    tag_id = make_label(Tag, ada, "urgent")
    done = make_task(ada, status=Status.DONE)
    make_task(ada, status=Status.DONE, completed_on=date(2026, 11, 8))
    with transaction():
        db.session.add(TaskTag(task_id=done.id, tag_id=tag_id))

    found = figure(ada, "count", ("status", "done"), ("tag", "urgent"), ("period", "this week"))

    assert isinstance(found.value, Quantity)
    assert (found.value.number, found.value.units) == (Fraction(1), ())
    assert found.words == "Tasks, tag “urgent”, finished 2026-11-16 to 2026-11-22"
    assert amount(figure(ada, "count", ("status", "done"), ("period", "2026-11"))) == 2


def test_the_rate_is_that_of_the_customer(ada: Person) -> None:
    customer_id = make_customer(ada)
    task = make_task(ada, customer_id=customer_id)

    of_customer = figure(ada, "rate", ("customer", "acme"))
    of_task = figure(ada, "rate", ("task", str(task.id)))

    for found in (of_customer, of_task):
        assert isinstance(found.value, Quantity)
        assert (found.value.number, write_units(found.value.units)) == (Fraction(85), "EUR/h")
    assert of_customer.words == "Hourly rate of “Acme”"


def test_what_is_typed_is_looked_up_and_worked_out(ada: Person) -> None:
    customer_id = make_customer(ada)
    task = make_task(ada, customer_id=customer_id, category_id=make_label(Category, ada, "Code Review"))
    make_entry(task, ada, seconds=2 * 3600)
    typed = f'hours(category:"code review", THIS MONTH) * rate(customer:Acme) + 19% + 0 h * rate(task:{task.id})'

    sources = find_sources(typed)
    found = figures_for(sources, actor=ada.actor, now=NOW)
    result = evaluate(typed, settings=Settings(figures={key: figure.value for key, figure in found.items()}))

    assert result.text == "202.30 EUR"
    assert set(result.sources) == found.keys() == {source.key for source in sources}


@pytest.mark.parametrize(
    "name,asked,words",
    [
        ("hours", [("task", "999999")], "There is no task 999999."),
        ("hours", [("task", "99999999999999999999")], "There is no task called"),
        ("hours", [("task", "Nothing")], "There is no task called “Nothing”."),
        ("hours", [("task", "Twice")], "Several tasks are called “Twice”."),
        ("hours", [("category", "Reviw"), ("period", "today")], "There is no category called “Reviw”."),
        ("hours", [("tag", "urgend"), ("period", "today")], "There is no tag called"),
        ("hours", [("person", "Cy"), ("period", "today")], "There is no person called “Cy”."),
        ("hours", [("customer", "Twin"), ("period", "today")], "Several customers are called “Twin”."),
        ("estimate", [("task", "Write the report")], "has no estimate"),
        ("rate", [("customer", "Twin")], "Several customers"),
        ("rate", [("customer", "Free")], "“Free” has no hourly rate."),
        ("rate", [("customer", "none")], "No customer has no rate."),
        ("rate", [("task", "Write the report")], "is for no customer"),
    ],
)
def test_what_is_not_there_is_refused_at_its_filter(
    ada: Person, cy: Person, name: str, asked: list[tuple[str, str]], words: str
) -> None:
    make_label(Category, ada, "Review")
    make_label(Tag, ada, "urgent")
    make_task(ada)
    for title in ("Twice", "Twice"):
        make_task(ada, title=title)
    for customer in ("Twin", "twin"):
        make_customer(ada, customer)
    make_customer(ada, "Free", rate_cents=None, currency=None)

    with pytest.raises(CalculationError, match=words) as refused:
        figure(ada, name, *asked)

    error = refused.value
    assert (error.code, error.position, error.end) == (
        Code.SOURCE,
        len(name) + 1,
        len(name) + 2 + len("".join(asked[0])),
    )


def test_a_typing_error_is_met_with_what_was_meant(ada: Person) -> None:
    make_label(Category, ada, "Code Review")

    with pytest.raises(CalculationError) as refused:
        figure(ada, "hours", ("category", "code reviw"), ("period", "today"))

    assert refused.value.hint == "Did you mean “Code Review”?"
    assert refused.value.repairs == ('category:"Code Review"',)


def test_several_of_one_name_are_told_apart_by_number(ada: Person) -> None:
    first, second = make_customer(ada, "Twin"), make_customer(ada, "Twin", rate_cents=100)

    with pytest.raises(CalculationError) as refused:
        figure(ada, "rate", ("customer", "Twin"))

    assert refused.value.repairs == (f"customer:{first}", f"customer:{second}")
    assert amount(figure(ada, "rate", ("customer", str(second)))) == 1


def test_nothing_of_ada_is_there_for_a_stranger(ada: Person, cy: Person) -> None:
    customer_id = make_customer(ada)
    task = make_task(
        ada, estimated_minutes=60, customer_id=customer_id, category_id=make_label(Category, ada, "Review")
    )
    make_entry(task, ada)

    for name, *asked in (
        ("hours", ("task", str(task.id))),
        ("hours", ("task", task.title)),
        ("estimate", ("task", str(task.id))),
        ("rate", ("task", str(task.id))),
        ("rate", ("customer", "Acme")),
        ("rate", ("customer", str(customer_id))),
        ("hours", ("category", "Review"), ("period", "today")),
        ("hours", ("person", "Ada Lovelace"), ("period", "today")),
    ):
        with pytest.raises(CalculationError, match="There is no") as refused:
            figure(cy, name, *asked)
        assert "Acme" not in (refused.value.hint or "")
        assert "Review" not in (refused.value.hint or "")
    assert amount(figure(cy, "hours", ("period", "today"))) == 0
    assert amount(figure(cy, "count", ("period", "today"))) == 0


def test_days_that_do_not_exist_are_refused_at_their_place(ada: Person) -> None:
    with pytest.raises(CalculationError, match="no such day") as refused:
        figure(ada, "hours", ("period", "2026-02-30"))

    assert (refused.value.code, refused.value.position) == (Code.DATE, 6)


def test_a_calculation_asks_a_bounded_number_of_figures(ada: Person) -> None:
    nodes = [source("count", ("period", f"{1970 + number}")) for number in range(MOST_FIGURES + 1)]

    assert len(figures_for([*nodes[:3], *nodes[:3]], actor=ada.actor, now=NOW)) == 3
    with pytest.raises(CalculationError, match="at most 50 figures"):
        figures_for(nodes, actor=ada.actor, now=NOW)
