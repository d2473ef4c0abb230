"""Redis is a convenience: when it is away, logging in works as before, and stays limited."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# A process of its own: the limiter takes its storage once, from the first application there is.
PROGRAM = """
import json, sys, time
from config import Testing
from tests.page import csrf_token
from webapp import create_app
from webapp.storage.db import db

app = create_app(Testing({
    "DATABASE_URL": sys.argv[1], "REDIS_URL": sys.argv[2],
    "LOGIN_LIMIT_PER_ADDRESS": "3 per 15 minutes", "LOGIN_LIMIT_PER_ACCOUNT": "3 per 15 minutes",
}))
with app.app_context():
    db.create_all()
browser = app.test_client()
answers = []
for number in range(6):
    fields = {"csrf_token": csrf_token(browser), "email": "ada@example.com", "password": "a guess"}
    began = time.monotonic()
    status = browser.post("/login", data=fields).status_code
    answers.append((status, time.monotonic() - began))
print(json.dumps(answers))
"""


@pytest.fixture
def silent_server() -> Iterator[int]:
    """The port of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as server:
        yield server.getsockname()[1]


def guesses_with(redis_url: str, folder: Path) -> list[tuple[int, float]]:
    """The status and the seconds of six wrong logins one after another."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, f"sqlite:///{folder / 'test.sqlite3'}", redis_url],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": os.curdir},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [(status, seconds) for status, seconds in json.loads(done.stdout.splitlines()[-1])]


@pytest.mark.slow
def test_limits_hold_when_nobody_answers_at_the_address_of_redis(tmp_path: Path) -> None:
    answers = guesses_with("redis://127.0.0.1:1", tmp_path)

    assert [status for status, _ in answers] == [422, 422, 422, 429, 429, 429]


@pytest.mark.slow
def test_limits_hold_and_nobody_waits_long_when_redis_is_silent(silent_server: int, tmp_path: Path) -> None:
    answers = guesses_with(f"redis://127.0.0.1:{silent_server}", tmp_path)

    assert [status for status, _ in answers] == [422, 422, 422, 429, 429, 429]
    assert max(seconds for _, seconds in answers) < 5
