"""What must happen after a commit (mails, imports): rows written in the same transaction, done by the worker."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Index, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.storage.db import Model, db
from webapp.storage.dialect import TABLE_OPTIONS
from webapp.storage.transaction import transactional
from webapp.storage.types import UtcDateTime, key_text

LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(seconds=10)
MOST_ATTEMPTS = 8
KEPT_FOR = timedelta(days=7)


class OutboxJob(Model):
    """
    One thing to do.

    It is claimed by moving `run_after` to the end of a lease, so a worker that was killed loses nothing: the job is
    simply due again. What is done or given up stays a while, with `done_at`, so that its `dedupe_key` still holds.
    """

    __tablename__ = "outbox_jobs"
    __table_args__ = (Index("ix_outbox_jobs_due", "done_at", "run_after"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    dedupe_key: Mapped[str | None] = mapped_column(key_text(120), unique=True)
    run_after: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(500))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def enqueue(*, kind: str, payload: dict[str, Any], now: datetime, dedupe_key: str | None = None) -> None:
    """Ask the worker to do something once the current transaction is committed. `payload` is kept as JSON."""
    db.session.add(OutboxJob(kind=kind, payload=payload, run_after=now, dedupe_key=dedupe_key))


@transactional
def claim(*, now: datetime) -> OutboxJob | None:
    """Take the job that is due longest, for the length of a lease; None when nothing is due."""
    job = db.session.scalars(
        select(OutboxJob)
        .where(OutboxJob.done_at.is_(None), OutboxJob.run_after <= now)
        .order_by(OutboxJob.run_after, OutboxJob.id)
        .limit(1)
        # Two workers never wait for each other; SQLite has no such clause and holds its write lock instead.
        .with_for_update(skip_locked=True)
    ).first()
    if job is not None:
        job.run_after = now + LEASE
        job.attempts += 1
    return job


@transactional
def extend_lease(*, job_id: int, now: datetime) -> None:
    """Keep a long job: it is ours for another lease from `now`."""
    job = db.session.get_one(OutboxJob, job_id)
    job.run_after = now + LEASE


@transactional
def finish(*, job_id: int, now: datetime) -> None:
    """Mark a job as done, and forget what it was about: a mail may hold a key."""
    job = db.session.get_one(OutboxJob, job_id)
    job.payload = {}
    job.done_at = now
    job.last_error = None


@transactional
def fail(*, job_id: int, error: str, now: datetime) -> None:
    """Note why a job failed and try it again after 10 s, 20 s, 40 s and so on; after the eighth time give it up."""
    job = db.session.get_one(OutboxJob, job_id)
    job.last_error = error[:500]
    if job.attempts >= MOST_ATTEMPTS:
        job.payload = {}
        job.done_at = now
    else:
        job.run_after = now + FIRST_PAUSE * 2 ** (job.attempts - 1)


@transactional
def postpone(*, job_id: int, now: datetime) -> None:
    """Try a job again soon whose failure was not its own: something it needs was away. That is no attempt."""
    job = db.session.get_one(OutboxJob, job_id)
    job.attempts -= 1
    job.run_after = now + FIRST_PAUSE


@transactional
def forget_done_jobs(*, now: datetime) -> None:
    """Drop jobs that were done more than a week ago."""
    db.session.execute(delete(OutboxJob).where(OutboxJob.done_at < now - KEPT_FOR))


@transactional
def forget_jobs(*, dedupe_prefix: str) -> None:
    """Drop all jobs, done or not, whose dedupe key begins so."""
    db.session.execute(delete(OutboxJob).where(OutboxJob.dedupe_key.startswith(dedupe_prefix, autoescape=True)))
