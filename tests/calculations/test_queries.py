"""The history by page, by words and by everything else that narrows it; never more work than a page allows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from tests.cast import NOW, TODAY, Person, make_task
from webapp.calculations.engine import Operation
from webapp.calculations.models import Calculation
from webapp.calculations.operations.records import hide_calculation, keep
from webapp.calculations.queries import history
from webapp.calculations.queries.history import (
    HistoryFilters,
    get_calculation,
    list_calculations,
    list_newest_for,
    list_revisions,
    search_calculations,
)
from webapp.calculations.rules.typed import TypedExpression, TypedOperation
from webapp.calculations.rules.uses import UseKind
from webapp.customers.operations import create_customer
from webapp.customers.rules import CustomerDetails
from webapp.errors import InvalidInput, NotFound
from webapp.storage.bulk import insert_rows
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.values.period import Period


def _keep(person: Person, text: str, *, days_ago: int = 0, **more: Any) -> int:
    return keep(typed=TypedExpression(text), actor=person.actor, now=NOW - timedelta(days=days_ago), **more).id


def _fill(person: Person, number: int, **values: Any) -> None:
    """Put many old calculations straight into their table."""
    row = {
        "workspace_id": person.workspace_id,
        "user_id": person.user_id,
        "typed": "1 + 1",
        "operation": "",
        "operands": [],
        "reading": "1 + 1",
        "result": "2",
        "is_exact": True,
        "note": "",
        "day": TODAY,
        "created_at": NOW,
        **values,
    }
    with transaction():
        insert_rows(Calculation, [row] * number)


def _found(person: Person, **filters: Any) -> list[int]:
    return [record.id for record in list_calculations(actor=person.actor, filters=HistoryFilters(**filters)).rows]


def _walk(person: Person, **filters: Any) -> tuple[list[int], list[str]]:
    """Go through all pages to the end and back; return what the pages held, and each cursor that led on."""
    seen: list[int] = []
    cursors: list[str] = []
    asked, after = HistoryFilters(**filters), None
    while True:
        page = list_calculations(actor=person.actor, filters=asked, after=after)
        seen += [record.id for record in page.rows]
        if page.later is None:
            break
        after = page.later
        cursors.append(after)
    back = [record.id for record in page.rows]
    while page.earlier is not None:
        page = list_calculations(actor=person.actor, filters=asked, after=page.earlier)
        back = [record.id for record in page.rows] + back
    assert back == seen
    return seen, cursors


def test_pages_hold_everything_once_newest_first_and_lead_back(ada: Person) -> None:
    _fill(ada, 45)

    seen, cursors = _walk(ada)

    assert seen == sorted(seen, reverse=True)
    assert (len(seen), len(cursors)) == (45, 2)


def test_pages_of_days_hold_everything_once(ada: Person) -> None:
    for days_ago in (3, 1, 2):
        _fill(ada, 15, day=TODAY - timedelta(days=days_ago))
    _fill(ada, 1, day=TODAY - timedelta(days=9))

    seen, _ = _walk(ada, period=Period(TODAY - timedelta(days=3), TODAY))

    days = [get_calculation(calculation_id=number, actor=ada.actor).day for number in seen]
    assert len(seen) == 45
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize(
    "words, number",
    [
        ("85 eur", 2),
        ("harbour", 1),
        ("HÄFEN", 1),
        ("318.75", 1),
        ("45 min", 1),
        ("100%", 0),
        ("_", 0),
        ("nothing like it", 0),
    ],
)
def test_words_are_looked_for_in_text_reading_result_and_note(ada: Person, words: str, number: int) -> None:
    _keep(ada, "3h 45m * 85 EUR/h")
    _keep(ada, "2 h * 85 EUR/h", note="Harbour fee, Häfen")
    _keep(ada, "1/0")

    assert len(_found(ada, words=words)) == number
    assert len(search_calculations(actor=ada.actor, words=words, limit=5)) == number


def test_each_filter_finds_what_it_names_and_they_narrow_each_other(ada: Person, ben: Person) -> None:
    task = make_task(ada)
    customer_id = create_customer(details=CustomerDetails(name="Acme"), actor=ada.actor, now=NOW)
    add = _keep(ada, "1 + 2", task_id=task.id)
    both = _keep(ada, "max(1; 2) + 3", days_ago=3, customer_id=customer_id)
    refused = _keep(ada, "1/0", customer_id=customer_id)
    chosen = keep(typed=TypedOperation(Operation.ADD, ("1", "2")), actor=ben.actor, now=NOW).id
    hidden = _keep(ada, "5 + 5", task_id=task.id, customer_id=customer_id)
    hide_calculation(calculation_id=hidden, actor=ada.actor, now=NOW)

    assert _found(ada) == [chosen, refused, both, add]
    assert _found(ada, operation=Operation.ADD) == [chosen, both, add]
    assert _found(ada, operation=Operation.ADD, user_id=ada.user_id) == [both, add]
    assert _found(ada, use=(UseKind.FUNCTION, "max")) == [both]
    assert _found(ada, task_id=task.id) == [add]
    assert _found(ada, customer_id=customer_id) == [refused, both]
    assert _found(ada, customer_id=customer_id, outcome="answered") == [both]
    assert _found(ada, outcome="refused") == [refused]
    assert _found(ada, error_code="division_by_zero") == [refused]
    assert _found(ada, user_id=ben.user_id) == [chosen]
    assert _found(ada, period=Period.of_day(TODAY - timedelta(days=3))) == [both]
    assert _found(ada, period=Period.of_day(TODAY), words="2", outcome="answered") == [chosen, add]


def test_words_are_looked_for_in_so_many_a_page_and_the_cursor_leads_on(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "SCANNED", 10)
    first = _keep(ada, "7 + 7", note="needle")
    _fill(ada, 24)
    last = _keep(ada, "8 + 8", note="needle")

    page = list_calculations(actor=ada.actor, filters=HistoryFilters(words="needle"))
    seen, cursors = _walk(ada, words="needle")

    assert ([record.id for record in page.rows], page.looked_through) == ([last], 10)
    assert seen == [last, first]
    assert len(cursors) == 2
    assert [record.id for record in search_calculations(actor=ada.actor, words="needle", limit=5)] == [last]


@pytest.mark.parametrize("filters", [{}, {"words": "1 + 1"}, {"words": "nothing"}, {"operation": Operation.ADD}])
def test_a_page_takes_as_many_statements_however_much_there_is(ada: Person, filters: dict[str, Any]) -> None:
    counts = []
    for _ in range(2):
        _fill(ada, 60)
        statements: list[str] = []

        def listener(*args: Any, said: list[str] = statements) -> None:
            said.append(args[2])

        event.listen(db.engine, "before_cursor_execute", listener)
        list_calculations(actor=ada.actor, filters=HistoryFilters(**filters))
        event.remove(db.engine, "before_cursor_execute", listener)
        counts.append(len([each for each in statements if each.startswith("SELECT")]))

    assert counts[0] == counts[1] <= 2


def test_newest_of_a_task_and_of_a_customer(ada: Person, cy: Person) -> None:
    task = make_task(ada)
    made = [_keep(ada, f"{number} + 1", task_id=task.id) for number in range(6)]

    newest = list_newest_for(task_id=task.id, actor=ada.actor)

    assert ([record.id for record in newest.rows], newest.has_more) == (made[:0:-1], True)
    assert list_newest_for(task_id=task.id, actor=cy.actor).rows == []


def test_revisions_are_found_both_ways(ada: Person) -> None:
    first = _keep(ada, "2^10")
    second = _keep(ada, "2^11", revises_id=first)

    assert get_calculation(calculation_id=second, actor=ada.actor).revises_id == first
    assert [record.id for record in list_revisions(calculation_id=first, actor=ada.actor)] == [second]


def test_a_stranger_finds_nothing(ada: Person, cy: Person) -> None:
    number = _keep(ada, "1 + 1", note="secret")
    _keep(ada, "1 + 2", revises_id=number)

    assert _found(cy) == _found(cy, words="secret") == _found(cy, operation=Operation.ADD) == []
    assert search_calculations(actor=cy.actor, words="secret", limit=5) == []
    assert list_revisions(calculation_id=number, actor=cy.actor) == []
    with pytest.raises(NotFound):
        get_calculation(calculation_id=number, actor=cy.actor)


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**70])
def test_a_number_that_no_calculation_can_have_is_not_found(ada: Person, number: int) -> None:
    with pytest.raises(NotFound):
        get_calculation(calculation_id=number, actor=ada.actor)


def test_a_cursor_of_another_list_is_refused(ada: Person) -> None:
    _fill(ada, 21)
    later = list_calculations(actor=ada.actor).later

    for after in (later, "nonsense", "WyJkYXkiLDAsMCwwXQ", "WyJkYXkiLDAsOTk5OTk5OTk5OSwwXQ"):
        with pytest.raises(InvalidInput):
            list_calculations(actor=ada.actor, filters=HistoryFilters(period=Period.of_day(TODAY)), after=after)
