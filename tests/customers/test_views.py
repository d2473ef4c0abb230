"""The pages about customers, as Ada, Ben and a stranger see them."""

from __future__ import annotations

import pytest

from tests.cast import NOW, Person
from tests.page import Visit, check, error_of, words
from webapp.customers import operations, queries
from webapp.customers.errors import CustomerNotFound
from webapp.customers.rules import CustomerDetails


def add_customer(owner: Person, name: str = "Acme GmbH", **details: str) -> int:
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
