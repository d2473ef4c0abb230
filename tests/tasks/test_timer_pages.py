"""The timer at the top of every page, its pause, and the pages that ask what becomes of time nobody meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests.cast import NOW, Person, make_task
from tests.page import Visit, counted_statements, error_of, words
from webapp.storage.db import db
from webapp.tasks.models import TimeEntry
from webapp.tasks.operations import timers
from webapp.workspaces import operations as workspaces

LATER = NOW + timedelta(hours=2)


def entries_now() -> list[TimeEntry]:
    """All entries, the first begun first."""
    db.session.rollback()
    return list(db.session.scalars(select(TimeEntry).order_by(TimeEntry.started_at, TimeEntry.id)))


def test_the_header_counts_from_an_instant_of_the_server(visit: Visit, ada: Person) -> None:
    timers.start_timer(task_id=make_task(ada).id, actor=ada.actor, now=NOW)

    with time_machine.travel(LATER, tick=False):
        page = visit("/today", as_=ada)

    clock = page.select_one(".timer__clock")
    assert clock is not None
    assert clock["data-started-at"] == "2026-11-20T14:42:00+00:00"
    assert page.select(".timer")[0]["data-now"] == "2026-11-20T16:42:00+00:00"
    assert words(clock) == "2:00:00"


def test_a_timer_of_another_workspace_leads_nowhere_that_is_not_found(visit: Visit, ada: Person, cy: Person) -> None:
    workspaces.add_member(workspace_id=ada.workspace_id, email=cy.email, now=NOW)
    task = make_task(cy, title="Elsewhere")
    timers.start_timer(task_id=task.id, actor=cy.actor, now=NOW)
    visit.send(f"/workspaces/{ada.workspace_id}/enter", as_=cy)

    with time_machine.travel(LATER):
        page = visit("timers.show", as_=cy)
        for link in page.select("main a[href], .timer a[href]"):
            assert cy.client.get(str(link["href"])).status_code == 200, link
        assert "Elsewhere" in words(page.select_one(".timer"))
        assert "Cy" in words(page.select_one(".timer .quiet"))

        visit.send(f"/workspaces/{cy.workspace_id}/enter", as_=cy)
        assert visit("timers.show", as_=cy).select_one(f"main a[href='/tasks/{task.id}']")


def test_the_header_is_sent_anew_only_when_it_changed(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    before = visit("/today", as_=ada).select(".timer")[0]["data-mark"]
    same = ada.client.get(f"/timer/header?mark={before}")
    timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)
    with counted_statements() as statements:
        changed = ada.client.get(f"/timer/header?mark={before}&next=/tasks?q=x")

    assert (same.status_code, same.data) == (204, b"")
    assert changed.status_code == 200
    page = BeautifulSoup(changed.text, "html.parser")
    assert words(page.select_one(".timer__task")) == "Write the report"
    assert {field["value"] for field in page.select("[name=next]")} == {"/tasks?q=x"}
    # BEGIN, who asks, and the timer.
    assert len(statements) <= 3
    elsewhere = ada.client.get("/timer/header?mark=&next=//elsewhere.example")
    assert "elsewhere" not in elsewhere.text


def test_a_pause_ends_the_segment_and_going_on_begins_another(visit: Visit, ada: Person) -> None:
    task = make_task(ada)
    timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)
    with time_machine.travel(LATER):
        visit.send("/timer/pause", as_=ada)
        page = visit("/today", as_=ada)

    assert words(page.select_one(".timer--paused")) == "Paused: Write the report Go on"
    with time_machine.travel(LATER + timedelta(hours=1)):
        visit.send("/timer/go-on", as_=ada)
        page = visit("/today", as_=ada)
    assert page.select_one(".timer--paused") is None
    first, second = entries_now()
    assert (first.ended_at, second.started_at) == (LATER, LATER + timedelta(hours=1))
    assert (first.task_id, second.task_id, second.running_user_id) == (task.id, task.id, ada.user_id)


def test_pausing_and_going_on_twice_is_no_error(visit: Visit, ada: Person) -> None:
    timers.start_timer(task_id=make_task(ada).id, actor=ada.actor, now=NOW)

    for address in ("/timer/pause", "/timer/pause", "/timer/go-on", "/timer/go-on"):
        visit.send(address, as_=ada)

    assert [entry.running_user_id for entry in entries_now()] == [None, ada.user_id]


@pytest.mark.parametrize("path", ["/timer", "/timer/away", "/timer/forgotten"])
def test_the_pages_of_a_timer_know_only_ones_own(visit: Visit, ada: Person, cy: Person, path: str) -> None:
    timers.start_timer(task_id=make_task(ada).id, actor=ada.actor, now=NOW)

    with time_machine.travel(LATER):
        page = visit(path, as_=ada)
        assert "Write the report" in words(page.select_one("main"))
        answer = cy.client.get(path)

    assert "Write the report" not in answer.text


def test_time_away_becomes_an_entry_of_its_own(visit: Visit, ada: Person) -> None:
    task, other = make_task(ada), make_task(ada, title="Lunch with Ben")
    entry_id = timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)
    with time_machine.travel(LATER):
        page = visit("/timer/away?since=2026-11-20T15:42:00.500Z", as_=ada)
        form = page.select_one("form[data-away]")
        assert form is not None
        fields = {str(field["name"]): str(field.get("value", "")) for field in form.select("input[name]")}
        assert fields["away_from"] == "2026-11-20T16:42"
        visit.send("/timer/away", {**fields, "task": str(other.id), "note": "noodles", "choice": "split"}, as_=ada)

    half = NOW + timedelta(hours=1)
    assert [(e.task_id, e.started_at, e.ended_at, e.note) for e in entries_now()] == [
        (task.id, NOW, half, ""),
        (other.id, half, LATER, "noodles"),
        (task.id, LATER, None, ""),
    ]
    assert fields["entry_id"] == str(entry_id)


@pytest.mark.parametrize(
    "typed, choice, sentence",
    [
        ("", "revert", "Say from when on"),
        ("2026-11-20T15:00", "revert", "started later than that"),
        ("2026-11-20T23:00", "discard", "still to come"),
        ("2026-13-20T23:00", "split", "12 months"),
        ("noon", "split", "Write the day and time"),
    ],
)
def test_an_absence_that_cannot_be_comes_back_as_typed(
    visit: Visit, ada: Person, typed: str, choice: str, sentence: str
) -> None:
    entry_id = timers.start_timer(task_id=make_task(ada).id, actor=ada.actor, now=NOW)

    with time_machine.travel(LATER):
        fields = {"entry_id": entry_id, "away_from": typed, "note": "kept", "choice": choice}
        answer = visit.send("/timer/away", fields, as_=ada, status=422)

    page = BeautifulSoup(answer.text, "html.parser")
    assert sentence in error_of(page, "away_from")
    assert page.select("[name=away_from]")[0]["value"] == typed
    assert page.select("[name=note]")[0]["value"] == "kept"
    assert [entry.ended_at for entry in entries_now()] == [None]


@pytest.mark.parametrize("path", ["/timer/away", "/timer/forgotten"])
def test_a_button_that_nobody_has_is_refused(visit: Visit, ada: Person, path: str) -> None:
    entry_id = timers.start_timer(task_id=make_task(ada).id, actor=ada.actor, now=NOW)

    with time_machine.travel(LATER):
        answer = visit.send(path, {"entry_id": entry_id, "choice": "burn"}, as_=ada, status=422)

    assert "Press one of the buttons" in answer.text


@pytest.mark.parametrize("path", ["/timer/away", "/timer/forgotten"])
def test_a_decision_that_comes_too_late_changes_nothing(visit: Visit, ada: Person, path: str) -> None:
    task = make_task(ada)
    entry_id = timers.start_timer(task_id=task.id, actor=ada.actor, now=NOW)
    timers.stop_timer(task_id=task.id, actor=ada.actor, now=NOW + timedelta(hours=1))
    fields = {"entry_id": entry_id, "away_from": "2026-11-20T16:00", "choice": "discard"}

    with time_machine.travel(LATER):
        answer = visit.send(path, fields, as_=ada)
        assert "does not run any more" in words(visit.follow(answer, as_=ada).select_one(".flashes"))
        timers.start_timer(task_id=task.id, actor=ada.actor, now=LATER)
        assert visit.post(path, fields, as_=ada).status_code == 409

    assert [entry.seconds for entry in entries_now()] == [3600, 0]


def test_a_forgotten_timer_ends_at_the_proposal_that_was_shown(visit: Visit, ada: Person) -> None:
    timers.start_timer(task_id=make_task(ada).id, actor=ada.actor, now=NOW)
    with time_machine.travel(NOW + timedelta(hours=20)):
        page = visit("/timer/forgotten", as_=ada)
        assert "20 Nov 2026, 18:00 , when your day ends" in words(page.select_one(".ways"))
        fields = {str(field["name"]): str(field.get("value", "")) for field in page.select("main form input[name]")}
        visit.send("/timer/forgotten", {**fields, "choice": "accept"}, as_=ada)

    (entry,) = entries_now()
    assert entry.ended_at == datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


def test_an_end_is_proposed_before_a_timer_is_forgotten_too(visit: Visit, ada: Person) -> None:
    timers.start_timer(task_id=make_task(ada).id, actor=ada.actor, now=NOW)

    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        page = visit("/timer/forgotten", as_=ada)

    assert "16:42 , which is now, as nothing says that it was earlier." in words(page.select_one(".ways"))


@pytest.mark.parametrize(
    "typed, sentence",
    [("", "Say when it ended"), ("2026-11-20T15:00", "not after the start"), ("2026-11-22T09:00", "still to come")],
)
def test_an_end_that_cannot_be_comes_back_as_typed(visit: Visit, ada: Person, typed: str, sentence: str) -> None:
    entry_id = timers.start_timer(task_id=make_task(ada).id, actor=ada.actor, now=NOW)

    with time_machine.travel(NOW + timedelta(hours=20)):
        fields = {"entry_id": entry_id, "ended_at": typed, "choice": "other"}
        answer = visit.send("/timer/forgotten", fields, as_=ada, status=422)

    assert sentence in error_of(BeautifulSoup(answer.text, "html.parser"), "ended_at")
    assert [entry.ended_at for entry in entries_now()] == [None]
