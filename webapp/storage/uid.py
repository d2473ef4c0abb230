"""
Names of records that are the same wherever the record goes: in a file, in another workspace, on another server.

A name is 32 hexadecimal digits: twelve of the moment it was made, in milliseconds, so that names stand in the order of
time, and twenty that nobody can guess.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from webapp.storage.types import key_text

_RANDOM_BYTES = 10


def new_uid(made_at: datetime) -> str:
    """Return a name for a record that was made at that moment."""
    milliseconds = max(0, int(made_at.timestamp() * 1000))
    return f"{milliseconds:012x}{secrets.token_hex(_RANDOM_BYTES)}"


def uid_column() -> Mapped[str | None]:
    """
    Return the column `uid` of a table with a `created_at`: a new row names itself, unless it brings its name.

    Null only in what a version without the column wrote; `operations.exports.name_all` names those.
    """
    return mapped_column(key_text(32), default=_of_new_row)


def _of_new_row(context: DefaultExecutionContext) -> str:
    values: dict[str, Any] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return new_uid(values["created_at"])
