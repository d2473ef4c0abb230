"""The pages of calculations: what is kept, what is refused, and what comes back."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from tests.cast import NOW, Person, make_task
from tests.page import Visit, error_of, texts, words
from webapp.accounts.models import User
from webapp.calculations.engine.operations import Operation
from webapp.calculations.models import Calculation
from webapp.calculations.operations.records import keep
from webapp.calculations.rules.typed import TypedExpression, TypedOperation
from webapp.customers.operations import create_customer
from webapp.customers.rules import CustomerDetails
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.values.actor import Actor

HTMX = {"HX-Request": "true"}


def keep_line(actor: Actor, text: str = "1 + 2", **more: Any) -> int:
    return keep(typed=TypedExpression(text), actor=actor, now=NOW, **more).id


def keep_operation(actor: Actor, operation: Operation = Operation.ADD, *operands: str, **more: Any) -> int:
    return keep(typed=TypedOperation(operation, operands or ("1", "2")), actor=actor, now=NOW, **more).id


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Calculation)) or 0


def kept() -> Calculation:
    return db.session.scalars(select(Calculation).order_by(Calculation.id.desc()).limit(1)).one()


def set_number_format(person: Person, number_format: str) -> None:
    with transaction():
        db.session.get_one(User, person.user_id).number_format = number_format


def parsed(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")


def line_of(page: BeautifulSoup) -> str:
    field = page.find("input", id="expression")
    assert field is not None
    return str(field["value"])


def values_of(page: BeautifulSoup) -> list[str]:
    return [str(field["value"]) for field in page.find_all("input", attrs={"name": "operands"})]


# --- a line -----------------------------------------------------------------------------------------------------------
def test_line_is_kept_and_its_answer_stands_on_top_of_an_empty_one(ada: Person, visit: Visit) -> None:
    before = datetime.now(UTC).replace(microsecond=0)

    answer = visit.send("/calculations", {"expression": "3h 45m * 85 EUR/h + 19%", "note": "Acme"}, as_=ada)

    row = kept()
    assert answer.location == f"/calculations?kept={row.id}"
    assert (row.user_id, row.workspace_id, row.note) == (ada.user_id, ada.workspace_id, "Acme")
    assert before <= row.created_at <= datetime.now(UTC)
    page = visit.follow(answer, as_=ada)
    assert words(page.find(id="result")) == "379.31 EUR"
    assert "((3 h 45 min) * 85 EUR/h) + 19%" in words(page.find(class_="calculator__reading"))
    assert "379.3125 EUR" in words(page.find(id="answer"))
    assert line_of(page) == ""
    assert page.find("input", id="expression", autofocus=True)
    assert words(page.find("a", href=f"/calculations/{row.id}")) == "3h 45m * 85 EUR/h + 19%"


@pytest.mark.parametrize(
    "typed,code,before,marked",
    [
        ("5 EUR + 3 kg", "unit_mismatch", "5 EUR ", "+"),
        ("1/0", "division_by_zero", "1", "/"),
        ("6/2(1+2)", "ambiguous_product", "", "6/2(1+2)"),
        ("<b>{{7*7}}</b>", None, None, None),
        ("\u202e123", None, None, None),
        ("x" * 10_000, "too_long", None, None),
    ],
)
def test_refused_line_comes_back_as_typed_with_its_place_and_is_kept(
    ada: Person, visit: Visit, typed: str, code: str | None, before: str | None, marked: str | None
) -> None:
    answer = visit.send("/calculations", {"expression": typed, "note": "why"}, as_=ada, status=422)

    page = parsed(answer.text)
    assert line_of(page) == typed
    assert page.find("input", attrs={"name": "note", "value": "why"})
    assert words(page.find(class_="wrong__cause"))
    assert kept().error_code == code or code is None
    assert kept().note == "why"
    if marked is not None:
        mark = page.find("mark")
        assert mark is not None
        assert mark.text == marked
        assert str(mark.previous_sibling or "") == before


def test_repair_can_be_pressed_and_changes_the_line_alone(ada: Person, visit: Visit) -> None:
    sent = {"expression": "2 * sqr(16)", "note": "Side"}
    page = parsed(visit.send("/calculations", sent, as_=ada, status=422).text)
    button = page.find("button", attrs={"name": "repair"})
    assert button is not None
    assert count() == 1

    answer = visit.send("/calculations", {**sent, "repair": str(button["value"])}, as_=ada, status=200)

    page = parsed(answer.text)
    assert line_of(page) == "2 * sqrt(16)"
    assert words(page.find(id="result")) == "8"
    assert page.find("input", attrs={"name": "note", "value": "Side"})
    assert count() == 1


def test_nothing_typed_is_asked_for_and_not_kept(ada: Person, visit: Visit) -> None:
    page = parsed(visit.send("/calculations", {"expression": "  "}, as_=ada, status=422).text)

    assert "Type what to work out" in error_of(page, "expression")
    assert count() == 0


def test_preview_answers_and_keeps_nothing(ada: Person, visit: Visit) -> None:
    def previewed(text: str) -> BeautifulSoup:
        answer = visit.send("/calculations/preview", {"expression": text}, as_=ada, status=200, headers=HTMX)
        assert "<html" not in answer.text
        return parsed(answer.text)

    assert words(previewed("1/3").find("output")) == "0.333333333333333…"
    assert words(previewed("sqrt(2)").find("output")) == "≈ about 1.4142135623731"
    assert "February" in words(previewed("2026-01-31 + 1 month"))
    assert words(previewed("5 EUR + 3 kg").find("mark")) == "+"
    assert previewed("(1 + 2").find("mark") is None
    assert "Try" in words(previewed(""))
    assert count() == 0


def test_preview_without_script_is_the_page(ada: Person, visit: Visit) -> None:
    page = parsed(visit.send("/calculations/preview", {"expression": "2^10"}, as_=ada, status=200).text)

    assert line_of(page) == "2^10"
    assert words(page.find(id="result")) == "1,024"


def test_preview_is_not_asked_for_over_and_over(
    ada: Person, ben: Person, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(visit.app.config, "PREVIEW_LIMIT", "2 per minute")

    answers = [visit.post("/calculations/preview", {"expression": "1"}, as_=ada, headers=HTMX) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert visit.post("/calculations/preview", {"expression": "1"}, as_=ben, headers=HTMX).status_code == 200


def test_line_belongs_to_a_task_and_a_customer(ada: Person, visit: Visit) -> None:
    task = make_task(ada, title="Archive")
    customer_id = create_customer(details=CustomerDetails(name="Acme"), actor=ada.actor, now=NOW)
    page = visit(f"/calculations?task={task.id}&customer={customer_id}", as_=ada)
    assert [words(option) for option in page.select("#calculator option[selected]")] == ["Archive", "Acme"]
    sent = {"expression": "1 + 2", "task": str(task.id), "customer": str(customer_id)}

    page = visit.follow(visit.send("/calculations", sent, as_=ada), as_=ada)

    assert (kept().task_id, kept().customer_id) == (task.id, customer_id)
    # The next one is for the same.
    assert [words(option) for option in page.select("#calculator option[selected]")] == ["Archive", "Acme"]
    record = visit(f"/calculations/{kept().id}", as_=ada)
    assert record.find("a", href=f"/tasks/{task.id}")
    assert record.find("a", href=f"/customers/{customer_id}")


@pytest.mark.parametrize("field", ["task", "customer"])
def test_task_or_customer_of_others_is_refused(ada: Person, cy: Person, visit: Visit, field: str) -> None:
    theirs = {
        "task": make_task(ada).id,
        "customer": create_customer(details=CustomerDetails(name="Acme"), actor=ada.actor, now=NOW),
    }[field]

    page = parsed(visit.send("/calculations", {"expression": "1", field: str(theirs)}, as_=cy, status=422).text)

    assert error_of(page, field)
    assert count() == 0
    visit(f"/calculations?{field}={theirs}", as_=cy, status=404)


def test_numbers_are_read_and_written_as_the_person_writes_them(ada: Person, visit: Visit) -> None:
    set_number_format(ada, "1.234,5")

    page = visit.follow(visit.send("/calculations", {"expression": "1.234,5 * -1000"}, as_=ada), as_=ada)

    assert words(page.find(id="result")) == "−1.234.500"


def test_calculation_of_another_number_format_is_typed_anew_in_this_one(ada: Person, ben: Person, visit: Visit) -> None:
    set_number_format(ben, "1.234,5")
    line, operation = keep_line(ben.actor, "1.234,5 + 2"), keep_operation(ben.actor, Operation.ADD, "1.234,5", "2")

    assert line_of(visit(f"/calculations?use={line}", as_=ada)) == "1234.5 + 2"
    assert values_of(visit(f"/calculations?use={operation}", as_=ada)) == ["1234.5", "2"]


def test_angles_are_degrees_for_those_who_say_so(ada: Person, visit: Visit) -> None:
    visit.send("/calculations/angle", {"angle": "deg"}, as_=ada)

    assert "Angles without a unit are degrees" in words(visit("/calculations", as_=ada).main)
    assert db.session.get_one(User, ada.user_id).angle_mode == "deg"
    visit.send("/calculations/angle", {"angle": "grad"}, as_=ada, status=422)


def test_names_are_listed_removed_and_put_back(ada: Person, ben: Person, visit: Visit) -> None:
    visit.send("/calculations", {"expression": "rate = 85 EUR/h"}, as_=ada)
    page = visit("/calculations", as_=ada)
    assert "rate = 85 EUR/h" in words(page.find("section", attrs={"aria-labelledby": "names"}))
    form = page.find("form", action=lambda address: str(address).endswith("/remove"))
    assert form is not None
    visit.send(str(form["action"]), {}, as_=ben, status=404)

    page = visit.follow(visit.send(str(form["action"]), {}, as_=ada), as_=ada)

    assert page.find("section", attrs={"aria-labelledby": "names"}) is None
    undo = page.select_one(".flash form")
    assert undo is not None
    visit.send(str(undo["action"]), {}, as_=ada)
    page = visit.follow(visit.send("/calculations", {"expression": "2h * rate"}, as_=ada), as_=ada)
    assert words(page.find(id="result")) == "170.00 EUR"


# --- an operation -----------------------------------------------------------------------------------------------------
def test_calculating_keeps_who_when_inputs_and_result(ada: Person, visit: Visit) -> None:
    sent = {"operation": "divide", "operands": ["1190", "8"], "note": "Acme, per day"}

    answer = visit.send("/calculations", sent, as_=ada)

    row = kept()
    assert answer.location == f"/calculations/{row.id}"
    assert (row.user_id, row.workspace_id) == (ada.user_id, ada.workspace_id)
    assert (row.operation, row.operands, row.result, row.is_exact) == ("divide", ["1190", "8"], "148.75", True)
    page = visit.follow(answer, as_=ada)
    assert words(page.find(id="result")) == "148.75"
    assert words(page.h1) == "1190 / 8"
    assert "Ada Lovelace" in words(page.main)
    assert "Acme, per day" in words(page.main)
    assert texts(page.select(".calculator .badge")) == ["Exact"]


def test_operands_are_expressions(ada: Person, visit: Visit) -> None:
    sent = {"operation": "multiply", "operands": ["3h 45m", "2 * 85 EUR/h"]}

    page = visit.follow(visit.send("/calculations", sent, as_=ada), as_=ada)

    assert words(page.find(id="result")) == "637.50 EUR"


def test_what_is_not_exact_says_so(ada: Person, visit: Visit) -> None:
    page = visit.follow(visit.send("/calculations", {"operation": "root", "operands": ["2", "2"]}, as_=ada), as_=ada)

    assert words(page.find(id="result")) == "≈ about 1.4142135623731"
    assert texts(page.select(".calculator .badge")) == ["Rounded to 34 digits"]


def test_refusal_stands_beside_its_number_and_is_kept(ada: Person, visit: Visit) -> None:
    answer = visit.send("/calculations", {"operation": "divide", "operands": ["1", "0"]}, as_=ada, status=422)

    page = parsed(answer.text)
    first, second = page.find_all("input", attrs={"name": "operands"})
    assert first.get("aria-invalid") is None
    assert second["aria-invalid"] == "true"
    assert words(page.find(id=second["aria-describedby"])) == "Nothing can be divided by zero. Enter another number."
    assert kept().error_code == "division_by_zero"


@pytest.mark.parametrize(
    "operation,operands,words_of_error,is_kept",
    [
        ("divide", ["1", "0"], "divided by zero", True),
        ("add", ["1e9999", "1"], "too large", True),
        ("add", ["2 3", "1"], "no sign between", True),
        ("add", ["5 EUR", "3 kg"], "cannot be added", True),
        ("add", ["", "2"], "Enter a number", False),
        ("add", [], "takes two numbers", False),
        ("add", ["1"] * 60, "There are 60 numbers here; 50 fit", False),
        ("add", ["9" * 10_000, "1"], "10,000 characters", False),
        ("add", ["😀", "1"], "😀", True),
        ("add", ["1\x00", "1"], "", True),
        ("subtract", ["1", "2", "3"], "takes two numbers", False),
        ("<script>", ["<b>", "\"'"], "is not one of the operations", False),
    ],
)
def test_bad_input_comes_back_as_typed_with_a_sentence(
    ada: Person, visit: Visit, operation: str, operands: list[str], words_of_error: str, is_kept: bool
) -> None:
    sent = {"operation": operation, "operands": operands, "note": "kept"}

    answer = visit.send("/calculations", sent, as_=ada, status=422)

    page = parsed(answer.text)
    form = page.find("form", id="by-operation")
    assert words_of_error in words(form)
    assert [value.replace("\ufffd", "\x00") for value in values_of(page)][: len(operands)] == operands
    assert page.find("input", attrs={"id": "operation-note", "value": "kept"})
    assert count() == is_kept


@pytest.mark.parametrize("note", ["x" * 201, "a\x00b"])
@pytest.mark.parametrize("what", [{"expression": "1 + 2"}, {"operation": "add", "operands": ["1", "2"]}])
def test_note_that_cannot_be_kept_is_refused(ada: Person, visit: Visit, what: dict[str, Any], note: str) -> None:
    visit.send("/calculations", {**what, "note": note}, as_=ada, status=422)

    assert count() == 0


def test_note_keeps_what_people_write(ada: Person, visit: Visit) -> None:
    note = "  Ангебот 😀 עברית <b>  "

    visit.send("/calculations", {"operation": "add", "operands": ["1", "2"], "note": note}, as_=ada)

    assert kept().note == note.strip()
    assert note.strip() in words(visit(f"/calculations/{kept().id}", as_=ada).main)


def test_another_number_can_be_added_without_script(ada: Person, visit: Visit) -> None:
    sent = {"operation": "add", "operands": ["1", "zwei"], "more": "1"}

    answer = visit.send("/calculations", sent, as_=ada, status=200)

    page = BeautifulSoup(answer.text, "html.parser")
    assert values_of(page) == ["1", "zwei", ""]
    assert not page.find(True, attrs={"aria-invalid": "true"})
    assert count() == 0


def test_number_of_inputs_has_an_end(ada: Person, visit: Visit) -> None:
    sent = {"operation": "add", "operands": ["1"] * 49, "more": "1"}

    answer = visit.send("/calculations", sent, as_=ada, status=200)

    page = BeautifulSoup(answer.text, "html.parser")
    assert len(values_of(page)) == 50
    assert not page.find("button", attrs={"name": "more"})


def test_empty_inputs_at_the_end_do_not_count(ada: Person, visit: Visit) -> None:
    visit.send("/calculations", {"operation": "subtract", "operands": ["5", "3", "", " "]}, as_=ada)

    assert db.session.scalars(select(Calculation)).one().result == "2"


def test_sent_twice_is_worked_out_once(ada: Person, visit: Visit) -> None:
    sent = {"operation": "add", "operands": ["1", "2"], "request_key": secrets.token_hex(16)}

    first = visit.send("/calculations", sent, as_=ada)
    second = visit.send("/calculations", sent, as_=ada)

    assert first.location == second.location
    assert count() == 1


def test_sent_again_with_other_numbers_is_refused(ada: Person, visit: Visit) -> None:
    sent: dict[str, Any] = {"operation": "add", "operands": ["1", "2"], "request_key": secrets.token_hex(16)}
    visit.send("/calculations", sent, as_=ada)

    visit.send("/calculations", {**sent, "operands": ["1", "3"]}, as_=ada, status=422)

    assert count() == 1


# --- the record -------------------------------------------------------------------------------------------------------
def test_record_shows_all_that_was_kept(ada: Person, visit: Visit) -> None:
    keep_line(ada.actor, "rate = 85 EUR/h")
    first = kept()
    keep_line(ada.actor, "2h * rate + (100 USD to EUR at 0.9 on 2026-11-20)")
    row = kept()

    page = visit(f"/calculations/{row.id}", as_=ada)

    shown = words(page.main)
    for part in (row.typed, row.hash, row.previous_hash, first.hash, "Version 2", "1 USD = ", "rate = 85 EUR/h"):
        assert str(part) in shown
    assert page.find("a", href=f"/calculations/{first.id}")
    assert words(page.find(id="result")) == "260.00 EUR"


def test_refused_record_shows_its_place_and_can_be_corrected(ada: Person, visit: Visit) -> None:
    page = visit(f"/calculations/{keep_line(ada.actor, '5 EUR + 3 kg')}", as_=ada)

    assert words(page.find("mark")) == "+"
    assert "cannot be added" in words(page.main)
    assert page.find("button", attrs={"name": "repair"}) is None
    assert page.find("a", href=f"/calculations?use={kept().id}")


def test_record_of_the_first_engine_still_shows_well(ada: Person, visit: Visit) -> None:
    with transaction():
        old = Calculation(
            workspace_id=ada.workspace_id,
            user_id=ada.user_id,
            operation="divide",
            operands=["1190", "3"],
            reading="1190 / 3",
            result="396.6666666666666666666666666666667",
            is_exact=False,
            digits="396.6666666666666666666666666666667",
            created_at=NOW,
        )
        db.session.add(old)

    page = visit(f"/calculations/{old.id}", as_=ada)

    assert words(page.find(id="result")) == "≈ about 396.6666666666666666666666666666667"
    assert "Version 1" in words(page.main)
    assert values_of(page) == ["1190", "3"]
    row = words(visit("/calculations", as_=ada).find(class_="calculation"))
    assert row.startswith("1190 / 3 ≈ 396.666")


def test_revising_makes_a_new_one_that_points_to_the_old(ada: Person, visit: Visit) -> None:
    first = keep_line(ada.actor, "2^10")

    page = visit(f"/calculations?use={first}", as_=ada)
    assert line_of(page) == "2^10"
    assert "This begins with 2^10" in words(page.main)
    revises = page.select_one("#calculator [name=revises_id]")
    assert revises is not None
    visit.send("/calculations", {"expression": "2^11", "revises_id": str(revises["value"])}, as_=ada)

    assert (db.session.get_one(Calculation, first).result, kept().result) == ("1,024", "2,048")
    assert kept().revises_id == first
    assert visit(f"/calculations/{kept().id}", as_=ada).find("a", href=f"/calculations/{first}")
    assert visit(f"/calculations/{first}", as_=ada).find("a", href=f"/calculations/{kept().id}")


def test_using_numbers_again_fills_their_form(ada: Person, visit: Visit) -> None:
    first = keep_operation(ada.actor, Operation.POWER, "2", "10")

    page = visit(f"/calculations?use={first}", as_=ada)

    assert values_of(page) == ["2", "10"]
    assert page.select_one("#by-operation [name=revises_id]")
    assert page.select_one("#calculator [name=revises_id]") is None


def test_hidden_one_is_in_no_list_and_can_be_put_back(ada: Person, ben: Person, visit: Visit) -> None:
    number = keep_line(ada.actor, "40 + 2")
    visit.send(f"/calculations/{number}/hide", {}, as_=ben, status=403)

    page = visit.follow(visit.send(f"/calculations/{number}/hide", {}, as_=ada), as_=ada)

    assert page.find(class_="calculation") is None
    undo = page.select_one(".flash form")
    assert undo is not None
    visit.send(str(undo["action"]), {}, as_=ada)
    assert texts(visit("/calculations", as_=ada).find_all(class_="calculation__result")) == ["42"]


def test_calculation_cannot_be_changed(ada: Person) -> None:
    calculation_id = keep_line(ada.actor)

    with pytest.raises(RuntimeError, match="never changed"), transaction():
        db.session.get_one(Calculation, calculation_id).result = "4"

    db.session.expire_all()
    assert db.session.get_one(Calculation, calculation_id).result == "3"


def test_no_address_changes_a_calculation(ada: Person) -> None:
    calculation_id = keep_line(ada.actor)

    for method in ("post", "put", "patch", "delete"):
        answer = getattr(ada.client, method)(f"/calculations/{calculation_id}", data={"result": "4"})
        assert answer.status_code == 405, method

    assert db.session.get_one(Calculation, calculation_id).result == "3"


def test_calculation_does_not_exist_for_a_stranger(ada: Person, cy: Person, visit: Visit) -> None:
    calculation_id = keep_line(ada.actor, note="secret")

    for address in (
        f"/calculations/{calculation_id}",
        *(f"/calculations?{p}={calculation_id}" for p in ("use", "kept")),
    ):
        visit(address, as_=cy, status=404)
    assert "secret" not in visit("/calculations", as_=cy).text
    visit.send("/calculations", {"expression": "1", "revises_id": str(calculation_id)}, as_=cy, status=404)
    visit.send(f"/calculations/{calculation_id}/hide", {}, as_=cy, status=404)
    assert count() == 1


def test_calculation_is_seen_by_the_workspace(ada: Person, ben: Person, visit: Visit) -> None:
    calculation_id = keep_line(ada.actor)

    assert "Ada Lovelace" in words(visit(f"/calculations/{calculation_id}", as_=ben).main)
    assert "Ada Lovelace" in words(visit("/calculations", as_=ben).main)


def test_visitor_is_asked_to_log_in(visit: Visit) -> None:
    for path in ("/calculations", "/calculations/preview", "/calculations/angle"):
        assert "/login" in visit.send(path, {"expression": "1 + 2"}).location
    assert count() == 0


# --- the history ------------------------------------------------------------------------------------------------------
def test_history_is_narrowed_by_what_the_address_asks(ada: Person, visit: Visit) -> None:
    task = make_task(ada, title="Archive")
    customer_id = create_customer(details=CustomerDetails(name="Acme"), actor=ada.actor, now=NOW)
    keep_line(ada.actor, "100 * 1.19", task_id=task.id, note="With tax")
    keep_line(ada.actor, "7 / 0", customer_id=customer_id)
    keep(typed=TypedExpression("2 + 3"), actor=ada.actor, now=NOW - timedelta(days=3))

    def found(query: str) -> list[str]:
        page = visit(f"/calculations?{query}", as_=ada)
        assert page.find(class_="applied")
        return texts(page.find_all(class_="calculation__text"))

    assert found("q=tax") == found("kind=multiply") == found(f"task={task.id}") == ["100 * 1.19"]
    assert found("outcome=refused") == found(f"customer={customer_id}") == ["7 / 0"]
    assert found("outcome=answered") == ["2 + 3", "100 * 1.19"]
    assert found(f"day={NOW - timedelta(days=3):%Y-%m-%d}") == ["2 + 3"]
    assert found("q=nothing+like+it") == []


def test_filter_that_cannot_be_read_is_refused(ada: Person, visit: Visit) -> None:
    for query in ("kind=conjure", "outcome=lost", "day=2026-02-30", "task=x", "customer=-1", "q=" + "x" * 201):
        visit(f"/calculations?{query}", as_=ada, status=422)


def test_history_is_paged_newest_first_both_ways(ada: Person, visit: Visit) -> None:
    for number in range(45):
        keep_line(ada.actor, f"{number} + 0")

    first = visit("/calculations", as_=ada)
    second = visit(pager(first, "next"), as_=ada)
    third = visit(pager(second, "next"), as_=ada)

    results = [texts(page.find_all(class_="calculation__result")) for page in (first, second, third)]
    assert [result for shown in results for result in shown] == [str(number) for number in range(44, -1, -1)]
    assert first.find("a", rel="prev") is None
    assert third.find("a", rel="next") is None
    back = visit(pager(third, "prev"), as_=ada)
    assert texts(back.find_all(class_="calculation__result")) == results[1]


def pager(page: BeautifulSoup, way: str) -> str:
    link = page.find("a", rel=way)
    assert link is not None
    return str(link["href"])


def test_cursor_that_cannot_be_read_is_refused(ada: Person, visit: Visit) -> None:
    for after in ("nonsense", "W10", "WyJuZXdlciIsIngiXQ", "💥", "%00", "WyJvbGRlciIsLTFd"):
        visit(f"/calculations?after={after}", as_=ada, status=422)


def test_number_that_no_calculation_has_is_not_found(ada: Person, visit: Visit) -> None:
    for number in ("0", "999999", "2147483648", "9223372036854775808", "9" * 40):
        visit(f"/calculations/{number}", as_=ada, status=404)


def test_use_of_nonsense_shows_an_empty_form(ada: Person, visit: Visit) -> None:
    for use in ("x", "-1", "", "²"):
        assert values_of(visit(f"/calculations?use={use}", as_=ada)) == ["", ""], use


def test_revising_nonsense_is_refused(ada: Person, visit: Visit) -> None:
    for revises_id in ("x", "-1", "0", "9" * 30):
        sent = {"operation": "add", "operands": ["1", "2"], "revises_id": revises_id}
        visit.send("/calculations", sent, as_=ada, status=422)

    assert count() == 0


def test_longest_results_are_kept_whole(ada: Person, visit: Visit) -> None:
    page = visit.follow(visit.send("/calculations", {"expression": "2^10000"}, as_=ada), as_=ada)

    assert str(2**10000) in page.text.replace(",", "")


def test_pages_take_the_same_few_statements_whatever_the_history(ada: Person, visit: Visit) -> None:
    for _ in range(30):
        keep_line(ada.actor)

    # BEGIN, who, the timer that runs, the one that ran last, how they reckon, their names, tasks, customers, the page.
    visit("/calculations", as_=ada, most_statements=11)
