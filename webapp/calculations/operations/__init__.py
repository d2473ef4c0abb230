"""Changes: calculations are made, and never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import delete

from webapp.calculations import queries
from webapp.calculations.engine.first.factory import work_out
from webapp.calculations.engine.first.operators import Operation
from webapp.calculations.models import Calculation
from webapp.customers.queries import check_customer_id
from webapp.storage.db import db
from webapp.storage.once import once
from webapp.storage.transaction import transactional
from webapp.values.actor import Actor
from webapp.values.request_key import RequestKey


@transactional
def calculate(
    *,
    operation: Operation,
    operands: Sequence[Decimal],
    actor: Actor,
    now: datetime,
    note: str = "",
    customer_id: int | None = None,
    revises_id: int | None = None,
    request_key: RequestKey | None = None,
) -> int:
    """
    Work a calculation out, keep it, and return its id.

    :param revises_id: the calculation whose numbers were used again; it stays as it is
    :raises Refusal: when there is no such result, or it is too long
    :raises InvalidInput: when there is no such customer
    :raises NotFound: when the calculation that is revised is not the actor's to see
    """
    answer = work_out(operation, operands)
    check_customer_id(customer_id=customer_id, actor=actor)
    if revises_id is not None:
        queries.get_calculation(calculation_id=revises_id, actor=actor)

    def keep() -> int:
        calculation = Calculation(
            workspace_id=actor.workspace_id,
            user_id=actor.user_id,
            operation=operation.value,
            operands=[f"{operand:f}" for operand in operands],
            result=f"{answer.value:f}",
            is_exact=answer.is_exact,
            note=note,
            customer_id=customer_id,
            revises_id=revises_id,
            created_at=now,
        )
        db.session.add(calculation)
        db.session.flush()
        return calculation.id

    return once(request_key=request_key, user_id=actor.user_id, now=now, work=keep)


@transactional
def remove_calculations(*, calculation_ids: Sequence[int], actor: Actor) -> None:
    """Remove calculations for good; what was made from them stays."""
    db.session.execute(
        delete(Calculation)
        .where(Calculation.workspace_id == actor.workspace_id, Calculation.id.in_(calculation_ids))
        .execution_options(synchronize_session=False)
    )
