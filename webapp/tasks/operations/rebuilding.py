"""Writing anew what is derived from tasks and entries, after their rows were put back past the session."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from webapp.storage.transaction import transactional
from webapp.tasks.operations.intake import sum_up, write_days


@transactional
def rebuild(*, task_ids: Collection[int], entry_ids: Collection[int], now: datetime) -> None:
    """
    Write what hangs on these tasks and entries: the seconds of each day, and what each task's entries add up to.

    :param task_ids: the tasks that were written, and those of the entries
    """
    if entry_ids:
        write_days(sorted(entry_ids))
        sum_up(task_ids, now=now)
