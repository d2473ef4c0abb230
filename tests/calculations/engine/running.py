"""One line worked out with its steps counted, without the clock: a busy machine is no failure of a law."""

from __future__ import annotations

from typing import Any

from webapp.calculations.engine.budget import Budget
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.limits import NODES
from webapp.calculations.engine.parser import parse
from webapp.calculations.engine.results import Result
from webapp.calculations.engine.settings import Settings
from webapp.calculations.engine.statements import evaluate_statement
from webapp.calculations.engine.values import Quantity

A_DAY = 86_400.0
# What is shown of anything fits on a screen: a reading is as long as the line allows, a refusal a few sentences.
LONGEST_RESULT = 400
LONGEST_SENTENCE = 600


def run(
    text: str, settings: Settings | None = None, *, names: dict[str, Any] | None = None, steps: int = NODES
) -> tuple[Result, int]:
    """
    Return the result of a line, and how many steps it took; at most `steps`.

    :raises CalculationError: as evaluate() does
    """
    settings, names = settings or Settings(), names or {}
    budget = Budget(steps, A_DAY)
    statement = parse(text, number_format=settings.number_format, names=names)
    result = evaluate_statement(statement, text, names=names, settings=settings, budget=budget)
    return result, budget.spent


def check_refusal(error: CalculationError, text: str) -> None:
    """See that a refusal says what, where and how long it may."""
    assert isinstance(error.code, Code)
    assert 0 < len(error.message) <= LONGEST_SENTENCE
    assert error.hint is None or 0 < len(error.hint) <= LONGEST_SENTENCE
    assert error.message[-1] in ".?!”"
    if error.position is None:
        assert error.end is None
    else:
        assert 0 <= error.position <= len(text)
        assert error.end is None or error.position <= error.end <= len(text)
    for repaired in error.repaired(text):
        assert len(repaired) <= len(text) + LONGEST_SENTENCE


def check_result(result: Result, text: str) -> None:
    """See that a result can be shown: bounded, and neither NaN nor infinite."""
    assert len(result.text) <= max(LONGEST_RESULT, 3 * len(text))
    assert len(result.reading) <= 20 * len(text) + LONGEST_RESULT
    if isinstance(result.value, Quantity):
        assert result.number is not None
        assert result.number.is_finite()
    assert (result.exact is None) or not result.is_inexact
