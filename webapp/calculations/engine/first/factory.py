"""Finds the operator of an operation, and works a calculation out from beginning to end."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from webapp.calculations.engine.first.answers import Answer, Refusal
from webapp.calculations.engine.first.operators import (
    AbsoluteDifference,
    Add,
    Divide,
    IntegerDivide,
    Modulus,
    Multiply,
    Operation,
    Operator,
    PercentOf,
    Power,
    Root,
    Subtract,
)

FEWEST_OPERANDS = 2

_OPERATORS: dict[Operation, type[Operator]] = {
    Operation.ADD: Add,
    Operation.SUBTRACT: Subtract,
    Operation.MULTIPLY: Multiply,
    Operation.DIVIDE: Divide,
    Operation.POWER: Power,
    Operation.ROOT: Root,
    Operation.MODULUS: Modulus,
    Operation.INTEGER_DIVIDE: IntegerDivide,
    Operation.PERCENT_OF: PercentOf,
    Operation.ABSOLUTE_DIFFERENCE: AbsoluteDifference,
}


def operator_for(operation: Operation) -> Operator:
    """Return what carries out this operation."""
    return _OPERATORS[operation]()


def work_out(operation: Operation, operands: Sequence[Decimal]) -> Answer:
    """
    Return the result of an operation.

    :raises Refusal: when there are too few or too many operands, no such result, or one that is too long
    """
    operator = operator_for(operation)
    if len(operands) < FEWEST_OPERANDS:
        raise Refusal(f"{operator.label} takes two numbers. Enter another one.", operand=len(operands))
    if len(operands) > operator.most_operands:
        most = "two" if operator.most_operands == FEWEST_OPERANDS else str(operator.most_operands)
        raise Refusal(
            f"{operator.label} takes {most} numbers. Empty this field, or choose another operation.",
            operand=operator.most_operands,
        )
    return operator.work_out(operands)
