"""The pages about customers, as Ada, Ben and a stranger see them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.cast import NOW, Person, make_entry, make_task
from tests.page import Visit, check, error_of, texts, words
from webapp.calculations.operations.records import keep
from webapp.calculations.rules.typed import TypedExpression
from webapp.customers import operations, queries
from webapp.customers.errors import CustomerNotFound
from webapp.customers.rules import CustomerDetails
from webapp.tasks.operations.tasks import delete_task
from webapp.tasks.queries.customers import get_work
from webapp.values.status import Status


def add_customer(owner: Person, name: str = "Acme GmbH", **details: Any) -> int:
    return operations.create_customer(details=CustomerDetails(name=name, **details), actor=owner.actor, now=NOW)


def test_the_empty_list_says_what_to_do(visit: Visit, ada: Person) -> None:
    page = visit("customers.index", as_=ada)

    assert "No customers yet" in words(page.main)
    assert page.select_one("main a[href='/customers/new']")


def test_a_customer_is_added_and_shown(visit: Visit, ada: Person) -> None:
    answer = visit.send(
        "customers.create", {"name": " Łukasz  & Co 🖋️", "email": "L@Example.COM", "notes": "One\r\n\r\nTwo"}, as_=ada
    )

    page = visit.follow(answer, as_=ada)
    assert words(page.h1) == "Łukasz & Co 🖋️"
    assert "L@example.com" in words(page.main)
    assert "Customer added." in words(page.main)


@pytest.mark.parametrize(
    "name, value, sentence",
    [
        ("name", "", "Enter a name."),
        ("name", "x" * 161, "161 characters; 160 fit"),
        ("name", "a\0b", "cannot be saved"),
        ("email", "nobody", "like ada@example.com"),
        ("email", "a\0@b.co", "cannot be saved"),
        ("phone", "1" * 41, "40 fit"),
        ("notes", "n" * 10_001, "10,000 fit"),
    ],
)
def test_what_cannot_be_kept_comes_back_as_typed(
    visit: Visit, ada: Person, name: str, value: str, sentence: str
) -> None:
    typed = {"name": "Acme", "notes": "keep me", name: value}

    page = check(visit.send("customers.create", typed, as_=ada, status=422))

    assert sentence in error_of(page, name)
    if name != "notes":
        assert "keep me" in words(page.find("textarea"))
    assert queries.list_customers(actor=ada.actor).rows == []


def test_a_form_sent_twice_adds_one_customer(visit: Visit, ada: Person) -> None:
    form = {"name": "Acme", "request_key": "0" * 32}

    first = visit.send("customers.create", form, as_=ada)
    second = visit.send("customers.create", form, as_=ada)

    assert first.location == second.location
    assert len(queries.list_customers(actor=ada.actor).rows) == 1


def test_a_form_sent_again_with_other_words_is_asked_about(visit: Visit, ada: Person) -> None:
    visit.send("customers.create", {"name": "Acme", "request_key": "0" * 32}, as_=ada)

    page = check(visit.send("customers.create", {"name": "Beta", "request_key": "0" * 32}, as_=ada, status=422))

    assert "saved before with other contents" in words(page.main)
    again = page.find("input", attrs={"name": "request_key"})
    assert again is not None
    assert again["value"] != "0" * 32


def test_ben_sees_and_changes_what_ada_added(visit: Visit, ada: Person, ben: Person) -> None:
    customer_id = add_customer(ada)

    visit.send("customers.save", {"name": "Acme AG", "version": "1"}, as_=ben, customer_id=customer_id)

    assert words(visit("customers.show", as_=ada, customer_id=customer_id).h1) == "Acme AG"


def test_customers_do_not_exist_for_a_stranger(visit: Visit, ada: Person, cy: Person) -> None:
    customer_id = add_customer(ada)

    visit("customers.show", as_=cy, status=404, customer_id=customer_id)
    visit("customers.edit", as_=cy, status=404, customer_id=customer_id)
    visit.send("customers.save", {"name": "Mine", "version": "1"}, as_=cy, status=404, customer_id=customer_id)

    assert "Acme" not in words(visit("customers.index", as_=cy).main)
    assert queries.get_customer(customer_id=customer_id, actor=ada.actor).name == "Acme GmbH"
    with pytest.raises(CustomerNotFound):
        queries.get_customer(customer_id=customer_id, actor=cy.actor)


def test_the_second_of_two_edits_is_shown_both(visit: Visit, ada: Person, ben: Person) -> None:
    customer_id = add_customer(ada)
    visit.send("customers.save", {"name": "Ada’s", "version": "1"}, as_=ada, customer_id=customer_id)

    late = {"name": "Ben’s", "version": "1", "notes": "long thoughts"}
    page = check(visit.send("customers.save", late, as_=ben, status=409, customer_id=customer_id))

    assert "Ada’s" in words(page.select_one(".card--caution"))
    assert "long thoughts" in words(page.find("textarea"))
    newest = page.find("input", attrs={"name": "version"})
    assert newest is not None
    assert newest["value"] == "2"


def test_pages_hold_each_customer_once_in_order_both_ways(ada: Person) -> None:
    names = [f"Customer {number % 7}" for number in range(23)]
    for name in names:
        add_customer(ada, name)

    pages = [queries.list_customers(actor=ada.actor, limit=5)]
    while pages[-1].later:
        pages.append(queries.list_customers(actor=ada.actor, limit=5, after=pages[-1].later))
    back = [pages[-1]]
    while back[-1].earlier:
        back.append(queries.list_customers(actor=ada.actor, limit=5, after=back[-1].earlier))

    forward_ids = [row.id for page in pages for row in page.rows]
    assert [row.name for page in pages for row in page.rows] == sorted(names)
    assert len(set(forward_ids)) == 23
    assert [row.id for page in reversed(back) for row in page.rows] == forward_ids


def test_search_takes_percent_and_underscore_as_they_are(visit: Visit, ada: Person) -> None:
    add_customer(ada, "100 % Bio")
    add_customer(ada, "Snake_case")
    add_customer(ada, "Other", company="Ünder_line")

    assert [row.name for row in queries.list_customers(actor=ada.actor, words="%").rows] == ["100 % Bio"]
    assert [row.name for row in queries.list_customers(actor=ada.actor, words="_").rows] == ["Other", "Snake_case"]
    assert "No customer matches" in words(visit("customers.index", as_=ada, q="zzz").main)


@pytest.mark.parametrize("cursor", ["x", "bnVsbA", "WzFd", "é", "W10"])
def test_an_unreadable_cursor_is_refused(visit: Visit, ada: Person, cursor: str) -> None:
    visit("customers.index", as_=ada, status=422, after=cursor)


@pytest.mark.parametrize("typed", ["a\0b", "x" * 201])
def test_search_for_what_no_customer_holds_is_refused_and_not_cut(visit: Visit, ada: Person, typed: str) -> None:
    visit("customers.index", as_=ada, q=typed, status=422)


def test_a_name_that_grows_when_it_is_compared_is_kept_as_it_is(visit: Visit, ada: Person) -> None:
    name = "\ufdfa" * 160

    answer = visit.send("/customers", {"name": name}, as_=ada)

    assert words(visit.follow(answer, as_=ada).h1) == name


@pytest.mark.parametrize(
    "typed, kept",
    [("80", "80.00"), ("80.5", "80.50"), ("80,50", "80.50"), (" 0 ", "0.00"), ("1000000", "1000000.00"), ("", None)],
)
def test_a_rate_is_kept_exactly(visit: Visit, ada: Person, typed: str, kept: str | None) -> None:
    answer = visit.send("customers.create", {"name": "Acme", "hourly_rate": typed, "currency": "EUR"}, as_=ada)

    customer = queries.list_customers(actor=ada.actor).rows[0]
    assert (None if customer.hourly_rate is None else f"{customer.hourly_rate:.2f}", customer.currency) == (kept, "EUR")
    field = visit("customers.edit", as_=ada, customer_id=customer.id).find("input", attrs={"name": "hourly_rate"})
    assert field is not None
    assert field["value"] == (kept or "")
    assert "Acme" in words(visit.follow(answer, as_=ada).main)


@pytest.mark.parametrize(
    "name, value, sentence",
    [
        ("hourly_rate", "-1", "between 0 and 1,000,000"),
        ("hourly_rate", "1000000.01", "between 0 and 1,000,000"),
        ("hourly_rate", "80.555", "two digits"),
        ("hourly_rate", "1,000", "as a number"),
        ("hourly_rate", "many", "as a number"),
        ("hourly_rate", "NaN", "as a number"),
        ("hourly_rate", "1e3", "as a number"),
        ("hourly_rate", "9" * 400, "as a number"),
        ("currency", "", "Choose the currency"),
        ("currency", "DEM", "not one of the choices"),
        ("currency", "€", "not one of the choices"),
    ],
)
def test_a_rate_that_cannot_be_comes_back_as_typed(
    visit: Visit, ada: Person, name: str, value: str, sentence: str
) -> None:
    customer_id = add_customer(ada)
    typed = {"name": "Acme", "hourly_rate": "80", "currency": "EUR", name: value}

    page = check(visit.send("customers.create", typed, as_=ada, status=422))
    again = check(visit.send("customers.save", {**typed, "version": "1"}, as_=ada, status=422, customer_id=customer_id))

    assert sentence in error_of(page, name)
    assert sentence in error_of(again, name)
    if name == "hourly_rate":
        field = page.find("input", attrs={"name": name})
        assert field is not None
        assert field["value"] == value
    assert [customer.rate_cents for customer in queries.list_customers(actor=ada.actor).rows] == [None]


def test_archived_customers_are_hidden_until_asked_for(visit: Visit, ada: Person, cy: Person) -> None:
    customer_id, other_id = add_customer(ada), add_customer(ada, "Beta")

    visit.send("customers.archive", as_=cy, status=404, customer_id=customer_id)
    visit.send("customers.archive", as_=ada, customer_id=customer_id)

    assert names(visit("customers.index", as_=ada)) == ["Beta"]
    assert names(visit("/customers?archived=1", as_=ada)) == ["Acme GmbH", "Beta"]
    assert [number for number, _ in queries.list_names(actor=ada.actor)] == [other_id]
    assert "Archived" in words(visit("customers.show", as_=ada, customer_id=customer_id).main)
    visit.send("customers.unarchive", as_=cy, status=404, customer_id=customer_id)
    visit.send("customers.unarchive", as_=ada, customer_id=customer_id)
    assert names(visit("customers.index", as_=ada)) == ["Acme GmbH", "Beta"]


def test_customers_are_found_by_the_days_they_were_added(visit: Visit, ada: Person) -> None:
    # In Berlin the second one is of the 21st already.
    for name, moment in (("One", "2026-11-20T22:59:59"), ("Two", "2026-11-20T23:00:00")):
        operations.create_customer(
            details=CustomerDetails(name=name),
            actor=ada.actor,
            now=datetime.fromisoformat(moment).replace(tzinfo=UTC),
        )

    assert names(visit("/customers?created_to=2026-11-20", as_=ada)) == ["One"]
    assert names(visit("/customers?created_from=2026-11-21", as_=ada)) == ["Two"]
    assert names(visit("/customers?created_from=2026-11-20&created_to=2026-11-21", as_=ada)) == ["One", "Two"]
    assert names(visit("/customers?created_from=2026-11-22", as_=ada)) == []


@pytest.mark.parametrize(
    "address, sentence",
    [
        ("created_from=yesterday", "Write the day as"),
        ("created_to=2026-02-30", "28 days"),
        ("created_from=0000-01-01", "out of range"),
        ("created_from=2026-02-02&created_to=2026-02-01", "before the first"),
        ("archived=yes", "not known as archived"),
    ],
)
def test_a_filter_that_cannot_be_gets_a_sentence(visit: Visit, ada: Person, address: str, sentence: str) -> None:
    assert sentence in words(visit(f"/customers?{address}", as_=ada, status=422).main)


def test_the_page_of_a_customer_adds_up_their_work(visit: Visit, ada: Person) -> None:
    acme = add_customer(ada, hourly_rate=Decimal("80.50"), currency="EUR")
    beta = add_customer(ada, "Beta")
    open_task, done = (
        make_task(ada, title="Open", customer_id=acme),
        make_task(ada, title="Closed", customer_id=acme, status=Status.DONE),
    )
    trashed, other = make_task(ada, customer_id=acme), make_task(ada, title="Elsewhere")
    make_entry(open_task, ada, seconds=3600)
    make_entry(done, ada, seconds=1800)
    make_entry(trashed, ada, seconds=7200)
    # Written down for somebody else than the task is for.
    make_entry(open_task, ada, seconds=600, customer_id=beta)
    make_entry(other, ada, seconds=900, customer_id=acme)
    delete_task(task_id=trashed.id, actor=ada.actor, now=NOW)

    page = visit("customers.show", as_=ada, customer_id=acme)

    facts = dict(zip(texts(page.select("dt")), texts(page.select("dd")), strict=True))
    # 3600 + 1800 + 900 seconds, and 1.75 hours at 80.50.
    assert facts["Tracked"] == "1 h 45 min"
    assert facts["Worth"] == "140.88 EUR"
    assert (facts["Open tasks"], facts["Done tasks"]) == ("1", "1")
    assert texts(page.select(".task-row__title")) == ["Open"]
    assert page.select_one(f"a[href='/tasks?customer={acme}']")
    assert get_work(customer_id=beta, actor=ada.actor, now=NOW).tracked_seconds == 600


def test_the_page_of_a_customer_leads_to_what_was_worked_out_for_them(visit: Visit, ada: Person, cy: Person) -> None:
    acme = add_customer(ada)
    for number in range(7):
        keep(
            typed=TypedExpression(f"{number} + 1"),
            customer_id=acme if number else None,
            actor=ada.actor,
            now=NOW,
        )

    page = visit("customers.show", as_=ada, customer_id=acme)

    assert texts(page.select(".calculation__result")) == ["7", "6", "5", "4", "3"]
    assert page.select_one(f"a[href='/calculations?customer={acme}']")
    all_of_them = visit(f"/calculations?customer={acme}", as_=ada)
    assert texts(all_of_them.select(".calculation__result")) == ["7", "6", "5", "4", "3", "2"]
    visit(f"/calculations?customer={acme}", as_=cy, status=404)
    visit("/calculations?customer=acme", as_=ada, status=422)


def test_a_customer_without_a_rate_is_worth_nothing_known(visit: Visit, ada: Person) -> None:
    page = visit("customers.show", as_=ada, customer_id=add_customer(ada))

    facts = dict(zip(texts(page.select("dt")), texts(page.select("dd")), strict=True))
    assert facts["Worth"] == facts["Hourly rate"] == "–"


def names(page: BeautifulSoup) -> list[str]:
    return texts(page.select(".record-list__name"))
