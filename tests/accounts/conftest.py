"""Dora, who registered with a password, and two browsers for her."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import NOW, PASSWORD
from tests.page import csrf_token
from webapp.workspaces import operations

EMAIL = "dora@example.com"
COOKIE = "devtrackr_session"


@dataclass(frozen=True)
class Browser:
    """A browser with a cookie jar of its own."""

    client: FlaskClient

    def send(self, path: str, **fields: str) -> TestResponse:
        """Post a form with a true token."""
        return self.client.post(path, data={"csrf_token": csrf_token(self.client), **fields})

    def log_in(self, *, email: str = EMAIL, password: str = PASSWORD, **fields: str) -> TestResponse:
        """Send the login form."""
        return self.send("/login", email=email, password=password, **fields)

    def is_signed_in(self) -> bool:
        """Tell whether the login page finds that nobody needs it."""
        return self.client.get("/login").status_code == 303

    @property
    def key(self) -> str:
        """What the login cookie holds."""
        cookie = self.client.get_cookie(COOKIE)
        return cookie.value if cookie else ""


@pytest.fixture
def dora(app: Flask, app_context: None) -> int:
    """Dora's id. She registered, and is signed in nowhere."""
    return operations.register(name="Dora", email=EMAIL, password=PASSWORD, timezone="Europe/Lisbon", now=NOW)


@pytest.fixture
def laptop(app: Flask, app_context: None) -> Browser:
    """A browser with no cookies."""
    return Browser(app.test_client())


@pytest.fixture
def phone(app: Flask, app_context: None) -> Browser:
    """Another browser with no cookies."""
    return Browser(app.test_client())
