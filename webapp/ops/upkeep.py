"""What the worker tidies up now and then: rows that have outlived their use."""

from __future__ import annotations

from datetime import datetime

from webapp.storage import once, outbox


def tidy(*, now: datetime) -> None:
    """Drop old request keys and done jobs."""
    once.forget_old_requests(now=now)
    outbox.forget_done_jobs(now=now)
