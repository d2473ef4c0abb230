"""What is written where time overlaps other time of the same person."""

from __future__ import annotations

from datetime import datetime

from webapp.tasks.errors import EntryOverlaps
from webapp.tasks.queries.overlaps import list_neighbours
from webapp.tasks.rules.entries import Interval, Spent
from webapp.tasks.rules.overlaps import OverlapChoice, Plan, list_plans, mark_of
from webapp.values.actor import Actor


def settle(
    spent: Spent,
    choice: OverlapChoice | None,
    *,
    mark: str | None,
    user_id: int,
    entry_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> Plan:
    """
    Return what the person has chosen; that it is written as it is where nothing is in its way.

    To be called inside an operation that holds the person. Durations without clock times overlap nothing.

    :param mark: of the others as the person saw them; None where they were not shown
    :param entry_id: the entry that changes; None for a new one
    :raises EntryOverlaps: when nothing was chosen, what was cannot be done, or the others have changed since
    """
    as_it_is = Plan(OverlapChoice.KEEP_BOTH, (spent,))
    if not isinstance(spent, Interval) or (choice is OverlapChoice.KEEP_BOTH and mark is None):
        return as_it_is
    others = list_neighbours(spent=spent, user_id=user_id, entry_id=entry_id, actor=actor)
    if not others:
        return as_it_is
    plans = {plan.choice: plan for plan in list_plans(spent, others, now=now)}
    mark_now = mark_of(spent, others)
    words = None
    if choice is not None:
        if mark is None or mark == mark_now:
            if choice in plans:
                return plans[choice]
            words = "There would be nothing left of it that way. Choose another."
        else:
            words = "These times are not the ones that you chose for. Look at them again."
    raise EntryOverlaps(words, others=others, plans=list(plans.values()), mark=mark_now)
