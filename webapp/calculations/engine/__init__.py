"""
Exact, safe, auditable calculation. Pure: no database, no clock, no Flask.

`evaluate("3h 45m * 85 EUR/h")` reads a line (`lexer`, `parser`), works it out (`statements`, `evaluator`, by the table
in `operations`) and returns a `Result`; it raises `CalculationError` and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from webapp.calculations.engine.budget import Budget
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.evaluator import Named
from webapp.calculations.engine.operations import Operation, OperationFactory
from webapp.calculations.engine.parser import find_sources, parse
from webapp.calculations.engine.results import Function, Result
from webapp.calculations.engine.settings import Angle, Rate, Settings
from webapp.calculations.engine.sheets import Sheet, SheetLine, evaluate_sheet
from webapp.calculations.engine.statements import apply_operation, evaluate_statement

__all__ = [
    "ENGINE_VERSION",
    "Angle",
    "CalculationError",
    "Code",
    "Function",
    "Operation",
    "OperationFactory",
    "Rate",
    "Result",
    "Settings",
    "Sheet",
    "SheetLine",
    "apply",
    "evaluate",
    "evaluate_sheet",
    "find_sources",
]

# Goes up whenever the same text could come out differently.
ENGINE_VERSION = 2
_PLAIN = Settings()


def evaluate(text: str, *, names: Mapping[str, Named] | None = None, settings: Settings | None = None) -> Result:
    """
    Return what a line is worth.

    :param names: the variables and functions that it may use
    :raises CalculationError: with its place, when there is no answer
    """
    settings = settings or _PLAIN
    statement = parse(text, number_format=settings.number_format, names=names or ())
    return evaluate_statement(statement, text, names=names, settings=settings, budget=Budget())


def apply(
    operation: Operation,
    operands: Sequence[str],
    *,
    names: Mapping[str, Named] | None = None,
    settings: Settings | None = None,
) -> Result:
    """
    Return what an operation makes of its operands, each an expression; a first “10” of a percentage is 10%.

    :raises CalculationError: with the `operand` that it is about, where it is about one, and its place in that text
    """
    settings = settings or _PLAIN
    return apply_operation(operation, operands, names=names, settings=settings, budget=Budget())
