"""Two at once: one account, one use of a link."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.cast import NOW, PASSWORD
from webapp.accounts import operations as account_operations
from webapp.accounts.errors import DeadResetLink, EmailTaken
from webapp.accounts.models import PasswordReset, User
from webapp.errors import DomainError
from webapp.storage.db import db
from webapp.values.actor import Actor
from webapp.workspaces import operations
from webapp.workspaces.models import Membership, Workspace

AT_ONCE = 6


def all_at_once(app: Flask, work: Callable[[int], object]) -> list[type[DomainError] | None]:
    """Do `work(0)`, `work(1)`, … in threads that start together; tell what each was refused with."""
    start = Barrier(AT_ONCE)

    def one(number: int) -> type[DomainError] | None:
        with app.app_context():
            start.wait()
            try:
                work(number)
            except DomainError as refusal:
                return type(refusal)
            return None

    db.session.remove()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(one, range(AT_ONCE)))


@pytest.mark.usefixtures("app_context")
def test_registering_one_address_at_once_makes_one_account(app: Flask) -> None:
    refusals = all_at_once(
        app,
        lambda number: operations.register(
            name=f"Dora {number}", email="dora@example.com", password=PASSWORD, timezone="UTC", now=NOW
        ),
    )

    assert refusals.count(None) == 1
    assert refusals.count(EmailTaken) == AT_ONCE - 1
    for table in (User, Workspace, Membership):
        assert db.session.scalar(select(func.count()).select_from(table)) == 1


def test_using_one_link_at_once_sets_one_password(app: Flask, dora: int) -> None:
    key = account_operations.make_reset_key(user_id=dora, now=NOW)

    refusals = all_at_once(
        app,
        lambda number: account_operations.reset_password(key=key, password=f"a new phrase, number {number}", now=NOW),
    )

    assert refusals.count(None) == 1
    assert refusals.count(DeadResetLink) == AT_ONCE - 1
    assert db.session.scalars(select(PasswordReset.used_at)).all() == [NOW]
    winner = refusals.index(None)
    assert account_operations.log_in(
        email="dora@example.com",
        password=f"a new phrase, number {winner}",
        is_remembered=False,
        user_agent="",
        now=NOW,
    )


def test_naming_one_person_at_once_makes_one_placeholder(app: Flask, dora: int) -> None:
    workspace_id = db.session.scalars(select(Workspace.id)).one()
    actor = Actor(user_id=dora, workspace_id=workspace_id, zone=ZoneInfo("UTC"))

    refusals = all_at_once(app, lambda _: operations.add_placeholder(name="Paul", actor=actor, now=NOW))

    assert refusals == [None] * AT_ONCE
    assert db.session.scalar(select(func.count()).select_from(User)) == 2


def test_joining_a_workspace_at_once_joins_it_once(app: Flask, dora: int) -> None:
    operations.register(name="Eve", email="eve@example.com", password=PASSWORD, timezone="UTC", now=NOW)
    workspace_id = db.session.scalars(select(Workspace.id).where(Workspace.personal_user_id == dora)).one()

    refusals = all_at_once(
        app, lambda _: operations.add_member(workspace_id=workspace_id, email="eve@example.com", now=NOW)
    )

    assert refusals == [None] * AT_ONCE
    assert db.session.scalar(select(func.count()).select_from(Membership)) == 3
