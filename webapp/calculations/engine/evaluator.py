"""
What a tree is worth. It walks the tree once, within a budget, and keeps a record of what it used.

Chains from the left (`1 + 2 + 3 …`) are walked in a loop, as there may be a thousand links in a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from webapp.calculations.engine import arithmetic, days, name_refusals, numerics, units
from webapp.calculations.engine.budget import Budget
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.functions import CONSTANTS, FUNCTIONS
from webapp.calculations.engine.limits import EVALUATION_DEPTH
from webapp.calculations.engine.nodes import (
    BinaryNode,
    CallNode,
    CompareNode,
    ConvertNode,
    DayNode,
    Expression,
    FactorialNode,
    MinusNode,
    MixedNode,
    NameNode,
    Node,
    NumberNode,
    PercentNode,
    QuantityNode,
    SourceNode,
)
from webapp.calculations.engine.operations import OPERATORS, Operation, OperationFactory
from webapp.calculations.engine.results import Function, UsedRate
from webapp.calculations.engine.settings import Settings
from webapp.calculations.engine.values import Number, Quantity, Value

# What somebody may hand in under a name.
Named: TypeAlias = Value | Fraction | int | Decimal | Function

# A longer part of a text is not said again.
_SHOWN_LENGTH = 40
# Chooses; only one of its values is worked out.
IF = "if"
TODAY = "today"

_APPLY: Final[Mapping[Operation, Callable[[Value, Value], Value]]] = {
    operation: OperationFactory.create(operation).apply for operation in OPERATORS
}
# The operations that are called by name: root, percent_change, difference.
OPERATION_FUNCTIONS: Final[Mapping[str, Operation]] = {
    operator.function: operation for operation, operator in OPERATORS.items() if operator.function
}
_SIGN = re.compile(r"as\s*%\s*of|[a-z_]+|\*\*|.", re.DOTALL)
_NO_NAMES: Final[Mapping[str, Named]] = MappingProxyType({})


class Evaluator:
    """Works out one line. `operations`, `used_names`, `functions`, `sources` and `rates` say what it took."""

    __slots__ = (
        "_calls",
        "_depth",
        "_locals",
        "budget",
        "functions",
        "names",
        "notes",
        "operations",
        "rates",
        "settings",
        "sources",
        "text",
        "used_names",
    )

    def __init__(self, text: str, names: Mapping[str, Named] | None, settings: Settings, budget: Budget) -> None:
        self.text = text
        self.names = _NO_NAMES if names is None else names
        self.settings = settings
        self.budget = budget
        # Dictionaries for their keys, in the order of first use.
        self.operations: dict[Operation, None] = {}
        self.used_names: dict[str, None] = {}
        self.functions: dict[str, None] = {}
        self.sources: dict[str, None] = {}
        self.rates: dict[UsedRate, None] = {}
        self.notes: dict[str, None] = {}
        self._locals: Mapping[str, Value] = {}
        self._calls: tuple[str, ...] = ()
        self._depth = 0

    def value_of(self, node: Expression) -> Value:
        """
        Return what it is worth.

        :raises CalculationError: with its place in the text
        """
        self.budget.spend()
        self._depth += 1
        if self._depth > EVALUATION_DEPTH:
            raise self._too_deep(node)
        value = _VALUES[type(node)](self, node)
        self._depth -= 1
        return value

    def apply(self, operation: Operation, left: Value, right: Value, at: int | None = None) -> Value:
        """Return what an operation makes of two values; errors point at its sign, if it stands anywhere."""
        self.operations[operation] = None
        try:
            value = _APPLY[operation](left, right)
        except CalculationError as error:
            raise (error if at is None else self._at_sign(error, at)) from None
        if type(value) is date:
            self._note_day(operation, left, right)
        return value

    def knows(self, node: NameNode | CallNode) -> bool:
        """Say whether a name or a function stands for something, and remember that it was used."""
        name = node.name
        named = self.names.get(name)
        if isinstance(node, CallNode):
            if name in OPERATION_FUNCTIONS:
                self.operations[OPERATION_FUNCTIONS[name]] = None
                return True
            self.functions[name] = None
            return name in FUNCTIONS or name == IF or isinstance(named, Function)
        self.used_names[name] = None
        return named is not None or name in CONSTANTS or name == TODAY

    @contextmanager
    def knowing(self, values: Mapping[str, Value], function: Function | None = None) -> Iterator[None]:
        """Know these names for a while: those of a function's body, or beside all others."""
        before = self._locals, self.text
        if function is None:
            self._locals = {**self._locals, **values}
        else:
            self._locals, self.text = values, function.text
        try:
            yield
        finally:
            self._locals, self.text = before

    # --- One for each kind of node ---

    def _number(self, node: NumberNode) -> Value:
        return Quantity(node.value)

    def _quantity(self, node: QuantityNode) -> Value:
        return Quantity(node.value, node.units)

    def _mixed(self, node: MixedNode) -> Value:
        return units.sum_parts(Quantity(part.value, part.units) for part in node.parts)

    def _day(self, node: DayNode) -> Value:
        return node.day

    def _name(self, node: NameNode) -> Value:
        name = node.name
        if name in self._locals:
            return self._locals[name]
        if name in self.names:
            self.used_names[name] = None
            return self._named(self.names[name], node)
        constant = CONSTANTS.get(name)
        if constant is not None:
            self.used_names[name] = None
            return constant.value
        if name == TODAY:
            if self.settings.today is None:
                raise CalculationError(
                    Code.UNKNOWN_NAME,
                    "Here is no today.",
                    hint="Write the day: 2026-11-20.",
                    position=node.start,
                    end=node.end,
                )
            self.used_names[name] = None
            return self.settings.today
        raise self._unknown_name(node)

    def _binary(self, node: BinaryNode) -> Value:
        chain = []
        first: Expression = node
        while type(first) is BinaryNode:
            chain.append(first)
            first = first.left
        self.budget.spend(len(chain))
        value = Quantity(first.value) if type(first) is NumberNode else self.value_of(first)
        apply = self.apply
        while chain:
            link = chain.pop()
            right = link.right
            if type(right) is MixedNode and type(value) is date:
                value = self._beside_day(link, value, right)
                continue
            other = Quantity(right.value) if type(right) is NumberNode else self.value_of(right)
            try:
                value = apply(link.operation, value, other, link.at)
            except CalculationError as error:
                if error.code == Code.DIVISION_BY_ZERO and type(right) is not NumberNode:
                    self._name_divisor(error, right)
                raise
        return value

    def _beside_day(self, link: BinaryNode, day: Value, length: MixedNode) -> Value:
        """Work out `2026-01-31 + 1 month 2 days` part by part: the month is the calendar's there."""
        self.budget.spend(len(length.parts))
        for part in length.parts:
            day = self.apply(link.operation, day, Quantity(part.value, part.units), link.at)
        return day

    def _minus(self, node: MinusNode) -> Value:
        return self._placed(arithmetic.negate, self.value_of(node.operand), node)

    def _percent(self, node: PercentNode) -> Value:
        value = self.value_of(node.operand)
        if type(value) is Quantity and not value.units:
            return Quantity(value.number, units.PERCENT_UNITS)
        raise CalculationError(
            Code.WRONG_KIND,
            f"“%” follows a plain number, and this is {arithmetic.kind_of(value)}.",
            position=node.start,
            end=node.end,
            hint="Write the percentage as a number: “10%”.",
        )

    def _factorial(self, node: FactorialNode) -> Value:
        value = self.value_of(node.operand)
        self.functions["fact"] = None
        return self._placed(lambda argument: FUNCTIONS["fact"].apply([argument], self.settings), value, node)

    def _compare(self, node: CompareNode) -> Value:
        left, right = self.value_of(node.left), self.value_of(node.right)
        try:
            truth = arithmetic.compare(left, right, node.sign)
        except CalculationError as error:
            raise error.at(node.at, node.at + len(node.sign)) from None
        if (_is_inexact(left) or _is_inexact(right)) and arithmetic.is_near(left, right):
            self.notes["The two are not exact and differ in their last digits at most: they may be equal or not."] = (
                None
            )
        return truth

    def _source(self, node: SourceNode) -> Value:
        figure = self.settings.figures.get(node.key)
        if figure is None:
            raise CalculationError(
                Code.SOURCE,
                "Figures from the work are not known here.",
                position=node.start,
                end=node.end,
                hint="Write the number.",
            )
        if isinstance(figure, CalculationError):
            raise CalculationError(
                figure.code, figure.message, position=node.start, end=node.end, hint=figure.hint, repairs=figure.repairs
            )
        self.sources[node.key] = None
        return figure

    def _convert(self, node: ConvertNode) -> Value:
        value = self.value_of(node.operand)
        if type(value) is not Quantity:
            raise CalculationError(
                Code.WRONG_KIND,
                f"{arithmetic.capital(arithmetic.kind_of(value))} cannot be converted.",
                position=node.at,
                end=node.at + 2,
                hint="Convert an amount in a unit: “5 km to mi”.",
            )
        try:
            if isinstance(node.target, str):
                return _to_word(value, node.target)
            return units.convert(value, node.target, self._rate(node, value))
        except CalculationError as error:
            raise error.at(node.at, node.at + 2) from None

    def _rate(self, node: ConvertNode, value: Quantity) -> Number | None:
        """Return how much of the target's currency one of the value's is: as it stands there, or as it is known."""
        if isinstance(node.target, str):
            return None
        pair = units.currencies_between(value.units, node.target)
        if pair is None:
            if node.rate is not None:
                raise CalculationError(
                    Code.WRONG_KIND,
                    "A rate leads from one currency to another, and here are not two.",
                    position=node.rate.start,
                    end=node.rate.end,
                    hint="Leave “at” and what follows out.",
                )
            return None
        if node.rate is not None:
            return self._stated_rate(node, node.rate, pair)
        known = self.settings.rates.get(pair)
        if known is not None:
            self.rates[UsedRate(*pair, known.factor, known.on)] = None
            return known.factor
        known = self.settings.rates.get((pair[1], pair[0]))
        if known is not None and known.factor:
            self.rates[UsedRate(pair[1], pair[0], known.factor, known.on)] = None
            return 1 / known.factor
        return None

    def _stated_rate(self, node: ConvertNode, rate: Expression, pair: tuple[str, str]) -> Number:
        on = node.rate_on or self.settings.today
        if on is None:
            raise CalculationError(
                Code.NO_RATE,
                "A rate has a day.",
                position=rate.start,
                end=rate.end,
                hint=f"Say when it was so: “{self.text[rate.start : rate.end]} on 2026-11-20”.",
            )
        value = self.value_of(rate)
        number = value.number if type(value) is Quantity and not value.units else None
        if not isinstance(number, Fraction) or number <= 0:
            raise CalculationError(
                Code.OUT_OF_DOMAIN,
                f"A rate is a number above 0: how much {pair[1]} one {pair[0]} is.",
                position=rate.start,
                end=rate.end,
                hint="Write it as “at 1.08”.",
            )
        self.rates[UsedRate(*pair, number, on)] = None
        return number

    # --- Calls ---

    def _call(self, node: CallNode) -> Value:
        name = node.name
        if name == IF:
            return self._choice(node)
        arguments = [self.value_of(argument) for argument in node.arguments]
        operation = OPERATION_FUNCTIONS.get(name)
        if operation is not None:
            if len(arguments) != 2:
                raise _wrong_count(node, f"{name}(a; b)", 2)
            return self.apply(operation, arguments[0], arguments[1], node.start)
        built_in = FUNCTIONS.get(name)
        if built_in is not None:
            self.functions[name] = None
            try:
                return built_in.apply(arguments, self.settings)
            except CalculationError as error:
                place = node if error.argument is None else node.arguments[error.argument]
                raise error.at(place.start, place.end) from None
        function = self.names.get(name)
        if isinstance(function, Function):
            return self._call_own(function, arguments, node)
        raise self._unknown_function(node)

    def _choice(self, node: CallNode) -> Value:
        if len(node.arguments) != 3:
            raise _wrong_count(node, "if(a > b; x; y)", 3)
        condition, yes, no = node.arguments
        truth = self.value_of(condition)
        self.functions[IF] = None
        if not isinstance(truth, bool):
            raise CalculationError(
                Code.WRONG_KIND,
                f"if asks whether something is true, and this is {arithmetic.kind_of(truth)}.",
                position=condition.start,
                end=condition.end,
                hint="Compare two values: “if(2 > 1; 10; 20)”.",
            )
        return self.value_of(yes if truth else no)

    def _call_own(self, function: Function, arguments: list[Value], node: CallNode) -> Value:
        if len(arguments) != len(function.parameters):
            raise _wrong_count(node, f"{function.name}({'; '.join(function.parameters)})", len(function.parameters))
        if function.name in self._calls:
            way = " → ".join((*self._calls[self._calls.index(function.name) :], function.name))
            raise CalculationError(
                Code.RECURSION,
                f"{function.name} would work itself out: {way}.",
                position=node.start,
                end=node.end,
                hint="Write it without calling itself.",
            )
        self.functions[function.name] = None
        outer = self._locals, self._calls, self.text
        self._locals = dict(zip(function.parameters, arguments, strict=True))
        self._calls = (*self._calls, function.name)
        self.text = function.text
        try:
            value = self.value_of(function.body)
        except CalculationError as error:
            raise _error_within(function, error, node) from None
        self._locals, self._calls, self.text = outer
        return value

    # --- Errors and notes ---

    def _name_divisor(self, error: CalculationError, divisor: Node) -> None:
        """Say what it is that is zero, where that is no plain 0."""
        written = self.text[divisor.start : divisor.end]
        if written and len(written) <= _SHOWN_LENGTH and error.message == numerics.BY_ZERO:
            error.message = f"{numerics.BY_ZERO.removesuffix('.')}, and “{written}” is 0."
            error.args = (error.message,)

    def _placed(self, work: Callable[[Any], Value], value: Value, node: Node) -> Value:
        try:
            return work(value)
        except CalculationError as error:
            raise error.at(node.start, node.end) from None

    def _at_sign(self, error: CalculationError, at: int) -> CalculationError:
        sign = _SIGN.match(self.text, at)
        return error.at(at, sign.end() if sign else at + 1)

    def _note_day(self, operation: Operation, left: Value, right: Value) -> None:
        """Say what was done to a day that is not in its month."""
        day, moved = (left, right) if type(left) is date else (right, left)
        if isinstance(day, date) and isinstance(moved, Quantity):
            move = days.add_to_day if operation is Operation.ADD else days.subtract_from_day
            self.notes.update(dict.fromkeys(move(day, moved)[1]))

    def _named(self, named: Named, node: NameNode) -> Value:
        if isinstance(named, Function):
            raise CalculationError(
                Code.WRONG_KIND,
                f"“{node.name}” is a function.",
                position=node.start,
                end=node.end,
                hint=f"Call it: “{node.name}({'; '.join(named.parameters)})”.",
            )
        try:
            return to_value(named)
        except CalculationError as error:
            raise error.at(node.start, node.end) from None

    def _unknown_name(self, node: NameNode) -> CalculationError:
        if node.name in FUNCTIONS or node.name in OPERATION_FUNCTIONS:
            return CalculationError(
                Code.WRONG_KIND,
                f"“{node.name}” is a function.",
                position=node.start,
                end=node.end,
                hint=f"Call it with brackets: “{node.name}(…)”.",
            )
        return name_refusals.unknown_name(
            node.name, node.start, node.start + len(node.name), [*self._locals, *self.names]
        )

    def _unknown_function(self, node: CallNode) -> CalculationError:
        own = [name for name, named in self.names.items() if isinstance(named, Function)]
        return name_refusals.unknown_function(node.name, node.start, node.start + len(node.name), own)

    def _too_deep(self, node: Expression) -> CalculationError:
        return CalculationError(
            Code.TOO_DEEP,
            "Too many things stand within each other.",
            position=node.start,
            end=node.end,
            hint="Give a part of it a name, and use that.",
        )


_VALUES: Final[dict[type[Node], Callable[[Evaluator, Any], Value]]] = {
    NumberNode: Evaluator._number,
    QuantityNode: Evaluator._quantity,
    MixedNode: Evaluator._mixed,
    DayNode: Evaluator._day,
    NameNode: Evaluator._name,
    CallNode: Evaluator._call,
    SourceNode: Evaluator._source,
    MinusNode: Evaluator._minus,
    PercentNode: Evaluator._percent,
    FactorialNode: Evaluator._factorial,
    BinaryNode: Evaluator._binary,
    CompareNode: Evaluator._compare,
    ConvertNode: Evaluator._convert,
}


def to_value(named: object) -> Value:
    """
    Return what somebody handed in as a value; a Decimal counts as inexact.

    :raises CalculationError: without a place, when it is nothing to calculate with
    """
    # A datetime is a date to isinstance, and none here.
    if isinstance(named, (Quantity, bool)) or type(named) is date:
        return named
    if isinstance(named, (Fraction, int)):
        return Quantity(numerics.within(Fraction(named)))
    if isinstance(named, Decimal) and named.is_finite():
        return Quantity(numerics.keep(named))
    raise CalculationError(Code.WRONG_KIND, "This is nothing to calculate with.", hint="Use a number.")


def _is_inexact(value: Value) -> bool:
    return type(value) is Quantity and type(value.number) is Decimal


def _to_word(value: Quantity, word: str) -> Value:
    number = units.plain_number(value)
    if word == "fraction":
        # How it is written is the result's affair.
        return value if number is None else Quantity(number)
    if number is None:
        raise CalculationError(
            Code.UNIT_MISMATCH,
            f"{arithmetic.capital(arithmetic.kind_of(value))} is no percentage.",
            hint="Say of what: “20 EUR as % of 80 EUR”.",
        )
    return Quantity(numerics.multiply(number, Fraction(100)), units.PERCENT_UNITS)


def _wrong_count(node: CallNode, reading: str, count: int) -> CalculationError:
    values = "1 value" if count == 1 else f"{count} values"
    return CalculationError(
        Code.ARGUMENTS,
        f"{node.name} takes {values}, not {len(node.arguments)}.",
        position=node.start,
        end=node.end,
        hint=f"Write it as “{reading}”; “;” stands between values.",
    )


def _error_within(function: Function, error: CalculationError, node: CallNode) -> CalculationError:
    """Return an error of a function's body as one of its call: the body stands in another text."""
    message = error.message if error.message.startswith("In “") else f"In “{function.name}”: {error.message}"
    return CalculationError(error.code, message, position=node.start, end=node.end, hint=error.hint)
