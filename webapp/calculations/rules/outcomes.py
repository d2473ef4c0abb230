"""What a calculation came to, as the columns of its row, and how it is worked out again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from webapp.calculations.engine import ENGINE_VERSION, CalculationError, Code, Result, apply, evaluate, find_sources
from webapp.calculations.engine.limits import LINE_CHARACTERS
from webapp.calculations.engine.nodes import SourceNode
from webapp.calculations.engine.operations import Operation
from webapp.calculations.engine.settings import Angle, Settings
from webapp.calculations.rules.inputs import Inputs, pack_inputs, unpack_inputs
from webapp.calculations.rules.typed import Typed, TypedExpression, TypedOperation
from webapp.calculations.rules.uses import UseKind

LONGEST_USE = 100
_HALVES = re.compile("[\ud800-\udfff]")

Outcome = Result | CalculationError

_WITHOUT_RESULT = {
    "result": "",
    "is_exact": True,
    "numerator": None,
    "denominator": None,
    "digits": None,
    "unit": None,
}


def cut_typed(typed: Typed) -> Typed:
    """
    Return what is kept of what was typed: all that can be worked out.

    Of a text that is too long to be worked out so much is kept that it still is. Halves of surrogates, which no
    database takes, come to be the mark of an unreadable character, which is refused just the same.
    """
    if isinstance(typed, TypedExpression):
        return TypedExpression(_cut(typed.text))
    return TypedOperation(typed.operation, tuple(_cut(operand) for operand in typed.operands[:100]))


def texts_of(typed: Typed) -> tuple[str, ...]:
    """Return the expressions in what was typed."""
    return (typed.text,) if isinstance(typed, TypedExpression) else typed.operands


def sources_in(typed: Typed, settings: Settings) -> list[SourceNode]:
    """Return the questions to the work itself in what was typed."""
    return [source for text in texts_of(typed) for source in find_sources(text, settings=settings)]


def work_out(typed: Typed, *, inputs: Inputs, settings: Settings) -> Outcome:
    """Return the result, or why there is none."""
    settings = settings._replace(figures=inputs.values)
    try:
        if isinstance(typed, TypedExpression):
            return evaluate(typed.text, names=inputs.known, settings=settings)
        return apply(typed.operation, typed.operands, names=inputs.known, settings=settings)
    except CalculationError as error:
        return error


def columns_of(typed: Typed, outcome: Outcome, *, inputs: Inputs, settings: Settings) -> dict[str, Any]:
    """Return the columns of a calculation's row that say how it was worked out and what it came to."""
    how = {
        "typed": typed.text if isinstance(typed, TypedExpression) else None,
        "operation": typed.operation.value if isinstance(typed, TypedOperation) else "",
        "operands": list(typed.operands) if isinstance(typed, TypedOperation) else [],
        "engine_version": ENGINE_VERSION,
        "number_format": settings.number_format,
        "angle": settings.angle.value,
        "day": settings.today,
    }
    if isinstance(outcome, CalculationError):
        return how | _refused(outcome) | {"inputs": pack_inputs(inputs, settings=settings)}
    exact = outcome.exact
    is_inexact = outcome.is_inexact
    return how | {
        "reading": outcome.reading,
        "inputs": pack_inputs(inputs, settings=settings, rates=outcome.rates),
        "result": outcome.text,
        "is_exact": not is_inexact,
        "numerator": None if exact is None else str(exact.numerator),
        "denominator": None if exact is None else str(exact.denominator),
        "digits": str(outcome.number) if is_inexact and outcome.number is not None else None,
        "unit": outcome.unit,
        "remarks": list(outcome.notes),
        "error_code": "",
        "error": None,
    }


def uses_of(typed: Typed, outcome: Outcome) -> list[tuple[UseKind, str]]:
    """Return what a calculation used, each thing once."""
    used: list[tuple[UseKind, str]] = []
    if isinstance(typed, TypedOperation):
        used.append((UseKind.OPERATION, typed.operation.value))
    if not isinstance(outcome, CalculationError):
        for kind, names in (
            (UseKind.OPERATION, outcome.operations),
            (UseKind.FUNCTION, outcome.functions),
            (UseKind.NAME, outcome.names),
            (UseKind.SOURCE, tuple(key.partition("(")[0] for key in outcome.sources)),
        ):
            used.extend((kind, str(name)[:LONGEST_USE]) for name in names)
    return list(dict.fromkeys(used))


def find_differences(kept: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """
    Work a kept calculation of this engine out again.

    :param kept: its columns by name
    :return: the columns that came out otherwise, each with what is kept and what came out; what took too long, then or
        now, is not held against it
    """
    typed: Typed
    if kept["typed"] is not None:
        typed = TypedExpression(kept["typed"])
    else:
        typed = TypedOperation(Operation(kept["operation"]), tuple(kept["operands"]))
    settings = Settings(number_format=kept["number_format"], angle=Angle(kept["angle"]), today=kept["day"])
    try:
        inputs = unpack_inputs(kept["inputs"] or {})
    except ValueError as error:
        return {"inputs": (kept["inputs"], str(error))}
    outcome = work_out(typed, inputs=inputs, settings=settings)
    if isinstance(outcome, CalculationError) and outcome.code is Code.TOO_SLOW:
        return {}
    again = columns_of(typed, outcome, inputs=inputs, settings=settings)
    if _was_refused_elsewhere(kept["error_code"], outcome):
        again |= _WITHOUT_RESULT | {"error_code": kept["error_code"]}
    compared = ("error_code", "result", "is_exact", "numerator", "denominator", "digits", "unit")
    return {name: (kept[name], again[name]) for name in compared if kept[name] != again[name]}


def _was_refused_elsewhere(code: str, outcome: Outcome) -> bool:
    """Tell whether something else than the line refused: the clock, the work (no such task), the list of kept names."""
    if code in {Code.TOO_SLOW.value, Code.SOURCE.value}:
        return True
    is_about_names = code in {Code.TOO_MANY_NAMES.value, Code.TOO_LONG.value}
    return is_about_names and isinstance(outcome, Result) and outcome.name is not None


def _refused(error: CalculationError) -> dict[str, Any]:
    return {
        **_WITHOUT_RESULT,
        "reading": None,
        "remarks": [],
        "error_code": error.code.value,
        "error": {
            "message": error.message,
            "hint": error.hint,
            "position": error.position,
            "end": error.end,
            "operand": getattr(error, "operand", None),
            "repairs": list(error.repairs),
        },
    }


def _cut(text: str) -> str:
    return _HALVES.sub("\ufffd", text[: LINE_CHARACTERS + 1])
