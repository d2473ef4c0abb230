"""The worker: does what the time of day asks for, and the outbox, one job at a time, until it is told to stop."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from webapp.errors import Unavailable
from webapp.ops import upkeep
from webapp.storage import failures, outbox
from webapp.storage.db import db
from webapp.web import clock

log = logging.getLogger(__name__)

PAUSE_SECONDS = 1.0
PAUSE_WHEN_AWAY_SECONDS = 5.0
UPKEEP_EVERY = timedelta(minutes=15)

Handler = Callable[[dict[str, Any], int], None]
# Does some of what is due by the clock, and tells whether there may be more.
DueWork = Callable[[], bool]


def work(app: Flask, handlers: Mapping[str, Handler], do_due: DueWork) -> None:
    """
    Do jobs and what is due as they come, and tidy up now and then, until SIGTERM or SIGINT. What is in hand is finished
    first.
    """
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    log.info("worker started")
    tidied_at = datetime.min.replace(tzinfo=UTC)
    while not stop.is_set():
        pause = 0.0
        try:
            with app.app_context():
                if clock.now() - tidied_at > UPKEEP_EVERY:
                    tidied_at = clock.now()
                    do_apart(_tidy)
                is_busy = do_due()
                if not do_next(handlers) and not is_busy:
                    pause = PAUSE_SECONDS
        except Exception as error:
            if failures.translate(error) is None:
                log.exception("worker failed")
            pause = PAUSE_WHEN_AWAY_SECONDS
        stop.wait(pause)
    log.info("worker stopped")


def _tidy() -> bool:
    upkeep.tidy(now=clock.now())
    return False


def do_apart(due_work: DueWork) -> bool:
    """Do some of what is due. What goes wrong with it keeps nothing else waiting, unless the database is away."""
    try:
        return due_work()
    except Exception as error:
        db.session.rollback()
        if isinstance(failures.translate(error), Unavailable):
            raise
        log.exception("due work failed")
        return False


def do_next(handlers: Mapping[str, Handler]) -> bool:
    """
    Do the job that is due longest; tell whether there was one.

    A handler takes the payload and the job's id. When it raises, the job is tried again later, and given up after
    several times; that the database is away counts against no job.
    """
    job = outbox.claim(now=clock.now())
    if job is None:
        return False
    job_id, kind, payload = job.id, job.kind, dict(job.payload)
    db.session.remove()
    try:
        handlers[kind](payload, job_id)
    except Exception as error:
        log.exception("job failed", extra={"job": kind, "job_id": job_id})
        db.session.rollback()
        if isinstance(failures.translate(error), Unavailable):
            outbox.postpone(job_id=job_id, now=clock.now())
        else:
            outbox.fail(job_id=job_id, error=type(error).__name__, now=clock.now())
    else:
        outbox.finish(job_id=job_id, now=clock.now())
        log.info("job done", extra={"job": kind, "job_id": job_id})
    return True
