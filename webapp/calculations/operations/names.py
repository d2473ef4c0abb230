"""Changes: the names and functions that a person keeps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.results import Result
from webapp.calculations.models import CalculationName
from webapp.calculations.models.names import LONGEST_NAME, LONGEST_SHOWN
from webapp.calculations.queries import names as queries
from webapp.calculations.rules.packing import pack_value
from webapp.storage.db import db
from webapp.storage.transaction import transactional
from webapp.values.actor import Actor
from webapp.values.text import shortened

# All of them are read for each line that is worked out.
MOST_NAMES = 200


def check_room(*, name: str, actor: Actor) -> None:
    """
    Refuse a name that cannot be kept.

    :raises CalculationError: TOO_LONG, or TOO_MANY_NAMES
    """
    if len(name) > LONGEST_NAME:
        raise CalculationError(
            Code.TOO_LONG,
            f"This name has {len(name)} characters; {LONGEST_NAME} can be kept.",
            position=0,
            end=len(name),
            hint="Choose a shorter one.",
        )
    if queries.count_names(actor=actor, besides=name) >= MOST_NAMES:
        raise CalculationError(
            Code.TOO_MANY_NAMES, f"You keep {MOST_NAMES} names already.", hint="Remove one that you no longer use."
        )


@transactional
def remember(
    *, calculation_id: int | None, text: str, number_format: str, result: Result, actor: Actor, now: datetime
) -> None:
    """
    Keep the name that a line has set, in place of what it meant before; a line that sets none changes nothing.

    `check_room` is asked first.

    :param text, number_format: the line as it was typed
    """
    if result.name is None:
        return
    row = db.session.scalar(
        select(CalculationName).where(
            CalculationName.workspace_id == actor.workspace_id,
            CalculationName.user_id == actor.user_id,
            CalculationName.name == result.name,
        )
    )
    if row is None:
        row = CalculationName(workspace_id=actor.workspace_id, user_id=actor.user_id, name=result.name)
        db.session.add(row)
    row.text, row.number_format = text, number_format
    # A function is read again from its line.
    row.value = None if result.value is None else pack_value(result.value)
    row.shown = "" if result.value is None else shortened(result.text, longest=LONGEST_SHOWN)
    row.calculation_id = calculation_id
    row.kept_at, row.removed_at = now, None
    db.session.flush()


@transactional
def remove_name(*, name_id: int, actor: Actor, now: datetime) -> str:
    """
    Let a name mean nothing, and return it; what was worked out with it stays. The last one removed can be put back.

    :raises NotFound: when it is not the actor's
    """
    row = queries.get_row(name_id=name_id, actor=actor)
    db.session.execute(
        delete(CalculationName)
        .where(
            CalculationName.workspace_id == actor.workspace_id,
            CalculationName.user_id == actor.user_id,
            CalculationName.removed_at.is_not(None),
            CalculationName.id != name_id,
        )
        .execution_options(synchronize_session=False)
    )
    row.removed_at = row.removed_at or now
    return row.name


@transactional
def restore_name(*, name_id: int, actor: Actor) -> str:
    """
    Put a removed name back, and return it.

    :raises NotFound: when it is not the actor's, or was removed too long ago
    """
    row = queries.get_row(name_id=name_id, actor=actor)
    row.removed_at = None
    return row.name
