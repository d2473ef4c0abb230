"""How migrations are run: one at a time on either engine, each in its own transaction where the engine has that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from click import ClickException
from flask import current_app
from sqlalchemy import Connection, Engine, ForeignKeyConstraint, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from webapp.storage.db import db, prepare_engine

LOCK_NAME = "devtrackr_migrations"
LOCK_WAIT_SECONDS = 60


def run() -> None:
    """Bring the schema to the wanted revision."""
    # An engine of its own: a migration of a large table takes longer than a page may wait.
    engine = create_engine(db.engine.url, poolclass=NullPool)
    prepare_engine(engine)
    with _connected(engine).execution_options(writes=True) as connection, _alone(connection):
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transaction_per_migration=True,
            # SQLite can undo a half-made table, and we let it (MySQL commits each statement of this kind at once).
            transactional_ddl=connection.dialect.name == "sqlite",
            include_object=_comparable_on_sqlite(connection) if connection.dialect.name == "sqlite" else None,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


def _connected(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except OperationalError as error:
        # The driver's own words name the host and the user, never the password.
        raise ClickException(f"The database does not answer: {error.orig}") from None


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    # Two deploys that start together must not both migrate; SQLite's BEGIN IMMEDIATE sees to it there.
    if connection.dialect.name == "sqlite":
        yield
        return
    with connection.engine.connect() as keeper:
        if not keeper.execute(
            text("SELECT GET_LOCK(:name, :wait)"), {"name": LOCK_NAME, "wait": LOCK_WAIT_SECONDS}
        ).scalar():
            raise ClickException("Another migration is still running. Try again when it has finished.")
        try:
            yield
        finally:
            keeper.execute(text("SELECT RELEASE_LOCK(:name)"), {"name": LOCK_NAME})


def _comparable_on_sqlite(connection: Connection) -> Callable[..., bool]:
    """
    Tell autogenerate what to compare.

    SQLite takes a foreign key for an existing table only together with its column, and SQLAlchemy reads of such a key
    neither its name nor what happens on delete. The database itself knows both of them well.
    """

    def is_comparable(thing: Any, name: str | None, kind: str, is_reflected: bool, _other: Any) -> bool:
        if kind != "foreign_key_constraint":
            return True
        if is_reflected:
            return name is not None
        return _key(thing) not in {
            (row.table, getattr(row, "from"), row.to, row.on_delete)
            for row in connection.exec_driver_sql(f'PRAGMA foreign_key_list("{thing.table.name}")')
        }

    return is_comparable


def _key(key: ForeignKeyConstraint) -> tuple[str, str, str, str]:
    element = key.elements[0]
    return element.column.table.name, element.parent.name, element.column.name, key.ondelete or "NO ACTION"


run()
