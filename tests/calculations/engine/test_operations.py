"""The one table of operations: that it is whole, and that every example in it comes out as it says."""

from __future__ import annotations

import pytest

from webapp.calculations.engine import CalculationError, Code, Operation, OperationFactory, apply, evaluate
from webapp.calculations.engine.operations import OPERATORS, Operator


def test_each_operation_has_its_class() -> None:
    assert set(OPERATORS) == set(Operation)
    assert len(set(OPERATORS.values())) == len(OPERATORS)


def test_the_factory_makes_what_the_table_says() -> None:
    for operation in Operation:
        operator: Operator = OperationFactory.create(operation)

        assert type(operator) is OPERATORS[operation]
        assert operator.signs or operator.function, f"{operation} cannot be typed"
        assert operator.label
        assert operator.examples


def test_no_sign_and_no_function_means_two_things() -> None:
    signs = [sign for operator in OPERATORS.values() for sign in operator.signs]
    functions = [operator.function for operator in OPERATORS.values() if operator.function]

    assert len(set(signs)) == len(signs)
    assert len(set(functions)) == len(functions)


def test_examples_come_out_as_they_say_by_their_operation() -> None:
    for operation, operator in OPERATORS.items():
        for typed, answered in operator.examples:
            result = evaluate(typed)
            assert result.text == answered, typed
            assert operation in result.operations, typed


def test_an_operation_is_found_by_its_name() -> None:
    assert [OperationFactory.named(operation.value) for operation in Operation] == list(Operation)


@pytest.mark.parametrize("text", ["", "ADD", "logarithm", "__class__", "x" * 1_000])
def test_an_unknown_operation_is_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(CalculationError) as refusal:
        OperationFactory.named(text)

    assert refusal.value.code == Code.UNKNOWN_OPERATION
    assert refusal.value.hint
    assert all(operation.value in refusal.value.message for operation in Operation)
    assert len(refusal.value.message) < 400


def test_what_is_no_operation_is_not_made() -> None:
    with pytest.raises(CalculationError) as refusal:
        OperationFactory.create("logarithm")  # type: ignore[arg-type]

    assert refusal.value.code == Code.UNKNOWN_OPERATION
    assert "integer_divide" in refusal.value.message


@pytest.mark.parametrize(
    "operation, operands, text, reading",
    [
        (Operation.ADD, ["1", "2", "3.5"], "6.5", "1 + 2 + 3.5"),
        (Operation.SUBTRACT, ["10 EUR", "10%"], "9.00 EUR", "10 EUR - 10%"),
        (Operation.DIVIDE, ["1 + 1", "4"], "0.5", "(1 + 1) / 4"),
        (Operation.ROOT, ["27", "3"], "3", "root(27; 3)"),
        (Operation.PERCENT_OF, ["10", "200"], "20", "10% of 200"),
        (Operation.PERCENT_OF, ["10%", "200"], "20", "10% of 200"),
        (Operation.PERCENT_OFF, ["1 + 9", "200"], "180", "(1 + 9)% off 200"),
        (Operation.PERCENT_CHANGE, ["80", "100"], "25%", "percent_change(80; 100)"),
        (Operation.ABSOLUTE_DIFFERENCE, ["3", "10"], "7", "difference(3; 10)"),
    ],
)
def test_operands_are_expressions(operation: Operation, operands: list[str], text: str, reading: str) -> None:
    result = apply(operation, operands)

    assert (result.text, result.reading) == (text, reading)
    assert operation in result.operations
    assert evaluate(result.reading).text == text, "the reading can be typed again"


@pytest.mark.parametrize(
    "operation, operands, code, operand, position",
    [
        (Operation.DIVIDE, ["1", "0"], Code.DIVISION_BY_ZERO, 1, None),
        (Operation.DIVIDE, ["1/0", "2"], Code.DIVISION_BY_ZERO, 0, 1),
        (Operation.ADD, ["1", "", "2"], Code.EMPTY, 1, None),
        (Operation.ADD, ["1", "2", "3 kg"], Code.UNIT_MISMATCH, 2, None),
        (Operation.MODULUS, ["7", "x = 3"], Code.SYNTAX, 1, 2),
        (Operation.PERCENT_OF, ["10 EUR", "200"], Code.WRONG_KIND, 1, None),
        (Operation.ADD, ["1"], Code.ARGUMENTS, None, None),
        (Operation.POWER, ["2", "3", "4"], Code.ARGUMENTS, None, None),
        (Operation.ADD, ["1"] * 51, Code.ARGUMENTS, None, None),
    ],
)
def test_a_refusal_says_which_operand_it_is_about(
    operation: Operation, operands: list[str], code: Code, operand: int | None, position: int | None
) -> None:
    with pytest.raises(CalculationError) as refusal:
        apply(operation, operands)

    assert (refusal.value.code, refusal.value.operand, refusal.value.position) == (code, operand, position)


def test_the_table_says_which_operand_can_never_be_zero() -> None:
    for operation, operator in OPERATORS.items():
        for place, operands in enumerate((["0", "5"], ["5", "0"])):
            never = operator.never_zero is not None and operator.never_zero[0] == place
            try:
                apply(operation, operands)
            except CalculationError:
                assert never, (operation, operands)
            else:
                assert not never, (operation, operands)
