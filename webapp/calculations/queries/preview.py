"""What a line comes to while it is typed. Nothing is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from webapp.calculations.engine import CalculationError
from webapp.calculations.engine.writing import write_value
from webapp.calculations.queries.answers import Answer, answer_of, refusal_of
from webapp.calculations.queries.inputs import look_up
from webapp.calculations.queries.settings import settings_of
from webapp.calculations.rules.outcomes import cut_typed, work_out
from webapp.calculations.rules.typed import TypedExpression
from webapp.values.actor import Actor


def preview(*, text: str, actor: Actor, now: datetime) -> Answer | None:
    """Return what a line comes to for this person, or why not; None for an empty one."""
    if not text.strip():
        return None
    typed = cut_typed(TypedExpression(text))
    settings = settings_of(actor=actor, now=now)
    inputs, refusal = look_up(typed, settings=settings, actor=actor, now=now)
    outcome = refusal or work_out(typed, inputs=inputs, settings=settings)
    if isinstance(outcome, CalculationError):
        return refusal_of(text, outcome, is_typing=True)
    answer = answer_of(text, outcome, number_format=settings.number_format)
    # What was taken from the work, and how much of it: whether that was meant is seen before it is kept.
    figures = tuple(f"{figure.words}: {write_value(figure.value, settings)}." for figure in inputs.figures)
    return replace(answer, notes=(*figures, *answer.notes))
