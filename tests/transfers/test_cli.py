"""`flask import`: the same import in a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from tests.cast import Person
from tests.transfers.files import as_csv, finished_tasks
from webapp.storage.db import db
from webapp.tasks.models import Task
from webapp.transfers.models import Import
from webapp.values.priority import Priority
from webapp.values.status import Status


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "desk.csv"
    path.write_bytes(as_csv(finished_tasks(12)))
    return path


def run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=["import", *map(str, arguments)])


def count(model: type[Task] | type[Import]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_file_is_imported_and_a_second_time_adds_nothing(app: Flask, ada: Person, file: Path) -> None:
    first = run(app, file, "--email", ada.email)
    second = run(app, file, "--email", ada.email)

    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert "12 added, 0 updated, 0 skipped, 0 refused." in first.output
    assert "0 added, 0 updated, 12 skipped, 0 refused." in second.output
    assert "estimate_hours → Estimate (hours)" in first.output
    assert count(Task) == 12


def test_a_dry_run_changes_nothing(app: Flask, ada: Person, file: Path) -> None:
    result = run(app, file, "--email", ada.email, "--dry-run")

    assert "12 would be added" in result.output
    assert (count(Task), count(Import)) == (0, 0)


def test_the_reading_can_be_told(app: Flask, ada: Person, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(as_csv([("nr", "what", "mood", "by"), (1, "One", "gloomy", "9"), (2, "Two", "done", "x")]))

    result = run(
        app, path, "--email", ada.email, "--source", "odd", "--mapping", "nr=ref", "--mapping", "what=title",
        "--mapping", "mood=status", "--mapping", "by=priority", "--status", "gloomy=doing", "--priority", "9=low",
        "--priority", "x=urgent", "--zone", "Asia/Tokyo", "--days", "month-first",
    )  # fmt: skip

    assert result.exit_code == 0, result.output
    tasks = db.session.execute(select(Task.status, Task.priority, Task.source).order_by(Task.source_ref)).all()
    assert [tuple(task) for task in tasks] == [
        (Status.DOING, Priority.LOW, "odd"),
        (Status.DONE, Priority.URGENT, "odd"),
    ]


def test_refused_lines_are_told(app: Flask, ada: Person, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(as_csv([("id", "title", "created"), (0, "good", ""), *((n, "a", "soon") for n in range(1, 30))]))

    result = run(app, path, "--email", ada.email)

    assert "Line 3: created: “soon” is not a day" in result.output
    assert "… and 9 more." in result.output


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (("--email", "nobody@example.com"), "Nobody has registered"),
        (("--email", "ada@example.com", "--workspace", "999999"), "not yours to see"),
        (("--email", "ada@example.com", "--zone", "Atlantis"), "time zone"),
        (("--email", "ada@example.com", "--mapping", "nothing=title"), "The file has no column “nothing”"),
        (("--email", "ada@example.com", "--mapping", "title=colour"), "“colour” is no meaning"),
        (("--email", "ada@example.com", "--mapping", "title"), "Write --mapping as NAME=VALUE"),
        (("--email", "ada@example.com", "--status", "a=b"), "“b” is not a status"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    app: Flask, ada: Person, file: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    result = run(app, file, *arguments)

    assert result.exit_code == 1
    assert sentence in result.output
    assert count(Task) == 0
