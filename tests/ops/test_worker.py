"""The worker does what the outbox asks for, also after it was killed; and mails arrive."""

from __future__ import annotations

import email
import smtplib
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tests.cast import NOW
from webapp.errors import Unavailable
from webapp.ops import mail, upkeep, worker
from webapp.ops.commands import handlers
from webapp.storage import outbox
from webapp.storage.db import db
from webapp.storage.outbox import OutboxJob
from webapp.storage.transaction import transaction

MAIL = {"to": "ben@example.com", "subject": "Grüße", "text": "Naïve\ntext", "message_id": "abc123"}


def enqueue(kind: str, payload: dict[str, Any]) -> None:
    with transaction():
        outbox.enqueue(kind=kind, payload=payload, now=NOW)
    db.session.remove()


def the_job() -> OutboxJob:
    db.session.rollback()
    return db.session.scalars(select(OutboxJob)).one()


def test_a_job_is_done_once(app: Flask) -> None:
    done: list[dict[str, Any]] = []
    enqueue("note", {"a": 1})

    assert worker.do_next({"note": lambda payload, _id: done.append(payload)})
    assert not worker.do_next({"note": lambda payload, _id: done.append(payload)})

    assert done == [{"a": 1}]
    assert the_job().done_at is not None


def test_a_job_that_failed_is_kept_and_tried_later(app: Flask) -> None:
    def fail(_payload: dict[str, Any], _id: int) -> None:
        raise OSError("the mail server is away, and this may quote an address")

    enqueue("note", {})

    assert worker.do_next({"note": fail})

    job = the_job()
    assert job.done_at is None
    assert job.last_error == "OSError"
    assert job.run_after > datetime.now(UTC)


def test_a_job_that_fails_again_and_again_is_given_up(app: Flask) -> None:
    tries: list[datetime] = []

    def fail(_payload: dict[str, Any], _id: int) -> None:
        tries.append(datetime.now(UTC))
        raise ValueError("never")

    enqueue("note", {"key": "secret"})
    for days in range(12):
        with time_machine.travel(NOW + timedelta(days=days)):
            worker.do_next({"note": fail})

    assert len(tries) == outbox.MOST_ATTEMPTS
    assert the_job().done_at is not None
    assert the_job().payload == {}


def test_a_job_is_never_given_up_because_the_database_or_its_worker_died(app: Flask) -> None:
    def lose_the_database(_payload: dict[str, Any], _id: int) -> None:
        raise OperationalError("SELECT 1", {}, Exception(2006, "MySQL server has gone away"))

    done: list[int] = []
    enqueue("note", {})
    for days in range(12):
        with time_machine.travel(NOW + timedelta(days=2 * days)):
            worker.do_next({"note": lose_the_database})
        with time_machine.travel(NOW + timedelta(days=2 * days + 1)):
            # Claimed, and then killed.
            assert outbox.claim(now=datetime.now(UTC)) is not None

    with time_machine.travel(NOW + timedelta(days=30)):
        assert worker.do_next({"note": lambda _payload, job_id: done.append(job_id)})

    assert len(done) == 1


def test_due_work_that_fails_keeps_nothing_else_waiting(app: Flask) -> None:
    def fail() -> bool:
        with transaction():
            outbox.enqueue(kind="other", payload={}, now=NOW)
            raise ValueError("half-way")

    assert not worker.do_apart(fail)
    assert worker.do_apart(lambda: True)
    assert db.session.scalars(select(OutboxJob)).all() == []


def test_due_work_waits_with_everything_else_while_the_database_is_away(app: Flask) -> None:
    def lose_the_database() -> bool:
        raise OperationalError("SELECT 1", {}, Exception(2006, "MySQL server has gone away"))

    with pytest.raises(OperationalError):
        worker.do_apart(lose_the_database)


def test_what_a_failed_job_wrote_is_rolled_back(app: Flask) -> None:
    def write_and_fail(_payload: dict[str, Any], _id: int) -> None:
        with transaction():
            outbox.enqueue(kind="other", payload={}, now=NOW)
            raise ValueError("half-way")

    enqueue("note", {})
    worker.do_next({"note": write_and_fail})

    assert the_job().kind == "note"


def test_mail_goes_into_a_folder(app: Flask, tmp_path: Path) -> None:
    app.config["MAIL_URL"] = f"file://{tmp_path}"
    enqueue("mail", MAIL)

    try:
        assert worker.do_next(handlers())
    finally:
        app.config["MAIL_URL"] = ""

    message = email.message_from_bytes((tmp_path / "abc123.eml").read_bytes(), policy=email.policy.default)
    assert message["To"] == "ben@example.com"
    assert message["Subject"] == "Grüße"
    assert message.get_content().replace("\r\n", "\n") == "Naïve\ntext\n"


class Mailbox:
    """What a mail server of our own received."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.messages.append(envelope.content)
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


def test_mail_goes_by_smtp_with_a_message_id_that_stays_the_same(mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox

    for _ in range(2):
        mail.send(mail_url=f"smtp://127.0.0.1:{port}", sender="DevTrackr <d@example.com>", **MAIL)

    first, second = (email.message_from_bytes(raw) for raw in box.messages)
    assert first["Message-ID"] == second["Message-ID"] == "<abc123@127.0.0.1>"


def test_a_subject_cannot_smuggle_a_header(mailbox: tuple[Mailbox, int]) -> None:
    _, port = mailbox

    with pytest.raises(ValueError, match=r"(?i)linefeed|newline|header"):
        mail.send(
            mail_url=f"smtp://127.0.0.1:{port}",
            sender="d@example.com",
            **{**MAIL, "subject": "a\r\nBcc: eve@example.com"},
        )


def test_mail_without_a_server_fails_by_name() -> None:
    with pytest.raises(Unavailable):
        mail.send(mail_url="", sender="d@example.com", **MAIL)
    with pytest.raises((OSError, smtplib.SMTPException)):
        mail.send(mail_url="smtp://127.0.0.1:1", sender="d@example.com", **MAIL)


def test_upkeep_drops_what_has_outlived_its_use(app: Flask) -> None:
    enqueue("note", {})
    worker.do_next({"note": lambda _payload, _id: None})

    upkeep.tidy(now=datetime.now(UTC) + timedelta(days=1))
    kept = the_job().kind
    upkeep.tidy(now=datetime.now(UTC) + timedelta(days=8))

    assert kept == "note"
    assert db.session.scalars(select(OutboxJob)).all() == []
