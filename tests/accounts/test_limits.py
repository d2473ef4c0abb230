"""How often one may try to log in, to register, and to have mail sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask

from tests.accounts.conftest import EMAIL, Browser
from tests.cast import NOW, PASSWORD
from tests.page import words
from webapp.web.limits import limiter


@pytest.fixture(autouse=True)
def few(app: Flask, app_context: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Limits that are reached soon, counted from nothing."""
    monkeypatch.setitem(app.config, "LOGIN_LIMIT_PER_ADDRESS", "5 per 15 minutes")
    monkeypatch.setitem(app.config, "LOGIN_LIMIT_PER_ACCOUNT", "3 per 15 minutes")
    monkeypatch.setitem(app.config, "REGISTER_LIMIT_PER_ADDRESS", "3 per hour")
    monkeypatch.setitem(app.config, "MAIL_URL", "console://")
    limiter.reset()
    with time_machine.travel(NOW, tick=False):
        yield
    limiter.reset()


def log_in_from(browser: Browser, address: str, email: str, password: str) -> int:
    """Send the login form from an internet address and return the status."""
    browser.client.environ_base["REMOTE_ADDR"] = address
    return browser.log_in(email=email, password=password).status_code


def test_one_account_is_not_guessed_from_many_addresses(dora: int, laptop: Browser) -> None:
    guesses = [log_in_from(laptop, f"192.0.2.{number}", EMAIL, f"guess {number}") for number in range(5)]

    assert guesses == [422, 422, 422, 429, 429]
    assert log_in_from(laptop, "192.0.2.99", "DORA@example.com ", PASSWORD) == 429
    assert not laptop.is_signed_in()


def test_one_account_is_not_guessed_by_its_other_spellings(dora: int, laptop: Browser) -> None:
    spellings = [EMAIL, "dora@EXAMPLE.com", "dora@\uff45xample.com", "dora@example\u3002com", "dora@e\uff58ample.com"]

    guesses = [log_in_from(laptop, f"192.0.2.{number}", spelling, "guess") for number, spelling in enumerate(spellings)]

    assert guesses == [422, 422, 422, 429, 429]


def test_one_address_does_not_guess_many_accounts(dora: int, laptop: Browser) -> None:
    guesses = [log_in_from(laptop, "192.0.2.1", f"p{number}@example.com", "guess") for number in range(6)]

    assert guesses == [422, 422, 422, 422, 422, 429]
    assert log_in_from(laptop, "192.0.2.1", EMAIL, PASSWORD) == 429
    assert log_in_from(laptop, "192.0.2.2", EMAIL, PASSWORD) == 303


def test_all_addresses_of_one_ipv6_network_are_one(laptop: Browser) -> None:
    guesses = [log_in_from(laptop, f"2001:db8::{number:x}", f"p{number}@example.com", "guess") for number in range(6)]

    assert guesses[-1] == 429
    assert log_in_from(laptop, "2001:db8:0:1::1", "p@example.com", "guess") == 422


def test_an_account_that_nobody_has_is_limited_just_the_same(laptop: Browser) -> None:
    guesses = [log_in_from(laptop, f"192.0.2.{number}", "nobody@example.com", "guess") for number in range(4)]

    assert guesses == [422, 422, 422, 429]


def test_logins_that_succeed_do_not_count(dora: int, laptop: Browser) -> None:
    assert {laptop.log_in().status_code for _ in range(8)} == {303}


def test_the_page_says_how_long_to_wait_and_it_is_so(dora: int, laptop: Browser) -> None:
    for _ in range(3):
        laptop.log_in(password="guess")

    refused = laptop.log_in()

    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) in (900, 901)
    assert "wait 15 minutes" in words(BeautifulSoup(refused.text, "html.parser").main)
    with time_machine.travel(NOW + timedelta(seconds=902), tick=False):
        assert laptop.log_in().status_code == 303


def test_guessing_the_password_of_a_borrowed_browser_counts_too(dora: int, laptop: Browser) -> None:
    laptop.log_in()

    for _ in range(3):
        assert laptop.send("/account/email", email="", password="x").status_code == 422

    assert laptop.send("/account/email", email="x@example.com", password=PASSWORD).status_code == 429
    assert laptop.send("/account/password", current_password=PASSWORD, password="whatever it is").status_code == 429


def test_registering_is_limited(laptop: Browser) -> None:
    statuses = [
        laptop.send("/register", name="x", email=EMAIL, password=PASSWORD, timezone="").status_code for _ in range(4)
    ]

    assert statuses == [303, 422, 422, 429]


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
def test_asking_for_mails_is_limited(dora: int, laptop: Browser, email: str) -> None:
    statuses = [laptop.send("/login/forgotten", email=email).status_code for _ in range(4)]

    assert statuses == [303, 303, 303, 429]
