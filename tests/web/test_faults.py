"""When the database is away people read a sentence, and nothing waits for long."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
from flask import Flask

from config import Testing as SuiteConfig
from tests.page import check
from webapp import create_app

AWAY = {
    "a file that cannot be opened": "sqlite:////nowhere/at/all/devtrackr.db",
    "a server that does not answer": "mysql://somebody:secret@127.0.0.1:1/devtrackr",
}


@pytest.fixture(params=list(AWAY.values()), ids=list(AWAY))
def lonely(request: pytest.FixtureRequest) -> Flask:
    """The application, without its database."""
    return create_app(SuiteConfig({"DATABASE_URL": str(request.param)}))


def test_a_page_says_that_the_database_is_away(lonely: Flask) -> None:
    client = lonely.test_client()
    client.set_cookie(lonely.config["LOGIN_COOKIE_NAME"], "whatever")
    began = time.monotonic()

    answer = client.get("/tasks")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    page = check(answer)
    # It is what they can name when they ask for help, and what the log can be searched for.
    assert answer.headers["X-Request-Id"]
    assert answer.headers["X-Request-Id"] in page.text
    assert "secret" not in answer.text
    # The promise is fifteen seconds; a refused connection takes none.
    assert time.monotonic() - began < 15


@pytest.fixture
def silent_server() -> Iterator[socket.socket]:
    """A server that takes connections and then says nothing, as a frozen database does."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(20)
        yield server


@pytest.mark.slow
def test_of_many_who_wait_for_a_silent_database_only_one_waits_at_a_time(silent_server: socket.socket) -> None:
    port = silent_server.getsockname()[1]
    app = create_app(SuiteConfig({"DATABASE_URL": f"mysql://somebody:secret@127.0.0.1:{port}/devtrackr"}))
    client = app.test_client()
    client.set_cookie(app.config["LOGIN_COOKIE_NAME"], "whatever")
    began = time.monotonic()

    first = client.get("/tasks")
    one_took = time.monotonic() - began
    others = [client.get("/tasks") for _ in range(9)]

    assert [answer.status_code for answer in (first, *others)] == [503] * 10
    # Each alone would have waited as long as the first.
    assert time.monotonic() - began < 2 * one_took


def test_health_says_what_is_wrong_and_live_does_not_ask(lonely: Flask) -> None:
    client = lonely.test_client()

    ready = client.get("/health")

    assert ready.status_code == 503
    assert ready.json is not None
    assert ready.json["database"] == "unavailable"
    assert client.get("/health/live").status_code == 200


def test_logging_in_is_refused_and_not_let_through(lonely: Flask) -> None:
    lonely.config["WTF_CSRF_ENABLED"] = False
    client = lonely.test_client()

    answer = client.post("/login", data={"email": "ada@example.com", "password": "correct horse battery staple"})

    assert answer.status_code in (400, 503)
    assert "devtrackr_session" not in answer.headers.get("Set-Cookie", "")
