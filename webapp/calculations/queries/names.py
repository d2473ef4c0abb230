"""Questions about the names and functions that a person keeps. Those of others are not there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select

from webapp.calculations.engine.errors import CalculationError
from webapp.calculations.engine.nodes import DefineNode
from webapp.calculations.engine.parser import parse
from webapp.calculations.engine.results import Function
from webapp.calculations.engine.values import Value
from webapp.calculations.models import CalculationName
from webapp.calculations.rules.packing import unpack_value
from webapp.errors import NotFound
from webapp.storage.db import db
from webapp.values.actor import Actor


@dataclass(frozen=True)
class KeptName:
    """
    A name and what it means to this person.

    `text` is the line that set it, in `number_format`; `shown` its value as it was shown then, empty for a function.
    `value` is None where it cannot be read any more: then it means nothing.
    """

    id: int
    name: str
    kind: Literal["value", "function"]
    text: str
    shown: str
    number_format: str
    value: Value | Function | None
    calculation_id: int | None
    kept_at: datetime


def find_names(*, actor: Actor) -> dict[str, KeptName]:
    """Return the actor's names that mean something, by name."""
    return {name.name: name for name in list_names(actor=actor) if name.value is not None}


def list_names(*, actor: Actor) -> list[KeptName]:
    """Return the actor's names by name; one statement, for at most operations.names.MOST_NAMES."""
    rows = db.session.scalars(
        select(CalculationName)
        .where(
            CalculationName.workspace_id == actor.workspace_id,
            CalculationName.user_id == actor.user_id,
            CalculationName.removed_at.is_(None),
        )
        .order_by(CalculationName.name)
    )
    return [_kept(row) for row in rows]


def count_names(*, actor: Actor, besides: str) -> int:
    """Return how many names the actor keeps that are not called `besides`."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(CalculationName)
            .where(
                CalculationName.workspace_id == actor.workspace_id,
                CalculationName.user_id == actor.user_id,
                CalculationName.removed_at.is_(None),
                CalculationName.name != besides,
            )
        )
        or 0
    )


def get_row(*, name_id: int, actor: Actor) -> CalculationName:
    """
    Return the row of a name, removed or not.

    :raises NotFound: when it is not the actor's, or not of this workspace
    """
    row = db.session.scalar(
        select(CalculationName).where(
            CalculationName.id == name_id,
            CalculationName.workspace_id == actor.workspace_id,
            CalculationName.user_id == actor.user_id,
        )
    )
    if row is None:
        raise NotFound
    return row


def _kept(row: CalculationName) -> KeptName:
    return KeptName(
        id=row.id,
        name=row.name,
        kind="function" if row.value is None else "value",
        text=row.text,
        shown=row.shown,
        number_format=row.number_format,
        value=_read(row),
        calculation_id=row.calculation_id,
        kept_at=row.kept_at,
    )


def _read(row: CalculationName) -> Value | Function | None:
    if row.value is not None:
        try:
            return unpack_value(row.value)
        except ValueError:
            return None
    try:
        node = parse(row.text, number_format=row.number_format)
    except CalculationError:
        return None
    return Function(node.name, node.parameters, node.body, row.text) if isinstance(node, DefineNode) else None
