"""`flask accounts …` and `flask workspaces …`."""

from __future__ import annotations

import time_machine
from flask import Flask
from sqlalchemy import func, select

from tests.accounts.conftest import EMAIL, Browser
from tests.cast import NOW, Person
from webapp.storage.db import db
from webapp.workspaces.models import Membership


def run(app: Flask, *words: str) -> tuple[int, str]:
    """Run a command; return its exit code and what it printed."""
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=list(words))
    db.session.rollback()
    return result.exit_code, result.output


def test_reset_link_prints_an_address_that_sets_a_new_password(app: Flask, dora: int, laptop: Browser) -> None:
    with time_machine.travel(NOW, tick=False):
        code, printed = run(app, "accounts", "reset-link", " DORA@example.com")
        assert code == 0
        assert printed.startswith("http://127.0.0.1:5000/login/reset?key=")
        laptop.client.get("/login/reset", query_string={"key": printed.strip().partition("key=")[2]})
        assert laptop.send("/login/reset", password="a wholly different phrase").status_code == 303

    assert laptop.log_in(password="a wholly different phrase").status_code == 303


def test_reset_link_says_when_nobody_has_the_address(app: Flask, dora: int) -> None:
    code, printed = run(app, "accounts", "reset-link", "nobody@example.com")

    assert code == 1
    assert "Nobody has registered with nobody@example.com." in printed


def test_list_prints_who_can_log_in(app: Flask, dora: int) -> None:
    assert run(app, "accounts", "list") == (0, f"{dora}\t{EMAIL}\tDora\t2026-11-20\n")


def test_add_member_lets_somebody_in(app: Flask, ada: Person, cy: Person) -> None:
    code, printed = run(app, "workspaces", "add-member", str(ada.workspace_id), cy.email)

    assert (code, printed) == (0, f"{cy.email} can enter workspace {ada.workspace_id}.\n")
    assert db.session.get(Membership, (ada.workspace_id, cy.user_id)) is not None


def test_add_member_says_what_is_wrong(app: Flask, ada: Person) -> None:
    unknown = run(app, "workspaces", "add-member", str(ada.workspace_id), "nobody@example.com")
    nowhere = run(app, "workspaces", "add-member", "999999", ada.email)

    assert unknown[0] == nowhere[0] == 1
    assert "Nobody has registered with nobody@example.com." in unknown[1]
    assert "There is no workspace 999999." in nowhere[1]
    assert db.session.scalar(select(func.count()).select_from(Membership)) == 1


def test_list_prints_all_workspaces(app: Flask, ada: Person, ben: Person) -> None:
    assert run(app, "workspaces", "list") == (0, f"{ada.workspace_id}\t2 people\tAda Lovelace (personal)\n")
