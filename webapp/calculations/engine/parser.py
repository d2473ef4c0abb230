"""
Words put together into what a line says: a Pratt parser over the signs of the table of operations.

Nothing that could be meant in two ways is guessed: it is refused with both ways to write it.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from fractions import Fraction
from typing import NoReturn, TypeGuard

from webapp.calculations.engine import amount_refusals, name_refusals, refusals, sign_refusals
from webapp.calculations.engine.amounts import SUPERSCRIPTS, AmountReader
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.lexer import CLOCK, DAY, END, FORMATS, NAME, NUMBER, ODD, SIGN, WORDS, Token
from webapp.calculations.engine.limits import DEPTH
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
    NameNode,
    NumberNode,
    PercentNode,
    QuantityNode,
    RateNode,
    SourceNode,
    Statement,
)
from webapp.calculations.engine.operations import (
    BIND_COMPARE,
    BIND_CONVERT,
    BIND_MINUS,
    BIND_POSTFIX,
    BIND_POWER,
    BIND_PRODUCT,
    OPERATORS,
    Operation,
)
from webapp.calculations.engine.settings import Settings
from webapp.calculations.engine.sources import PERIOD, SOURCES, key_of, settle_filters
from webapp.calculations.engine.units import HOURS_MIXED, find_unit
from webapp.calculations.engine.values import Units, Writing
from webapp.calculations.engine.vocabulary import FUNCTION_NAMES, JOINING, TARGET_WORDS, WHAT

_COMPARISONS = {"==": "==", "!=": "!=", "<>": "!=", "≠": "!=", "<": "<", "<=": "<=", "≤": "<=", ">": ">", ">=": ">="}
_COMPARISONS["≥"] = ">="
_ONE = Fraction(1)
# Operations after which a product without a sign could mean two things.
_MISLEADING = frozenset({Operation.DIVIDE, Operation.MODULUS, Operation.INTEGER_DIVIDE, Operation.POWER})
_PRODUCTS = _MISLEADING | {Operation.MULTIPLY}

# What `_infix` does with a sign.
_BINARY, _CONVERT, _COMPARE, _PERCENT, _FACTORIAL, _SHARE, _ON, _SUPERSCRIPT = range(8)


def _make_infix() -> dict[str, tuple[int, int, int, Operation]]:
    """Return, by sign: how tightly it binds, what binds tighter on its right, what it is, and its operation."""
    infix: dict[str, tuple[int, int, int, Operation]] = {}
    for operation, operator in OPERATORS.items():
        for sign in operator.signs:
            action = _SHARE if " " in sign else _ON if sign == "on" else _BINARY
            right = operator.binding + (not operator.is_right)
            infix[sign.partition(" ")[0]] = (operator.binding, right, action, operation)
    for sign in ("⋅", "∕"):
        infix[sign] = infix["*" if sign == "⋅" else "/"]
    none = Operation.ADD
    for sign in ("to", "in", "->", "→"):
        infix[sign] = (BIND_CONVERT, 0, _CONVERT, none)
    for sign in _COMPARISONS:
        infix[sign] = (BIND_COMPARE, BIND_COMPARE + 1, _COMPARE, none)
    infix["%"] = infix["percent"] = (BIND_POSTFIX, 0, _PERCENT, none)
    infix["!"] = (BIND_POSTFIX, 0, _FACTORIAL, none)
    for sign in SUPERSCRIPTS:
        infix[sign] = (BIND_POWER, 0, _SUPERSCRIPT, Operation.POWER)
    return infix


_INFIX = _make_infix()


def parse(text: str, *, number_format: str = "1234.5", names: Container[str] = frozenset()) -> Statement:
    """
    Return what a line says.

    :param names: the variables and functions that are known
    :raises CalculationError: with the place, when it says nothing, or more than one thing
    """
    return _Parser(text, number_format, names).statement()


def find_sources(text: str, *, settings: Settings | None = None) -> tuple[SourceNode, ...]:
    """Return the figures from the work that a line asks for; none where it cannot be read."""
    if "(" not in text:
        return ()
    number_format = settings.number_format if settings else "1234.5"
    try:
        parser = _Parser(text, number_format, frozenset())
        parser.statement()
    except CalculationError:
        return ()
    return tuple(parser.sources)


class _Parser(AmountReader):
    __slots__ = ("depth", "names", "powers", "sources", "whats")

    def __init__(self, text: str, number_format: str, names: Container[str]) -> None:
        super().__init__(text, number_format)
        self.names = names
        self.depth = 0
        # How many exponents the place that is read stands in.
        self.powers = 0
        self.whats: list[NameNode] = []
        self.sources: list[SourceNode] = []

    # Lines

    def statement(self) -> Statement:
        tokens = self.tokens
        if tokens[0][0] == END:
            raise CalculationError(Code.EMPTY, "There is nothing to work out yet.", hint="Type “3h 45m * 85 EUR/h”.")
        if "=" in self.text and any(token[1] == "=" for token in tokens):
            return self._with_equals()
        expression = self.expression(0)
        if tokens[self.index][0] != END:
            self._refuse_rest()
        if self.whats:
            raise name_refusals.lonely_what(self.whats[0])
        return expression

    def _with_equals(self) -> Statement:
        tokens = self.tokens
        if tokens[0][0] == NAME and tokens[0][1] != WHAT:
            if tokens[1][1] == "=":
                return self._assignment()
            if tokens[1][1] == "(" and tokens[1][2] == tokens[0][3]:
                closing = next((i for i, token in enumerate(tokens) if token[1] == ")"), 0)
                # `sqrt(what) = 3` is an equation.
                is_equation = any(token[1] == WHAT for token in tokens[2:closing])
                if closing and not is_equation and tokens[closing + 1][1] == "=":
                    return self._definition(closing)
        if tokens[0][1] == "=":
            raise name_refusals.leading_equals(tokens[0])
        left = self.expression(0)
        at = tokens[self.index]
        if at[1] != "=":
            self._refuse_rest()
        is_equation = bool(self.whats)
        self.index += 1
        right = self.expression(0)
        if self.index + 2 < len(tokens) and tokens[self.index][1] == "on" and tokens[self.index + 1][0] == DAY:
            return self._rate(left, right)
        if tokens[self.index][0] != END:
            self._refuse_rest()
        if not is_equation:
            if self.whats:
                raise name_refusals.what_on_right(at, self.text)
            raise name_refusals.stray_equals(at, left, right)
        if len(self.whats) > 1:
            raise name_refusals.second_what(self.whats[1])
        return EquationNode(left, right, at[2], left.start, right.end)

    def _assignment(self) -> AssignNode:
        tokens = self.tokens
        name_refusals.check_name(tokens[0])
        self.index = 2
        value = self.expression(0)
        if tokens[self.index][0] != END:
            self._refuse_rest()
        if self.whats:
            raise name_refusals.lonely_what(self.whats[0])
        return AssignNode(tokens[0][1], value, tokens[0][2], value.end)

    def _definition(self, closing: int) -> DefineNode:
        tokens = self.tokens
        name_refusals.check_name(tokens[0], is_function=True)
        parameters: list[str] = []
        for index in range(2, closing):
            token = tokens[index]
            if index % 2:
                if token[1] not in (";", ","):
                    raise name_refusals.bad_parameter(token)
                continue
            if token[0] != NAME:
                raise name_refusals.bad_parameter(token)
            name_refusals.check_name(token, is_parameter=True)
            if token[1] in parameters:
                raise name_refusals.same_parameter(token)
            parameters.append(token[1])
        if not parameters or closing % 2 == 0:
            raise name_refusals.bad_parameter(tokens[closing])
        self.index = closing + 2
        body = self.expression(0)
        if tokens[self.index][0] != END:
            self._refuse_rest()
        if self.whats:
            raise name_refusals.lonely_what(self.whats[0])
        return DefineNode(tokens[0][1], tuple(parameters), body, tokens[0][2], body.end)

    def _rate(self, left: Expression, right: Expression) -> RateNode:
        day = self.tokens[self.index + 1]
        self.index += 2
        if self.tokens[self.index][0] != END:
            self._refuse_rest()
        if not (_is_money(left) and _is_money(right)):
            raise name_refusals.bad_rate(left, right)
        return RateNode(left, right, self.day(day), left.start, day[3])

    # Expressions

    def expression(self, minimum: int) -> Expression:
        """Read on as long as signs bind at least as tightly as `minimum`."""
        tokens = self.tokens
        token = tokens[self.index]
        kind = token[0]
        left: Expression
        if kind == NUMBER:
            self.index += 1
            left = self.number(token, may_divide=minimum <= BIND_PRODUCT + 1)
        elif kind == NAME:
            left = self._name(token)
        else:
            left = self._other(token)
        infix = _INFIX
        while True:
            token = tokens[self.index]
            entry = infix.get(token[1])
            if entry is None:
                if token[0] == END or token[1] == ")" or minimum > BIND_PRODUCT:
                    return left
                if not self._is_product(left, token):
                    return left
                right = self.expression(BIND_PRODUCT + 1)
                left = BinaryNode(Operation.MULTIPLY, left, right, token[2], left.start, right.end)
                continue
            binding, right_minimum, action, operation = entry
            if binding < minimum:
                return left
            if action == _BINARY:
                self.index += 1
                if operation is Operation.POWER:
                    right = self._power(right_minimum, token)
                else:
                    right = self.expression(right_minimum)
                    if operation is Operation.DIVIDE and type(right) is not NumberNode:
                        self._check_quotient(left, right, token)
                left = BinaryNode(operation, left, right, token[2], left.start, right.end)
            elif action == _PERCENT:
                self.index += 1
                self._check_percent(left, token)
                left = PercentNode(left, left.start, token[3])
            elif action == _FACTORIAL:
                self.index += 1
                if type(left) is FactorialNode and self.text[left.end - 1] == "!":
                    raise refusals.double_factorial(left, token, self.text)
                left = FactorialNode(left, left.start, token[3])
            else:
                further = self._rarely(left, token, entry)
                if further is None:
                    return left
                left = further

    def _rarely(self, left: Expression, token: Token, entry: tuple[int, int, int, Operation]) -> Expression | None:
        """Return what a sign that is not arithmetic makes of `left`, or None where it is not meant as one."""
        _, right_minimum, action, operation = entry
        following = self.tokens[self.index + 1]
        if action == _CONVERT:
            self.index += 1
            return self._conversion(left, token)
        if action == _SUPERSCRIPT:
            self.index += 1
            two = NumberNode(Fraction(SUPERSCRIPTS[token[1]]), token[2], token[3])
            return BinaryNode(operation, left, two, token[2], left.start, token[3])
        if action == _ON and following[0] == DAY:
            return None
        self.index += 1
        if action == _SHARE:
            if following[1] != "%" or self.tokens[self.index + 1][1] != "of":
                raise refusals.bad_as(token, following)
            self.index += 2
        right = self.expression(right_minimum)
        if action == _COMPARE:
            # One in brackets of its own begins before its left side.
            if type(left) is CompareNode and left.start == left.left.start:
                raise refusals.second_comparison(token)
            sign = _COMPARISONS[token[1]]
            return CompareNode(sign, left, right, token[2], left.start, right.end)
        return BinaryNode(operation, left, right, token[2], left.start, right.end)

    def _power(self, minimum: int, token: Token) -> Expression:
        """Read what stands behind “^”; counted apart: the brackets of `(1)^(1)^(1)` are not within each other."""
        self.powers += 1
        if self.powers > DEPTH:
            raise refusals.too_deep(token)
        exponent = self._inner(minimum, token)
        self.powers -= 1
        return exponent

    def _inner(self, minimum: int, token: Token) -> Expression:
        """Read an operand one level deeper; a bracket counts by itself."""
        if self.tokens[self.index][1] == "(":
            return self.expression(minimum)
        self._descend(token)
        operand = self.expression(minimum)
        self.depth -= 1
        return operand

    def _descend(self, token: Token) -> None:
        self.depth += 1
        if self.depth > DEPTH:
            raise refusals.too_deep(token)

    def _other(self, token: Token) -> Expression:
        kind, word, start, end = token
        self.index += 1
        if word == "(":
            self._descend(token)
            call, self.call = self.call, None
            inner = self.expression(0)
            closing = self.tokens[self.index]
            if closing[1] != ")":
                self._refuse_rest(token)
            self.index += 1
            self.depth -= 1
            self.call = call
            # Where a node stands tells whether it has brackets of its own.
            inner.start, inner.end = start, closing[3]
            return inner
        if word in ("-", "−"):
            operand = self._inner(BIND_MINUS, token)
            return MinusNode(operand, start, operand.end)
        if word == "+":
            return self._inner(BIND_MINUS, token)
        if kind == DAY:
            return DayNode(self.day(token), start, end)
        if kind == CLOCK:
            return self.clock(token)
        if kind == ODD:
            return self.odd(token)
        raise refusals.missing_operand(self.tokens, self.index - 1)

    # Names and calls

    def _name(self, token: Token) -> Expression:
        _, word, start, end = token
        following = self.tokens[self.index + 1]
        if (
            following[1] == "("
            and following[2] == end
            and (word in FUNCTION_NAMES or word in SOURCES or find_unit(word) is None)
        ):
            if word in JOINING:
                raise refusals.missing_operand(self.tokens, self.index)
            self.index += 2
            self._descend(following)
            call = self._source(token) if word in SOURCES else self._call(token)
            self.depth -= 1
            return call
        if word in JOINING:
            raise refusals.missing_operand(self.tokens, self.index)
        self.index += 1
        unit = None if word in self.names else find_unit(word)
        if unit is not None:
            if following[0] == NUMBER and unit.writing is Writing.MONEY and not word.isalnum():
                return self.prefixed(unit, token)
            units = self.units(unit)
            end = self.tokens[self.index - 1][3]
            return QuantityNode(_ONE, units, start, end, is_bare=True) if units else NumberNode(_ONE, start, end)
        name = NameNode(word, start, end)
        if word == WHAT:
            self.whats.append(name)
        return name

    def _call(self, name: Token) -> CallNode:
        tokens = self.tokens
        arguments: list[Expression] = []
        call, self.call = self.call, name[1]
        if tokens[self.index][1] != ")":
            while True:
                arguments.append(self.expression(0))
                sign = tokens[self.index]
                if sign[1] not in (";", ","):
                    break
                self.index += 1
        closing = tokens[self.index]
        if closing[1] != ")":
            self._refuse_rest(name)
        self.index += 1
        self.call = call
        return CallNode(name[1], tuple(arguments), name[2], closing[3])

    def _source(self, name: Token) -> SourceNode:
        tokens = self.tokens
        filters: list[Filter] = []
        while True:
            first = self.index
            while tokens[self.index][1] not in (";", ",", ")", "(", "") or tokens[self.index][0] == WORDS:
                self.index += 1
            stop = tokens[self.index]
            if stop[1] in ("(", ""):
                raise name_refusals.open_source(name, stop)
            if self.index > first:
                filters.append(self._filter(first, self.index))
            elif stop[1] != ")" or filters:
                raise name_refusals.empty_filter(stop)
            self.index += 1
            if stop[1] == ")":
                break
        settled = settle_filters(name[1], filters, name[2], stop[3])
        node = SourceNode(name[1], settled, key_of(name[1], settled), name[2], stop[3])
        self.sources.append(node)
        return node

    def _filter(self, first: int, last: int) -> Filter:
        tokens = self.tokens
        start, end = tokens[first][2], tokens[last - 1][3]
        field = PERIOD
        if tokens[first][0] == NAME and tokens[first + 1][1] == ":" and first + 1 < last:
            field = tokens[first][1].lower()
            first += 2
        if first == last:
            return Filter(field, "", start, end)
        words = [token for token in tokens[first:last] if token[0] == WORDS]
        if words and last - first > 1:
            raise name_refusals.words_and_more(words[0])
        value = words[0][1][1:-1] if words else self.text[tokens[first][2] : end]
        return Filter(field, value, start, end)

    # Conversions

    def _conversion(self, operand: Expression, sign: Token) -> ConvertNode:
        target = self.tokens[self.index]
        end = target[3]
        units: Units | str
        if target[1] == "%" or target[1] in TARGET_WORDS:
            self.index += 1
            units = "percent" if target[1] == "%" else target[1]
        else:
            unit = find_unit(target[1]) if target[0] == NAME else None
            if unit is None:
                raise amount_refusals.bad_target(sign, target)
            self.index += 1
            units = self.units(unit, is_target=True)
            if not units:
                raise amount_refusals.no_unit_left(target, self.tokens[self.index - 1])
            if _is_mixed_time(units):
                units = HOURS_MIXED
            end = self.tokens[self.index - 1][3]
        rate: Expression | None = None
        rate_on: date | None = None
        if self.tokens[self.index][1] == "at":
            self.index += 1
            rate = self.expression(BIND_CONVERT + 1)
            end = rate.end
        if self.tokens[self.index][1] == "on" and self.tokens[self.index + 1][0] == DAY:
            rate_on = self.day(self.tokens[self.index + 1])
            end = self.tokens[self.index + 1][3]
            self.index += 2
        self._descend(sign)
        return ConvertNode(operand, units, sign[2], operand.start, end, rate=rate, rate_on=rate_on)

    # What is not guessed

    def _is_product(self, left: Expression, token: Token) -> bool:
        """Whether `token` begins a second factor: `2 pi`, `3(4+5)`."""
        kind, word, _, _ = token
        if kind == SIGN and word != "(":
            return False
        if kind == NAME and word in JOINING:
            return False
        before = self.tokens[self.index - 1]
        if word[0] == "_" and before[0] == NUMBER and before[3] == token[2]:
            raise amount_refusals.underscore(before, token)
        if word == "(" and before[0] == NUMBER and before[3] == token[2]:
            self._check_repeating(before)
        can_multiply = type(left) is not QuantityNode or before[1] == ")"
        if (kind == NAME or word == "(") and (before[0] == NUMBER or before[1] == ")") and can_multiply:
            if kind == NAME and (letter := sign_refusals.times_as_letter(token, self.names)):
                raise letter
            term: Expression = left
            while type(term) is MinusNode:
                term = term.operand
            while type(term) is BinaryNode and term.operation in _PRODUCTS and term.start == term.left.start:
                if term.operation in _MISLEADING:
                    raise refusals.misleading_product(term, self.tokens, self.index, self.text)
                if term.at == term.right.start:
                    # Without a sign of its own: what is left of it has been looked at.
                    break
                term = term.left
            return True
        raise sign_refusals.missing_sign(self.tokens, self.index, self.text, self.names)

    def _check_repeating(self, number: Token) -> None:
        """Refuse `0.1(6)`: one sixth, as decimals that repeat are written, or a product?"""
        inside = self.tokens[self.index + 1 : self.index + 3]
        if len(inside) < 2:
            return
        digits, after = inside
        if FORMATS[self.number_format][0] in number[1] and digits[1].isdecimal() and after[1] == ")":
            raise amount_refusals.repeating_decimals(number, digits, after, self.number_format)

    def _check_quotient(self, left: Expression, right: Expression, sign: Token) -> None:
        """Refuse `10 / 2 m`, `6 / 1/2 m` and `10 / 2 percent`: what is divided by what?"""
        if isinstance(right, QuantityNode):
            if right.is_bare:
                return
            is_fraction = "/" in self.text[right.start : right.end] and right.value.denominator > 1
        else:
            if not isinstance(right, PercentNode) or self.text[right.end - 1] == "%":
                return
            is_fraction = isinstance(right.operand, BinaryNode)
        if self.text[right.start] != "(" and (_is_plain(left) or is_fraction):
            raise refusals.misleading_quotient(left, right, sign, self.text)

    def _check_percent(self, left: Expression, sign: Token) -> None:
        kind, word, _, _ = self.tokens[self.index]
        if kind in (NUMBER, ODD, DAY, CLOCK, WORDS) or word == "(" or (kind == NAME and word not in JOINING):
            raise sign_refusals.percent_as_remainder(left, sign, self.tokens[self.index], self.text, self.names)
        if type(left) is PercentNode and self.text[left.end - 1] == "%":
            raise refusals.double_percent(sign)

    def _refuse_rest(self, opening: Token | None = None) -> NoReturn:
        raise refusals.rest(self.tokens, self.index, opening)


def _is_money(node: Expression) -> TypeGuard[QuantityNode]:
    return (
        type(node) is QuantityNode
        and node.value > 0
        and len(node.units) == 1
        and node.units[0][1] == 1
        and node.units[0][0].writing is Writing.MONEY
    )


def _is_plain(node: Expression) -> bool:
    """Whether a node is made of plain numbers alone."""
    # Along the left side in a loop: there may be a thousand factors.
    while isinstance(node, (BinaryNode, MinusNode, FactorialNode)):
        if isinstance(node, BinaryNode):
            if not _is_plain(node.right):
                return False
            node = node.left
        else:
            node = node.operand
    return isinstance(node, NumberNode)


def _is_mixed_time(units: Units) -> bool:
    """Whether `to h min` is meant: sums of units of time, not their product."""
    return len(units) > 1 and all(
        exponent == 1 and unit.dimension == HOURS_MIXED[0][0].dimension for unit, exponent in units
    )
