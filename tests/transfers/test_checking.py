"""Large files are looked over by the worker, batch by batch; nothing is taken in by it, and nothing is lost by it."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from tests.cast import NOW, Person
from tests.page import Visit, words
from tests.transfers.files import as_csv, finished_tasks
from tests.transfers.test_imports import everything, found
from webapp.errors import Conflict
from webapp.ops.commands import handlers
from webapp.storage.db import db
from webapp.storage.outbox import OutboxJob
from webapp.transfers.models import Import
from webapp.transfers.operations import checking, uploads
from webapp.transfers.queries import imports as queries
from webapp.transfers.rules import ImportState
from webapp.transfers.rules.formats.reader import Format
from webapp.transfers.rules.mapping import Mapping

LARGE = as_csv([("id", "title", "status"), *((number, f"Task {number}", "open") for number in range(2_100))])


def send(person: Person, content: bytes = LARGE, filename: str = "large.csv") -> int:
    return uploads.begin_import(filename=filename, stream=io.BytesIO(content), actor=person.actor, now=NOW)


def do_jobs() -> None:
    """Do what the worker would."""
    while True:
        db.session.rollback()
        job = db.session.scalars(select(OutboxJob).where(OutboxJob.done_at.is_(None)).order_by(OutboxJob.id)).first()
        if job is None:
            return
        job_id, kind, payload = job.id, job.kind, dict(job.payload)
        db.session.expunge(job)
        handlers()[kind](payload, job_id)
        row = db.session.get_one(OutboxJob, job_id)
        row.done_at = NOW
        db.session.commit()


def agree(person: Person, import_id: int, *, start: bool = False, **changes: str) -> None:
    record = queries.get_import(import_id=import_id, actor=person.actor)
    mapping = Mapping.from_json({**record.mapping, **changes})
    work = uploads.agree_and_start if start else uploads.agree
    work(
        import_id=import_id,
        mapping=mapping,
        source=record.source,
        form=record.format,
        actor=person.actor,
        now=NOW,
    )


def test_a_large_file_waits_for_the_worker_and_its_page_shows_how_far_it_is(visit: Visit, ada: Person) -> None:
    before = everything()
    import_id = send(ada)

    page = visit("transfers.show", as_=ada, import_id=import_id)
    assert "Looking the file over" in words(page.main)
    assert page.find("noscript", string=None) is not None
    assert everything() == before
    do_jobs()

    page = visit("transfers.show", as_=ada, import_id=import_id)
    assert "2,100 tasks will be added" in words(page.main)
    assert everything() == before


def test_the_page_that_waits_is_loaded_anew_when_the_file_is_looked_over(visit: Visit, ada: Person) -> None:
    import_id = send(ada)
    fragment = ada.client.get(f"/tasks/imports/{import_id}", headers={"HX-Request": "true"})
    assert "import-state" in fragment.text
    do_jobs()

    answer = ada.client.get(f"/tasks/imports/{import_id}", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Refresh"]) == (200, "true")


def test_a_check_that_was_killed_is_done_again_from_the_beginning(ada: Person) -> None:
    import_id = send(ada)

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        checking.run_check(import_id=import_id, now_of=lambda: NOW, start=lambda *_: None, on_batch=stop)
    half = found(ada, import_id)
    assert (half.state, half.rows_done) == (ImportState.CHECKING, 500)
    assert 0 < half.report["share"] <= 1
    do_jobs()

    assert (found(ada, import_id).state, found(ada, import_id).report["created"]) == (ImportState.UPLOADED, 2_100)


def test_what_is_being_looked_over_can_be_forgotten_and_not_started(ada: Person) -> None:
    import_id = send(ada)

    with pytest.raises(Conflict, match="being looked over"):
        agree(ada, import_id)
    uploads.discard_import(import_id=import_id, actor=ada.actor)

    do_jobs()
    assert db.session.scalars(select(Import)).all() == []


def test_another_reading_of_a_large_file_is_looked_over_and_then_taken_in(ada: Person) -> None:
    import_id = send(ada)
    do_jobs()

    agree(ada, import_id, start=True, zone="Asia/Tokyo")
    assert found(ada, import_id).state is ImportState.CHECKING
    do_jobs()

    record = found(ada, import_id)
    assert (record.state, record.created_count) == (ImportState.DONE, 2_100)


def test_a_large_file_that_breaks_off_says_so_on_its_page(visit: Visit, ada: Person) -> None:
    objects = ",".join(
        f'\n{{"uuid": "u{n}", "status": "pending", "description": "T{n}", "entry": "20260302T081500Z"}}'
        for n in range(2_100)
    )
    import_id = send(ada, f"[{objects}".encode(), "tasks.json")
    do_jobs()

    page = visit("transfers.show", as_=ada, import_id=import_id)

    assert found(ada, import_id).format is Format.TASKWARRIOR
    assert "ends too early" in words(page.main)
    assert "cannot be read" in words(page.main)


def test_a_file_can_be_read_as_another_format_than_it_was_taken_for(visit: Visit, ada: Person) -> None:
    toggl = as_csv(
        [
            ("User", "Email", "Client", "Project", "Task", "Description", "Billable", "Start date", "Start time",
             "End date", "End time", "Duration", "Tags", "Amount (USD)"),
            ("Ivo", "ivo@example.test", "Acme", "Site", "", "First draft", "Yes", "2026-03-09", "10:02:11",
             "2026-03-09", "11:37:41", "01:35:30", "deep", "119.38"),
        ]
    )  # fmt: skip
    import_id = uploads.begin_import(filename="t.csv", stream=io.BytesIO(toggl), actor=ada.actor, now=NOW)
    page = visit("transfers.show", as_=ada, import_id=import_id)
    assert "1 task and 1 time entry will be added" in words(page.main)
    assert "Amount (USD)" in words(page.main)
    chosen = page.find("select", attrs={"name": "form_name"})
    assert chosen is not None

    data = {"form_name": "table", "source": "Toggl", "zone": "Europe/Berlin", "me": ""}
    response = visit.send("transfers.check", data, as_=ada, import_id=import_id)

    page = visit.follow(response, as_=ada)
    assert page.find("select", attrs={"name": "column-0"}) is not None
    assert found(ada, import_id).format is Format.TABLE


def test_rows_of_finished_tasks_below_the_limit_are_looked_over_at_once(ada: Person) -> None:
    import_id = send(ada, as_csv(finished_tasks(30)))

    assert found(ada, import_id).state is ImportState.UPLOADED
