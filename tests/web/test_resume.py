"""What was typed survives an expired session, and an old page; passwords and other sites' forms do not."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import NOW, PASSWORD, Person
from tests.page import check, csrf_token, words
from webapp.customers.models import Customer
from webapp.storage.db import db
from webapp.web import resume
from webapp.workspaces import operations

EMAIL = "dora@example.com"
OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}
NOTES = "Line one\nline “two” 🦊\n\n  <b>&amp; three</b>"
CUSTOMER = {"name": "Zoë & Söhne", "email": "zoe@example.com", "notes": NOTES, "request_key": "0" * 32}


@pytest.fixture
def browser_of_dora(app: Flask, app_context: None) -> FlaskClient:
    """The browser of somebody who has an account and whose session has ended."""
    operations.register(name="Dora", email=EMAIL, password=PASSWORD, timezone="UTC", now=NOW)
    return app.test_client()


def send(client: FlaskClient, path: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> TestResponse:
    """Post a form with a true token."""
    return client.post(path, data={"csrf_token": csrf_token(client), **fields}, headers=headers)


def hidden(page: BeautifulSoup, action: str) -> dict[str, str]:
    """The hidden fields of the form that posts to `action`."""
    form = page.find("form", {"action": action})
    assert isinstance(form, Tag), f"no form for {action}"
    return {str(tag["name"]): str(tag.get("value", "")) for tag in form.find_all("input", type="hidden")}


def log_in_from(client: FlaskClient, page: BeautifulSoup) -> TestResponse:
    """Fill in the login form that is on the page, and send it."""
    return client.post("/login", data={**hidden(page, "/login"), "email": EMAIL, "password": PASSWORD})


def customers() -> list[Customer]:
    """All customers there are."""
    db.session.rollback()
    return list(db.session.scalars(db.select(Customer)))


def test_what_was_typed_is_there_again_after_logging_in(browser_of_dora: FlaskClient) -> None:
    refused = send(browser_of_dora, "/customers", CUSTOMER, OUR_PAGE)
    assert refused.status_code == 401
    login = check(refused)
    assert "What you typed is not lost" in words(login.main)

    shown = log_in_from(browser_of_dora, login)
    assert shown.status_code == 200
    page = check(shown)
    assert "Zoë & Söhne" in words(page.main)
    assert customers() == []
    sent_again = browser_of_dora.post("/customers", data=hidden(page, "/customers"))

    assert sent_again.status_code == 303
    (customer,) = customers()
    assert (customer.name, customer.email, customer.notes) == ("Zoë & Söhne", "zoe@example.com", NOTES.strip())


def test_what_was_typed_outlives_a_wrong_password(browser_of_dora: FlaskClient) -> None:
    login = check(send(browser_of_dora, "/customers", CUSTOMER, OUR_PAGE))
    wrong = browser_of_dora.post("/login", data={**hidden(login, "/login"), "email": EMAIL, "password": "wrong"})
    assert wrong.status_code == 422

    shown = log_in_from(browser_of_dora, check(wrong))

    assert hidden(check(shown), "/customers")["name"] == "Zoë & Söhne"


def test_the_form_goes_to_the_address_it_was_sent_to(browser_of_dora: FlaskClient) -> None:
    login = check(send(browser_of_dora, "/customers?from=x%26y", CUSTOMER, OUR_PAGE))

    page = check(log_in_from(browser_of_dora, login))

    assert page.find("form", {"action": "/customers?from=x%26y"})


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {},
    ],
)
def test_a_form_of_another_site_is_forgotten(browser_of_dora: FlaskClient, headers: dict[str, str]) -> None:
    answer = send(browser_of_dora, "/customers", CUSTOMER, headers)

    assert answer.status_code == 303
    assert answer.location == "/login"


def test_an_older_browser_is_known_by_the_origin_it_names(browser_of_dora: FlaskClient) -> None:
    assert send(browser_of_dora, "/customers", CUSTOMER, {"Origin": "http://localhost"}).status_code == 401


def test_no_password_travels(browser_of_dora: FlaskClient, app: Flask) -> None:
    fields = {"current_password": "my old secret", "password": "my new secret", "email": "x@example.com"}
    login = check(send(browser_of_dora, "/account/password", fields, OUR_PAGE))

    held = resume.unpack(hidden(login, "/login")["held"])

    assert held is not None
    assert held.fields == [("email", "x@example.com")]
    page = check(log_in_from(browser_of_dora, login))
    assert "secret" not in str(page)


@pytest.mark.parametrize(
    "fields", [{}, {"next": "/tasks", "request_key": "0" * 32}, {"notes": "  "}, {"status": "done", "next": "/tasks"}]
)
def test_a_button_without_words_leads_to_the_login(browser_of_dora: FlaskClient, fields: dict[str, str]) -> None:
    answer = send(browser_of_dora, "/customers", fields, OUR_PAGE)

    assert (answer.status_code, answer.location) == (303, "/login")


def test_more_than_can_travel_is_not_carried(browser_of_dora: FlaskClient) -> None:
    answer = send(browser_of_dora, "/customers", {"notes": "x" * (resume.MOST_CHARACTERS + 1)}, OUR_PAGE)

    assert answer.status_code == 303


def test_ten_thousand_characters_travel(browser_of_dora: FlaskClient) -> None:
    notes = "🦊ä\n" * 3_400
    login = check(send(browser_of_dora, "/customers", {**CUSTOMER, "notes": notes}, OUR_PAGE))

    page = check(log_in_from(browser_of_dora, login))

    assert hidden(page, "/customers")["notes"] == notes


@pytest.mark.parametrize("held", ["x", "eyJhIjoxfQ.aaaa.bbbb", "🦊", "a" * 100_000, "\0"])
def test_a_held_form_that_we_did_not_sign_is_ignored(browser_of_dora: FlaskClient, held: str) -> None:
    answer = send(browser_of_dora, "/login", {"email": EMAIL, "password": PASSWORD, "held": held})

    assert (answer.status_code, answer.location) == (303, "/today")


def test_a_form_with_an_old_token_comes_back_to_be_sent_again(ada: Person) -> None:
    refused = ada.client.post("/customers", data={"csrf_token": "old", **CUSTOMER}, headers=OUR_PAGE)
    assert refused.status_code == 400
    page = check(refused)
    assert "Zoë & Söhne" in words(page.main)

    sent_again = ada.client.post("/customers", data=hidden(page, "/customers"))

    assert sent_again.status_code == 303
    assert [customer.name for customer in customers()] == ["Zoë & Söhne"]


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}])
def test_a_form_with_a_bad_token_from_elsewhere_is_not_offered_again(ada: Person, headers: dict[str, str]) -> None:
    refused = ada.client.post("/customers", data={"csrf_token": "bad", **CUSTOMER}, headers=headers)

    assert refused.status_code == 400
    assert "Zoë" not in refused.text
    assert customers() == []


def test_a_small_request_of_a_page_gets_the_login_as_a_whole_page(browser_of_dora: FlaskClient) -> None:
    answer = send(browser_of_dora, "/customers", CUSTOMER, {**OUR_PAGE, "HX-Request": "true"})

    assert answer.status_code == 401
    assert answer.headers["HX-Retarget"] == "body"


@pytest.mark.parametrize(
    "shown, to",
    [
        ("http://localhost/customers?q=x#top", "/login?next=/customers?q%3Dx"),
        ("https://evil.example//evil.example", "/login"),
        ("", "/login"),
    ],
)
def test_a_click_in_a_page_leads_the_whole_page_to_the_login(browser_of_dora: FlaskClient, shown: str, to: str) -> None:
    answer = browser_of_dora.get("/customers", headers={"HX-Request": "true", "HX-Current-URL": shown})

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == to


def test_a_click_in_a_page_that_is_too_old_gets_a_fresh_page(ada: Person) -> None:
    headers = {**OUR_PAGE, "HX-Request": "true"}

    answer = ada.client.post("/tasks/1/status", data={"csrf_token": "old", "status": "done"}, headers=headers)

    assert answer.status_code == 400
    assert answer.headers["HX-Refresh"] == "true"
    assert "That page was too old" in words(check(ada.client.get("/customers")).main)
