"""Operations on accounts at the edges that no page reaches: changes in between, other doors, tidying up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.accounts.conftest import EMAIL
from tests.cast import NOW, PASSWORD, Person
from webapp.accounts import operations, queries
from webapp.accounts.errors import EmailTaken, WrongCredentials, WrongPassword
from webapp.accounts.models import LoginSession, PasswordReset
from webapp.accounts.operations import Settings
from webapp.errors import InvalidInput, NotFound
from webapp.ops import upkeep
from webapp.storage.db import db
from webapp.values.actor import Actor
from webapp.workspaces.queries import find_viewer

SETTINGS = Settings(
    name="Ada King",
    timezone="Europe/Berlin",
    week_start=6,
    number_format="1.234,5",
    date_format="2026-11-20",
    theme="dark",
)


def actor_of(user_id: int, like: Person) -> Actor:
    """Somebody at work in a workspace of another; only who they are matters here."""
    return replace(like.actor, user_id=user_id)


def test_a_password_changed_while_the_old_one_is_checked_opens_nothing(dora: int) -> None:
    with pytest.raises(WrongCredentials):
        operations._log_in_checked(
            user_id=dora,
            checked_hash="the hash of a moment ago",
            new_hash="the hash of a moment ago",
            earlier_key=None,
            is_remembered=False,
            user_agent="",
            now=NOW,
        )

    assert db.session.scalars(select(LoginSession)).all() == []


def test_a_password_changed_while_the_old_one_is_checked_changes_no_address(dora: int, ada: Person) -> None:
    with pytest.raises(WrongPassword):
        operations._change_email(
            address="new@example.com", checked_hash="the hash of a moment ago", actor=actor_of(dora, ada)
        )

    assert queries.get_user(user_id=dora).email == EMAIL


def test_change_email_to_ones_own_address_is_no_conflict(dora: int, ada: Person) -> None:
    operations.change_email(email=EMAIL.upper(), password=PASSWORD, actor=actor_of(dora, ada))

    assert queries.get_user(user_id=dora).email == EMAIL


def test_change_email_to_the_address_of_another_is_refused_and_nothing_is_half_done(dora: int, ada: Person) -> None:
    with pytest.raises(EmailTaken):
        operations.change_email(email=ada.email, password=PASSWORD, actor=actor_of(dora, ada))

    assert queries.get_user(user_id=dora).email == EMAIL
    assert queries.get_user(user_id=ada.user_id).email == ada.email


def test_somebody_without_a_password_confirms_nothing(ada: Person) -> None:
    for password in ("", PASSWORD, "nobody has this password"):
        with pytest.raises(WrongPassword):
            operations.check_password(password=password, actor=ada.actor)


@pytest.mark.parametrize(
    "change, field",
    [
        ({"week_start": 3}, "week_start"),
        ({"week_start": -1}, "week_start"),
        ({"theme": "neon"}, "theme"),
        ({"timezone": "localtime"}, "timezone"),
        ({"name": "\u200b\0"}, "name"),
    ],
)
def test_save_settings_refuses_what_a_form_would_not_send(ada: Person, change: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        operations.save_settings(settings=replace(SETTINGS, **change), actor=ada.actor, now=NOW)  # type: ignore[arg-type]

    assert refusal.value.field == field
    assert queries.get_user(user_id=ada.user_id).name == "Ada Lovelace"


def test_operations_on_somebody_who_is_gone_find_nobody(ada: Person) -> None:
    gone = replace(ada.actor, user_id=ada.user_id + 1000)

    with pytest.raises(NotFound):
        operations.save_settings(settings=SETTINGS, actor=gone, now=NOW)
    with pytest.raises(NotFound):
        operations.check_password(password=PASSWORD, actor=gone)


def test_upkeep_drops_what_has_ended_and_nothing_else(dora: int) -> None:
    short = operations.start_session(user_id=dora, is_remembered=False, user_agent="", now=NOW)
    long = operations.start_session(user_id=dora, is_remembered=True, user_agent="", now=NOW)
    operations.make_reset_key(user_id=dora, now=NOW)
    later = NOW + timedelta(days=2)

    upkeep.tidy(now=later)

    assert db.session.scalars(select(PasswordReset)).all() == []
    assert len(db.session.scalars(select(LoginSession)).all()) == 1
    assert find_viewer(session_key=short, now=NOW) is None
    assert find_viewer(session_key=long, now=later) is not None


def test_a_long_user_agent_is_cut_and_not_refused(dora: int) -> None:
    operations.start_session(user_id=dora, is_remembered=False, user_agent="🦊" * 5_000, now=NOW)

    assert db.session.scalars(select(LoginSession.user_agent)).one() == "🦊" * 200
