"""Leaving a server alone that has just not answered: of those who stand in a line each would wait for it anew."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Dialect

PAUSE_SECONDS = 1.0
# As MySQL's own library numbers it: the server cannot be reached.
_NOT_REACHED = 2003


class Breaker:
    """Makes an engine's connections; for a moment after one could not be made, refuses at once to make another."""

    def __init__(self) -> None:
        self._closed_until = 0.0

    def connect(self, dialect: Dialect, _record: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return a new connection of the driver, as the engine's event `do_connect` asks for it."""
        refusal = dialect.loaded_dbapi.OperationalError
        if time.monotonic() < self._closed_until:
            raise refusal(_NOT_REACHED, "The database could not be reached a moment ago.")
        try:
            return dialect.connect(*args, **kwargs)
        except refusal:
            self._closed_until = time.monotonic() + PAUSE_SECONDS
            raise
