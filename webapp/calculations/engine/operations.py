"""
What can be done with two values: one small class per operation, and the one table that all else is made from.

The parser takes its signs from here, the evaluator its arithmetic, the form its choices and the reference its examples.
A new operation is a member, a class, a line in the table and its tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Protocol

from webapp.calculations.engine import arithmetic
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.limits import MOST_OPERANDS
from webapp.calculations.engine.values import Value

# How tightly signs hold what stands beside them; the higher, the tighter.
BIND_COMPARE = 20
BIND_CONVERT = 30
BIND_SUM = 40
BIND_PRODUCT = 50
BIND_MINUS = 60
BIND_POWER = 70
BIND_POSTFIX = 80

# A longer name is not said again.
_SHOWN_LENGTH = 40
_BY_ZERO = "Nothing can be divided by zero. Enter another number."


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
    # Whether its first operand, in the form by operation, is a percentage also without its sign.
    is_of_percentage: bool = False
    # Which operand can never be zero, from 0, and what to say beside it.
    never_zero: tuple[int, str] | None = None
    # Pairs of what is typed and what is answered; the reference shows them and the tests run them.
    examples: tuple[tuple[str, str], ...]

    def apply(self, left: Value, right: Value) -> Value:
        """
        Return the result.

        :raises CalculationError: without a place; the evaluator knows where the sign stands
        """
        ...


class Add(Operator):
    """The sum of two or more values; a percentage is added of what stands before it."""

    label = "Add"
    reading = "a + b + …"
    signs = ("+",)
    function = None
    binding = BIND_SUM
    is_right = False
    most_operands = MOST_OPERANDS
    examples = (
        ("0.1 + 0.2", "0.3"),
        ("1/2 + 1/3", "0.833333333333333…"),
        ("200 + 10%", "220"),
        ("10% + 20%", "30%"),
        ("1 km + 50 m", "1.05 km"),
        ("2026-01-31 + 1 month", "2026-02-28"),
    )

    def apply(self, left: Value, right: Value) -> Value:
        return arithmetic.add(left, right)


class Subtract(Operator):
    """The first value less the second; a percentage is taken of what stands before it."""

    label = "Subtract"
    reading = "a − b"
    signs = ("-", "−")
    function = None
    binding = BIND_SUM
    is_right = False
    most_operands = 2
    examples = (
        ("1 - 0.9", "0.1"),
        ("200 - 10%", "180"),
        ("8h 15m - 45 min", "7 h 30 min"),
        ("2026-03-01 - 2026-02-01", "28 d"),
    )

    def apply(self, left: Value, right: Value) -> Value:
        return arithmetic.subtract(left, right)


class Multiply(Operator):
    """The product of two or more values; their units are multiplied, too."""

    label = "Multiply"
    reading = "a × b × …"
    signs = ("*", "×", "·")
    function = None
    binding = BIND_PRODUCT
    is_right = False
    most_operands = MOST_OPERANDS
    examples = (
        ("1/3 * 3", "1"),
        ("3h 45m * 85 EUR/h", "318.75 EUR"),
        ("10% * 200", "20"),
        ("2 m * 3 m", "6 m^2"),
    )

    def apply(self, left: Value, right: Value) -> Value:
        return arithmetic.multiply(left, right)


class Divide(Operator):
    """The first value divided by the second, exactly."""

    label = "Divide"
    reading = "a ÷ b"
    signs = ("/", "÷")
    function = None
    binding = BIND_PRODUCT
    is_right = False
    most_operands = 2
    never_zero = (1, _BY_ZERO)
    examples = (
        ("7 / 2", "3.5"),
        ("2 / 3", "0.666666666666666…"),
        ("100 EUR / 5 EUR/h", "20 h"),
    )

    def apply(self, left: Value, right: Value) -> Value:
        return arithmetic.divide(left, right)


class Power(Operator):
    """
    The first value to the power of the second.

    Anything to the power of 0 is 1, also 0 itself, as in algebra. A negative number has a power with decimals only
    where that is an odd root: (−32)^0.2 is the fifth root, −2.
    """

    label = "Power"
    reading = "a to the power of b"
    signs = ("^", "**")
    function = None
    binding = BIND_POWER
    is_right = True
    most_operands = 2
    examples = (
        ("2^10", "1024"),
        ("-2^2", "-4"),
        ("2^-3", "0.125"),
        ("2^3^2", "512"),
        ("8^(1/3)", "2"),
        ("(3 m)^2", "9 m^2"),
    )

    def apply(self, left: Value, right: Value) -> Value:
        return arithmetic.power(left, right)


class Root(Operator):
    """The root of the first value: 2 as the second is the square root, 3 the cube root."""

    label = "Root"
    reading = "b-th root of a"
    signs = ()
    function = "root"
    binding = BIND_POSTFIX
    is_right = False
    most_operands = 2
    never_zero = (1, "There is no zeroth root. Enter 2 for the square root, 3 for the cube root.")
    examples = (
        ("root(27; 3)", "3"),
        ("root(2; 2)", "≈ 1.4142135623731"),
        ("root(9 m^2; 2)", "3 m"),
    )

    def apply(self, left: Value, right: Value) -> Value:
        return arithmetic.root(left, right)


class Modulus(Operator):
    """
    What is left of the first value after whole steps of the second.

    As in mathematics it lies between 0 and the divisor and has the divisor's sign: −7 mod 3 is 2, 7 mod −3 is −2.
    """

    label = "Modulus"
    reading = "what a ÷ b leaves over"
    signs = ("mod",)
    function = None
    binding = BIND_PRODUCT
    is_right = False
    most_operands = 2
    never_zero = (1, _BY_ZERO)
    examples = (("17 mod 5", "2"), ("-7 mod 3", "2"), ("7 mod -3", "-2"), ("100 min mod 1 h", "40 min"))

    def apply(self, left: Value, right: Value) -> Value:
        return arithmetic.modulus(left, right)


class IntegerDivide(Operator):
    """How many whole steps of the second value reach the first, rounded down: −7 by 3 is −3."""

    label = "Integer divide"
    reading = "a ÷ b, rounded down"
    signs = ("div",)
    function = None
    binding = BIND_PRODUCT
    is_right = False
    most_operands = 2
    never_zero = (1, _BY_ZERO)
    examples = (("17 div 5", "3"), ("-7 div 3", "-3"), ("100 min div 45 min", "2"))

    def apply(self, left: Value, right: Value) -> Value:
        return arithmetic.floor_divide(left, right)


class PercentOf(Operator):
    """So many hundredths of the second value."""

    label = "Percent of"
    reading = "a % of b"
    signs = ("of",)
    function = None
    binding = BIND_PRODUCT
    is_right = False
    most_operands = 2
    is_of_percentage = True
    examples = (("10% of 200", "20"), ("19% of 50 EUR", "9.50 EUR"))

    def apply(self, left: Value, right: Value) -> Value:
        return arithmetic.percent_of(left, right)


class PercentOff(Operator):
    """The second value less so many hundredths of it."""

    label = "Percent off"
    reading = "b less a %"
    signs = ("off",)
    function = None
    binding = BIND_PRODUCT
    is_right = False
    most_operands = 2
    is_of_percentage = True
    examples = (("10% off 200", "180"), ("25% off 80 EUR", "60.00 EUR"))

    def apply(self, left: Value, right: Value) -> Value:
        return arithmetic.percent_off(left, right)


class PercentOn(Operator):
    """The second value and so many hundredths of it."""

    label = "Percent on"
    reading = "b and a % on top"
    signs = ("on",)
    function = None
    binding = BIND_PRODUCT
    is_right = False
    most_operands = 2
    is_of_percentage = True
    examples = (("10% on 200", "220"), ("19% on 50 EUR", "59.50 EUR"))

    def apply(self, left: Value, right: Value) -> Value:
        return arithmetic.percent_on(left, right)


class Share(Operator):
    """How many percent of the second value the first is."""

    label = "Share"
    reading = "a as % of b"
    signs = ("as % of",)
    function = None
    binding = BIND_CONVERT
    is_right = False
    most_operands = 2
    never_zero = (1, "Nothing is a percentage of zero. Enter another number.")
    examples = (("20 as % of 80", "25%"), ("45 min as % of 3 h", "25%"))

    def apply(self, left: Value, right: Value) -> Value:
        return arithmetic.share(left, right)


class PercentChange(Operator):
    """By how many percent of the first value the second is more than it."""

    label = "Percent change"
    reading = "change from a to b in %"
    signs = ()
    function = "percent_change"
    binding = BIND_POSTFIX
    is_right = False
    most_operands = 2
    never_zero = (0, "From zero there is no change in percent. Enter another number.")
    examples = (("percent_change(80; 100)", "25%"), ("percent_change(100; 80)", "-20%"))

    def apply(self, left: Value, right: Value) -> Value:
        return arithmetic.percent_change(left, right)


class AbsoluteDifference(Operator):
    """How far apart two values are."""

    label = "Absolute difference"
    reading = "how far a and b are apart"
    signs = ()
    function = "difference"
    binding = BIND_POSTFIX
    is_right = False
    most_operands = 2
    examples = (("difference(3; 10)", "7"), ("difference(2026-03-01; 2026-02-01)", "28 d"))

    def apply(self, left: Value, right: Value) -> Value:
        return arithmetic.difference(left, right)


OPERATORS: Final[Mapping[Operation, type[Operator]]] = MappingProxyType(
    {
        Operation.ADD: Add,
        Operation.SUBTRACT: Subtract,
        Operation.MULTIPLY: Multiply,
        Operation.DIVIDE: Divide,
        Operation.POWER: Power,
        Operation.ROOT: Root,
        Operation.MODULUS: Modulus,
        Operation.INTEGER_DIVIDE: IntegerDivide,
        Operation.PERCENT_OF: PercentOf,
        Operation.PERCENT_OFF: PercentOff,
        Operation.PERCENT_ON: PercentOn,
        Operation.SHARE: Share,
        Operation.PERCENT_CHANGE: PercentChange,
        Operation.ABSOLUTE_DIFFERENCE: AbsoluteDifference,
    }
)


class OperationFactory:
    """Finds the class of an operation."""

    @staticmethod
    def create(operation: Operation) -> Operator:
        """
        Return what works this operation out.

        :raises CalculationError: when no class does; the message lists the operations that there are
        """
        operator = OPERATORS.get(operation)
        if operator is None:
            raise _unknown(str(operation))
        return operator()

    @staticmethod
    def named(text: str) -> Operation:
        """
        Return the operation of that name, as it stands in forms and schemas: `integer_divide`.

        :raises CalculationError: when there is none; the message lists those that there are
        """
        try:
            return Operation(text)
        except ValueError:
            raise _unknown(text) from None


def _unknown(text: str) -> CalculationError:
    names = ", ".join(OPERATORS)
    shown = text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}…"
    return CalculationError(
        Code.UNKNOWN_OPERATION, f"There is no operation “{shown}”. There are: {names}.", hint=f"Use one of: {names}."
    )
