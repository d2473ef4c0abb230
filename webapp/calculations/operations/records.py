"""
Changes of the record: calculations are added to their person's chain, and hidden or shown again. Never changed.

Whoever adds one holds the lock on the chain's head until it is committed, so that a chain cannot fork.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, true, update

from webapp.calculations.engine import CalculationError, Result
from webapp.calculations.models import Calculation, CalculationChain, CalculationUse
from webapp.calculations.operations.names import check_room, remember
from webapp.calculations.queries.history import get_calculation
from webapp.calculations.queries.inputs import look_up
from webapp.calculations.queries.settings import settings_of
from webapp.calculations.rules.chain import check_columns, hash_calculation
from webapp.calculations.rules.outcomes import Outcome, columns_of, cut_typed, uses_of, work_out
from webapp.calculations.rules.typed import Typed, TypedExpression
from webapp.customers.models import Customer
from webapp.customers.queries import check_customer_id
from webapp.errors import InvalidInput, NotAllowed, NotFound
from webapp.storage.db import db
from webapp.storage.once import once
from webapp.storage.transaction import transactional
from webapp.tasks.queries.tasks import get_task
from webapp.values.actor import Actor
from webapp.values.request_key import RequestKey
from webapp.workspaces.models import Membership


@dataclass(frozen=True)
class Kept:
    """What was kept: the calculation's id, and why there is no result, if there is none."""

    id: int
    error: CalculationError | None


def keep(
    *,
    typed: Typed,
    actor: Actor,
    now: datetime,
    note: str = "",
    task_id: int | None = None,
    customer_id: int | None = None,
    revises_id: int | None = None,
    request_key: RequestKey | None = None,
    is_sample: bool = False,
) -> Kept:
    """
    Work out what was typed, as the actor writes numbers, and keep it: also what is refused.

    :param task_id: the task that it belongs to, if any; likewise `customer_id`
    :param revises_id: the calculation that this one takes the place of; it stays as it is
    :param is_sample: it goes in the chain that is taken out with the sample work
    :raises InvalidInput: when there is no such task or customer
    :raises NotFound: when the calculation that is revised is not the actor's to see
    """
    typed = cut_typed(typed)
    settings = settings_of(actor=actor, now=now)
    # Worked out before anything is locked: that may take a fifth of a second.
    inputs, refusal = look_up(typed, settings=settings, actor=actor, now=now)
    outcome = refusal or work_out(typed, inputs=inputs, settings=settings)
    outcome = _refuse_name(outcome, actor=actor) or outcome
    columns = columns_of(typed, outcome, inputs=inputs, settings=settings)
    calculation_id = _record(
        typed=typed,
        outcome=outcome,
        columns=columns | {"note": note, "revises_id": revises_id, "task_id": task_id, "customer_id": customer_id},
        actor=actor,
        now=now,
        request_key=request_key,
        is_sample=is_sample,
    )
    return Kept(calculation_id, outcome if isinstance(outcome, CalculationError) else None)


def _refuse_name(outcome: Outcome, *, actor: Actor) -> CalculationError | None:
    """Return why a name that was set cannot be kept, if it cannot."""
    if isinstance(outcome, CalculationError) or outcome.name is None:
        return None
    try:
        check_room(name=outcome.name, actor=actor)
    except CalculationError as error:
        return error
    return None


@transactional
def _record(
    *,
    typed: Typed,
    outcome: Outcome,
    columns: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    request_key: RequestKey | None,
    is_sample: bool,
) -> int:
    links = _links(columns, actor=actor)

    def add() -> int:
        calculation = _append({**columns, "links": links, "created_at": now}, actor=actor, now=now, is_sample=is_sample)
        uses = [
            {
                "kind": kind,
                "name": name,
                "calculation_id": calculation.id,
                "workspace_id": actor.workspace_id,
                "user_id": actor.user_id,
                "day": calculation.day,
            }
            for kind, name in uses_of(typed, outcome)
        ]
        if uses:
            db.session.execute(insert(CalculationUse), uses)
        if isinstance(outcome, Result) and isinstance(typed, TypedExpression):
            remember(
                calculation_id=calculation.id,
                text=typed.text,
                number_format=calculation.number_format,
                result=outcome,
                actor=actor,
                now=now,
            )
        return calculation.id

    return once(request_key=request_key, user_id=actor.user_id, now=now, work=add)


def _append(columns: Mapping[str, Any], *, actor: Actor, now: datetime, is_sample: bool) -> Calculation:
    chain = _locked_chain(actor=actor, now=now, is_sample=is_sample)
    calculation = Calculation(
        **columns,
        workspace_id=actor.workspace_id,
        user_id=actor.user_id,
        chain_id=chain.id,
        position=chain.length + 1,
        previous_hash=chain.last_hash,
    )
    # The hash is over what comes back from the database: whole seconds.
    calculation.created_at = calculation.created_at.replace(microsecond=0)
    calculation.hash = hash_calculation(
        vars(calculation),
        chain_uid=chain.uid or "",
        person_id=chain.person_id,
        previous_hash=chain.last_hash,
    )
    calculation.checks = check_columns(vars(calculation))
    db.session.add(calculation)
    db.session.flush()
    chain.length += 1
    chain.last_hash = calculation.hash
    db.session.flush()
    return calculation


def _locked_chain(*, actor: Actor, now: datetime, is_sample: bool) -> CalculationChain:
    newest = (
        select(CalculationChain)
        .where(
            CalculationChain.workspace_id == actor.workspace_id,
            CalculationChain.user_id == actor.user_id,
            CalculationChain.is_sample == is_sample,
        )
        .order_by(CalculationChain.id.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    chain = db.session.scalar(newest)
    if chain is None:
        # Two that begin it at once: one waits here, and then finds it begun.
        db.session.get(Membership, (actor.workspace_id, actor.user_id), with_for_update=True, populate_existing=True)
        chain = db.session.scalar(newest)
    if chain is None:
        chain = CalculationChain(
            workspace_id=actor.workspace_id,
            user_id=actor.user_id,
            person_id=actor.user_id,
            is_sample=is_sample,
            length=0,
            last_hash="",
            created_at=now,
        )
        db.session.add(chain)
        db.session.flush()
    return chain


def _links(columns: Mapping[str, Any], *, actor: Actor) -> dict[str, Any]:
    links: dict[str, Any] = {}
    if columns["task_id"] is not None:
        try:
            task = get_task(task_id=columns["task_id"], actor=actor)
        except NotFound:
            raise InvalidInput("There is no such task.", field="task") from None
        links["task"] = {"id": task.id, "title": task.title}
    if columns["customer_id"] is not None:
        check_customer_id(customer_id=columns["customer_id"], actor=actor)
        name = db.session.scalar(select(Customer.name).where(Customer.id == columns["customer_id"]))
        links["customer"] = {"id": columns["customer_id"], "name": name}
    if columns["revises_id"] is not None:
        revised = get_calculation(calculation_id=columns["revises_id"], actor=actor)
        links["revises"] = {"id": revised.id, "hash": revised.hash}
    return links


@transactional
def hide_calculation(*, calculation_id: int, actor: Actor, now: datetime) -> None:
    """
    Take a calculation out of what people see. Its place in the chain stays.

    :raises NotFound: when there is none in the actor's workspace
    :raises NotAllowed: when somebody else made it
    """
    _set_hidden(calculation_id, actor=actor, hidden_at=now)


@transactional
def restore_calculation(*, calculation_id: int, actor: Actor) -> None:
    """
    Show a calculation again that was hidden.

    :raises NotFound: when there is none in the actor's workspace
    :raises NotAllowed: when somebody else made it
    """
    _set_hidden(calculation_id, actor=actor, hidden_at=None)


@transactional
def remove_sample_chains(*, actor: Actor) -> None:
    """Take out the calculations of the sample work for good, with the chains that are theirs alone."""
    is_sample = (CalculationChain.workspace_id == actor.workspace_id) & (CalculationChain.is_sample == true())
    chain_ids = select(CalculationChain.id).where(is_sample)
    # The calculations first: MySQL gives up (6575) where a chain takes rows along that are revised by one another.
    for statement in (
        delete(Calculation).where(Calculation.chain_id.in_(chain_ids)),
        delete(CalculationChain).where(is_sample),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.expire_all()


def _set_hidden(calculation_id: int, *, actor: Actor, hidden_at: datetime | None) -> None:
    record = get_calculation(calculation_id=calculation_id, actor=actor)
    if record.user_id != actor.user_id:
        raise NotAllowed("Only whoever made a calculation can delete it.")
    is_hidden = hidden_at is not None
    # Past the session: its objects of this kind refuse to change.
    db.session.execute(
        update(Calculation)
        .where(Calculation.id == calculation_id, Calculation.is_hidden != is_hidden)
        .values(is_hidden=is_hidden, hidden_at=hidden_at)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(CalculationUse)
        .where(CalculationUse.calculation_id == calculation_id)
        .values(is_hidden=is_hidden)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()
