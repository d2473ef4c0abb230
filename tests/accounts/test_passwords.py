"""Passwords as they are kept, and what checking one costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from tests.accounts.conftest import EMAIL, Browser
from tests.cast import PASSWORD
from webapp.accounts import passwords, rules
from webapp.accounts.models import User
from webapp.errors import InvalidInput
from webapp.storage.db import db
from webapp.storage.transaction import transaction


@settings(max_examples=8, deadline=None)
@given(st.text(min_size=0, max_size=200))
def test_a_password_is_known_again_and_no_other_is(password: str) -> None:
    kept = passwords.hash_password(password)

    assert passwords.is_password(password, kept_hash=kept)
    assert not passwords.is_password(password + "x", kept_hash=kept)


def test_the_same_password_is_kept_differently_each_time() -> None:
    assert passwords.hash_password(PASSWORD) != passwords.hash_password(PASSWORD)


def test_one_word_typed_in_two_ways_is_one_password() -> None:
    assert passwords.is_password("cafe\u0301 au lait", kept_hash=passwords.hash_password("caf\u00e9 au lait"))


@pytest.mark.parametrize("kept", [None, "", "nonsense", "$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA"])
def test_no_password_opens_what_has_no_hash(kept: str | None) -> None:
    assert not passwords.is_password("", kept_hash=kept)
    assert not passwords.is_password("nobody has this password", kept_hash=kept)


def test_checking_costs_the_same_when_nobody_has_the_address() -> None:
    kept = passwords.hash_password(PASSWORD)

    def fastest(check: Callable[[], bool]) -> float:
        times = []
        for _ in range(5):
            began = time.process_time()
            check()
            times.append(time.process_time() - began)
        return min(times)

    passwords.is_password("x", kept_hash=None)
    known = fastest(lambda: passwords.is_password("x", kept_hash=kept))
    unknown = fastest(lambda: passwords.is_password("x", kept_hash=None))

    assert 0.5 < unknown / known < 2


def test_login_renews_a_hash_that_was_made_with_older_parameters(dora: int, laptop: Browser) -> None:
    older = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    with transaction():
        db.session.execute(update(User).values(password_hash=older))

    assert laptop.log_in(email=EMAIL).status_code == 303

    renewed = db.session.scalars(select(User.password_hash)).one()
    assert renewed is not None
    assert renewed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert laptop.log_in(email=EMAIL).status_code == 303


def test_a_hash_of_today_is_left_as_it_is(dora: int, laptop: Browser) -> None:
    before = db.session.scalars(select(User.password_hash)).one()

    laptop.log_in()

    assert db.session.scalars(select(User.password_hash)).one() == before


@given(st.text(min_size=rules.LONGEST_PASSWORD + 1, max_size=300) | st.text(max_size=rules.SHORTEST_PASSWORD - 1))
def test_a_password_too_short_or_too_long_is_refused_by_its_field(password: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        rules.check_new_password(password, email=EMAIL, field="chosen")

    assert refusal.value.field == "chosen"


@given(st.text(max_size=80) | st.emails())
def test_an_address_that_is_accepted_stays_the_same_when_cleaned_again(text: str) -> None:
    with suppress(InvalidInput):
        address = rules.clean_email(text)
        assert rules.clean_email(address) == address


@pytest.mark.parametrize(
    "typed, kept",
    [
        (" Ada@Example.ORG ", "ada@example.org"),
        ("ada+tag@example.org", "ada+tag@example.org"),
        ("ada@bücher.example", "ada@bücher.example"),
        ("ada@xn--bcher-kva.example", "ada@bücher.example"),
        ("δοκιμή@example.org", "δοκιμή@example.org"),
    ],
)
def test_an_address_is_kept_in_one_way(typed: str, kept: str) -> None:
    assert rules.clean_email(typed) == kept


@pytest.mark.parametrize(
    "name, letters",
    [("Ada Lovelace", "AL"), ("ada", "A"), ("Ada B. King", "AK"), ("(Ada) King", "K"), ("李", "李"), ("…", "…")],
)
def test_initials_stand_for_a_name(name: str, letters: str) -> None:
    assert rules.initials(name) == letters


@pytest.mark.parametrize(
    "user_agent, name",
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("curl/8.0", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_called_by_its_name(user_agent: str, name: str) -> None:
    assert rules.browser_name(user_agent) == name
