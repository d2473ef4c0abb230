"""Two people edit one task: one wins, the other is shown both versions and loses nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from tests.cast import NOW, Person, make_task
from tests.page import Visit, check, words
from tests.tasks.test_task_operations import at_once
from webapp.storage.db import db
from webapp.tasks.errors import TaskEditedMeanwhile
from webapp.tasks.forms.conflicts import details_of
from webapp.tasks.operations import tasks as operations
from webapp.tasks.queries.tasks import get_task
from webapp.tasks.rules.conflicts import DECIDED, Difference, differences, marks
from webapp.tasks.rules.tasks import TaskDetails
from webapp.values.priority import Priority
from webapp.values.status import Status

SHOWN = TaskDetails(title="Kitchen", description="Big", category="Home", tags=("a", "b"))


def test_differences_tell_who_changed_what() -> None:
    mine = replace(SHOWN, title="My kitchen", priority=Priority.HIGH)
    theirs = replace(SHOWN, title="Our kitchen", status=Status.DOING)

    assert differences(mine=mine, theirs=theirs, shown=marks(SHOWN)) == [
        Difference("title", is_changed_here=True, is_changed_there=True),
        Difference("priority", is_changed_here=True, is_changed_there=False),
        Difference("status", is_changed_here=False, is_changed_there=True),
    ]


def test_differences_of_equals_are_none() -> None:
    same = replace(SHOWN, category="home", tags=("B", "A"))

    assert differences(mine=same, theirs=SHOWN, shown={}) == []


def test_without_marks_nothing_typed_is_given_up() -> None:
    found = differences(mine=replace(SHOWN, title="x"), theirs=SHOWN, shown={})

    assert found == [Difference("title", is_changed_here=True, is_changed_there=True)]


def fields_on(page: BeautifulSoup) -> dict[str, Any]:
    """What the form of a task would send, as it stands."""
    form = page.select_one("main form.form")
    assert form is not None
    sent: dict[str, Any] = {}
    for control in form.select("input[name], textarea[name], select[name]"):
        name = str(control["name"])
        if control.name == "select":
            chosen = control.select_one("option[selected]") or control.select_one("option")
            sent[name] = str(chosen["value"]) if chosen else ""
        elif control.name == "textarea":
            sent[name] = control.text.removeprefix("\r\n").removeprefix("\n")
        elif control.get("type") != "checkbox" and name not in ("csrf_token", "request_key"):
            sent[name] = str(control.get("value", ""))
    return sent


def test_every_field_stands_in_both_versions(visit: Visit, ada: Person, ben: Person) -> None:
    house, other = make_task(ada, title="House"), make_task(ada, title="Other house")
    task = make_task(ada, title="Kitchen", parent_id=house.id, assignee_id=ada.user_id)
    opened = fields_on(visit(f"/tasks/{task.id}/edit", as_=ada))
    theirs = {
        **opened,
        "title": "Their title",
        "description": "Their text",
        "status": "doing",
        "priority": "urgent",
        "category": "Theirs",
        "tags": "theirs",
        "due": "2026-12-24",
        "due_time": "15:00",
        "estimate": "3h",
        "starts": "2026-12-01",
        "parent": str(other.id),
        "assignee": str(ben.user_id),
    }
    visit.send(f"/tasks/{task.id}", theirs, as_=ben)
    mine = {
        **opened,
        "title": "My title",
        "description": "My text",
        "status": "done",
        "priority": "low",
        "category": "Mine",
        "tags": "mine",
        "due": "2026-12-31",
        "estimate": "90m",
        "starts": "2026-11-30",
        "parent": "",
        "assignee": "",
    }

    page = check(visit.send(f"/tasks/{task.id}", mine, as_=ada, status=409))

    shown = words(page.select_one(".versions"))
    # Three in the afternoon of Tokyo is seven in the morning of Berlin.
    for part in (
        "My title", "Their title", "My text", "Their text", "Done", "Doing", "Low", "Urgent", "Mine", "Theirs",
        "2026-12-31", "2026-12-24 07:00", "90m", "3h", "2026-11-30", "2026-12-01", "Other house", "Ben Ito",
    ):  # fmt: skip
        assert part in shown, part
    assert len(page.select("input[name=take]")) == len(set(DECIDED) - {"repeat", "customer"})
    again = fields_on(page)
    for name in ("title", "description", "status", "priority", "category", "tags", "due", "starts", "parent"):
        assert again[name] == mine[name], name

    visit.send(f"/tasks/{task.id}", {**again, "take": ["title", "due", "assignee"]}, as_=ada)
    saved = get_task(task_id=task.id, actor=ada.actor)
    assert (saved.title, saved.description, saved.status) == ("Their title", "My text", Status.DONE)
    assert saved.due_at is not None
    assert (saved.assignee_id, saved.parent_id, saved.starts_on) == (ben.user_id, None, date(2026, 11, 30))


def test_what_only_they_changed_is_taken_over_and_not_turned_back(visit: Visit, ada: Person, ben: Person) -> None:
    task = make_task(ada, title="Kitchen")
    opened = fields_on(visit(f"/tasks/{task.id}/edit", as_=ada))
    visit.send(f"/tasks/{task.id}", {**opened, "status": "doing", "due": "2026-12-24"}, as_=ben)

    page = check(visit.send(f"/tasks/{task.id}", {**opened, "title": "My kitchen"}, as_=ada, status=409))

    assert "Only they changed this" in words(page.select_one("#version-status + p"))
    assert "Only you changed this" in words(page.select_one("#version-title + p"))
    visit.send(f"/tasks/{task.id}", fields_on(page), as_=ada)
    saved = get_task(task_id=task.id, actor=ada.actor)
    assert (saved.title, saved.status, saved.due_on) == ("My kitchen", Status.DOING, date(2026, 12, 24))


def test_a_third_save_meanwhile_shows_both_again(visit: Visit, ada: Person, ben: Person) -> None:
    task = make_task(ada, title="Kitchen")
    opened = fields_on(visit(f"/tasks/{task.id}/edit", as_=ada))
    visit.send(f"/tasks/{task.id}", {**opened, "title": "Second"}, as_=ben)
    page = check(visit.send(f"/tasks/{task.id}", {**opened, "title": "Mine"}, as_=ada, status=409))
    visit.send(f"/tasks/{task.id}", {**opened, "title": "Third", "version": "2"}, as_=ben)

    again = check(visit.send(f"/tasks/{task.id}", fields_on(page), as_=ada, status=409))

    assert "Third" in words(again.select_one(".versions"))
    assert fields_on(again)["title"] == "Mine"


@pytest.mark.parametrize("shown", ["", "title", "title=zz", "x" * 100_000, "title=" + "0" * 400, "\0"])
def test_marks_that_are_none_give_nothing_up(visit: Visit, ada: Person, ben: Person, shown: str) -> None:
    task = make_task(ada, title="Kitchen")
    visit.send(f"/tasks/{task.id}", {"title": "Theirs", "version": "1"}, as_=ben)

    page = check(
        visit.send(f"/tasks/{task.id}", {"title": "Mine", "version": "1", "shown": shown}, as_=ada, status=409)
    )

    assert fields_on(page)["title"] == "Mine"
    assert "Theirs" in words(page.select_one(".versions"))


@pytest.mark.server
def test_twenty_edits_of_one_task_have_one_winner_a_version_and_lose_nothing(app: Flask, ada: Person) -> None:
    task_id = make_task(ada, title="Shared", description=json.dumps([])).id
    winners: list[int] = []

    def edit(turn: int) -> int:
        # What a person does who is told: look at what is there, put their own beside it, save again.
        for tries in range(1, 200):
            db.session.rollback()
            task = get_task(task_id=task_id, actor=ada.actor)
            details = details_of(task, repeat=None)
            said = [*json.loads(details.description), turn]
            version = task.version
            try:
                operations.save_task(
                    task_id=task_id,
                    details=replace(details, description=json.dumps(said)),
                    version=version,
                    actor=ada.actor,
                    now=NOW,
                )
            except TaskEditedMeanwhile:
                continue
            winners.append(version)
            return tries
        raise AssertionError("never got its turn")

    tries = at_once(app, 20, edit)

    assert all(isinstance(number, int) for number in tries), tries
    db.session.rollback()
    task = get_task(task_id=task_id, actor=ada.actor)
    assert sorted(json.loads(task.description)) == list(range(20))
    # Each version was replaced exactly once.
    assert sorted(winners) == list(range(1, 21))
    assert task.version == 21
