"""What a text that adds tasks means to somebody, who knows customers by their names."""

from __future__ import annotations

from datetime import datetime

from webapp.customers.queries import find_by_names
from webapp.tasks.rules.quick_add import Known, Line, names_in, read_lines
from webapp.values.actor import Actor


def understand(*, text: str, is_month_first: bool, actor: Actor, now: datetime) -> list[Line]:
    """
    Return each line of a text as it is understood.

    :param is_month_first: whether the person reads 11/12 as a day in November
    :raises InvalidInput: when it holds more than can be added at once
    """
    names = names_in(text)
    found = find_by_names(names=names, actor=actor) if names else {}
    customers = {key: Known(customer_id, name) for key, (customer_id, name) in found.items()}
    return read_lines(text, now=now, zone=actor.zone, is_month_first=is_month_first, customers=customers)
