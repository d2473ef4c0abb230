"""The reference: every example answers what is shown, in every number format, and every refusal is in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup

from tests.cast import Person
from tests.page import Visit, texts, words
from webapp.calculations.engine import CalculationError, evaluate
from webapp.calculations.engine.errors import Code
from webapp.calculations.engine.functions import FUNCTIONS
from webapp.calculations.engine.operations import OPERATORS, Operation
from webapp.calculations.engine.settings import Settings
from webapp.calculations.engine.units import unit_groups
from webapp.calculations.queries.reference import EXAMPLE_DAY, list_completions, list_sections
from webapp.calculations.rules.reference import DIFFERENCES, REFUSALS, TOPICS

FORMATS = ("1,234.5", "1.234,5", "1 234,5", "1'234.5", "1234.5")


def examples() -> Iterator[tuple[str, str]]:
    for topic in TOPICS:
        for note in topic.entries:
            yield from note.examples
    for note in DIFFERENCES:
        yield from note.examples
    for operator in OPERATORS.values():
        yield from operator.examples
    for function in FUNCTIONS.values():
        yield from function.examples


def test_each_example_answers_what_is_shown() -> None:
    for typed, answer in examples():
        assert evaluate(typed, settings=Settings(today=EXAMPLE_DAY)).text == answer, typed


@pytest.mark.parametrize("number_format", FORMATS)
def test_no_example_is_refused_in_a_number_format(number_format: str) -> None:
    refused = [
        example
        for section in list_sections(number_format)
        if section.anchor != "errors"
        for entry in section.entries
        for example in entry.examples
        if example.is_refused
    ]

    assert refused == []


def test_every_refusal_is_explained() -> None:
    assert set(REFUSALS) == set(Code)


def test_each_example_is_refused_as_it_says() -> None:
    for code, (_, typed) in REFUSALS.items():
        if typed:
            with pytest.raises(CalculationError) as refused:
                evaluate(typed, settings=Settings(today=EXAMPLE_DAY))

            assert refused.value.code == code, typed


def test_page_shows_every_operation_function_and_unit(ada: Person, visit: Visit) -> None:
    page = visit("/calculations/reference", as_=ada)

    anchors = {str(tag["id"]) for tag in page.find_all(id=True)}
    assert {f"operation-{operation}" for operation in Operation} <= anchors
    assert {f"function-{function.name}" for function in FUNCTIONS.values()} <= anchors
    assert {f"error-{code}" for code in Code} <= anchors
    assert {str(link["href"])[1:] for link in page.select(".reference__links a")} <= anchors
    for label, units in unit_groups():
        shown = texts(page.select(f"#units-{label.lower().replace(' ', '-')} code"))
        assert shown == [unit.unit.name for unit in units]
    # What one of a unit is stands in the reader's number format.
    mile = next(row for row in page.select("#units-length tr") if "mile" in words(row))
    assert texts(mile.find_all(["th", "td"])) == ["mi", "mile", "1,609.344 m", "miles", ""]
    # An example is a link that fills the line in.
    link = next(tag for tag in page.select(".reference__example a") if words(tag) == "2^10")

    line = visit(str(link["href"]), as_=ada)
    assert value_of(line) == "2^10"
    assert words(line.find(id="result")) == "1,024"


def test_names_to_complete_are_each_there_once() -> None:
    names = [name for _, name, _, _ in list_completions()]

    assert len(names) == len(set(names))
    assert {"sqrt", "root", "pi", "hours"} <= set(names)


def value_of(page: BeautifulSoup) -> str:
    field = page.find("input", id="expression")
    assert field is not None
    return str(field["value"])


def test_reference_is_for_those_who_are_logged_in(visit: Visit) -> None:
    assert texts(visit("/login").find_all("h1"))
    assert "/login" in visit.app.test_client().get("/calculations/reference").location
