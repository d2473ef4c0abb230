"""The session, the base of all tables, and how a connection to either engine is set up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, CursorResult, Engine, Executable, MetaData, event
from sqlalchemy.orm import DeclarativeBase, Session

from webapp.storage import dialect
from webapp.storage.breaker import Breaker


class Base(DeclarativeBase):
    """Named constraints, so that a migration can speak of them on both engines."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


# Rows stay readable after the commit that wrote them: a page shows what was saved without asking again.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:

    class Model(Base):
        """What every table extends."""

        __abstract__ = True
        # Columns that the journal does not keep; a model without it is not journaled (see storage.journal).
        __journal_skip__: ClassVar[frozenset[str]]
        __journal_removal__: ClassVar[Mapping[str, Any]]
        __journal_is_shared__: ClassVar[bool]
else:
    Model = db.Model


def fetch_columns(statement: Executable, values: Mapping[str, Any] | None = None) -> CursorResult[*tuple[Any, ...]]:
    """
    Ask for plain columns of tables, in the session's transaction.

    Not `session.execute`, which looks for objects in what it finds and costs a page half as much again.
    """
    session = db.session()
    connection = session.info.get("connection") or session.connection()
    return connection.execute(statement, values or {})


def _note_connection(session: Session, _transaction: Any, connection: Connection) -> None:
    session.info["connection"] = connection


def _forget_connection(session: Session, _transaction: Any) -> None:
    session.info.pop("connection", None)


# To ask a session for the connection that it has costs as much as to make a statement ready for it.
event.listen(Session, "after_begin", _note_connection)
event.listen(Session, "after_transaction_end", _forget_connection)


def prepare_engine(engine: Engine) -> None:
    """Make every connection of `engine` behave the same: UTC, strict, enforcing, and explicit about transactions."""
    event.listen(engine, "do_connect", Breaker().connect)
    event.listen(engine, "connect", dialect.on_connect(engine.dialect.name))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "begin", _begin_on_sqlite)


def _begin_on_sqlite(connection: Any) -> None:
    # A transaction that reads first and writes later can be refused half-way on SQLite. One that is going to write
    # therefore takes the write lock at once, and waits for it there.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
