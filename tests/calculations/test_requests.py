"""What a calculation must look like, whichever door it comes through."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from webapp.calculations.engine.operations import OPERATORS, Operation
from webapp.calculations.engine.settings import Settings
from webapp.calculations.requests import OperationRequest, problems, read_attempt, read_request

PLAIN = Settings()


def problems_of(values: dict[str, Any], settings: Settings = PLAIN) -> dict[str, str]:
    with pytest.raises(ValidationError) as refused:
        read_request(values, settings)
    return dict(problems(refused.value))


@pytest.mark.parametrize(
    "operands,read",
    [
        (["1.5", "2"], ("1.5", "2")),
        ([1, -2], ("1", "-2")),
        ([10**1000, "2"], ("1" + "0" * 1000, "2")),
        ([" 3h 45m ", "85 EUR/h"], ("3h 45m", "85 EUR/h")),
        (["1", "2", "", " "], ("1", "2")),
        (("1", "2"), ("1", "2")),
    ],
)
def test_operands_are_kept_as_typed(operands: Any, read: tuple[str, ...]) -> None:
    request = read_request({"operation": "multiply", "operands": operands}, PLAIN)

    assert request.operands == read
    assert request.operation is Operation.MULTIPLY


def test_schema_offers_the_engines_operations() -> None:
    schema = OperationRequest.model_json_schema()

    assert schema["$defs"]["Operation"]["enum"] == [operation.value for operation in OPERATORS]


@pytest.mark.parametrize(
    "values,field,words",
    [
        # A float is no longer what was written.
        ({"operation": "add", "operands": [0.1, "2"]}, "operands-0", "as text"),
        ({"operation": "add", "operands": ["1", True]}, "operands-1", "as text"),
        ({"operation": "add", "operands": ["1", None]}, "operands-1", "as text"),
        ({"operation": "add", "operands": "12"}, "operands", "Enter two numbers"),
        ({"operation": "add", "operands": {"0": "1"}}, "operands", "Enter two numbers"),
        ({"operation": "add", "operands": [10**5000, 1]}, "operands-0", "2,000 fit"),
        ({"operation": "add", "operands": ["1"] * 51}, "operands", "50 fit"),
        ({"operation": "add", "operands": ["1"]}, "operands-1", "takes two numbers"),
        ({"operation": "divide", "operands": ["1", "2", "3"]}, "operands-2", "takes two numbers"),
        ({"operation": None, "operands": ["1", "2"]}, "operation", "Choose an operation"),
        ({"operation": ["add"], "operands": ["1", "2"]}, "operation", "is not one of the operations"),
        ({"operation": "conjure", "operands": ["1", "2"]}, "operation", "add, subtract, multiply, divide"),
        ({"operation": "add", "operands": ["1", "2"], "note": "x" * 201}, "note", "200"),
        ({"operation": "add", "operands": ["1", "2"], "revises_id": 2**31}, "revises_id", "less than"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(values: dict[str, Any], field: str, words: str) -> None:
    found = problems_of(values)

    assert list(found) == [field]
    assert words in found[field]


@pytest.mark.parametrize("operation", ["divide", "integer_divide", "modulus", "share", "root"])
def test_division_by_zero_is_refused_before_anything_runs(operation: str) -> None:
    for zero in ("0", "-0.0", "0 EUR", "1 - 1", "0%"):
        found = problems_of({"operation": operation, "operands": ["1", zero]})

        assert list(found) == ["operands-1"], zero
        assert "zero" in found["operands-1"]


def test_a_day_is_not_zero() -> None:
    values = {"operation": "divide", "operands": ["1", "2026-11-20"]}

    assert read_request(values, PLAIN).operands == ("1", "2026-11-20")


def test_change_from_zero_is_refused_beside_the_first_number() -> None:
    assert list(problems_of({"operation": "percent_change", "operands": ["0", "5"]})) == ["operands-0"]


def test_zero_is_read_as_the_person_writes_numbers() -> None:
    values = {"operation": "divide", "operands": ["1", "0,0"]}

    assert "operands-1" in problems_of(values, Settings(number_format="1.234,5"))


def test_an_attempt_may_divide_by_zero() -> None:
    assert read_attempt({"operation": "divide", "operands": ["1", "0"]}).operands == ("1", "0")


def test_everything_that_is_wrong_is_said_at_once() -> None:
    found = problems_of({"operation": "conjure", "operands": ["1", "", "3"]})

    assert set(found) == {"operation", "operands-1"}
