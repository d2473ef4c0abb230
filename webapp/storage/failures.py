"""What the engines' errors mean. Told by their code, not their class: a violated CHECK is an OperationalError."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from webapp.errors import Conflict, DomainError, InvalidInput, Unavailable

# Deadlock, lock wait timeout, record changed, and their cousins on clusters: the whole work may simply be done again.
# So it may where something it refers to was deleted while it was written (1452): the next try sees that it is gone.
_PASSING_CODES = {1213, 1205, 1020, 1180, 1047, 3101, 1452}
# A CHECK was violated, a value does not fit.
_REFUSED_CODES = {4025, 3819, 1406, 1264, 1366, 1292}
# A row that others hold for long: nobody has changed anything, it only takes its time.
_LOCK_WAIT_CODE = 1205
_SQLITE_BUSY = ("database is locked", "database table is locked")


class TryAgain(Exception):
    """Raised inside a transaction that should be rolled back and done again from the start."""


def is_passing(error: BaseException) -> bool:
    """Tell whether doing the whole work again is likely to succeed."""
    if isinstance(error, TryAgain):
        return True
    if not isinstance(error, DBAPIError):
        return False
    return _code(error) in _PASSING_CODES or any(words in str(error.orig) for words in _SQLITE_BUSY)


def translate(error: BaseException) -> DomainError | None:
    """Return the domain's name for an error of the database, or None when it is not one (and so a bug of ours)."""
    if isinstance(error, StaleDataError | IntegrityError | TryAgain) or (
        isinstance(error, DBAPIError) and _code(error) in _PASSING_CODES - {_LOCK_WAIT_CODE}
    ):
        return Conflict()
    if isinstance(error, DBAPIError) and (
        _code(error) in _REFUSED_CODES or "CHECK constraint failed" in str(error.orig)
    ):
        return InvalidInput("Something here does not fit what can be saved.")
    if isinstance(error, PoolTimeout | OperationalError | InterfaceError):
        return Unavailable()
    return None


def _code(error: DBAPIError) -> int | None:
    arguments = getattr(error.orig, "args", ())
    return arguments[0] if arguments and isinstance(arguments[0], int) else None
