"""`flask demo`: an account with a year of sample work, whose password only its maker knows."""

from __future__ import annotations

import re
from time import process_time

from flask import Flask
from sqlalchemy import func, select

from tests.cast import Person
from tests.page import Visit
from webapp.accounts.models import User
from webapp.storage.db import db
from webapp.tasks.models import Task
from webapp.transfers.demo import EMAIL


def run_demo(app: Flask) -> str:
    answer = app.test_cli_runner().invoke(args=["demo"])
    assert answer.exit_code == 0, answer.output
    password = re.search(r"Password +(\S+)", answer.output)
    assert password is not None
    assert EMAIL in answer.output
    db.session.remove()
    return password[1]


def log_in(visit: Visit, password: str, status: int) -> None:
    visit.send("/login", {"email": EMAIL, "password": password}, status=status)


def test_demo_prints_how_to_log_in(app: Flask, visit: Visit) -> None:
    started = process_time()

    password = run_demo(app)

    # Of its own time, whatever else this machine does. It runs before the first page of `bin/run --demo`.
    assert process_time() - started < 5
    log_in(visit, password, 303)
    assert db.session.scalar(select(func.count()).select_from(Task)) > 800  # type: ignore[operator]


def test_demo_run_again_changes_the_password_and_nothing_else(app: Flask, visit: Visit) -> None:
    first = run_demo(app)
    tasks = db.session.scalar(select(func.count()).select_from(Task))

    second = run_demo(app)

    assert first != second
    log_in(visit, first, 422)
    log_in(visit, second, 303)
    assert db.session.scalar(select(func.count()).select_from(Task)) == tasks
    assert db.session.scalar(select(func.count()).select_from(User)) == 1


def test_demo_leaves_other_people_alone(app: Flask, ada: Person) -> None:
    run_demo(app)

    assert db.session.scalar(select(func.count()).select_from(Task).where(Task.workspace_id == ada.workspace_id)) == 0
