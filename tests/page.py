"""The checking client: it fetches a page as somebody, and has looked it over before a test sees it."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask import Flask, url_for
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event
from tinyhtml5.parser import HTMLParser
from werkzeug.test import TestResponse

from tests.cast import Person
from webapp.storage.db import db

# A page that needs more has an N+1 in it, or should say why. The page of a task needs one for each of its subjects.
MOST_STATEMENTS = 22

Fields = Mapping[str, Any]


class Browser(FlaskClient):
    """
    A test client whose requests are as apart from each other, and from the test, as real ones are.

    Within the test's own application context Flask would let them all share `g`, and with it who is signed in.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send one request in an application context of its own."""
        db.session.rollback()
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        # What the test has read may have been changed.
        db.session.rollback()
        return response


class Visit:
    """
    Call it to fetch a page: `visit("tasks.index", as_=ada)` or `visit("/tasks?q=x", as_=ada, status=422)`.

    The answer is parsed HTML. It has the wanted status, one h1 that the title starts with, no duplicate ids, a label
    for each input, a CSRF token in each POST form, no inline script or style, and took few statements.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __call__(
        self,
        page: str,
        *,
        as_: Person | None = None,
        status: int = 200,
        most_statements: int = MOST_STATEMENTS,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> BeautifulSoup:
        """Fetch a page, check it, and return it parsed."""
        with counted_statements() as statements:
            response = self._client(as_).get(self.address(page, **values), headers=headers)
        assert response.status_code == status, f"{response.status_code} instead of {status}\n{response.text[:2000]}"
        assert len(statements) <= most_statements, "\n\n".join(statements)
        return check(response)

    def send(
        self,
        page: str,
        fields: Fields | None = None,
        *,
        as_: Person | None = None,
        status: int = 303,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> TestResponse:
        """Post a form with a true CSRF token, check the status, and return the answer (not followed)."""
        response = self.post(page, fields, as_=as_, headers=headers, **values)
        assert response.status_code == status, f"{response.status_code} instead of {status}\n{response.text[:2000]}"
        if response.mimetype == "text/html" and status not in (301, 302, 303) and response.data:
            check(response)
        return response

    def post(
        self,
        page: str,
        fields: Fields | None = None,
        *,
        as_: Person | None = None,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> TestResponse:
        """Post a form with a true CSRF token and return whatever comes back."""
        client = self._client(as_)
        sent = {"csrf_token": csrf_token(client), **(fields or {})}
        return client.post(self.address(page, **values), data=sent, headers=headers)

    def follow(self, response: TestResponse, *, as_: Person | None = None, status: int = 200) -> BeautifulSoup:
        """Fetch the page that a redirect leads to."""
        return self(response.location, as_=as_, status=status)

    def address(self, page: str, **values: Any) -> str:
        """Return the path of an endpoint; a path is returned as it is."""
        if page.startswith("/"):
            return page
        with self.app.test_request_context():
            return str(url_for(page, **values))

    def _client(self, person: Person | None) -> FlaskClient:
        return person.client if person else self.app.test_client()


def csrf_token(client: FlaskClient) -> str:
    """Return a token that the client's next form will be accepted with."""
    with client.session_transaction() as kept:
        raw = kept.setdefault("csrf_token", secrets.token_hex(20))
    secret = str(client.application.config["SECRET_KEY"])
    return str(URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(raw))


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Collect the SQL statements that are run inside."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def check(response: TestResponse) -> BeautifulSoup:
    """Assert what every page of ours promises, and return it parsed."""
    _check_markup(response.text)
    page = BeautifulSoup(response.text, "html.parser")
    if page.html is None:
        # A fragment for htmx: it has no head to check.
        return page
    headings = page.find_all("h1")
    assert len(headings) == 1, f"{len(headings)} h1"
    title = re.sub(r"^▶ [\d:]+ · ", "", words(page.title))
    assert title.startswith(words(headings[0])), f"the title is “{title}”, the heading “{words(headings[0])}”"
    ids = [str(tag["id"]) for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids)), f"ids twice: {sorted({i for i in ids if ids.count(i) > 1})}"
    assert not page.find_all("script", src=False), "an inline script"
    assert not page.find_all("style"), "a style element"
    assert not page.find_all(style=True), "an inline style"
    _check_forms(page)
    return page


# The shapes of pages, without words and values, whose markup has been read by the HTML standard's rules: that takes as
# long as all else about a page together, and most pages of a run have the shape of another.
_sound_shapes: set[str] = set()


def _check_markup(text: str) -> None:
    # On a server the same pages are made of the same templates: they are read in the run on SQLite.
    if "TEST_DATABASE_URL" in os.environ or not text.lstrip().lower().startswith("<!doctype"):
        return
    shape = re.sub(r'="[^"]*"', "", re.sub(r">[^<]+<", "><", text))
    if shape not in _sound_shapes:
        parser = HTMLParser()
        parser.parse(text)
        lines = text.splitlines()
        # A NUL comes back as it was typed; no markup could say it better.
        errors = [(lines[line - 1], error, about) for (line, _), error, about in parser.errors]
        assert not [error for error in errors if error[1] != "invalid-codepoint"]
        _sound_shapes.add(shape)


def _check_forms(page: BeautifulSoup) -> None:
    for form in page.find_all("form"):
        assert form.has_attr("action"), f"a form without an action: {form}"
        if str(form.get("method", "get")).lower() == "post":
            assert form.find("input", attrs={"name": "csrf_token"}), f"no CSRF token in {form.get('action')}"
    for control in page.find_all(["input", "select", "textarea"]):
        if control.get("type") in ("hidden", "submit", "button"):
            continue
        has_name = control.get("aria-label") or control.get("aria-labelledby") or control.find_parent("label")
        label = page.find("label", attrs={"for": str(control.get("id"))}) if control.get("id") else None
        assert has_name or label, f"no label for {control}"


def words(tag: Tag | None) -> str:
    """Return the text of an element with single spaces."""
    return " ".join(tag.get_text(" ", strip=True).split()) if tag else ""


def error_of(page: BeautifulSoup, name: str) -> str:
    """Return the sentence beside the field called `name`."""
    control = page.find(True, attrs={"name": name})
    assert isinstance(control, Tag), f"no field {name}"
    described = str(control.get("aria-describedby", "")).split()
    return " ".join(words(page.find(id=i)) for i in described if i.endswith("-error"))


def texts(tags: Sequence[Tag]) -> list[str]:
    """Return the text of each element."""
    return [words(tag) for tag in tags]
