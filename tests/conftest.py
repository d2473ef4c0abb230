"""The application on a migrated database of its own, emptied before each test; and the cast."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from hypothesis import settings
from sqlalchemy import Connection, Table, event, exists, literal, select, union_all

from config import Testing
from tests.cast import Person, make_person, make_stranger_to
from tests.databases import fresh_database
from tests.page import Browser, Visit
from webapp import create_app
from webapp.storage.db import db

# Left out rather than skipped: where nothing may be skipped there may still be no real files.
_REAL_FILES = {
    "DEVTRACKR_DATA": "transfers/test_real_files.py",
    "DEVTRACKR_SAMPLES": "transfers/formats/test_real_samples.py",
}
collect_ignore = [module for name, module in _REAL_FILES.items() if not os.environ.get(name)]

# A busy machine is no failure of a law; how long things may take is measured in bench/.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


def pytest_configure(config: pytest.Config) -> None:
    """Give each worker of pytest-xdist a number for its database."""
    os.environ.setdefault("PYTEST_XDIST_WORKER", "main")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """
    Leave out, on a server, what asks for no database: the same code does the same there as in the run on SQLite.

    What a test asks for is told by its fixtures, all of which reach the database through `database_url`.
    """
    if not os.environ.get("TEST_DATABASE_URL"):
        return
    told_by = {"database_url", "site_folder"}
    alike = [item for item in items if not told_by & set(getattr(item, "fixturenames", told_by))]
    config.hook.pytest_deselected(items=alike)
    items[:] = [item for item in items if item not in set(alike)]


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an empty database: SQLite in a file, or the server that TEST_DATABASE_URL names."""
    server = os.environ.get("TEST_DATABASE_URL", "")
    if not server or server.startswith("sqlite"):
        return f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.sqlite3'}"
    return fresh_database(server)


@pytest.fixture(scope="session")
def app(database_url: str) -> Flask:
    """The application; its database is migrated once a session."""
    app = create_app(Testing({"DATABASE_URL": database_url}))
    app.test_client_class = Browser
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            # Nothing here outlives the run, so nothing waits for the disk.
            event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
        upgrade(directory=str(Path(app.root_path) / "migrations"))
        db.session.remove()
    return app


@pytest.fixture(autouse=True)
def app_context(request: pytest.FixtureRequest) -> Iterator[None]:
    """Empty the database and enter the application, for every test that has to do with it."""
    if "app" not in request.fixturenames and not {"ada", "ben", "cy", "visit"} & set(request.fixturenames):
        yield
        return
    app: Flask = request.getfixturevalue("app")
    with app.app_context():
        empty_database()
        yield
        db.session.remove()


def empty_database() -> None:
    """Delete all rows: about a millisecond, where making the schema anew takes half a second."""
    db.session.remove()
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        for table in reversed(filled_tables(connection)):
            connection.execute(table.delete())


def filled_tables(connection: Connection) -> list[Table]:
    """
    Return the tables with anything in them, each behind those that it refers to.

    That is one question for all: most have nothing, and asking each is a way to the server and back.
    """
    tables = db.metadata.sorted_tables
    question = union_all(*(select(literal(table.name)).where(exists().select_from(table)) for table in tables))
    names = set(connection.scalars(question))
    return [table for table in tables if table.name in names]


@pytest.fixture
def ada(app: Flask, app_context: None) -> Person:
    """Ada, who owns her workspace and lives in Berlin."""
    return make_person(app, name="Ada Lovelace", email="ada@example.com", timezone="Europe/Berlin")


@pytest.fixture
def ben(app: Flask, ada: Person) -> Person:
    """Ben, who works in Ada's workspace."""
    return make_person(app, name="Ben Ito", email="ben@example.com", timezone="Asia/Tokyo", joins=ada)


@pytest.fixture
def cy(app: Flask, app_context: None) -> Person:
    """Cy, who has nothing to do with either."""
    return make_stranger_to(app)


@pytest.fixture
def visit(app: Flask, app_context: None) -> Visit:
    """The checking client: see tests/page.py."""
    return Visit(app)
