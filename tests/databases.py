"""Databases of their own for tests, on the server that TEST_DATABASE_URL names."""

from __future__ import annotations

import os

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from config import read_database_url


def fresh_database(server: str, purpose: str = "") -> str:
    """
    Make an empty database, in place of an older one of the same name, and return its address.

    Each worker of pytest-xdist has its own; `purpose` tells two of one worker apart.
    """
    url = read_database_url(server)
    parts = (url.database, os.environ.get("TEST_DATABASE_SUFFIX"), os.environ.get("PYTEST_XDIST_WORKER"), purpose)
    name = "_".join(part for part in parts if part)
    engine = create_engine(make_url(url).set(database=""), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS `{name}`"))
        connection.execute(text(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)
