"""
The numbers about calculations, as sums that the database adds up.

Days are those of whoever made them; what is hidden is not counted. Each number is of calculations, so that the history,
asked for the same, shows as many.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, false, func, select

from webapp.calculations.models import Calculation, CalculationUse
from webapp.metrics.queries import settle_scope
from webapp.metrics.rules.calculations import Calculations, DayCount, UseCount, add_up
from webapp.metrics.rules.scope import Scope, Who
from webapp.storage.db import db
from webapp.values.actor import Actor
from webapp.values.period import Period


@dataclass(frozen=True)
class CalculationReport:
    """One page: what was worked out. `latest_on` is the last earlier day with anything, where the period is empty."""

    scope: Scope
    calculations: Calculations
    latest_on: date | None


def get_calculations(
    *, actor: Actor, period: Period, who: Who | None, week_start: int, now: datetime
) -> CalculationReport:
    """Return what was worked out in the period, in at most 5 statements."""
    scope = settle_scope(actor=actor, period=period, who=who, week_start=week_start, now=now)
    found = add_up(
        period=period,
        counts=_count_days(actor, period, scope.who),
        uses=_count_uses(actor, period, scope.who),
        before=_count(actor, scope.before, scope.who),
        today=scope.today,
        week_start=week_start,
    )
    latest_on = _find_latest_day(actor, period, scope.who) if found.is_empty else None
    return CalculationReport(scope, found, latest_on)


def _count_days(actor: Actor, period: Period, who: Who) -> list[DayCount]:
    rows = db.session.execute(
        select(Calculation.day, Calculation.error_code, func.count())
        .where(*_made(actor, period, who))
        .group_by(Calculation.day, Calculation.error_code)
    )
    return [DayCount(day, code, number) for day, code, number in rows if day is not None]


def _count_uses(actor: Actor, period: Period, who: Who) -> list[UseCount]:
    conditions: list[ColumnElement[bool]] = [
        CalculationUse.workspace_id == actor.workspace_id,
        CalculationUse.is_hidden == false(),
        CalculationUse.day >= period.start,
        CalculationUse.day < period.end,
    ]
    if who is Who.ME:
        conditions.append(CalculationUse.user_id == actor.user_id)
    rows = db.session.execute(
        select(CalculationUse.kind, CalculationUse.name, func.count())
        .where(*conditions)
        .group_by(CalculationUse.kind, CalculationUse.name)
    )
    return [UseCount(kind.value, name, number) for kind, name, number in rows]


def _count(actor: Actor, period: Period, who: Who) -> int:
    return db.session.scalar(select(func.count()).select_from(Calculation).where(*_made(actor, period, who))) or 0


def _find_latest_day(actor: Actor, period: Period, who: Who) -> date | None:
    conditions = [*_visible(actor, who), Calculation.day < period.start]
    return db.session.scalar(select(func.max(Calculation.day)).where(*conditions))


def _made(actor: Actor, period: Period, who: Who) -> list[ColumnElement[bool]]:
    return [*_visible(actor, who), Calculation.day >= period.start, Calculation.day < period.end]


def _visible(actor: Actor, who: Who) -> list[ColumnElement[bool]]:
    conditions = [Calculation.workspace_id == actor.workspace_id, Calculation.is_hidden == false()]
    return [*conditions, Calculation.user_id == actor.user_id] if who is Who.ME else conditions
