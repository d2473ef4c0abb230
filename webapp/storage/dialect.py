"""The one module that asks which engine this is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, TypeVarTuple

from sqlalchemy import Connection, FromClause, Select, select, union_all

Columns = TypeVarTuple("Columns")

MYSQL_MODE = (
    "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
    "NO_ENGINE_SUBSTITUTION"
)
COLLATION = "utf8mb4_unicode_520_ci"

# How long one writer waits for another; left to itself, MySQL lets it wait for 50 seconds.
LOCK_WAIT_SECONDS = 5

# Every table is made with these on MySQL; SQLite ignores them.
TABLE_OPTIONS = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": COLLATION}

_SQLITE_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {LOCK_WAIT_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",
    # FULL: what was acknowledged survives a power cut, at the price of one disk flush a commit.
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -16000",
)

_ACCENTS = re.compile("[\u0300-\u036f]")


def walk_index(statement: Select[*Columns], *, table: str, index: str) -> Select[*Columns]:
    """
    Have `statement` read `table` along `index`, for a page of a list that is in the index's order.

    MySQL thinks that fetching all of a kind and sorting it is cheaper than a range of an index, whatever the LIMIT
    says. MariaDB takes the hint for a comment, and like SQLite walks the index by itself.
    """
    return statement.prefix_with(f"/*+ INDEX({table} {index}) */", dialect="mysql")


def along_index(statement: Any, table: FromClause, index: str | None) -> Any:
    """Have a statement on `table` walk `index`, as `walk_index` does and on MariaDB, too. SQLite does so by itself."""
    if index is None:
        return statement
    hint = f"FORCE INDEX ({index})"
    return statement.with_hint(table, hint, "mysql").with_hint(table, hint, "mariadb")


def in_given_order(statement: Any) -> Any:
    """
    Have the tables of a statement joined as they are written: the first is read, the others are looked up for it.

    MySQL may begin with another and go through all of it for each batch. SQLite keeps to the index it can be paged by.
    """
    return statement.prefix_with("STRAIGHT_JOIN", dialect="mysql").prefix_with("STRAIGHT_JOIN", dialect="mariadb")


def stacked(statements: Sequence[Any], *, engine_name: str) -> Any:
    """Put what several statements find, each with its own ORDER BY and LIMIT, under each other, in no order."""
    if engine_name == "sqlite":
        # It takes such a statement only inside of another; MySQL would write its rows down and read them again.
        return union_all(*(select(*statement.subquery().c) for statement in statements))
    return union_all(*statements)


def refresh_statistics(connection: Connection) -> None:
    """Let the planner know how many rows there are of what. MySQL sees to that by itself."""
    if connection.dialect.name == "sqlite":
        # A sample of each index is enough, and takes a moment.
        connection.exec_driver_sql("PRAGMA analysis_limit = 1000")
        connection.exec_driver_sql("ANALYZE")


def snapshot_options(engine_name: str) -> dict[str, Any]:
    """Return the options of a connection that sees one moment only; on SQLite a transaction always does."""
    return {} if engine_name == "sqlite" else {"isolation_level": "REPEATABLE READ"}


def on_connect(engine_name: str) -> Callable[[Any, Any], None]:
    """Return the listener that sets up a fresh connection of the engine called `engine_name`."""
    return _set_up_sqlite if engine_name == "sqlite" else _set_up_mysql


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # None: the driver begins nothing by itself, so that our BEGIN IMMEDIATE is the one that counts.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()
    # SQLite's own knows the 26 letters of English; MySQL's collation knows all case and no accents.
    connection.create_function("lower", 1, _fold, deterministic=True)


def _fold(words: str | None) -> str | None:
    if words is None or words.isascii():
        return words.lower() if words else words
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", words))
    return unicodedata.normalize("NFC", plain).lower()


def _set_up_mysql(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(
        f"SET time_zone = '+00:00', sql_mode = '{MYSQL_MODE}', collation_connection = '{COLLATION}', "
        f"innodb_lock_wait_timeout = {LOCK_WAIT_SECONDS}"
    )
    cursor.close()
