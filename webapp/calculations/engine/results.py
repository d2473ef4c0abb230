"""What comes out of a calculation. What is shown of it is written when somebody asks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from webapp.calculations.engine import numerics, printer, units, writing
from webapp.calculations.engine.nodes import (
    AssignNode,
    BinaryNode,
    ConvertNode,
    DefineNode,
    Expression,
    NumberNode,
    RateNode,
    Statement,
)
from webapp.calculations.engine.operations import Operation
from webapp.calculations.engine.values import Quantity, Value, Writing

if TYPE_CHECKING:
    from webapp.calculations.engine.evaluator import Evaluator


class Function(NamedTuple):
    """A function of somebody's own: `gross(x) = x + 19%`, as it was read and as it was typed."""

    name: str
    parameters: tuple[str, ...]
    body: Expression
    text: str


class UsedRate(NamedTuple):
    """A rate of exchange that a result rests on: one `source` was `factor` of `target` on that day."""

    source: str
    target: str
    factor: Fraction
    on: date


class Result:
    """
    A result, and all that it rests on. It is only read.

    `value` is None for a function that was defined. `name` is what it assigned or defined. What was used (`operations`,
    `names`, `functions`, keys of `sources`, `rates`) stands in the order of first use.
    """

    __slots__ = (
        "_notes",
        "_reading",
        "_settings",
        "_text",
        "function",
        "functions",
        "name",
        "names",
        "operations",
        "rates",
        "sources",
        "statement",
        "value",
    )

    def __init__(
        self,
        statement: Statement,
        value: Value | None,
        evaluator: Evaluator,
        *,
        function: Function | None = None,
    ) -> None:
        self.statement = statement
        self.value = value
        self.function = function
        self.name: str | None = statement.name if isinstance(statement, (AssignNode, DefineNode)) else None
        self.operations: tuple[str, ...] = tuple(evaluator.operations)
        self.names: tuple[str, ...] = tuple(evaluator.used_names)
        self.functions: tuple[str, ...] = tuple(evaluator.functions)
        self.sources: tuple[str, ...] = tuple(evaluator.sources)
        self.rates: tuple[UsedRate, ...] = tuple(evaluator.rates)
        self._notes: tuple[str, ...] = tuple(evaluator.notes)
        self._settings = evaluator.settings
        self._text: str | None = None
        self._reading: str | None = None

    @property
    def text(self) -> str:
        """The result as it is shown, in the person's number format."""
        if self._text is None:
            self._text = self._write()
        return self._text

    @property
    def reading(self) -> str:
        """What was understood, with brackets; it can be typed again."""
        if self._reading is None:
            self._reading = printer.print_node(
                self.statement, number_format=self._settings.number_format, angle=self._settings.angle
            )
        return self._reading

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about what is not plain to see: a day that was clamped, an amount that was rounded to the cent."""
        if self.value is None:
            return self._notes
        return self._notes + writing.explain(self.value, self._settings) + _doubts(self.statement, self.value)

    @property
    def exact(self) -> Fraction | None:
        """The number in its unit, if it is exact; None for days and truths."""
        value = self.value
        return value.number if isinstance(value, Quantity) and isinstance(value.number, Fraction) else None

    @property
    def number(self) -> Decimal | None:
        """The number in its unit: all digits where it is exact and they end soon, else 34; None for days and truths."""
        return numerics.write_decimal(self.value.number) if isinstance(self.value, Quantity) else None

    @property
    def unit(self) -> str | None:
        """The unit as it is written, or None."""
        value = self.value
        return units.write_units(value.units) if isinstance(value, Quantity) and value.units else None

    @property
    def is_inexact(self) -> bool:
        """Whether the result is only near the truth, as of a root or a sine."""
        return isinstance(self.value, Quantity) and isinstance(self.value.number, Decimal)

    @property
    def details(self) -> writing.Details | None:
        """All digits, the fraction and the powers of ten; None where there is no number."""
        return None if self.value is None else writing.details(self.value, self._settings)

    @property
    def _is_fraction(self) -> bool:
        node = self.statement.value if isinstance(self.statement, AssignNode) else self.statement
        return isinstance(node, ConvertNode) and node.target == "fraction"

    def _write(self) -> str:
        if self.value is None or isinstance(self.statement, RateNode):
            return self.reading
        if self._is_fraction:
            return writing.write_as_fraction(self.value, self._settings)
        return writing.write_value(self.value, self._settings)

    def __repr__(self) -> str:
        return f"Result({self.text!r})"


# Signs that stand between the parts of a day elsewhere.
_LIKE_DAYS = {Operation.DIVIDE: "divisions", Operation.SUBTRACT: "subtractions"}


def _doubts(statement: Statement, value: Value) -> tuple[str, ...]:
    """Return what makes one wonder whether this was meant, though it is what it says."""
    if not isinstance(value, Quantity):
        return ()
    powers = dict(units.dimension_of(value.units))
    money = next((unit.name for unit, power in value.units if power == 1 and unit.writing is Writing.MONEY), None)
    if money and len(powers) == 2 and powers.get("time") == 1:
        return (f"This is money times time. For a price by the hour write “85 {money}/h”.",)
    written = {(unit.name, power) for unit, power in value.units}
    if money and ("m", 1) in written:
        return ("“m” alone is metres. For minutes write “min”.",)
    if money and ("workday", 1) in written and powers.get("time") == -1:
        return (f"A workday is no day of 24 hours. For a price by the workday write “640 {money}/workday”.",)
    node = statement.value if isinstance(statement, AssignNode) else statement
    numbers: list[Fraction] = []
    done = node.operation if isinstance(node, BinaryNode) else None
    words = _LIKE_DAYS.get(done) if done else None
    while words and isinstance(node, BinaryNode) and node.operation is done and isinstance(node.right, NumberNode):
        numbers.append(node.right.value)
        node = node.left
    if words and isinstance(node, NumberNode) and len(numbers) == 2:
        year, second = numbers
        is_whole = all(number.denominator == 1 for number in (node.value, second, year))
        if is_whole and 1 <= node.value <= 31 and 1 <= second <= 31 and 1900 <= year <= 2100:
            return (f"These are two {words}. A day is written year first: “2026-11-20”.",)
    return ()
