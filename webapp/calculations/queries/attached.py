"""What was worked out for one task or one customer, as their pages show it."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.calculations.queries.history import Newest, list_newest_for
from webapp.calculations.queries.worksheets import WorksheetRow, list_worksheets_for
from webapp.values.actor import Actor


@dataclass(frozen=True)
class Attached:
    """The newest calculations and the worksheets of a task or a customer."""

    calculations: Newest
    worksheets: list[WorksheetRow]


def list_attached(*, actor: Actor, task_id: int | None = None, customer_id: int | None = None) -> Attached:
    """Return what was worked out for a task, or for a customer. Two statements."""
    return Attached(
        list_newest_for(task_id=task_id, customer_id=customer_id, actor=actor),
        list_worksheets_for(task_id=task_id, customer_id=customer_id, actor=actor),
    )
