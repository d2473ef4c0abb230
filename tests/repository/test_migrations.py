"""One chain of migrations for both engines: up, down, up again, and equal to the models."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from click import ClickException
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect

from config import Testing as SuiteConfig
from webapp import create_app
from webapp.storage.db import db

MIGRATIONS = Path(__file__).parent.parent.parent / "migrations"


def test_migrations_go_up_down_and_up_again(app: Flask) -> None:
    tables = set(inspect(db.engine).get_table_names())
    db.session.remove()

    downgrade(directory=str(MIGRATIONS), revision="base")
    below = set(inspect(db.engine).get_table_names())
    upgrade(directory=str(MIGRATIONS))

    assert below == {"alembic_version"}
    assert set(inspect(db.engine).get_table_names()) == tables


def test_the_newest_migration_equals_the_models(app: Flask) -> None:
    db.session.remove()

    # Exits with an error and prints the difference when there is one.
    check(directory=str(MIGRATIONS))


def test_a_database_that_does_not_answer_is_told_in_a_sentence() -> None:
    away = create_app(SuiteConfig({"DATABASE_URL": "mysql://somebody:hunter2@127.0.0.1:1/devtrackr"}))

    with away.app_context(), pytest.raises(ClickException, match="does not answer") as refusal:
        upgrade(directory=str(MIGRATIONS))

    assert "hunter2" not in refusal.value.message


def test_revisions_are_named_by_their_file_and_numbered_in_order() -> None:
    revisions = list(reversed(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions())))

    assert [Path(revision.path).stem for revision in revisions] == [revision.revision for revision in revisions]
    assert [int(revision.revision[:4]) for revision in revisions] == list(range(1, len(revisions) + 1))
    # The column that holds the name is that wide.
    assert all(len(revision.revision) <= 32 for revision in revisions)
