"""What a line that was read comes to: a value, also under a name, a function, a rate, or the answer of an equation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from webapp.calculations.engine import units
from webapp.calculations.engine.budget import Budget
from webapp.calculations.engine.equations import solve, walk
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.evaluator import Evaluator, Named
from webapp.calculations.engine.nodes import (
    AssignNode,
    BinaryNode,
    CallNode,
    DefineNode,
    EquationNode,
    Expression,
    NameNode,
    PercentNode,
    RateNode,
    Statement,
)
from webapp.calculations.engine.operations import OPERATORS, Operation
from webapp.calculations.engine.parser import parse
from webapp.calculations.engine.results import Function, Result, UsedRate
from webapp.calculations.engine.settings import Settings
from webapp.calculations.engine.values import Quantity, Value


def evaluate_statement(
    statement: Statement, text: str, *, names: Mapping[str, Named] | None, settings: Settings, budget: Budget
) -> Result:
    """
    Return what a statement comes to; `text` is what it was read from.

    :raises CalculationError: with its place
    """
    evaluator = Evaluator(text, names, settings, budget)
    if isinstance(statement, AssignNode):
        return Result(statement, evaluator.value_of(statement.value), evaluator)
    if isinstance(statement, DefineNode):
        return Result(statement, None, evaluator, function=_define(statement, evaluator))
    if isinstance(statement, RateNode):
        return _state_rate(statement, evaluator)
    if isinstance(statement, EquationNode):
        return Result(statement, solve(statement, evaluator), evaluator)
    return Result(statement, evaluator.value_of(statement), evaluator)


def _define(node: DefineNode, evaluator: Evaluator) -> Function:
    """
    Return the function, unless it would call itself.

    What its names stand for is looked up when it is called; of those that stand for nothing yet a note says so.
    """
    function = Function(node.name, node.parameters, node.body, evaluator.text)
    unknown: dict[str, None] = {}
    for part in walk(node.body):
        if isinstance(part, CallNode):
            if part.name == node.name:
                raise _recursion(part, f"{node.name} would work itself out.")
            way = _find_way(part.name, node.name, evaluator)
            if way is not None:
                raise _recursion(part, f"{node.name} would work itself out: {' → '.join((node.name, *way))}.")
        elif not isinstance(part, NameNode) or part.name in node.parameters:
            continue
        if not evaluator.knows(part):
            unknown[part.name] = None
    if unknown:
        names = ", ".join(f"“{name}”" for name in sorted(unknown))
        evaluator.notes[f"Nothing is known as {names} yet: say what it is before you call {node.name}."] = None
    return function


def _find_way(start: str, target: str, evaluator: Evaluator) -> tuple[str, ...] | None:
    """Return by which of somebody's own functions one function comes to call another."""
    ways: dict[str, tuple[str, ...]] = {start: (start,)}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        function = evaluator.names.get(name)
        if not isinstance(function, Function):
            continue
        for part in walk(function.body):
            evaluator.budget.spend()
            if isinstance(part, CallNode) and part.name not in ways:
                ways[part.name] = (*ways[name], part.name)
                if part.name == target:
                    return ways[part.name]
                waiting.append(part.name)
    return None


def _recursion(node: CallNode, message: str) -> CalculationError:
    return CalculationError(
        Code.RECURSION,
        message,
        position=node.start,
        end=node.end,
        hint="Write it without calling itself.",
    )


def apply_operation(
    operation: Operation,
    operands: Sequence[str],
    *,
    names: Mapping[str, Named] | None,
    settings: Settings,
    budget: Budget,
) -> Result:
    """
    Return what an operation makes of its operands, each an expression, taken from the left.

    :raises CalculationError: with the `operand` that it is about, where it is about one, and its place in that text
    """
    operator = OPERATORS[operation]
    if not 2 <= len(operands) <= operator.most_operands:
        takes = "2 values" if operator.most_operands == 2 else f"2 to {operator.most_operands} values"
        raise CalculationError(
            Code.ARGUMENTS,
            f"{operator.label} takes {takes}, not {len(operands)}.",
            hint=f"Give it {takes}.",
        )
    evaluator = Evaluator("", names, settings, budget)
    nodes: list[Expression] = []
    values: list[Value] = []
    for index, text in enumerate(operands):
        try:
            node = _operand(parse(text, number_format=settings.number_format, names=names or ()), text)
            evaluator.text = text
            value = evaluator.value_of(node)
            if index == 0 and operator.is_of_percentage and isinstance(value, Quantity) and not value.units:
                node, value = PercentNode(node, node.start, node.end), Quantity(value.number, units.PERCENT_UNITS)
        except CalculationError as error:
            error.operand = index
            raise
        nodes.append(node)
        values.append(value)
    tree, result = nodes[0], values[0]
    for index in range(1, len(nodes)):
        try:
            result = evaluator.apply(operation, result, values[index])
        except CalculationError as error:
            error.operand = index
            raise
        tree = _together(operation, tree, nodes[index])
    return Result(tree, result, evaluator)


def _operand(statement: Statement, text: str) -> Expression:
    if isinstance(statement, (AssignNode, DefineNode, EquationNode, RateNode)):
        raise CalculationError(
            Code.SYNTAX,
            "An operand is a value: “=” has no place in it.",
            position=text.find("="),
            end=text.find("=") + 1,
            hint="Leave out what stands before it.",
        )
    return statement


def _together(operation: Operation, left: Expression, right: Expression) -> Expression:
    """Return the tree of an operation on two trees; it is for reading, places in it mean nothing."""
    function = OPERATORS[operation].function
    if function is not None:
        return CallNode(function, (left, right), 0, 0)
    return BinaryNode(operation, left, right, 0, 0, 0)


def _state_rate(node: RateNode, evaluator: Evaluator) -> Result:
    pair = units.currencies_between(node.one.units, node.given.units)
    if pair is None or node.one.value <= 0 or node.given.value <= 0:
        raise CalculationError(
            Code.OUT_OF_DOMAIN,
            "A rate says how much of one currency another is worth.",
            position=node.start,
            end=node.end,
            hint="Write it as “1 EUR = 1.08 USD on 2026-11-20”.",
        )
    evaluator.rates[UsedRate(*pair, node.given.value / node.one.value, node.on)] = None
    return Result(node, Quantity(node.given.value, node.given.units), evaluator)
