"""One search over everything of the viewer's workspace, and nothing of another."""

from __future__ import annotations

import pytest

from tests.cast import NOW, Person, make_task
from tests.page import Visit, words
from webapp.calculations.operations import worksheets
from webapp.calculations.operations.records import keep
from webapp.calculations.rules.typed import TypedExpression
from webapp.customers import operations as customer_operations
from webapp.customers.rules import CustomerDetails
from webapp.search.queries import MOST_OF_EACH, MOST_SUGGESTED, find_all, suggest
from webapp.tasks.operations import comments
from webapp.tasks.operations import tasks as task_operations
from webapp.tasks.rules.tasks import TaskDetails


def fill(owner: Person) -> None:
    make_task(owner, title="Invoice for the harbour")
    make_task(owner, title="Other", description="about the HARBOUR wall")
    make_task(owner, title="Gone harbour", is_deleted=True)
    customer_operations.create_customer(details=CustomerDetails(name="Harbour & Sons"), actor=owner.actor, now=NOW)
    keep(typed=TypedExpression("1 + 2"), note="harbour fee", actor=owner.actor, now=NOW)


def test_search_finds_worksheets_by_title_and_by_lines(visit: Visit, ada: Person, cy: Person) -> None:
    for title, text in (("Harbour wall", "1 + 2"), ("Quote", "harbour: 3 * 4"), ("Other", "5")):
        worksheets.create_worksheet(title=title, text=text, actor=ada.actor, now=NOW)

    page = visit("search.index", as_=ada, q="harbour")

    assert "Worksheets 2" in [words(heading) for heading in page.main.find_all("h2")]  # type: ignore[union-attr]
    assert [one.text for one in suggest(words="harbour", actor=ada.actor, now=NOW)] == ["Quote", "Harbour wall"]
    assert suggest(words="harbour", actor=cy.actor, now=NOW) == []


def test_search_finds_each_kind(visit: Visit, ada: Person, ben: Person) -> None:
    fill(ada)

    page = visit("search.index", as_=ben, q="harbour")

    assert [words(heading) for heading in page.main.find_all("h2")] == ["Tasks 2", "Customers 1", "Calculations 1"]  # type: ignore[union-attr]
    assert "Invoice for the harbour" in words(page.main)
    assert "Gone harbour" not in words(page.main)


def test_search_finds_what_was_said_about_a_task(visit: Visit, ada: Person, cy: Person) -> None:
    task = make_task(ada, title="Other")
    comments.add_comment(task_id=task.id, text="Nothing to see", actor=ada.actor, now=NOW)
    comments.add_comment(task_id=task.id, text="Ask about the **mooring** fee", actor=ada.actor, now=NOW)

    page = visit("search.index", as_=ada, q="mooring")

    assert "mooring" in words(page.select_one(".task-row__snippet"))
    assert find_all(words="mooring", actor=cy.actor, now=NOW).is_empty


def test_search_finds_nothing_of_a_stranger(visit: Visit, ada: Person, cy: Person) -> None:
    fill(ada)

    assert find_all(words="harbour", actor=cy.actor, now=NOW).is_empty
    assert "Nothing found" in words(visit("search.index", as_=cy, q="harbour").main)


def test_search_says_when_there_is_more(visit: Visit, ada: Person) -> None:
    for number in range(MOST_OF_EACH + 1):
        make_task(ada, title=f"harbour {number}")

    page = visit("search.index", as_=ada, q="harbour")

    assert page.select_one("a[href='/tasks?q=harbour']")


@pytest.mark.parametrize("typed", ["%", "_", "'", '"', "\\", "<script>", "🖋️", "\u202e", "ß"])
def test_search_takes_words_as_they_are(visit: Visit, ada: Person, typed: str) -> None:
    make_task(ada, title="plain")

    assert "plain" not in words(visit("search.index", as_=ada, q=typed).main)


@pytest.mark.parametrize("typed", ["a\0b", "x" * 201])
def test_search_refuses_what_it_cannot_look_for(visit: Visit, ada: Person, typed: str) -> None:
    visit("search.index", as_=ada, status=422, q=typed)


def test_search_without_words_waits(visit: Visit, ada: Person) -> None:
    assert words(visit("search.index", as_=ada).h1) == "Search"


def test_suggestions_are_links_to_each_kind(visit: Visit, ada: Person, ben: Person) -> None:
    fill(ada)

    found = visit("search.suggest", as_=ben, q="harbour").find_all("a")

    kinds = [str(link["href"]).split("/")[1] for link in found]
    assert kinds == ["tasks", "tasks", "customers", "calculations"]
    assert [words(mark) for mark in found[2].find_all("mark")] == ["Harbour"]


def test_suggestions_are_few_and_of_every_kind(ada: Person) -> None:
    fill(ada)
    for number in range(20):
        make_task(ada, title=f"harbour {number}")

    found = suggest(words="harbour", actor=ada.actor, now=NOW)

    assert len(found) == MOST_SUGGESTED
    assert {one.kind for one in found} == {"task", "customer", "calculation"}


def test_suggestions_hold_nothing_of_a_stranger(ada: Person, cy: Person) -> None:
    fill(ada)

    assert suggest(words="harbour", actor=cy.actor, now=NOW) == []


def test_suggestions_escape_what_people_wrote(visit: Visit, ada: Person) -> None:
    make_task(ada, title="<img src=x> & more")

    page = visit("search.suggest", as_=ada, q="<img")

    assert not page.find("img")
    assert [words(mark) for mark in page.find_all("mark")] == ["<img"]


@pytest.mark.parametrize("typed,status,said", [("", 200, ""), ("zzz", 200, "Nothing found"), ("x" * 201, 422, "200")])
def test_suggestions_say_why_there_are_none(visit: Visit, ada: Person, typed: str, status: int, said: str) -> None:
    page = visit("search.suggest", as_=ada, status=status, q=typed)

    assert said in words(page)
    assert not page.find_all("a")


def test_found_words_are_marked_where_they_stand(visit: Visit, ada: Person) -> None:
    fill(ada)

    page = visit("search.index", as_=ada, q="harbour")

    assert sorted(words(mark) for mark in page.select("main mark")) == ["HARBOUR", "Harbour", "harbour", "harbour"]
    assert words(page.select_one(".task-row__snippet")) == "about the HARBOUR wall"


def test_categories_and_tags_are_links_to_their_tasks(visit: Visit, ada: Person, cy: Person) -> None:
    details = TaskDetails(title="x", category="Harbour works", tags=("old harbour", "other"))
    task_operations.create_task(details=details, actor=ada.actor, now=NOW)

    links = visit("search.index", as_=ada, q="harbour").select("nav[aria-label='Categories and tags'] a")

    assert [words(link) for link in links] == ["Harbour works", "#old harbour"]
    assert len(visit(str(links[0]["href"]), as_=ada).select(".task-row")) == 1
    assert len(visit(str(links[1]["href"]), as_=ada).select(".task-row")) == 1
    assert not visit("search.index", as_=cy, q="harbour").select("nav[aria-label='Categories and tags']")


def test_a_search_takes_few_statements(visit: Visit, ada: Person) -> None:
    fill(ada)

    visit("search.index", as_=ada, most_statements=12, q="harbour")
