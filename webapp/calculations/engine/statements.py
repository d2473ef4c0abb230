"""What a line that was read comes to: a value, also under a name, a function, a rate, or the answer of an equation."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.calculations.engine import units
from webapp.calculations.engine.budget import Budget
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.evaluator import Evaluator, Named
from webapp.calculations.engine.nodes import AssignNode, DefineNode, EquationNode, RateNode, Statement
from webapp.calculations.engine.results import Function, Result, UsedRate
from webapp.calculations.engine.settings import Settings
from webapp.calculations.engine.values import Quantity


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
        function = Function(statement.name, statement.parameters, statement.body, text)
        return Result(statement, None, evaluator, function=function)
    if isinstance(statement, RateNode):
        return _state_rate(statement, evaluator)
    if isinstance(statement, EquationNode):
        raise NotImplementedError
    return Result(statement, evaluator.value_of(statement), evaluator)


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
