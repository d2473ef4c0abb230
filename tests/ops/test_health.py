"""Health: what load balancers and operators read."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import text

from webapp.storage.db import db
from webapp.storage.transaction import transaction


def test_health_is_ok_when_the_database_has_this_schema(app: Flask) -> None:
    response = app.test_client().get("/health")

    assert response.status_code == 200
    assert response.json is not None
    assert response.json.items() >= {"status": "ok", "database": "ok", "migrations": "ok", "cache": "off"}.items()


def test_health_is_503_when_a_migration_is_missing(app: Flask) -> None:
    with transaction() as session:
        head = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        session.execute(text("UPDATE alembic_version SET version_num = '0001_create_users'"))

    try:
        response = app.test_client().get("/health/ready")
    finally:
        with transaction():
            db.session.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head})

    assert response.status_code == 503
    assert response.json is not None
    assert response.json["status"] == "unavailable"
    assert response.json["migrations"].startswith("at 0001_create_users")


def test_live_asks_nothing_of_the_database(app: Flask) -> None:
    assert app.test_client().get("/health/live").json == {"status": "ok", "version": "0.1.0"}
