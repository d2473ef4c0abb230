"""Setting a new password by a link: who gets one, how long it works, and what it leaves behind."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from tests.accounts.conftest import EMAIL, Browser
from tests.cast import NOW, PASSWORD
from tests.page import Visit, words
from webapp.accounts import operations
from webapp.accounts.models import PasswordReset
from webapp.storage.db import db
from webapp.storage.outbox import OutboxJob

NEW_PASSWORD = "a wholly different phrase"


@pytest.fixture
def mail(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site that can send mail."""
    monkeypatch.setitem(app.config, "MAIL_URL", "console://")


def mailed_links() -> list[str]:
    """The addresses in the mails that wait to be sent."""
    db.session.rollback()
    texts = [str(job.payload["text"]) for job in db.session.scalars(select(OutboxJob).order_by(OutboxJob.id))]
    return [re.findall(r"http\S+", text)[0] for text in texts]


def open_link(laptop: Browser, key: str) -> int:
    """Follow a link as a browser does, and return the status of the page in the end."""
    first = laptop.client.get("/login/reset", query_string={"key": key})
    assert first.status_code == 303
    return laptop.client.get(first.location).status_code


@pytest.mark.usefixtures("mail")
def test_a_mailed_link_sets_a_new_password_and_ends_all_sessions(dora: int, laptop: Browser, phone: Browser) -> None:
    phone.log_in()
    asked = laptop.send("/login/forgotten", email=" DORA@example.com ")
    (link,) = mailed_links()
    assert (asked.status_code, asked.location) == (303, "/login")
    assert link.startswith("http://127.0.0.1:5000/login/reset?key=")

    assert open_link(laptop, link.partition("key=")[2]) == 200
    answer = laptop.send("/login/reset", password=NEW_PASSWORD)

    assert (answer.status_code, answer.location) == (303, "/login")
    assert not phone.is_signed_in()
    assert laptop.log_in().status_code == 422
    assert laptop.log_in(password=NEW_PASSWORD).status_code == 303


@pytest.mark.usefixtures("mail")
def test_the_mail_goes_to_the_person_alone(dora: int, laptop: Browser) -> None:
    laptop.send("/login/forgotten", email=EMAIL)

    job = db.session.scalars(select(OutboxJob)).one()
    assert job.kind == "mail"
    assert job.payload["to"] == EMAIL
    assert "\n" not in job.payload["subject"]
    assert re.fullmatch(r"[\w.-]+", job.payload["message_id"])


@pytest.mark.usefixtures("mail")
def test_asking_answers_the_same_whether_or_not_anybody_has_the_address(dora: int, app: Flask) -> None:
    answers = []
    for address in (EMAIL, "nobody@example.com"):
        laptop = Browser(app.test_client())
        asked = laptop.send("/login/forgotten", email=address)
        answers.append((asked.status_code, asked.location, words_of_login(laptop)))

    assert answers[0] == answers[1]
    assert "If there is an account with that address" in answers[0][2]
    assert len(mailed_links()) == 1


@pytest.mark.usefixtures("mail")
def test_asking_wants_an_address(visit: Visit) -> None:
    visit.send("/login/forgotten", {"email": " "}, status=422)
    visit.send("/login/forgotten", {"email": "x\0@example.com"}, status=422)


def test_without_mail_the_page_says_what_to_do(visit: Visit, dora: int) -> None:
    page = visit("/login/forgotten")

    assert "flask accounts reset-link" in words(page.main)
    assert page.find("input", {"name": "email"}) is None
    visit.send("/login/forgotten", {"email": EMAIL}, status=422)
    assert mailed_links() == []


def test_a_link_works_once(visit: Visit, dora: int, laptop: Browser, phone: Browser) -> None:
    key = operations.make_reset_key(user_id=dora, now=NOW)
    with time_machine.travel(NOW, tick=False):
        assert open_link(laptop, key) == 200
        assert open_link(phone, key) == 200
        assert laptop.send("/login/reset", password=NEW_PASSWORD).status_code == 303

        assert phone.send("/login/reset", password="and now for me too").status_code == 404
        assert open_link(phone, key) == 404
        assert laptop.log_in(password=NEW_PASSWORD).status_code == 303


@pytest.mark.parametrize("minutes, status", [(59, 200), (61, 404)])
def test_a_link_works_for_an_hour(dora: int, laptop: Browser, minutes: int, status: int) -> None:
    key = operations.make_reset_key(user_id=dora, now=NOW)

    with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
        assert open_link(laptop, key) == status


def test_a_newer_link_ends_the_older(dora: int, laptop: Browser) -> None:
    older = operations.make_reset_key(user_id=dora, now=NOW)
    newer = operations.make_reset_key(user_id=dora, now=NOW)

    with time_machine.travel(NOW, tick=False):
        assert open_link(laptop, older) == 404
        assert open_link(laptop, newer) == 200


@pytest.mark.parametrize(
    "key", ["", "x", "ключ", "🦊" * 30, "a" * 10_000, "%00", "\ud800".encode("utf-8", "replace").decode()]
)
def test_a_link_that_never_was_is_no_page(laptop: Browser, key: str) -> None:
    assert open_link(laptop, key) == 404


def test_a_link_still_works_after_a_password_that_was_refused(visit: Visit, dora: int, laptop: Browser) -> None:
    key = operations.make_reset_key(user_id=dora, now=NOW)

    with time_machine.travel(NOW, tick=False):
        open_link(laptop, key)
        for refused in ("", "short", EMAIL, "1234567890"):
            assert laptop.send("/login/reset", password=refused).status_code == 422
        assert laptop.send("/login/reset", password=NEW_PASSWORD).status_code == 303


def test_the_key_is_kept_as_its_hash_and_never_shown_or_logged(
    dora: int, laptop: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key = operations.make_reset_key(user_id=dora, now=NOW)
    with time_machine.travel(NOW, tick=False):
        first = laptop.client.get("/login/reset", query_string={"key": key})
        page = laptop.client.get("/login/reset")

    assert key not in first.location
    assert first.headers["Referrer-Policy"] == "no-referrer"
    assert key not in page.text
    assert key not in caplog.text
    assert key not in str(db.session.execute(select(PasswordReset.__table__)).all())


def test_a_new_address_ends_links_that_were_sent_to_the_old_one(dora: int, laptop: Browser) -> None:
    key = operations.make_reset_key(user_id=dora, now=NOW)
    laptop.log_in()

    assert laptop.send("/account/email", email="new@example.com", password=PASSWORD).status_code == 303

    with time_machine.travel(NOW, tick=False):
        assert open_link(laptop, key) == 404


def words_of_login(laptop: Browser) -> str:
    """The text of the login page, with what was said on it."""
    return words(BeautifulSoup(laptop.client.get("/login").text, "html.parser").main)
