"""The pages of calculations: what is kept, what is refused, and what comes back."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from tests.cast import NOW, Person
from tests.page import Visit, error_of, texts, words
from webapp.accounts.models import User
from webapp.calculations import operations
from webapp.calculations.engine.first.operators import Operation
from webapp.calculations.models import Calculation
from webapp.storage.db import db
from webapp.storage.transaction import transaction
from webapp.values.actor import Actor


def calculate(actor: Actor, operation: Operation = Operation.ADD, *operands: str, **more: Any) -> int:
    return operations.calculate(
        operation=operation,
        operands=[Decimal(operand) for operand in operands or ("1", "2")],
        actor=actor,
        now=NOW,
        **more,
    )


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Calculation)) or 0


def set_number_format(person: Person, number_format: str) -> None:
    with transaction():
        db.session.get_one(User, person.user_id).number_format = number_format


def values_of(page: BeautifulSoup) -> list[str]:
    return [str(field["value"]) for field in page.find_all("input", attrs={"name": "operands"})]


def test_calculating_keeps_who_when_inputs_and_result(ada: Person, visit: Visit) -> None:
    sent = {"operation": "divide", "operands": ["1190", "8"], "note": "Acme, per day"}
    before = datetime.now(UTC).replace(microsecond=0)

    answer = visit.send("/calculations", sent, as_=ada)

    kept = db.session.scalars(select(Calculation)).one()
    assert answer.location == f"/calculations/{kept.id}"
    assert (kept.user_id, kept.workspace_id) == (ada.user_id, ada.workspace_id)
    assert before <= kept.created_at <= datetime.now(UTC)
    assert (kept.operation, kept.operands, kept.result, kept.is_exact) == ("divide", ["1190", "8"], "148.75", True)
    assert kept.note == "Acme, per day"
    page = visit.follow(answer, as_=ada)
    assert words(page.find(id="result")) == "148.75"
    assert words(page.h1) == "1,190 ÷ 8"
    assert "Ada Lovelace" in words(page.main)
    assert "Acme, per day" in words(page.main)


def test_rounded_result_says_so(ada: Person, visit: Visit) -> None:
    page = visit.follow(visit.send("/calculations", {"operation": "divide", "operands": ["1", "3"]}, as_=ada), as_=ada)

    assert words(page.find(id="result")) == "0." + "3" * 34
    assert "≈" in words(page.find(class_="calculator__reading"))
    assert texts(page.find_all(class_="badge")) == ["Rounded to 34 digits"]


def test_exact_result_says_so(ada: Person, visit: Visit) -> None:
    page = visit.follow(visit.send("/calculations", {"operation": "root", "operands": ["27", "3"]}, as_=ada), as_=ada)

    assert words(page.find(id="result")) == "3"
    assert "≈" not in words(page.find(class_="calculator__reading"))
    assert texts(page.find_all(class_="badge")) == ["Exact"]


def test_numbers_are_read_and_written_as_the_person_writes_them(ada: Person, visit: Visit) -> None:
    set_number_format(ada, "1.234,5")
    sent = {"operation": "multiply", "operands": ["1.234,5", "−1000"]}

    page = visit.follow(visit.send("/calculations", sent, as_=ada), as_=ada)

    assert words(page.find(id="result")) == "−1.234.500"
    assert words(page.h1) == "1.234,5 × (−1.000)"
    assert values_of(page) == ["1234,5", "-1000"]


def test_number_in_another_format_is_refused_and_shown_back(ada: Person, visit: Visit) -> None:
    set_number_format(ada, "1.234,5")

    answer = visit.send("/calculations", {"operation": "add", "operands": ["1,234.5", "1"]}, as_=ada, status=422)

    page = BeautifulSoup(answer.text, "html.parser")
    assert "You write numbers as 1.234,5" in error_of(page, "operands")
    assert values_of(page) == ["1,234.5", "1"]
    assert count() == 0


@pytest.mark.parametrize(
    "operation,operands,words_of_error",
    [
        ("divide", ["1", "0"], "divided by zero"),
        ("add", ["1e999", "1"], "too large"),
        ("add", ["NaN", "Infinity"], "one can calculate with"),
        ("add", ["", "2"], "Enter a number"),
        ("add", ["1", "", "3"], "Enter a number"),
        ("add", [], "takes two numbers"),
        ("add", ["1"], "takes two numbers"),
        ("add", ["1"] * 60, "There are 60 numbers here; 50 fit"),
        ("add", ["9" * 10_000, "1"], "longer than a number may be"),
        ("add", ["😀", "٣"], "digits 0 to 9"),
        ("add", ["\u202e123", "1"], "not a number"),
        ("add", ["1\x00", "1"], "not a number"),
        ("subtract", ["1", "2", "3"], "takes two numbers"),
        ("power", ["9", "9e99"], "too large"),
        ("root", ["-4", "2"], "no even root"),
        ("conjure", ["1", "2"], "“conjure” is not one of the operations"),
        ("", ["1", "2"], "Choose an operation"),
        ("<script>", ["<b>", "\"'"], "is not one of the operations"),
    ],
)
def test_bad_input_comes_back_as_typed_with_a_sentence(
    ada: Person, visit: Visit, operation: str, operands: list[str], words_of_error: str
) -> None:
    sent = {"operation": operation, "operands": operands, "note": "kept"}

    answer = visit.send("/calculations", sent, as_=ada, status=422)

    page = BeautifulSoup(answer.text, "html.parser")
    assert words_of_error in words(page.find("form", id="calculator"))
    assert [value.replace("\ufffd", "\x00") for value in values_of(page)][: len(operands)] == operands
    note = page.find("input", attrs={"name": "note"})
    assert note is not None
    assert note["value"] == "kept"
    assert count() == 0


def test_refusal_stands_beside_its_number(ada: Person, visit: Visit) -> None:
    answer = visit.send("/calculations", {"operation": "divide", "operands": ["1", "0"]}, as_=ada, status=422)

    page = BeautifulSoup(answer.text, "html.parser")
    first, second = page.find_all("input", attrs={"name": "operands"})
    assert first.get("aria-invalid") is None
    assert second["aria-invalid"] == "true"
    assert words(page.find(id=second["aria-describedby"])) == "Nothing can be divided by zero. Enter another number."


@pytest.mark.parametrize("note", ["x" * 201, "a\x00b"])
def test_note_that_cannot_be_kept_is_refused(ada: Person, visit: Visit, note: str) -> None:
    sent = {"operation": "add", "operands": ["1", "2"], "note": note}

    visit.send("/calculations", sent, as_=ada, status=422)

    assert count() == 0


def test_note_keeps_what_people_write(ada: Person, visit: Visit) -> None:
    note = "  Ангебот 😀 עברית <b>  "

    answer = visit.send("/calculations", {"operation": "add", "operands": ["1", "2"], "note": note}, as_=ada)

    assert db.session.scalars(select(Calculation)).one().note == note.strip()
    assert note.strip() in words(visit.follow(answer, as_=ada).main)


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


def test_using_again_fills_the_form_and_changes_nothing(ada: Person, visit: Visit) -> None:
    first = calculate(ada.actor, Operation.POWER, "2", "10")

    page = visit(f"/calculations?use={first}", as_=ada)
    assert values_of(page) == ["2", "10"]
    assert "These are the numbers of 2 ^ 10" in words(page.main)
    revises = page.find("input", attrs={"name": "revises_id"})
    assert revises is not None
    sent = {"operation": "power", "operands": ["2", "11"], "revises_id": str(revises["value"])}
    answer = visit.send("/calculations", sent, as_=ada)

    old = db.session.get_one(Calculation, first)
    assert (old.operands, old.result) == (["2", "10"], "1024")
    new = db.session.scalars(select(Calculation).where(Calculation.id != first)).one()
    assert (new.result, new.revises_id) == ("2048", first)
    assert visit.follow(answer, as_=ada).find("a", href=f"/calculations/{first}")
    assert visit(f"/calculations/{first}", as_=ada).find("a", href=f"/calculations/{new.id}")


def test_calculation_cannot_be_changed(ada: Person) -> None:
    calculation_id = calculate(ada.actor)

    with pytest.raises(RuntimeError, match="never changed"), transaction():
        db.session.get_one(Calculation, calculation_id).result = "4"

    db.session.expire_all()
    assert db.session.get_one(Calculation, calculation_id).result == "3"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_no_address_changes_a_calculation(ada: Person, method: str) -> None:
    calculation_id = calculate(ada.actor)

    answer = getattr(ada.client, method)(f"/calculations/{calculation_id}", data={"result": "4"})

    assert answer.status_code == 405
    assert db.session.get_one(Calculation, calculation_id).result == "3"


def test_calculation_does_not_exist_for_a_stranger(ada: Person, cy: Person, visit: Visit) -> None:
    calculation_id = calculate(ada.actor, note="secret")

    visit(f"/calculations/{calculation_id}", as_=cy, status=404)
    visit(f"/calculations?use={calculation_id}", as_=cy, status=404)
    assert "secret" not in visit("/calculations", as_=cy).text
    sent = {"operation": "add", "operands": ["1", "2"], "revises_id": str(calculation_id)}
    visit.send("/calculations", sent, as_=cy, status=404)
    assert count() == 1


def test_calculation_is_seen_by_the_workspace(ada: Person, ben: Person, visit: Visit) -> None:
    calculation_id = calculate(ada.actor)

    assert "Ada Lovelace" in words(visit(f"/calculations/{calculation_id}", as_=ben).main)
    assert "Ada Lovelace" in words(visit("/calculations", as_=ben).main)


def test_visitor_is_asked_to_log_in(visit: Visit) -> None:
    assert "/login" in visit.send("/calculations", {"operation": "add", "operands": ["1", "2"]}).location
    assert count() == 0


def test_history_is_paged_newest_first_both_ways(ada: Person, visit: Visit) -> None:
    for number in range(45):
        calculate(ada.actor, Operation.ADD, str(number), "0")

    first = visit("/calculations", as_=ada)
    second = visit(pager(first, "next"), as_=ada)
    third = visit(pager(second, "next"), as_=ada)

    results = [texts(page.find_all(class_="calculation__result")) for page in (first, second, third)]
    assert [result for shown in results for result in shown] == [str(number) for number in range(44, -1, -1)]
    assert first.find("a", rel="prev") is None
    assert third.find("a", rel="next") is None
    back = visit(pager(third, "prev"), as_=ada)
    assert texts(back.find_all(class_="calculation__result")) == results[1]
    assert visit(pager(back, "prev"), as_=ada).find("a", rel="prev") is None


def pager(page: BeautifulSoup, way: str) -> str:
    link = page.find("a", rel=way)
    assert link is not None
    return str(link["href"])


@pytest.mark.parametrize("after", ["nonsense", "W10", "WyJuZXdlciIsIngiXQ", "💥", "%00", "WyJvbGRlciIsLTFd"])
def test_cursor_that_cannot_be_read_is_refused(ada: Person, visit: Visit, after: str) -> None:
    visit(f"/calculations?after={after}", as_=ada, status=422)


@pytest.mark.parametrize("number", ["0", "999999", "2147483648", "9223372036854775808", "9" * 40])
def test_number_that_no_calculation_has_is_not_found(ada: Person, visit: Visit, number: str) -> None:
    visit(f"/calculations/{number}", as_=ada, status=404)


@pytest.mark.parametrize("use", ["x", "-1", "", "²"])
def test_use_of_nonsense_shows_an_empty_form(ada: Person, visit: Visit, use: str) -> None:
    assert values_of(visit(f"/calculations?use={use}", as_=ada)) == ["", ""]


@pytest.mark.parametrize("revises_id", ["x", "-1", "0", "9" * 30])
def test_revising_nonsense_is_refused(ada: Person, visit: Visit, revises_id: str) -> None:
    sent = {"operation": "add", "operands": ["1", "2"], "revises_id": revises_id}

    visit.send("/calculations", sent, as_=ada, status=422)

    assert count() == 0


def test_longest_numbers_are_kept_whole(ada: Person, visit: Visit) -> None:
    longest = "9" * 500 + "." + "9" * 500

    answer = visit.send("/calculations", {"operation": "subtract", "operands": [longest, "0"]}, as_=ada)

    assert db.session.scalars(select(Calculation)).one().result == longest
    assert words(visit.follow(answer, as_=ada).find(id="result")).replace(",", "") == longest


def test_pages_take_the_same_few_statements_whatever_the_history(ada: Person, visit: Visit) -> None:
    for _ in range(30):
        calculate(ada.actor)

    # BEGIN, who, the timer that runs, the one that ran last, the page.
    visit("/calculations", as_=ada, most_statements=6)
