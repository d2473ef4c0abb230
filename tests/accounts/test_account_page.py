"""One's own account: settings, address, password, and where one is logged in."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import func, select

from tests.accounts.conftest import EMAIL, Browser
from tests.cast import PASSWORD, Person
from tests.page import Visit, csrf_token, error_of, texts, words
from webapp.accounts.models import LoginSession, User
from webapp.storage.db import db

NEW_PASSWORD = "a wholly different phrase"
SETTINGS = {
    "name": "Ada King",
    "timezone": "America/New_York",
    "week_start": "6",
    "number_format": "1.234,5",
    "date_format": "2026-11-20",
    "theme": "dark",
    "day_end": "17:30",
}


def user(user_id: int) -> User:
    """The row of a person as it is now."""
    db.session.rollback()
    return db.session.get_one(User, user_id)


def test_settings_are_saved_and_shown(visit: Visit, ada: Person) -> None:
    visit.send("/account", SETTINGS, as_=ada)

    page = visit("/account", as_=ada)
    saved = user(ada.user_id)
    assert {name: str(getattr(saved, name)).removesuffix(":00") for name in SETTINGS} == SETTINGS
    assert page.html is not None
    assert page.html["data-theme"] == "dark"
    for name, value in SETTINGS.items():
        assert value_of(page, name) == value


@pytest.mark.parametrize(
    "field, typed, sentence",
    [
        ("name", " ", "Write the name"),
        ("name", "a\0", "cannot be saved"),
        ("name", "x" * 10_000, "10,000 characters"),
        ("timezone", "", "Choose a time zone"),
        ("timezone", "Mars/Olympus", "Choose a time zone"),
        ("timezone", "../etc/passwd", "Choose a time zone"),
        ("timezone", "🦊", "Choose a time zone"),
        ("week_start", "9", "not one of the choices"),
        ("day_end", "25:00", "between 00:00 and 23:59"),
        ("day_end", "half past five", "Write the time as 15:00"),
        ("week_start", "²", "not one of the choices"),
        ("number_format", "1e999", "not one of the choices"),
        ("date_format", "", "not one of the choices"),
        ("theme", "neon", "not one of the choices"),
    ],
)
def test_settings_say_by_the_field_what_to_put_right(
    visit: Visit, ada: Person, field: str, typed: str, sentence: str
) -> None:
    response = visit.send("/account", {**SETTINGS, field: typed}, as_=ada, status=422)

    assert sentence in error_of(BeautifulSoup(response.text, "html.parser"), field)
    assert user(ada.user_id).name == "Ada Lovelace"


@pytest.mark.parametrize("typed", ["america/new york", " America/New_York ", "new york"])
def test_a_time_zone_can_be_typed(visit: Visit, ada: Person, typed: str) -> None:
    visit.send("/account", {**SETTINGS, "timezone": typed}, as_=ada)

    assert user(ada.user_id).timezone == "America/New_York"


def test_settings_change_nothing_that_is_not_in_the_form(visit: Visit, ada: Person, cy: Person) -> None:
    extra = {"id": str(cy.user_id), "user_id": str(cy.user_id), "email": "mine@example.com", "password_hash": "x"}

    visit.send("/account", {**SETTINGS, **extra}, as_=ada)

    assert user(ada.user_id).email == ada.email
    assert user(ada.user_id).password_hash is None
    assert user(cy.user_id).name == "Cy Stranger"


TIMES = {
    "forgotten_after": "10h",
    "idle_after": "",
    "goal_day": "7h 30m",
    "goal_week": "",
    "work_from": "08:30",
    "work_until": "17:00",
    "work_days": ["0", "5"],
    "wants_nudge": "y",
}


def test_time_settings_are_saved_and_shown(visit: Visit, ada: Person) -> None:
    visit.send("/account/time", TIMES, as_=ada)

    saved = user(ada.user_id)
    assert (saved.forgotten_after_minutes, saved.idle_after_minutes) == (600, None)
    assert (saved.goal_day_minutes, saved.goal_week_minutes) == (450, None)
    assert (str(saved.work_from), saved.work_days, saved.wants_nudge) == ("08:30:00", 0b0100001, True)
    page = visit("/account", as_=ada)
    assert value_of(page, "forgotten_after") == "10h"
    assert [box["value"] for box in page.select("[name=work_days][checked]")] == ["0", "5"]

    visit.send("/account/time", {**TIMES, "wants_nudge": ""}, as_=ada)
    assert user(ada.user_id).nudge_due_at is None


@pytest.mark.parametrize(
    "field, typed, sentence",
    [
        ("forgotten_after", "30m", "shorter than 1 h"),
        ("forgotten_after", "400h", "longer than 168 h"),
        ("idle_after", "soon", "Write a length of time"),
        ("goal_day", "25h", "longer than 24 h"),
        ("work_from", "", "when your working hours begin"),
        ("work_until", "08:00", "later on the same day"),
        ("work_days", ["7"], "Choose weekdays"),
        ("work_days", [], "Choose the days"),
    ],
)
def test_time_settings_say_by_the_field_what_to_put_right(
    visit: Visit, ada: Person, field: str, typed: Any, sentence: str
) -> None:
    response = visit.send("/account/time", {**TIMES, field: typed}, as_=ada, status=422)

    page = BeautifulSoup(response.text, "html.parser")
    described = page.find(id=f"{field}-error")
    assert sentence in words(described)
    assert user(ada.user_id).goal_day_minutes is None


def test_the_address_changes_with_the_password(dora: int, laptop: Browser) -> None:
    laptop.log_in()

    assert laptop.send("/account/email", email="Dora.New@Example.com", password=PASSWORD).status_code == 303

    assert user(dora).email == "dora.new@example.com"
    assert laptop.is_signed_in()


@pytest.mark.parametrize(
    "email, password, field, sentence",
    [
        ("new@example.com", "wrong", "password", "not your password"),
        ("new@example.com", "", "password", "Write your password"),
        ("new", PASSWORD, "email", "like ada@example.org"),
        ("", PASSWORD, "email", "Write the new address"),
        ("CY@example.com", PASSWORD, "email", "with this address already"),
    ],
)
def test_the_address_stays_when_something_is_wrong(
    dora: int, cy: Person, laptop: Browser, email: str, password: str, field: str, sentence: str
) -> None:
    laptop.log_in()

    response = laptop.send("/account/email", email=email, password=password)

    assert response.status_code == 422
    form = BeautifulSoup(response.text, "html.parser").find("form", {"action": "/account/email"})
    assert sentence in words(form)
    assert user(dora).email == EMAIL


def test_a_new_password_ends_other_sessions_and_renews_this_one(
    app: Flask, dora: int, laptop: Browser, phone: Browser
) -> None:
    laptop.log_in()
    phone.log_in()
    thief = Browser(app.test_client())
    thief.client.set_cookie("devtrackr_session", laptop.key)
    before = laptop.key

    answer = laptop.send("/account/password", current_password=PASSWORD, password=NEW_PASSWORD)

    assert answer.status_code == 303
    assert laptop.key != before
    assert laptop.is_signed_in()
    assert not phone.is_signed_in()
    assert not thief.is_signed_in()
    assert phone.log_in().status_code == 422
    assert phone.log_in(password=NEW_PASSWORD).status_code == 303


@pytest.mark.parametrize(
    "current, new, sentence",
    [
        ("wrong", NEW_PASSWORD, "not your password"),
        ("", NEW_PASSWORD, "Write your current password"),
        (PASSWORD, "short", "at least 10"),
        (PASSWORD, EMAIL, "e-mail address"),
        (PASSWORD, "password1234", "common"),
    ],
)
def test_the_password_stays_when_something_is_wrong(
    dora: int, laptop: Browser, phone: Browser, current: str, new: str, sentence: str
) -> None:
    laptop.log_in()
    phone.log_in()

    response = laptop.send("/account/password", current_password=current, password=new)

    assert response.status_code == 422
    assert sentence in words(BeautifulSoup(response.text, "html.parser").find("form", {"action": "/account/password"}))
    assert phone.is_signed_in()
    assert laptop.log_in().status_code == 303


def test_every_browser_is_listed_and_can_be_logged_out(dora: int, laptop: Browser, phone: Browser) -> None:
    laptop.log_in()
    phone.client.post(
        "/login",
        data={"csrf_token": csrf_token(phone.client), "email": EMAIL, "password": PASSWORD},
        headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},
    )
    page = BeautifulSoup(laptop.client.get("/account").text, "html.parser")
    rows = page.select("form[action^='/account/sessions/'][action$='/end']:not([action='/account/sessions/end'])")
    assert len(rows) == 2
    assert "Firefox on Linux" in " ".join(texts(page.select(".browsers__item")))

    assert laptop.send(str(rows[1]["action"])).status_code == 303

    assert laptop.is_signed_in()
    assert not phone.is_signed_in()


def test_logging_this_browser_out_from_the_list_takes_its_cookie(dora: int, laptop: Browser) -> None:
    laptop.log_in()
    session_id = db.session.scalars(select(LoginSession.id)).one()

    answer = laptop.send(f"/account/sessions/{session_id}/end")

    assert (answer.status_code, answer.location) == (303, "/login")
    assert laptop.key == ""


@pytest.mark.parametrize("session_id", ["0", "99999999999999999999", "18446744073709551616"])
def test_a_session_that_is_not_there_is_not_found(dora: int, laptop: Browser, session_id: str) -> None:
    laptop.log_in()

    assert laptop.send(f"/account/sessions/{session_id}/end").status_code == 404


def test_a_stranger_cannot_log_somebody_out(visit: Visit, ada: Person, cy: Person) -> None:
    session_id = db.session.scalars(select(LoginSession.id).where(LoginSession.user_id == ada.user_id)).one()

    visit.send(f"/account/sessions/{session_id}/end", as_=cy, status=404)

    assert ada.client.get("/login").status_code == 303


def test_log_out_everywhere_ends_all_sessions_of_this_person_alone(
    dora: int, cy: Person, laptop: Browser, phone: Browser
) -> None:
    laptop.log_in()
    phone.log_in()

    assert laptop.send("/account/sessions/end").status_code == 303

    assert not laptop.is_signed_in()
    assert not phone.is_signed_in()
    assert db.session.scalar(select(func.count()).select_from(LoginSession)) == 1


@pytest.mark.parametrize("path", ["/account", "/account/email", "/account/password", "/account/sessions/end"])
def test_a_visitor_changes_nothing(visit: Visit, ada: Person, path: str) -> None:
    answer = visit.send(path, {**SETTINGS, "email": "x@example.com", "password": NEW_PASSWORD})

    assert answer.location.startswith("/login")
    assert user(ada.user_id).name == "Ada Lovelace"
    assert ada.client.get("/login").status_code == 303


def value_of(page: BeautifulSoup, name: str) -> Any:
    """What the field called `name` shows."""
    field = page.find(["input", "select"], {"name": name})
    assert field is not None
    if field.name == "select":
        field = field.find("option", selected=True)
        assert field is not None
    return field["value"]
