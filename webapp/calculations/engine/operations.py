"""What can be done with two values: the operations by name, and the shape that the class of each has."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from webapp.calculations.engine.values import Value

# How tightly signs hold what stands beside them; the higher, the tighter.
BIND_COMPARE = 20
BIND_CONVERT = 30
BIND_SUM = 40
BIND_PRODUCT = 50
BIND_MINUS = 60
BIND_POWER = 70
BIND_POSTFIX = 80


class Operation(StrEnum):
    """What can be done with numbers; the value stands in forms, in schemas and in the database."""

    ADD = "add"
    SUBTRACT = "subtract"
    MULTIPLY = "multiply"
    DIVIDE = "divide"
    POWER = "power"
    ROOT = "root"
    MODULUS = "modulus"
    INTEGER_DIVIDE = "integer_divide"
    PERCENT_OF = "percent_of"
    PERCENT_OFF = "percent_off"
    PERCENT_ON = "percent_on"
    SHARE = "share"
    PERCENT_CHANGE = "percent_change"
    ABSOLUTE_DIFFERENCE = "absolute_difference"


class Operator(Protocol):
    """One way to make a value of two."""

    label: str
    # How it is read, in the letters of the form's fields: “a ÷ b”.
    reading: str
    # How it is typed between two values, the first being the one that readings use; () for a function alone.
    signs: tuple[str, ...]
    # The function of the same meaning, or None.
    function: str | None
    binding: int
    is_right: bool
    # Two, or any number from two, taken from the left.
    most_operands: int
    # Pairs of what is typed and what is answered; the reference shows them and the tests run them.
    examples: tuple[tuple[str, str], ...]

    def apply(self, left: Value, right: Value) -> Value:
        """
        Return the result.

        :raises CalculationError: without a place; the evaluator knows where the sign stands
        """
        ...
