#!/usr/bin/env python3
"""
What pages cost, with ten thousand tasks, a hundred thousand and a million.

    .venv/bin/python -m bench.pages                                  on SQLite, in a temporary folder
    TEST_DATABASE_URL=mysql://… .venv/bin/python -m bench.pages      on a server, in a database that is made and dropped

Statements and rows read are counted while a page is made or a file is sent. CPU and latency are measured through
HTTP, beside a bare Flask page with a login and one indexed query of 25 rows (bench/bare.py), in turns in the same run:
only the ratios mean something on another machine. What is read are the Handler_read counters of MariaDB and MySQL;
SQLite has none, so there it is its virtual machine's instructions, in thousands, and of files nothing. The memory for a
file is the most that a fresh worker has had while it was sent.

Ten thousand tasks of five hundred days are made as an import makes them, most with the time they took, and copied on
the server until there are enough: a million tasks share their days and words with a hundred others each, and their
time is that of a hundred people.
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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url

from bench.fill import PASSWORD, SEEDED, fill, multiply
from config import Testing, read_database_url
from webapp import create_app
from webapp.accounts.operations import start_session
from webapp.storage.db import db
from webapp.tasks.queries.tasks import list_tasks
from webapp.tasks.rules.criteria import TaskCriteria
from webapp.values.actor import Actor
from webapp.values.status import Status
from webapp.workspaces import operations as workspaces
from webapp.workspaces.queries import find_viewer

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime.now(UTC).replace(microsecond=0)

TODAY = NOW.date()


@dataclass(frozen=True)
class Post:
    """A form that is sent; `before` is sent first, and not measured. ONE and OTHER are two tasks, in turns."""

    address: str
    fields: tuple[tuple[str, str], ...] = ()
    before: str = ""


PAGES: dict[str, str | Post] = {
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
    "create": Post("/tasks", (("title", "Made by the bench"),)),
    "start a timer, stop another": Post("/tasks/ONE/timer/start"),
    "stop a timer": Post("/tasks/ONE/timer/stop", before="/tasks/ONE/timer/start"),
    "timesheet, one day": "/timesheet?view=day",
    "timesheet, one week": "/timesheet?view=week",
    "timesheet, a month": f"/timesheet?view=list&from={TODAY - timedelta(days=29)}&to={TODAY}",
}
# Files that are sent as they are written: what they take of memory must not depend on how long they are.
EXPORTS = {
    "everything, JSON": "/tasks/export.json",
    "tasks, CSV": "/tasks/export.csv",
    "time, CSV": "/tasks/entries.csv",
    "timesheet of a year, CSV": f"/timesheet/export.csv?view=list&from={TODAY - timedelta(days=364)}&to={TODAY}",
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
    for names in (PAGES, EXPORTS):
        for name in [name for name in names if not name.startswith(options.only)]:
            del names[name]
    results: dict[int, dict[str, Cost]] = {}
    matrices: dict[int, dict[str, list[tuple[int, float]]]] = {}
    files: dict[int, dict[str, FileCost]] = {}
    for size in options.sizes:
        with fresh_database() as url:
            app = create_app(Testing({"DATABASE_URL": url}))
            key = make_tasks(app, size)
            if PAGES:
                matrices[size] = count_filters(app, key)
                results[size] = measure(app, url, key, size, options.rounds, options.requests)
            files[size] = {name: send(app, url, key, path) for name, path in EXPORTS.items()}
    if PAGES:
        report(results)
        report_filters(matrices)
    if EXPORTS:
        report_files(files)


def make_tasks(app: Flask, size: int) -> str:
    """Fill an empty database, and return the key of the session of whoever has it all."""
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        key, actor = register()
        began = time.monotonic()
        fill(actor, min(size, SEEDED), now=NOW)
        multiply(size // SEEDED, now=NOW)
        print(f"{size:,} tasks made in {time.monotonic() - began:.0f} s", flush=True)
        db.session.remove()
    return key


@dataclass
class FileCost:
    """What sending one file took."""

    statements: int
    rows: int
    megabytes: float
    seconds: float
    memory_mb: float


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
        name="Bench", email="bench@example.com", password=PASSWORD, timezone="Europe/Berlin", now=NOW
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
        cursor, tasks = deep_cursor(key, size), two_open_tasks(key)
    paths = {name: f"/tasks?after={cursor}" if path == "DEEP" else path for name, path in PAGES.items()}
    for name, path in paths.items():
        costs[name].statements, costs[name].rows = count(app, key, path, tasks)
    environ = {**os.environ, "APP_ENV": "testing", "DATABASE_URL": url, "LOG_LEVEL": "ERROR", "BENCH_KEY": key}
    with served("run:app", environ) as ours, served("bench.bare:app", environ) as bare:
        for server, path in [(bare, "/"), *((ours, path) for path in paths.values())]:
            if isinstance(path, str):
                server.get(path, cookie)
        token = form_token(ours, cookie)
        for _ in range(rounds):
            bare.connect(cookie, "/")
            for _ in range(requests):
                bare.timed(costs["bare"], "/", cookie)
            for name, path in paths.items():
                if isinstance(path, str):
                    ours.connect(cookie, "/hello")
                    for _ in range(requests):
                        ours.timed(costs[name], path, cookie)
        # Last, because lists would show what they make.
        for name, path in paths.items():
            if isinstance(path, Post):
                ours.connect(cookie, "/hello")
                for number in range(rounds * requests):
                    ours.sent(costs[name], path, token, cookie, tasks[number % 2])
    return costs


def two_open_tasks(key: str) -> list[int]:
    """Return the ids of two tasks that are still to be done."""
    viewer = find_viewer(session_key=key, now=NOW)
    assert viewer is not None
    actor = Actor(user_id=viewer.user_id, workspace_id=viewer.workspace_id, zone=viewer.zone)
    page = list_tasks(criteria=TaskCriteria(now=NOW, status=Status.TODO, limit=2), actor=actor)
    db.session.remove()
    return [row.id for row in page.rows]


def deep_cursor(key: str, size: int) -> str:
    """Return the cursor of the page half-way down the list."""
    viewer = find_viewer(session_key=key, now=NOW)
    assert viewer is not None
    actor = Actor(user_id=viewer.user_id, workspace_id=viewer.workspace_id, zone=viewer.zone)
    cursor = list_tasks(criteria=TaskCriteria(now=NOW, limit=min(size // 2, 5_000)), actor=actor).later
    assert cursor is not None
    db.session.remove()
    return cursor


def count(app: Flask, key: str, path: str | Post, tasks: Sequence[int] = ()) -> tuple[int, float]:
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

    if isinstance(path, Post):
        # So that there is one to be stopped.
        for task_id in tasks[1:] if "timer" in path.address else ():
            client.post(f"/tasks/{task_id}/timer/start", data={"csrf_token": token[1]})
        if path.before:
            client.post(path.before.replace("ONE", str(tasks[0])), data={"csrf_token": token[1]})
    with app.app_context():
        engine = db.engine
    is_sqlite = engine.dialect.name == "sqlite"
    if is_sqlite:
        watch = event.listens_for(engine, "checkout")(lambda raw, *_: raw.set_progress_handler(step, 100))
    before = 0 if is_sqlite else handler_reads(engine)
    event.listen(engine, "before_cursor_execute", note)
    if isinstance(path, Post):
        address = path.address.replace("ONE", str(tasks[0])) if tasks else path.address
        answer = client.post(address, data={**dict(path.fields), "csrf_token": token[1]})
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

    def sent(self, cost: Cost, form: Post, token: str, cookie: str, task_id: int) -> None:
        if form.before:
            self.post(form.before.replace("ONE", str(task_id)), (), token, cookie)
        before, began = self.cpu(), time.perf_counter()
        self.post(form.address.replace("ONE", str(task_id)), form.fields, token, cookie)
        cost.latency_ms.append((time.perf_counter() - began) * 1000)
        cost.cpu_ms.append((self.cpu() - before) * 1000)

    def post(self, path: str, fields: tuple[tuple[str, str], ...], token: str, cookie: str) -> None:
        body = urlencode([*fields, ("csrf_token", token)])
        cookies = "; ".join([cookie, *(f"{name}={value}" for name, value in self.cookies.items())])
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST", path, body=body, headers=headers)
        answer = self.connection.getresponse()
        answer.read()
        assert answer.status == 303, f"{path}: {answer.status}"
        self.keep(answer)

    def download(self, path: str, cookie: str) -> int:
        """Fetch a file piece by piece, and return how many bytes it has."""
        connection = http.client.HTTPConnection("127.0.0.1", self.connection.port, timeout=600)
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        assert answer.status == 200, f"{path}: {answer.status}"
        length = 0
        while piece := answer.read(1 << 16):
            length += len(piece)
        connection.close()
        return length

    def forget_peak(self) -> None:
        """Let the most memory there was begin with what there is."""
        Path(f"/proc/{self.worker}/clear_refs").write_text("5")

    def peak_mb(self) -> float:
        """Return the most memory that the worker has had."""
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self.worker}/status").read_text())
        assert found
        return int(found[1]) / 1024

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


def send(app: Flask, url: str, key: str, path: str) -> FileCost:
    """Return what it takes to send a file: counted within this process, measured in another."""
    statements, rows = count_file(app, key, path)
    cookie = f"{app.config['LOGIN_COOKIE_NAME']}={key}"
    environ = {**os.environ, "APP_ENV": "testing", "DATABASE_URL": url, "LOG_LEVEL": "ERROR"}
    with served("run:app", environ) as server:
        server.get("/tasks", cookie)
        server.forget_peak()
        began = time.perf_counter()
        length = server.download(path, cookie)
        seconds = time.perf_counter() - began
        return FileCost(statements, rows, length / 1e6, seconds, server.peak_mb())


def count_file(app: Flask, key: str, path: str) -> tuple[int, int]:
    """Return the statements of a file and the rows it reads on a server, on whichever connections."""
    client = app.test_client()
    client.set_cookie(app.config["LOGIN_COOKIE_NAME"], key)
    with app.app_context():
        engine = db.engine
    statements, rows = 0, 0
    taken: dict[Any, int] = {}

    def note(*_: Any) -> None:
        nonlocal statements
        statements += 1

    def take(connection: Any, *_: Any) -> None:
        taken[connection] = reads_of(connection)

    def give(connection: Any, *_: Any) -> None:
        nonlocal rows
        until = reads_of(connection)
        rows += until - taken.pop(connection) - (reads_of(connection) - until)

    listeners = [(engine, "before_cursor_execute", note)]
    if engine.dialect.name != "sqlite":
        listeners += [(engine, "checkout", take), (engine, "checkin", give)]
    for listener in listeners:
        event.listen(*listener)
    answer = client.get(path, buffered=False)
    assert answer.status_code == 200, path
    for _ in answer.response:
        pass
    answer.close()
    for listener in listeners:
        event.remove(*listener)
    return statements, rows


def reads_of(connection: Any) -> int:
    cursor = connection.cursor()
    cursor.execute("SHOW SESSION STATUS LIKE 'Handler_read%'")
    found = sum(int(value) for _, value in cursor.fetchall())
    cursor.close()
    return found


def report_files(files: dict[int, dict[str, FileCost]]) -> None:
    """Print what files take, and how the memory for them grows."""
    heads = [f"MB, {s:,} | statements, {s:,} | read, {s:,} | seconds, {s:,} | memory in MB, {s:,}" for s in files]
    print("\n| file | " + " | ".join(heads) + " | memory growth |")
    print("| --- |" + " --- |" * (5 * len(files) + 1))
    first, *_, last = [*files.values(), *files.values()]
    for name in EXPORTS:
        cells = [
            f"{cost.megabytes:,.1f} | {cost.statements:,} | {cost.rows:,} | {cost.seconds:.1f} | {cost.memory_mb:.0f}"
            for cost in (costs[name] for costs in files.values())
        ]
        growth = last[name].memory_mb / first[name].memory_mb
        print(f"| {name} | " + " | ".join(cells) + f" | {growth:.2f} |")


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
