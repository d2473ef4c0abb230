"""Whether the database answers, and which schema it has."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import text

from webapp.storage.db import db

MIGRATIONS = Path(__file__).parent.parent.parent / "migrations"


def current_revision() -> str | None:
    """Return the name of the newest migration that this database has; asks it, and so shows that it answers."""
    return db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()


@cache
def expected_revision() -> str | None:
    """Return the name of the newest migration that this code knows."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()
