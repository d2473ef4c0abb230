"""The tasks of a text of one or several lines, added as one change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from webapp.errors import InvalidInput
from webapp.storage.journal import recorded
from webapp.storage.once import once
from webapp.storage.transaction import transactional
from webapp.tasks.operations.tasks import create_task
from webapp.tasks.rules.tasks import TaskDetails
from webapp.values.actor import Actor
from webapp.values.request_key import RequestKey


@transactional
def add_tasks(
    *, details: Sequence[TaskDetails], actor: Actor, now: datetime, request_key: RequestKey | None = None
) -> int:
    """
    Add tasks, all of them or none, and return the id of the first; once for one request key.

    :raises InvalidInput: naming the field that cannot be accepted
    """
    if not details:
        raise InvalidInput("Write what there is to do.", field="text")
    summary = f"Added “{details[0].title}”" if len(details) == 1 else f"Added {len(details)} tasks"

    def add_all() -> int:
        first, *_ = [create_task(details=each, actor=actor, now=now) for each in details]
        return first

    with recorded("task.created", summary, actor=actor, now=now):
        return once(request_key=request_key, user_id=actor.user_id, now=now, work=add_all)
