"""One way to commit."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from webapp.storage.db import db
from webapp.storage.dialect import snapshot_options
from webapp.storage.failures import is_passing

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

TRIES = 4
FIRST_PAUSE_SECONDS = 0.02
# Who waited longer has not lost a race: something holds the database, and somebody waits for a page.
RETRY_WITHIN_SECONDS = 2.0


def transactional(operation: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """
    Make an operation one unit of work: all of it is committed, or none.

    Called inside another operation it joins that one's transaction. Otherwise it is done again from the start, up
    to four times within two seconds, when the engine says that it lost a race (a deadlock, a locked database).
    """

    @wraps(operation)
    def unit_of_work(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        if _is_open():
            return operation(*args, **kwargs)
        began = time.monotonic()
        for tries_before in range(TRIES):
            try:
                with transaction():
                    return operation(*args, **kwargs)
            except Exception as error:
                is_late = tries_before == TRIES - 1 or time.monotonic() - began > RETRY_WITHIN_SECONDS
                if is_late or not is_passing(error):
                    raise
                # Jitter, so that two that met once do not meet again.
                time.sleep(FIRST_PAUSE_SECONDS * 2**tries_before * random.uniform(0.5, 1.5))
        raise AssertionError("unreachable")

    return unit_of_work


@contextmanager
def transaction() -> Iterator[Session]:
    """
    Commit what happens inside, or roll all of it back; an inner one joins the outer.

    What the session had read before is forgotten, so that a decision is never made on stale rows.
    """
    session = db.session()
    if _is_open():
        yield session
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("Rows were changed outside a transaction.")
    session.rollback()
    session.info["is_in_transaction"] = True
    try:
        # On SQLite this takes the write lock now (see db.py); MySQL ignores the option.
        session.connection(execution_options={"writes": True})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("is_in_transaction")


def _is_open() -> bool:
    return "is_in_transaction" in db.session().info


@contextmanager
def one_moment() -> Iterator[Connection]:
    """
    Give a connection of its own on which all reading is of one moment, however long it takes; nothing is written.

    For a file that is made while others work. On SQLite every transaction is like that. The session gives up its own
    connection first, so that nobody holds one and waits for another.
    """
    if _is_open():
        raise RuntimeError("What is read here would not hold what the transaction has written.")
    db.session.rollback()
    with db.engine.connect() as connection:
        still = connection.execution_options(**snapshot_options(db.engine.dialect.name))
        with still.begin():
            yield still
