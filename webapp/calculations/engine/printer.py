"""
How a line was read, written with all its brackets: `-(2^2)`, `(3 h 45 min) * 85 EUR/h`.

The reading can be typed again and is then read, and written, in the same way. Numbers have the person's decimal sign
and are not grouped, as a grouping comma could part arguments.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from webapp.calculations.engine.functions import CONSTANTS
from webapp.calculations.engine.lexer import FORMATS
from webapp.calculations.engine.limits import LITERAL_DIGITS, LITERAL_EXPONENT
from webapp.calculations.engine.nodes import (
    AssignNode,
    BinaryNode,
    CallNode,
    CompareNode,
    ConvertNode,
    DayNode,
    DefineNode,
    EquationNode,
    Expression,
    FactorialNode,
    Filter,
    MinusNode,
    MixedNode,
    NameNode,
    NumberNode,
    PercentNode,
    QuantityNode,
    RateNode,
    SourceNode,
    Statement,
)
from webapp.calculations.engine.operations import BIND_CONVERT, BIND_POWER, BIND_SUM, OPERATORS, Operation
from webapp.calculations.engine.settings import Angle
from webapp.calculations.engine.sources import PERIOD
from webapp.calculations.engine.units import HOURS_MIXED, write_units
from webapp.calculations.engine.values import Number
from webapp.calculations.engine.vocabulary import SEVERAL

# Functions of an angle, to which a plain number is one of degrees or of radians.
ANGLED = frozenset({"sin", "cos", "tan"})
# So many zeros before or after the digits of a number are written out.
_MOST_ZEROS = 21
# So many brackets stand within one another where operations of the same rank follow one another.
_MOST_BRACKETS = 12
# Beyond so many digits after the point a number is written as a fraction; those that are typed have fewer.
_MOST_DECIMALS = 1_200
_PLAIN_WORD = re.compile(r"[A-Za-z0-9_]+")


def print_node(node: Statement, *, number_format: str = "1234.5", angle: Angle | None = None) -> str:
    """Return the reading of a line; with `angle`, plain numbers given to `sin` and its like say which they are."""
    return _Printer(number_format, angle).line(node)


class _Printer:
    __slots__ = ("angle", "point")

    def __init__(self, number_format: str, angle: Angle | None) -> None:
        self.point = FORMATS[number_format][0]
        self.angle = angle

    def line(self, node: Statement) -> str:
        if isinstance(node, AssignNode):
            return f"{node.name} = {self.expression(node.value)}"
        if isinstance(node, DefineNode):
            return f"{node.name}({'; '.join(node.parameters)}) = {self.expression(node.body)}"
        if isinstance(node, EquationNode):
            return f"{self.expression(node.left)} = {self.expression(node.right)}"
        if isinstance(node, RateNode):
            return f"{self.quantity(node.one)} = {self.quantity(node.given)} on {node.on.isoformat()}"
        return self.expression(node)

    def expression(self, node: Expression) -> str:
        if isinstance(node, NumberNode):
            return self.number(node.value)
        if isinstance(node, NameNode):
            return node.name
        if isinstance(node, BinaryNode):
            return self.chain(node)
        if isinstance(node, QuantityNode):
            return self.quantity(node)
        if isinstance(node, MinusNode):
            return f"-{self.atom(node.operand)}"
        if isinstance(node, PercentNode):
            return f"{self.base(node.operand)}%"
        if isinstance(node, FactorialNode):
            return f"{self.base(node.operand)}!"
        if isinstance(node, CallNode):
            return self.call(node)
        if isinstance(node, MixedNode):
            return " ".join(map(self.quantity, node.parts))
        if isinstance(node, DayNode):
            return node.day.isoformat()
        if isinstance(node, SourceNode):
            return f"{node.name}({'; '.join(map(_filter, node.filters))})"
        if isinstance(node, CompareNode):
            return f"{self.left(node.left)} {node.sign} {self.atom(node.right)}"
        return self.conversion(node)

    # Operands

    def atom(self, node: Expression) -> str:
        """Write an operand, in brackets unless it is one word or amount."""
        text = self.expression(node)
        return f"({text})" if _is_compound(node) else text

    def left(self, node: Expression) -> str:
        """Write what begins a line or a sum; its minus needs no brackets."""
        return self.expression(node) if isinstance(node, MinusNode) else self.atom(node)

    def base(self, node: Expression) -> str:
        """Write what a sign follows that binds tighter than a unit."""
        if isinstance(node, (QuantityNode, PercentNode, FactorialNode, DayNode)):
            return f"({self.expression(node)})"
        return self.atom(node)

    def chain(self, node: BinaryNode) -> str:
        """Write operations from the innermost left one outwards; there may be a thousand in one line."""
        chain = [node]
        while isinstance(chain[-1].left, BinaryNode):
            chain.append(chain[-1].left)
        innermost = chain[-1]
        text = self.first(innermost)
        brackets = 0
        inner: BinaryNode | None = None
        for outer in reversed(chain):
            if inner is not None:
                is_bracketed = _is_bracketed(inner, outer)
                if is_bracketed and brackets >= _MOST_BRACKETS and _is_same_rank(inner, outer):
                    is_bracketed = False
                if is_bracketed:
                    brackets += 1
                    text = f"({text})"
            text = self.joined(text, outer)
            inner = outer
        return text

    def first(self, node: BinaryNode) -> str:
        left, operation = node.left, node.operation
        if OPERATORS[operation].binding == BIND_POWER:
            return self.base(left)
        is_amount = isinstance(left, QuantityNode)
        if operation is Operation.DIVIDE and is_amount and isinstance(node.right, QuantityNode) and node.right.is_bare:
            # “5 m / s” would be one amount.
            return f"({self.expression(left)})"
        return self.left(left) if OPERATORS[operation].binding <= BIND_SUM else self.atom(left)

    def joined(self, left: str, node: BinaryNode) -> str:
        sign = OPERATORS[node.operation].signs[0]
        if sign == "^":
            right = self.atom(node.right)
            is_amount = isinstance(node.right, QuantityNode) and not right.startswith("(")
            return f"{left}^({right})" if is_amount else f"{left}^{right}"
        right = self.atom(node.right)
        if (
            node.operation is Operation.DIVIDE
            and isinstance(node.right, QuantityNode)
            and not node.right.is_bare
            and not right.startswith("(")
        ):
            right = f"({right})"
        if sign == "on" and isinstance(node.right, DayNode):
            # Or it would be the day of a rate.
            right = f"({right})"
        return f"{left} {sign} {right}"

    # Words and amounts

    def number(self, value: Number) -> str:
        if isinstance(value, Decimal):
            return str(value).replace("E+", "e").replace("E", "e").replace(".", self.point)
        decimals = _find_decimals(value.denominator)
        if decimals is None:
            above, below = Fraction(value.numerator), Fraction(value.denominator)
            return f"{self.number(above)} / {self.number(below)}"
        digits = str(value.numerator * 10**decimals // value.denominator)
        stripped = digits.rstrip("0") or "0"
        zeros = len(digits) - len(stripped)
        is_long = max(len(digits), decimals + 1) > LITERAL_DIGITS
        if is_long or decimals - len(digits) > _MOST_ZEROS or (not decimals and zeros > _MOST_ZEROS):
            return self.power_of_ten(stripped, len(digits) - 1 - decimals)
        if not decimals:
            return digits
        digits = digits.zfill(decimals + 1)
        return f"{digits[:-decimals]}{self.point}{digits[-decimals:]}"

    def power_of_ten(self, digits: str, exponent: int) -> str:
        """Write `1.5e40`: the digits with a point behind the first, unless the exponent would be too large to type."""
        whole, power = 1, exponent
        if exponent > LITERAL_EXPONENT:
            whole, power = 1 + exponent - LITERAL_EXPONENT, LITERAL_EXPONENT
            digits = digits.ljust(whole, "0")
        elif exponent < -LITERAL_EXPONENT:
            digits, power = "0" * (-LITERAL_EXPONENT - exponent) + digits, -LITERAL_EXPONENT
        rest = digits[whole:]
        return f"{digits[:whole]}{self.point if rest else ''}{rest}e{power}"

    def quantity(self, node: QuantityNode) -> str:
        if not node.units:
            return self.number(node.value)
        units = write_units(node.units)
        if node.is_bare and node.value == 1:
            # With no number before it `in` would convert.
            return "inch" if units == "in" else units
        number = self.number(node.value)
        if " / " in number:
            above, _, below = number.partition(" / ")
            # Only whole numbers make a fraction directly before a unit.
            is_short = above.isdecimal() and below.isdecimal()
            number = f"{above}/{below}" if is_short else f"({number}) *"
        return f"{number} {units}"

    def call(self, node: CallNode) -> str:
        arguments = [self.expression(argument) for argument in node.arguments]
        if self.angle is not None and node.name in ANGLED and len(arguments) == 1 and _is_plain(node.arguments[0]):
            argument = node.arguments[0]
            inner = argument.operand if isinstance(argument, MinusNode) else argument
            if isinstance(inner, NumberNode):
                arguments = [f"{arguments[0]} {self.angle}"]
            else:
                arguments = [f"{self.atom(argument)} * {self.angle}"]
        if self.point == "," and len(arguments) == 1 and "," in arguments[0] and node.name in SEVERAL:
            # Or the comma could part two values.
            arguments = [f"({arguments[0]})"]
        return f"{node.name}({'; '.join(arguments)})"

    def conversion(self, node: ConvertNode) -> str:
        if isinstance(node.target, str):
            target = node.target
        else:
            target = "h min" if node.target == HOURS_MIXED else write_units(node.target)
        text = f"{self.left(node.operand)} to {target}"
        if node.rate is not None:
            text += f" at {self.atom(node.rate)}"
        return text if node.rate_on is None else f"{text} on {node.rate_on.isoformat()}"


def _is_compound(node: Expression) -> bool:
    if isinstance(node, QuantityNode):
        return _find_decimals(node.value.denominator) is None
    return isinstance(node, (BinaryNode, MinusNode, MixedNode, CompareNode, ConvertNode))


def _is_bracketed(inner: BinaryNode, outer: BinaryNode) -> bool:
    """Whether the operation on the left of another has brackets; sums and products of one kind do without."""
    if inner.operation in (Operation.ADD, Operation.SUBTRACT) and outer.operation in (
        Operation.ADD,
        Operation.SUBTRACT,
    ):
        return isinstance(outer.right, PercentNode) or isinstance(inner.right, PercentNode)
    return not inner.operation == outer.operation == Operation.MULTIPLY


def _is_same_rank(inner: BinaryNode, outer: BinaryNode) -> bool:
    """Whether two operations, one left of the other, are read in the same way without brackets."""
    binding = OPERATORS[outer.operation].binding
    return binding == OPERATORS[inner.operation].binding and binding not in (BIND_POWER, BIND_CONVERT)


def _is_plain(node: Expression) -> bool:
    """Whether a node is made of plain numbers and constants alone."""
    while isinstance(node, (BinaryNode, MinusNode, FactorialNode)):
        if isinstance(node, BinaryNode):
            if not _is_plain(node.right):
                return False
            node = node.left
        else:
            node = node.operand
    return isinstance(node, NumberNode) or (isinstance(node, NameNode) and node.name in CONSTANTS)


def _find_decimals(denominator: int) -> int | None:
    """Return how many digits after the point a fraction has, or None where they do not end, or are too many."""
    twos = (denominator & -denominator).bit_length() - 1
    rest, fives = denominator >> twos, 0
    while rest % 5 == 0 and fives <= _MOST_DECIMALS:
        rest, fives = rest // 5, fives + 1
    decimals = max(twos, fives)
    return decimals if rest == 1 and decimals <= _MOST_DECIMALS else None


def _filter(filter_: Filter) -> str:
    if filter_.field == PERIOD:
        return filter_.value
    if _PLAIN_WORD.fullmatch(filter_.value):
        return f"{filter_.field}:{filter_.value}"
    quoted = f"“{filter_.value}”" if '"' in filter_.value else f'"{filter_.value}"'
    return f"{filter_.field}:{quoted}"
