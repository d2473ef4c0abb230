"""One way to commit: all or nothing, joined when nested, done again when a race is lost."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from tests.cast import NOW, Person
from webapp.errors import InvalidInput, Unavailable
from webapp.storage import failures, outbox
from webapp.storage.db import db
from webapp.storage.failures import TryAgain
from webapp.storage.once import DoneRequest, once
from webapp.storage.outbox import OutboxJob
from webapp.storage.transaction import transaction, transactional
from webapp.values.request_key import RequestKey
from webapp.workspaces.models import Workspace


def add_workspace(name: str) -> int:
    workspace = Workspace(name=name, created_at=NOW)
    db.session.add(workspace)
    db.session.flush()
    return workspace.id


def names() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Workspace.name).order_by(Workspace.id)))


def test_an_inner_operation_is_undone_with_the_outer(app: Flask) -> None:
    @transactional
    def inner() -> None:
        add_workspace("inner")

    @transactional
    def outer() -> None:
        inner()
        raise ValueError("after the inner one")

    with pytest.raises(ValueError, match="after"):
        outer()

    assert names() == []


def test_an_operation_that_lost_a_race_is_done_again_from_the_start(app: Flask) -> None:
    tries: list[int] = []

    @transactional
    def operation() -> None:
        tries.append(len(tries))
        add_workspace(f"try {len(tries)}")
        if len(tries) < 3:
            raise TryAgain

    operation()

    assert names() == ["try 3"]


def test_an_operation_gives_up_after_four_tries(app: Flask) -> None:
    tries: list[int] = []

    @transactional
    def operation() -> None:
        tries.append(1)
        raise TryAgain

    with pytest.raises(TryAgain):
        operation()

    assert len(tries) == 4


@pytest.mark.slow
def test_an_operation_does_not_wait_for_ever_for_what_somebody_holds(app: Flask, ada: Person) -> None:
    rename = update(Workspace).where(Workspace.id == ada.workspace_id).values(name="Held")

    @transactional
    def operation() -> None:
        db.session.execute(rename)

    db.session.remove()
    with db.engine.connect().execution_options(writes=True) as other, other.begin():
        other.execute(rename)
        began = time.monotonic()
        with pytest.raises(OperationalError) as refused:
            operation()

        # Waiting once is patience; four times in a row is longer than anybody waits for a page.
        assert time.monotonic() - began < 8
    assert isinstance(failures.translate(refused.value), Unavailable)


def test_rows_changed_outside_a_transaction_are_a_bug(app: Flask) -> None:
    db.session.add(Workspace(name="stray", created_at=NOW))

    with pytest.raises(RuntimeError, match="outside"), transaction():
        pass

    db.session.rollback()


def test_a_form_sent_twenty_times_at_once_is_done_once(app: Flask, ada: Person) -> None:
    key = RequestKey(key="a" * 32, fingerprint="b" * 64)
    start = threading.Barrier(20)

    @transactional
    def operation() -> int:
        return once(request_key=key, user_id=ada.user_id, now=NOW, work=lambda: add_workspace("once"))

    def send() -> int:
        with app.app_context():
            start.wait()
            try:
                return operation()
            finally:
                db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(20) as people:
        results = [future.result() for future in [people.submit(send) for _ in range(20)]]

    assert len(set(results)) == 1
    assert names().count("once") == 1


def test_a_form_with_the_same_key_and_other_contents_is_refused(app: Flask, ada: Person) -> None:
    with transaction():
        once(request_key=RequestKey("a" * 32, "b" * 64), user_id=ada.user_id, now=NOW, work=lambda: 7)

    with pytest.raises(InvalidInput), transaction():
        once(request_key=RequestKey("a" * 32, "c" * 64), user_id=ada.user_id, now=NOW, work=lambda: 8)


def test_a_form_that_failed_may_be_sent_again(app: Flask, ada: Person) -> None:
    key = RequestKey("a" * 32, "b" * 64)

    def fail() -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"), transaction():
        once(request_key=key, user_id=ada.user_id, now=NOW, work=fail)

    with transaction():
        assert once(request_key=key, user_id=ada.user_id, now=NOW, work=lambda: 9) == 9
    assert db.session.scalar(select(func.count()).select_from(DoneRequest)) == 1


def test_two_workers_never_claim_the_same_job(app: Flask) -> None:
    with transaction():
        for number in range(30):
            outbox.enqueue(kind="mail", payload={"number": number}, now=NOW)
    db.session.remove()

    def claim_all() -> list[int]:
        claimed = []
        with app.app_context():
            while (job := outbox.claim(now=NOW)) is not None:
                claimed.append(job.id)
                db.session.remove()
        return claimed

    with ThreadPoolExecutor(4) as workers:
        lists = [future.result() for future in [workers.submit(claim_all) for _ in range(4)]]

    claimed = [job_id for one in lists for job_id in one]
    # A worker that finds all due jobs locked by others gives up early: what is left is claimed by the next look.
    with app.app_context():
        while (job := outbox.claim(now=NOW)) is not None:
            claimed.append(job.id)
    assert len(claimed) == len(set(claimed)) == 30


def test_a_claimed_job_comes_back_when_its_lease_ends(app: Flask) -> None:
    with transaction():
        outbox.enqueue(kind="mail", payload={}, now=NOW)

    first = outbox.claim(now=NOW)
    assert first is not None
    assert outbox.claim(now=NOW) is None
    second = outbox.claim(now=NOW + outbox.LEASE)

    assert second is not None
    assert second.id == first.id
    assert second.attempts == 2


def test_a_finished_job_keeps_its_dedupe_key(app: Flask) -> None:
    with transaction():
        outbox.enqueue(kind="mail", payload={}, now=NOW, dedupe_key="k")
    job = outbox.claim(now=NOW)
    assert job is not None
    outbox.finish(job_id=job.id, now=NOW)

    assert outbox.claim(now=NOW + outbox.LEASE * 2) is None
    assert db.session.scalar(select(OutboxJob.dedupe_key)) == "k"


def test_a_finished_job_forgets_what_it_was_about(app: Flask) -> None:
    with transaction():
        outbox.enqueue(kind="mail", payload={"text": "a link with a key"}, now=NOW)
    job = outbox.claim(now=NOW)
    assert job is not None

    outbox.finish(job_id=job.id, now=NOW)

    assert db.session.scalars(select(OutboxJob)).one().payload == {}
