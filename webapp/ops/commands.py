"""`flask` commands for operators, and what the worker does with each kind of job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from flask import Flask, current_app

from webapp.accounts.operations import CLOCKS_JOB
from webapp.ops import mail, worker
from webapp.storage import outbox
from webapp.tasks.operations import attending, recurrence, reminders, sending
from webapp.tasks.operations.sending import Post
from webapp.transfers.operations import checking, taking_in, undoing, uploads
from webapp.web import clock


def handlers() -> Mapping[str, worker.Handler]:
    """Return what is done with each kind of job."""
    return {
        "mail": _send_mail,
        CLOCKS_JOB: _follow_clocks,
        checking.CHECK_JOB: _run_check,
        uploads.IMPORT_JOB: _run_import,
        undoing.UNDO_JOB: _run_undo,
    }


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(run_worker)


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
def run_worker(once: bool) -> None:
    """Do what pages leave for later: imports, reminders, mails. Runs until it is stopped."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if once:
        while do_due():
            pass
        while worker.do_next(handlers()):
            pass
    else:
        worker.work(app, handlers(), do_due)


def do_due() -> bool:
    """Add tasks that come again, send reminders and digests, attend to timers; tell whether there may be more."""
    # All of them, whatever the first says.
    return any(
        [
            worker.do_apart(_add_what_comes_again),
            worker.do_apart(_send_reminders),
            worker.do_apart(_attend_to_timers),
        ]
    )


def _add_what_comes_again() -> bool:
    return recurrence.make_due(now=clock.now()) > 0


def _send_reminders() -> bool:
    return sending.send_due(now=clock.now(), post=_post())


def _attend_to_timers() -> bool:
    return attending.attend(now=clock.now(), post=_post())


def _post() -> Post:
    settings = current_app.config
    return Post(has_mail=bool(settings["MAIL_URL"]), site=settings["PUBLIC_URL"])


def _run_check(payload: dict[str, Any], job_id: int) -> None:
    checking.run_check(
        import_id=payload["import_id"],
        now_of=clock.now,
        start=lambda import_id, actor, now: uploads.start_import(import_id=import_id, actor=actor, now=now),
        on_batch=lambda: _keep_lease(job_id),
    )


def _run_import(payload: dict[str, Any], job_id: int) -> None:
    taking_in.run_import(import_id=payload["import_id"], now_of=clock.now, on_batch=lambda: _keep_lease(job_id))


def _run_undo(payload: dict[str, Any], job_id: int) -> None:
    undoing.run_undo(import_id=payload["import_id"], now_of=clock.now, on_batch=lambda: _keep_lease(job_id))


def _follow_clocks(payload: dict[str, Any], _job_id: int) -> None:
    reminders.follow_clocks(user_id=payload["user_id"], now=clock.now())


def _keep_lease(job_id: int) -> None:
    outbox.extend_lease(job_id=job_id, now=clock.now())


def _send_mail(payload: dict[str, Any], _job_id: int) -> None:
    mail.send(
        mail_url=current_app.config["MAIL_URL"],
        sender=current_app.config["MAIL_FROM"],
        to=payload["to"],
        subject=payload["subject"],
        text=payload["text"],
        message_id=payload["message_id"],
    )
