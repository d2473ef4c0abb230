"""Column types that mean the same on both engines."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import Any, TypeVar

from sqlalchemy import DateTime, LargeBinary, String, Text
from sqlalchemy.dialects import mysql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

AnyEnum = TypeVar("AnyEnum", bound=Enum)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in, aware (UTC) out, in whole seconds, on both engines. A naive value is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Drop the zone and what is under a second: MySQL would round it, MariaDB would cut it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs a time zone.")
        return value.astimezone(UTC).replace(tzinfo=None, microsecond=0)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say that it is UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


class EnumValue(TypeDecorator[Any]):
    """An enum kept as its value: a word as text, a number as a small integer."""

    impl = String
    cache_ok = True

    def __init__(self, enum: type[Enum], stored_as: TypeEngine[Any]) -> None:
        super().__init__()
        self.enum = enum
        self.stored_as = stored_as

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Be the type it is stored as."""
        return dialect.type_descriptor(self.stored_as)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Refuse what the enum does not know."""
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Give the enum's member back."""
        return None if value is None else self.enum(value)


def key_text(length: int) -> TypeEngine[str]:
    """Text that is compared byte by byte on both engines: hashes, tokens, normalised names and addresses."""
    binary = mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin")
    return String(length).with_variant(binary, "mysql", "mariadb")


def long_text() -> TypeEngine[str]:
    """Text of up to 16 MB (MySQL's TEXT ends at 64 kB)."""
    return Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")


def long_bytes() -> TypeEngine[bytes]:
    """Bytes of up to 4 GB (MySQL's BLOB ends at 64 kB)."""
    return LargeBinary().with_variant(mysql.LONGBLOB(), "mysql", "mariadb")
