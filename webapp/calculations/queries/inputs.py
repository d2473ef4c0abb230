"""What is looked up for a calculation before it is worked out."""

from __future__ import annotations

from datetime import datetime

from webapp.calculations.engine import CalculationError
from webapp.calculations.engine.settings import Settings
from webapp.calculations.queries.figures import figures_for
from webapp.calculations.queries.names import find_names
from webapp.calculations.rules.inputs import Figure, Inputs, Name, names_in
from webapp.calculations.rules.outcomes import sources_in, texts_of
from webapp.calculations.rules.typed import Typed
from webapp.values.actor import Actor


def look_up(typed: Typed, *, settings: Settings, actor: Actor, now: datetime) -> tuple[Inputs, CalculationError | None]:
    """
    Return the actor's names in what was typed and the figures it asks for, as far as there are any.

    The error says which figure there is not; nothing is then to be worked out.
    """
    known = {
        name: Name(name, kept.text, kept.number_format, kept.value, kept.calculation_id)
        for name, kept in find_names(actor=actor).items()
        if kept.value is not None
    }
    names = names_in(texts_of(typed), known)
    try:
        found = figures_for(sources_in(typed, settings), actor=actor, now=now)
    except CalculationError as error:
        return Inputs(names=names), error
    figures = [
        Figure(
            figure.key,
            figure.value,
            figure.words,
            figure.period.start if figure.period else None,
            figure.period.last if figure.period else None,
        )
        for figure in found.values()
    ]
    return Inputs(figures, names), None
