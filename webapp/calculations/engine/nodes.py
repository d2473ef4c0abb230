"""
What a line of text says, as a tree. Plain classes with slots.

The parser makes them, the evaluator and the printer read them; units are resolved when the text is read. `start` and
`end` are offsets into the text, end exclusive.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from webapp.calculations.engine.operations import Operation
    from webapp.calculations.engine.values import Units


class Node:
    """A part of an expression and where it stands."""

    __slots__ = ("end", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end


class NumberNode(Node):
    """`1.5`, or the `1/2` of `1/2 m`."""

    __slots__ = ("value",)

    def __init__(self, value: Fraction, start: int, end: int) -> None:
        super().__init__(start, end)
        self.value = value


class QuantityNode(Node):
    """A number with its units: `5 m^2`, `85 EUR/h`, `$5`; a unit alone (`h`) has the value 1 and `is_bare`."""

    __slots__ = ("is_bare", "units", "value")

    def __init__(self, value: Fraction, units: Units, start: int, end: int, *, is_bare: bool = False) -> None:
        super().__init__(start, end)
        self.value = value
        self.units = units
        self.is_bare = is_bare


class MixedNode(Node):
    """One length in several units: `3h 45m`, `3:45`, `5 ft 3 in`. All parts have one dimension."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[QuantityNode, ...], start: int, end: int) -> None:
        super().__init__(start, end)
        self.parts = parts


class DayNode(Node):
    """`2026-01-31`."""

    __slots__ = ("day",)

    def __init__(self, day: date, start: int, end: int) -> None:
        super().__init__(start, end)
        self.day = day


class NameNode(Node):
    """A variable, a constant, `today`, `what`, or in a worksheet `prev`, `total`, `average`."""

    __slots__ = ("name",)

    def __init__(self, name: str, start: int, end: int) -> None:
        super().__init__(start, end)
        self.name = name


class CallNode(Node):
    """`max(1; 2)`."""

    __slots__ = ("arguments", "name")

    def __init__(self, name: str, arguments: tuple[Expression, ...], start: int, end: int) -> None:
        super().__init__(start, end)
        self.name = name
        self.arguments = arguments


class Filter:
    """One condition of a source: `task:42` is ("task", "42"), `this month` is ("period", "this month")."""

    __slots__ = ("end", "field", "start", "value")

    def __init__(self, field: str, value: str, start: int, end: int) -> None:
        self.field = field
        self.value = value
        self.start = start
        self.end = end


class SourceNode(Node):
    """A figure from the work itself, `hours(task:42)`; `key` is the same for the same question however it is typed."""

    __slots__ = ("filters", "key", "name")

    def __init__(self, name: str, filters: tuple[Filter, ...], key: str, start: int, end: int) -> None:
        super().__init__(start, end)
        self.name = name
        self.filters = filters
        self.key = key


class MinusNode(Node):
    """`-x`."""

    __slots__ = ("operand",)

    def __init__(self, operand: Expression, start: int, end: int) -> None:
        super().__init__(start, end)
        self.operand = operand


class PercentNode(Node):
    """`10%`."""

    __slots__ = ("operand",)

    def __init__(self, operand: Expression, start: int, end: int) -> None:
        super().__init__(start, end)
        self.operand = operand


class FactorialNode(Node):
    """`5!`."""

    __slots__ = ("operand",)

    def __init__(self, operand: Expression, start: int, end: int) -> None:
        super().__init__(start, end)
        self.operand = operand


class BinaryNode(Node):
    """An operation with a sign; `at` is where the sign stands (where the second operand begins, if there is none)."""

    __slots__ = ("at", "left", "operation", "right")

    def __init__(
        self, operation: Operation, left: Expression, right: Expression, at: int, start: int, end: int
    ) -> None:
        super().__init__(start, end)
        self.operation = operation
        self.left = left
        self.right = right
        self.at = at


class CompareNode(Node):
    """`a < b`; `sign` is one of `==`, `!=`, `<`, `<=`, `>`, `>=`."""

    __slots__ = ("at", "left", "right", "sign")

    def __init__(self, sign: str, left: Expression, right: Expression, at: int, start: int, end: int) -> None:
        super().__init__(start, end)
        self.sign = sign
        self.left = left
        self.right = right
        self.at = at


class ConvertNode(Node):
    """
    `x to km/h`, `100 EUR to USD at 1.08 on 2026-11-20`.

    `target` is units, or a word: `fraction` or `percent`. The rate says how much of the
    target one of the source's units is.
    """

    __slots__ = ("at", "operand", "rate", "rate_on", "target")

    def __init__(
        self,
        operand: Expression,
        target: Units | str,
        at: int,
        start: int,
        end: int,
        *,
        rate: Expression | None = None,
        rate_on: date | None = None,
    ) -> None:
        super().__init__(start, end)
        self.operand = operand
        self.target = target
        self.rate = rate
        self.rate_on = rate_on
        self.at = at


class EquationNode(Node):
    """`what + 10% = 220`: `what` stands once, on the left."""

    __slots__ = ("at", "left", "right")

    def __init__(self, left: Expression, right: Expression, at: int, start: int, end: int) -> None:
        super().__init__(start, end)
        self.left = left
        self.right = right
        self.at = at


class AssignNode(Node):
    """`rate = 85 EUR/h`."""

    __slots__ = ("name", "value")

    def __init__(self, name: str, value: Expression, start: int, end: int) -> None:
        super().__init__(start, end)
        self.name = name
        self.value = value


class DefineNode(Node):
    """`gross(x) = x + 19%`."""

    __slots__ = ("body", "name", "parameters")

    def __init__(self, name: str, parameters: tuple[str, ...], body: Expression, start: int, end: int) -> None:
        super().__init__(start, end)
        self.name = name
        self.parameters = parameters
        self.body = body


class RateNode(Node):
    """`1 EUR = 1.08 USD on 2026-11-20`: a rate of exchange for what follows."""

    __slots__ = ("given", "on", "one")

    def __init__(self, one: QuantityNode, given: QuantityNode, on: date, start: int, end: int) -> None:
        super().__init__(start, end)
        self.one = one
        self.given = given
        self.on = on


Expression: TypeAlias = (
    NumberNode
    | QuantityNode
    | MixedNode
    | DayNode
    | NameNode
    | CallNode
    | SourceNode
    | MinusNode
    | PercentNode
    | FactorialNode
    | BinaryNode
    | CompareNode
    | ConvertNode
)
Statement: TypeAlias = Expression | EquationNode | AssignNode | DefineNode | RateNode
