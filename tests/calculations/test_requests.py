"""What a calculation must look like, whichever door it comes through."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from webapp.calculations.engine.first.operators import Operation
from webapp.calculations.engine.numbers import PLAIN_STYLE, NumberStyle
from webapp.calculations.requests import CalculationRequest, problems, read_request

GERMAN = NumberStyle.of("1.234,5")


def problems_of(values: dict[str, Any], style: NumberStyle = PLAIN_STYLE) -> dict[str, str]:
    with pytest.raises(ValidationError) as refused:
        read_request(values, style)
    return dict(problems(refused.value))


@pytest.mark.parametrize(
    "operands,read",
    [
        (["1.5", "2"], ["1.5", "2"]),
        ([1, -2], ["1", "-2"]),
        ([Decimal("0.1"), "1e3"], ["0.1", "1000"]),
        ([10**400, 1], ["1e400", "1"]),
        (["1", "2", "", " "], ["1", "2"]),
    ],
)
def test_numbers_are_read(operands: list[Any], read: list[str]) -> None:
    request = CalculationRequest.model_validate({"operation": "add", "operands": operands})

    assert request.operation is Operation.ADD
    assert request.operands == tuple(Decimal(number) for number in read)


def test_numbers_are_read_in_the_style_of_their_writer() -> None:
    assert read_request({"operation": "add", "operands": ["1.234,5", "1"]}, GERMAN).operands[0] == Decimal("1234.5")


@pytest.mark.parametrize(
    "values,field,words",
    [
        # A float is no longer what was written.
        ({"operation": "add", "operands": [0.1, "2"]}, "operands-0", "as text"),
        ({"operation": "add", "operands": ["1", True]}, "operands-1", "as text"),
        ({"operation": "add", "operands": ["1", None]}, "operands-1", "as text"),
        ({"operation": "add", "operands": "12"}, "operands", "Enter two numbers"),
        ({"operation": "add", "operands": {"0": "1"}}, "operands", "Enter two numbers"),
        ({"operation": "add", "operands": [10**5000, 1]}, "operands-0", "longer than a number may be"),
        ({"operation": None, "operands": ["1", "2"]}, "operation", "Choose an operation"),
        ({"operation": ["add"], "operands": ["1", "2"]}, "operation", "is not one of the operations"),
        ({"operation": "divide", "operands": ["1", "0"]}, "operands-1", "divided by zero"),
        ({"operation": "power", "operands": ["9", "9e9"]}, "operands", "too large"),
        ({"operation": "add", "operands": ["1", "2"], "note": "x" * 201}, "note", "200"),
        ({"operation": "add", "operands": ["1", "2"], "revises_id": 2**31}, "revises_id", "less than"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(values: dict[str, Any], field: str, words: str) -> None:
    found = problems_of(values)

    assert list(found) == [field]
    assert words in found[field]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    found = problems_of({"operation": "conjure", "operands": ["x", "", "3"]})

    assert set(found) == {"operation", "operands-0", "operands-1"}
