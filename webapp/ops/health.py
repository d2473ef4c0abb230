"""Whether this site is well: for load balancers, for operators, for whoever is woken at night."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from limits.storage import storage_from_string

from webapp.storage import failures, schema
from webapp.web.access import public

bp = Blueprint("health", __name__, url_prefix="/health")

ROOT = Path(__file__).parent.parent.parent


@bp.get("")
@bp.get("/ready")
@public
def ready() -> ResponseReturnValue:
    """Say whether requests can be served: the database answers and has this code's schema. 503 when not."""
    database, migrations = _database()
    is_well = database == migrations == "ok"
    report = {
        "status": "ok" if is_well else "unavailable",
        "database": database,
        "migrations": migrations,
        "cache": _cache(),
        "version": version(),
    }
    return jsonify(report), 200 if is_well else 503


@bp.get("/live")
@public
def live() -> ResponseReturnValue:
    """Say that the process answers; asks nothing else."""
    return jsonify(status="ok", version=version())


@cache
def version() -> str:
    """Return the release this is, from pyproject.toml."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def _database() -> tuple[str, str]:
    try:
        found = schema.current_revision()
    except Exception as error:
        if failures.translate(error) is None:
            raise
        # No table of migrations is an answer too: the database is there and empty.
        if "alembic_version" in str(error):
            return "ok", "missing"
        return "unavailable", "unknown"
    return "ok", "ok" if found == schema.expected_revision() else f"at {found}, not {schema.expected_revision()}"


def _cache() -> str:
    if not current_app.config["REDIS_URL"]:
        return "off"
    return "ok" if storage_from_string(current_app.config["REDIS_URL"]).check() else "degraded"
