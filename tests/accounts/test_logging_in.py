"""Registering, logging in and out: what the browser is given, and what opens what."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import func, select

import config
from tests.accounts.conftest import COOKIE, EMAIL, Browser
from tests.cast import NOW, PASSWORD, Person
from tests.page import Visit, csrf_token, error_of, words
from webapp import create_app
from webapp.accounts.models import LoginSession, User
from webapp.storage.db import db
from webapp.workspaces import operations

ACCOUNT = {"name": "Dora", "email": EMAIL, "password": PASSWORD, "timezone": "Europe/Lisbon"}


def test_register_makes_a_person_with_a_workspace_and_signs_in(visit: Visit, laptop: Browser) -> None:
    assert laptop.send("/register", **ACCOUNT).status_code == 303

    user = db.session.scalars(select(User)).one()
    assert (user.name, user.email, user.timezone) == ("Dora", EMAIL, "Europe/Lisbon")
    assert user.password_hash is not None
    assert user.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert laptop.is_signed_in()


def test_register_gives_a_zone_that_nobody_knows_as_utc(visit: Visit, laptop: Browser) -> None:
    assert laptop.send("/register", **{**ACCOUNT, "timezone": "Mars/Olympus"}).status_code == 303

    assert db.session.scalars(select(User.timezone)).one() == "UTC"


@pytest.mark.parametrize(
    "field, typed, sentence",
    [
        ("name", "", "Write the name"),
        ("name", "x" * 121, "121 characters"),
        ("name", "D\0ra", "cannot be saved"),
        ("email", "", "Write your e-mail address"),
        ("email", "dora", "like ada@example.org"),
        ("email", "dora@", "like ada@example.org"),
        ("email", "a b@example.com", "like ada@example.org"),
        ("email", "x" * 10_000, "10,000 characters"),
        ("email", "dora\0@example.com", "cannot be saved"),
        ("password", "", "Write the password"),
        ("password", "short", "at least 10"),
        ("password", "x1" * 101, "at most 200"),
        ("password", "1234567890", "common"),
        ("password", "Password123", "common"),
        ("password", "zzzzzzzzzzzzz", "common"),
        ("password", EMAIL, "e-mail address"),
        ("password", EMAIL.upper(), "e-mail address"),
    ],
)
def test_register_says_by_the_field_what_to_put_right(visit: Visit, field: str, typed: str, sentence: str) -> None:
    response = visit.send("/register", {**ACCOUNT, field: typed}, status=422)

    page = BeautifulSoup(response.text, "html.parser")
    assert sentence in error_of(page, field)
    assert PASSWORD not in response.text
    assert db.session.scalar(select(func.count()).select_from(User)) == 0


@pytest.mark.parametrize("name", ["Zoë 🦊", "דורה", "\u202edora", "O'Brien <b>", "李"])
def test_register_keeps_names_of_every_kind(visit: Visit, name: str) -> None:
    visit.send("/register", {**ACCOUNT, "name": name})

    assert db.session.scalars(select(User.name)).one() == name


@pytest.mark.parametrize(
    "password", ["пароль на каждый день", "🦊🐢🦊🐢🦊🐢🐇🐇🐇🐇", "ten\0chars!", "  spaces count  "]
)
def test_register_takes_passwords_of_every_kind(visit: Visit, laptop: Browser, password: str) -> None:
    visit.send("/register", {**ACCOUNT, "password": password})

    assert laptop.log_in(password=password).status_code == 303


def test_register_refuses_an_address_that_is_taken_however_it_is_written(visit: Visit, dora: int) -> None:
    page = BeautifulSoup(
        visit.send("/register", {**ACCOUNT, "email": " DORA@Example.COM "}, status=422).text, "html.parser"
    )

    assert "account with this address already" in error_of(page, "email")


def test_register_refuses_bytes_that_are_not_utf_8(laptop: Browser, app_context: None) -> None:
    token = csrf_token(laptop.client)

    response = laptop.client.post(
        "/register",
        data=f"csrf_token={token}&name=".encode() + b"\xff\xfe&email=x%40example.com&password=long+enough+word",
        content_type="application/x-www-form-urlencoded",
    )

    assert response.status_code == 400


def test_login_opens_the_account_however_the_address_is_written(dora: int, laptop: Browser) -> None:
    assert laptop.log_in(email=" Dora@EXAMPLE.com ").status_code == 303

    assert laptop.is_signed_in()


@pytest.mark.parametrize(
    "email, password",
    [(EMAIL, "wrong password"), ("nobody@example.com", PASSWORD), ("no address", PASSWORD), ("dora@x", "🦊 wrong")],
)
def test_login_says_the_same_whatever_is_wrong(visit: Visit, dora: int, email: str, password: str) -> None:
    response = visit.send("/login", {"email": email, "password": password}, status=422)

    page = BeautifulSoup(response.text, "html.parser")
    assert "This e-mail and password do not belong together." in words(page.find(role="alert"))
    field = page.find("input", {"name": "email"})
    assert field is not None
    assert field["value"] == email
    assert password not in response.text


def test_login_is_refused_to_a_placeholder(visit: Visit, ada: Person) -> None:
    operations.add_placeholder(name="Paul", actor=ada.actor, now=NOW)

    visit.send("/login", {"email": "", "password": ""}, status=422)


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(dora: int, laptop: Browser) -> None:
    laptop.log_in()

    cookie = laptop.client.get_cookie(COOKIE)
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.path == "/"
    assert cookie.max_age is None
    assert not cookie.secure


def test_the_cookie_of_a_remembered_browser_lasts_thirty_days(dora: int, laptop: Browser) -> None:
    laptop.log_in(remember="y")

    cookie = laptop.client.get_cookie(COOKIE)
    assert cookie is not None
    assert cookie.max_age == 30 * 24 * 3600


def test_the_database_does_not_hold_what_the_cookie_holds(dora: int, laptop: Browser) -> None:
    laptop.log_in()

    cookie = laptop.client.get_cookie(COOKIE)
    assert cookie is not None
    assert len(cookie.value) == 43
    assert cookie.value not in str(db.session.execute(select(LoginSession.__table__)).all())


def test_a_copied_cookie_is_dead_after_logging_out(app: Flask, dora: int, laptop: Browser) -> None:
    laptop.log_in()
    cookie = laptop.client.get_cookie(COOKIE)
    assert cookie is not None
    thief = Browser(app.test_client())
    thief.client.set_cookie(COOKIE, cookie.value)
    assert thief.is_signed_in()

    assert laptop.send("/logout").status_code == 303

    assert not thief.is_signed_in()
    assert not laptop.is_signed_in()
    assert laptop.client.get_cookie(COOKIE) is None


def test_login_never_uses_a_key_that_was_there_before(app: Flask, dora: int, laptop: Browser) -> None:
    laptop.client.set_cookie(COOKIE, "planted-by-somebody-else")

    laptop.log_in()

    cookie = laptop.client.get_cookie(COOKIE)
    assert cookie is not None
    assert cookie.value != "planted-by-somebody-else"
    thief = Browser(app.test_client())
    thief.client.set_cookie(COOKIE, "planted-by-somebody-else")
    assert not thief.is_signed_in()


def test_login_again_ends_the_session_before(app: Flask, dora: int, laptop: Browser) -> None:
    laptop.log_in()
    cookie = laptop.client.get_cookie(COOKIE)
    assert cookie is not None

    laptop.log_in()

    older = Browser(app.test_client())
    older.client.set_cookie(COOKIE, cookie.value)
    assert not older.is_signed_in()
    assert db.session.scalar(select(func.count()).select_from(LoginSession)) == 1


def test_register_ends_the_session_before(app: Flask, dora: int, laptop: Browser) -> None:
    laptop.log_in()
    older = Browser(app.test_client())
    older.client.set_cookie(COOKIE, laptop.key)

    laptop.send("/register", **{**ACCOUNT, "email": "eve@example.com"})

    assert laptop.is_signed_in()
    assert not older.is_signed_in()


def test_login_with_ten_thousand_characters_is_just_wrong(dora: int, laptop: Browser) -> None:
    assert laptop.log_in(password="x" * 10_000).status_code == 422
    assert laptop.log_in(email="x" * 10_000).status_code == 422


def test_login_makes_csrf_tokens_of_before_useless(dora: int, laptop: Browser) -> None:
    before = csrf_token(laptop.client)
    laptop.log_in()

    response = laptop.client.post("/logout", data={"csrf_token": before})

    assert response.status_code == 400
    assert laptop.is_signed_in()


@pytest.mark.parametrize(
    "remember, away, is_in",
    [
        ("", timedelta(hours=11, minutes=59), True),
        ("", timedelta(hours=12, minutes=1), False),
        ("y", timedelta(hours=13), True),
        ("y", timedelta(days=29, hours=23), True),
        ("y", timedelta(days=30, minutes=1), False),
    ],
)
def test_a_session_ends_when_its_time_is_over(
    dora: int, laptop: Browser, remember: str, away: timedelta, is_in: bool
) -> None:
    with time_machine.travel(NOW, tick=False):
        laptop.log_in(**({"remember": remember} if remember else {}))
    with time_machine.travel(NOW + away, tick=False):
        assert laptop.is_signed_in() is is_in


def test_a_session_in_use_lasts_a_day_at_most(dora: int, laptop: Browser) -> None:
    with time_machine.travel(NOW, tick=False):
        laptop.log_in()
    for hours in (10, 20, 23.9):
        with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
            assert laptop.is_signed_in()
    with time_machine.travel(NOW + timedelta(hours=24.1), tick=False):
        assert not laptop.is_signed_in()


def test_visits_are_noted_every_few_minutes_only(dora: int, laptop: Browser) -> None:
    with time_machine.travel(NOW, tick=False):
        laptop.log_in()

    def seen_after(minutes: float) -> timedelta:
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            laptop.client.get("/login")
        db.session.rollback()
        return db.session.scalars(select(LoginSession.seen_at)).one() - NOW

    assert seen_after(4) == timedelta(0)
    assert seen_after(6) == timedelta(minutes=6)
    assert seen_after(9) == timedelta(minutes=6)


@pytest.mark.parametrize("path", ["/account", "/account?x=%2F"])
def test_a_visitor_is_led_to_the_login_and_back(dora: int, laptop: Browser, path: str) -> None:
    response = laptop.client.get(path)
    assert response.status_code == 303
    page = BeautifulSoup(laptop.client.get(response.location).text, "html.parser")

    field = page.find("input", {"name": "next"})
    assert field is not None
    answer = laptop.client.post(
        "/login",
        data={
            "csrf_token": csrf_token(laptop.client),
            "email": EMAIL,
            "password": PASSWORD,
            "next": str(field["value"]),
        },
    )

    assert answer.location == path


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "evil.example",
        "/%09/../\\evil.example",
        "%2f%2fevil.example",
        "\u2028//evil.example",
    ],
)
def test_login_leads_to_no_other_site(dora: int, laptop: Browser, elsewhere: str) -> None:
    page = BeautifulSoup(laptop.client.get("/login", query_string={"next": elsewhere}).text, "html.parser")
    field = page.find("input", {"name": "next"})
    assert field is not None
    assert not field.get("value")

    answer = laptop.client.post(
        "/login",
        data={"csrf_token": csrf_token(laptop.client), "email": EMAIL, "password": PASSWORD, "next": elsewhere},
    )

    assert answer.status_code == 303
    assert answer.location == "/today"


def test_over_https_the_cookie_is_bound_to_this_host_and_to_tls(app: Flask, dora: int, database_url: str) -> None:
    secure = create_app(config.Testing({"DATABASE_URL": database_url, "PUBLIC_URL": "https://time.example.com"}))
    client = secure.test_client()
    site = "https://time.example.com"
    page = BeautifulSoup(client.get("/login", base_url=site).text, "html.parser")
    token = page.find("input", {"name": "csrf_token"})
    assert token is not None

    answer = client.post(
        "/login",
        base_url=site,
        data={"csrf_token": str(token["value"]), "email": EMAIL, "password": PASSWORD},
        headers={"Referer": f"{site}/login"},
    )

    assert answer.status_code == 303
    (cookie,) = [line for line in answer.headers.getlist("Set-Cookie") if "devtrackr_session" in line]
    assert cookie.startswith("__Host-devtrackr_session=")
    assert "; Secure" in cookie
    assert "; Path=/;" in cookie
    assert "Domain" not in cookie
