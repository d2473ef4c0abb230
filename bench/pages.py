#!/usr/bin/env python3
"""
What pages cost, with ten thousand tasks, a hundred thousand and a million.

    .venv/bin/python -m bench.pages                                  on SQLite, in a temporary folder
    TEST_DATABASE_URL=mysql://… .venv/bin/python -m bench.pages      on a server, in a database that is made and dropped

Statements and rows read are counted while a page is made. CPU and latency are measured through HTTP, beside a bare
Flask page with a login and one indexed query of 25 rows (bench/bare.py), in turns in the same run: only the ratios mean
something on another machine. What is read are the Handler_read counters of MariaDB and MySQL; SQLite has none, so there
it is its virtual machine's instructions, in thousands.

Ten thousand tasks of five hundred days are made as an import makes them, and copied on the server until there are
enough: a million tasks share their days, people and words with a hundred others each.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url

from bench.fill import SEEDED, fill, multiply
from config import Testing, read_database_url
from webapp import create_app
from webapp.accounts.operations import start_session
from webapp.storage.db import db
from webapp.tasks.queries.tasks import list_tasks
from webapp.tasks.rules.criteria import TaskCriteria
from webapp.values.actor import Actor
from webapp.workspaces import operations as workspaces
from webapp.workspaces.queries import find_viewer

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime.now(UTC).replace(microsecond=0)

PAGES = {
    "list": "/tasks",
    "list, half-way down": "DEEP",
    "list, by due day": "/tasks?sort=due",
    "list, by priority": "/tasks?sort=-priority",
    "list, by title": "/tasks?sort=title",
    "list, to do": "/tasks?status=todo",
    "list, one category": "/tasks?category=Category%203",
    "list, one tag, by due day": "/tasks?tag=tag%207&sort=due",
    "list, one customer": "/tasks?customer=1",
    "list, overdue": "/tasks?due=overdue",
    "list, this week, by priority": "/tasks?due=week&sort=-priority",
    "list, by urgency": "/tasks?status=todo&sort=-urgency",
    "list, ready": "/tasks?state=ready",
    "list, blocked": "/tasks?state=blocked",
    "list, four filters": "/tasks?status=todo&category=Category%203&tag=tag%207&priority=high",
    "list, a rare word": "/tasks?q=4711",
    "list, common words": "/tasks?q=review+matter",
    "board": "/tasks/board",
    "board, one category": "/tasks/board?category=Category%203",
    "calendar, this month": "/tasks/calendar",
    "today": "/today",
    "search": "/search?q=4711",
    "search, common words": "/search?q=review+matter",
    "create": "POST",
}
# One filter at a time, in each of these orders both ways: counted, not timed.
FILTERS = {
    "none": "",
    "status": "status=todo",
    "status done": "status=done",
    "priority": "priority=high",
    "category": "category=Category%203",
    "no category": "category=none",
    "tag": "tag=tag%207",
    "customer": "customer=1",
    "no customer": "customer=none",
    "overdue": "due=overdue",
    "today": "due=today",
    "this week": "due=week",
    "no due day": "due=none",
    "due range": "due_from=2026-06-01&due_to=2026-06-30",
}
ORDERS = ["due", "-due", "priority", "-priority", "created", "-created", "updated", "-updated"]


@dataclass
class Cost:
    """What one page took."""

    statements: int = 0
    rows: float = 0
    cpu_ms: list[float] = field(default_factory=list)
    latency_ms: list[float] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=6, help="how often page and bare page take turns")
    parser.add_argument("--requests", type=int, default=15, help="requests of each in a round")
    parser.add_argument("--only", default="", help="measure only pages whose names begin so, as list or board")
    options = parser.parse_args()
    for name in [name for name in PAGES if not name.startswith(options.only)]:
        del PAGES[name]
    results: dict[int, dict[str, Cost]] = {}
    matrices: dict[int, dict[str, list[tuple[int, float]]]] = {}
    for size in options.sizes:
        with fresh_database() as url:
            app = create_app(Testing({"DATABASE_URL": url}))
            with app.app_context():
                upgrade(directory=str(ROOT / "migrations"))
                key, actor = register()
                began = time.monotonic()
                fill(actor, min(size, SEEDED), now=NOW)
                multiply(size // SEEDED, now=NOW)
                print(f"{size:,} tasks made in {time.monotonic() - began:.0f} s", flush=True)
                db.session.remove()
            matrices[size] = count_filters(app, key)
            results[size] = measure(app, url, key, size, options.rounds, options.requests)
    report(results)
    report_filters(matrices)


@contextlib.contextmanager
def fresh_database() -> Iterator[str]:
    server = os.environ.get("TEST_DATABASE_URL", "")
    if not server:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/bench.sqlite3"
        return
    url = read_database_url(server)
    name = f"{url.database}_bench_{os.getpid()}"
    engine = create_engine(make_url(url).set(database=""), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci"))
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(text(f"DROP DATABASE `{name}`"))


def register() -> tuple[str, Actor]:
    user_id = workspaces.register(
        name="Bench", email="bench@example.com", password="a long enough password", timezone="Europe/Berlin", now=NOW
    )
    key = start_session(user_id=user_id, is_remembered=True, user_agent="bench", now=NOW)
    viewer = find_viewer(session_key=key, now=NOW)
    assert viewer is not None
    return key, Actor(user_id=viewer.user_id, workspace_id=viewer.workspace_id, zone=viewer.zone)


def count_filters(app: Flask, key: str) -> dict[str, list[tuple[int, float]]]:
    """Return, for each single filter, the statements and rows read of its first page in each order."""
    return {
        name: [count(app, key, f"/tasks?{query}&sort={order}") for order in ORDERS] for name, query in FILTERS.items()
    }


def measure(app: Flask, url: str, key: str, size: int, rounds: int, requests: int) -> dict[str, Cost]:
    cookie = f"{app.config['LOGIN_COOKIE_NAME']}={key}"
    costs = {name: Cost() for name in ["bare", *PAGES]}
    with app.app_context():
        cursor = deep_cursor(key, size)
    paths = {name: f"/tasks?after={cursor}" if path == "DEEP" else path for name, path in PAGES.items()}
    for name, path in paths.items():
        costs[name].statements, costs[name].rows = count(app, key, path)
    environ = {**os.environ, "APP_ENV": "testing", "DATABASE_URL": url, "LOG_LEVEL": "ERROR", "BENCH_KEY": key}
    with served("run:app", environ) as ours, served("bench.bare:app", environ) as bare:
        for server, path in [(bare, "/"), *((ours, path) for path in paths.values() if path != "POST")]:
            server.get(path, cookie)
        token = form_token(ours, cookie)
        for _ in range(rounds):
            bare.connect(cookie, "/")
            for _ in range(requests):
                bare.timed(costs["bare"], "/", cookie)
            for name, path in paths.items():
                ours.connect(cookie, "/hello")
                for _ in range(requests):
                    if path == "POST":
                        ours.create(costs[name], token, cookie)
                    else:
                        ours.timed(costs[name], path, cookie)
    return costs


def deep_cursor(key: str, size: int) -> str:
    """Return the cursor of the page half-way down the list."""
    viewer = find_viewer(session_key=key, now=NOW)
    assert viewer is not None
    actor = Actor(user_id=viewer.user_id, workspace_id=viewer.workspace_id, zone=viewer.zone)
    cursor = list_tasks(criteria=TaskCriteria(now=NOW, limit=min(size // 2, 5_000)), actor=actor).later
    assert cursor is not None
    db.session.remove()
    return cursor


def count(app: Flask, key: str, path: str) -> tuple[int, float]:
    """Return the statements of a page and the rows it reads (SQLite: thousands of instructions)."""
    client = app.test_client()
    client.set_cookie(app.config["LOGIN_COOKIE_NAME"], key)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/tasks/new").text)
    assert token
    statements: list[str] = []
    steps = 0

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    with app.app_context():
        engine = db.engine
    is_sqlite = engine.dialect.name == "sqlite"
    if is_sqlite:
        watch = event.listens_for(engine, "checkout")(lambda raw, *_: raw.set_progress_handler(step, 100))
    before = 0 if is_sqlite else handler_reads(engine)
    event.listen(engine, "before_cursor_execute", note)
    if path == "POST":
        answer = client.post("/tasks", data={"title": "Counted", "csrf_token": token[1]})
        assert answer.status_code == 303, answer.text
    else:
        assert client.get(path).status_code == 200, path
    event.remove(engine, "before_cursor_execute", note)
    if is_sqlite:
        event.remove(engine, "checkout", watch)
        engine.dispose()
        return len(statements), steps / 10
    # Asking for the counters reads some itself: what asking twice adds is taken off.
    middle = handler_reads(engine)
    asking = handler_reads(engine) - middle
    return len(statements), middle - before - asking


def handler_reads(engine: Any) -> int:
    # The pool gives the connection that the page had: others on the server do not count.
    with engine.connect() as connection:
        rows = connection.execute(text("SHOW SESSION STATUS LIKE 'Handler_read%'")).all()
    return sum(int(value) for _, value in rows)


class Server:
    """A gunicorn with one worker, and what its requests cost."""

    def __init__(self, port: int, pid: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.worker = worker_of(pid)
        # What it has set, and a browser sends along.
        self.cookies: dict[str, str] = {}

    def connect(self, cookie: str, path: str) -> None:
        """Open the connection anew: to do so is not what a page costs, and an idle one may have been closed."""
        self.connection.close()
        self.get(path, cookie)

    def get(self, path: str, cookie: str) -> str:
        cookies = "; ".join([cookie, *(f"{name}={value}" for name, value in self.cookies.items())])
        self.connection.request("GET", path, headers={"Cookie": cookies})
        answer = self.connection.getresponse()
        self.keep(answer)
        body = answer.read().decode()
        assert answer.status == 200, f"{path}: {answer.status}"
        return body

    def keep(self, answer: http.client.HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value

    def timed(self, cost: Cost, path: str, cookie: str) -> None:
        before, began = self.cpu(), time.perf_counter()
        self.get(path, cookie)
        cost.latency_ms.append((time.perf_counter() - began) * 1000)
        cost.cpu_ms.append((self.cpu() - before) * 1000)

    def create(self, cost: Cost, token: str, cookie: str) -> None:
        body = urlencode({"title": "Made by the bench", "csrf_token": token})
        cookies = "; ".join([cookie, *(f"{name}={value}" for name, value in self.cookies.items())])
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        before, began = self.cpu(), time.perf_counter()
        self.connection.request("POST", "/tasks", body=body, headers=headers)
        answer = self.connection.getresponse()
        answer.read()
        assert answer.status == 303, answer.status
        self.keep(answer)
        cost.latency_ms.append((time.perf_counter() - began) * 1000)
        cost.cpu_ms.append((self.cpu() - before) * 1000)

    def cpu(self) -> float:
        """Return the seconds of processor time that the worker's threads have used."""
        threads = Path(f"/proc/{self.worker}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


def form_token(server: Server, cookie: str) -> str:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', server.get("/tasks/new", cookie))
    assert token
    return token[1]


@contextlib.contextmanager
def served(application: str, environ: dict[str, str]) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--workers=1", "--threads=1", f"--bind=127.0.0.1:{port}"]
    command += ["--worker-class=gthread", "--log-level=error", "--no-control-socket", application]
    process = subprocess.Popen(command, env=environ, cwd=ROOT)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                break
            time.sleep(0.05)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def worker_of(pid: int) -> int:
    for _ in range(1200):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if children:
            return int(children[0])
        time.sleep(0.05)
    raise RuntimeError("gunicorn started no worker")


def report(results: dict[int, dict[str, Cost]]) -> None:
    sizes = list(results)
    heads = [f"statements, {s:,} | read, {s:,} | CPU × bare, {s:,} | p50 × bare, {s:,}" for s in sizes]
    print("\n| page | " + " | ".join(heads) + " | CPU growth |")
    print("| --- |" + " --- |" * (4 * len(sizes) + 1))
    for name in PAGES:
        cells = []
        for size in sizes:
            cost, bare = results[size][name], results[size]["bare"]
            cells += [
                str(cost.statements),
                f"{cost.rows:,.0f}",
                f"{statistics.median(cost.cpu_ms) / statistics.median(bare.cpu_ms):.1f}",
                f"{statistics.median(cost.latency_ms) / statistics.median(bare.latency_ms):.1f}",
            ]
        growth = statistics.median(results[sizes[-1]][name].cpu_ms) / statistics.median(results[sizes[0]][name].cpu_ms)
        print(f"| {name} | " + " | ".join(cells) + f" | {growth:.2f} |")
    for size in sizes:
        bare = results[size]["bare"]
        print(
            f"\nbare page at {size:,}: CPU {statistics.median(bare.cpu_ms):.1f} ms, "
            f"p50 {statistics.median(bare.latency_ms):.1f} ms on this machine"
        )


def report_filters(matrices: dict[int, dict[str, list[tuple[int, float]]]]) -> None:
    """Print the most that any order of a single filter takes."""
    print("\n| one filter | " + " | ".join(f"most statements, {s:,} | most read, {s:,}" for s in matrices) + " |")
    print("| --- |" + " --- |" * (2 * len(matrices)))
    for name in FILTERS:
        cells = []
        for matrix in matrices.values():
            cells += [str(max(taken for taken, _ in matrix[name])), f"{max(read for _, read in matrix[name]):,.0f}"]
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
