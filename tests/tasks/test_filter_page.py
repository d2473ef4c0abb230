"""The form that narrows a list: as a page, and as what its menu fetches."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import NOW, TODAY, Person, make_task
from tests.page import Visit, texts, words
from webapp.customers import operations as customers
from webapp.customers import queries
from webapp.customers.rules import CustomerDetails
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.tasks.models import Category


def add_customer(person: Person, name: str) -> int:
    return customers.create_customer(details=CustomerDetails(name=name), actor=person.actor, now=NOW)


def test_people_and_customers_can_be_picked(visit: Visit, ada: Person, ben: Person, cy: Person) -> None:
    acme = add_customer(ada, "Acme")
    add_customer(cy, "Of a stranger")

    page: Any = visit(f"/tasks/filter?customer={acme}&assignee={ben.user_id}&q=offer&sort=due", as_=ada)

    form: Any = page.select_one("form[aria-label=Filters]")
    assert form["action"] == "/tasks"
    assert [option.text for option in form.select("[name=customer] option")] == ["Any", "No customer", "Acme"]
    assert form.select_one("[name=customer] [selected]").text == "Acme"
    assert form.select_one("[name=assignee] [selected]")["value"] == str(ben.user_id)
    # What it does not ask for is kept.
    assert form.select_one("[name=q]")["value"] == "offer"
    assert form.select_one("[name=sort]")["value"] == "due"


def test_what_is_asked_for_is_told_by_its_name(visit: Visit, ada: Person, ben: Person) -> None:
    acme = add_customer(ada, "Acme")
    whole = make_task(ada, title="The whole")
    make_task(ada, customer_id=acme, assignee_id=ben.user_id, parent_id=whole.id, due_on=TODAY, due_sort=NOW)

    for path in ("/tasks", "/tasks/board", "/tasks/calendar"):
        asked = f"{path}?customer={acme}&assignee={ben.user_id}&parent={whole.id}"
        chips = texts(visit(asked, as_=ada).select(".applied .chip"))
        for name in ("Acme", "Ben Ito", "The whole"):
            assert any(name in chip for chip in chips), (path, name, chips)


def test_the_menu_of_each_list_leads_to_its_own_filters(visit: Visit, ada: Person) -> None:
    for path, month in (("/tasks", ""), ("/tasks/board", ""), ("/tasks/calendar", "?month=2026-02")):
        shown: Any = visit(f"{path}{month or '?status=done'}", as_=ada)
        link = shown.select_one(".menu a[href^='/tasks/filter']")
        page: Any = visit(link["href"], as_=ada)
        assert page.select_one("form[aria-label=Filters]")["action"] == path
        kept = page.select_one("form[aria-label=Filters] [name=month]")
        assert (kept["value"] if kept else "") == month.removeprefix("?month=")


def test_a_search_keeps_the_filters_that_are_not_on_the_page(visit: Visit, ada: Person) -> None:
    page: Any = visit("/tasks?priority=high&due=week", as_=ada)

    search: Any = page.select_one(".filter-bar")
    assert search.select_one("[name=priority]")["value"] == "high"
    assert search.select_one("[name=due]")["value"] == "week"


def test_a_category_or_tag_that_there_is_none_of_is_said_beside_the_filters(
    visit: Visit, ada: Person, cy: Person
) -> None:
    with transaction():
        db.session.add(Category(workspace_id=ada.workspace_id, name="Quiet", name_key="quiet"))
        db.session.add(Category(workspace_id=cy.workspace_id, name="Secret", name_key="secret"))
    make_task(ada)

    for path in ("/tasks", "/tasks/board", "/tasks/calendar"):
        page = visit(f"{path}?category=Secret&tag=gone", as_=ada, status=422)

        assert "There is no category “Secret” and no tag “gone”" in words(page.main)
        # The filters stay, to be taken away.
        assert [words(chip) for chip in page.select(".chip") if "Secret" in words(chip)]
    # One that is there and on no task is no mistake.
    for asked in ("category=Quiet", "category=quiet", "category=none&status=done"):
        assert "No task matches" in words(visit(f"/tasks?{asked}", as_=ada).main)
        visit(f"/tasks/board?{asked}", as_=ada)
        visit(f"/tasks/calendar?{asked}", as_=ada)


def test_a_script_gets_the_form_alone(ada: Person) -> None:
    answer = ada.client.get("/tasks/filter", headers={"HX-Request": "true"})

    assert answer.text.lstrip().startswith("<form")
    assert "<html" not in answer.text


def test_filters_of_another_page_are_refused(visit: Visit, ada: Person) -> None:
    visit("/tasks/filter?page=history", as_=ada, status=422)


def test_only_so_many_customers_are_offered_and_the_chosen_one(
    ada: Person, cy: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_CHOICES", 2)
    a, b, c = (add_customer(ada, name) for name in "abc")
    other = add_customer(cy, "d")

    assert queries.list_choices(chosen=None, actor=ada.actor) == [(a, "a"), (b, "b")]
    assert queries.list_choices(chosen=c, actor=ada.actor) == [(a, "a"), (b, "b"), (c, "c")]
    assert queries.list_choices(chosen=other, actor=ada.actor) == [(a, "a"), (b, "b")]
