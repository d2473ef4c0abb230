"""
How DevTrackr is set up: one class for each kind of environment, read once from the environment variables.

`.env.example` lists every variable. A class refuses to be made from nonsense, with a sentence that names the variable.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote_plus, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).parent
INSTANCE = ROOT / "instance"
SHORTEST_SECRET_KEY = 32
LARGEST_UPLOAD_BYTES = 32 * 1024 * 1024
LARGEST_FORM_BYTES = 1024 * 1024
MOST_FORM_FIELDS = 2_000
# Railway's proxy closes idle connections after five minutes; a connection older than this is opened anew.
POOL_RECYCLE_SECONDS = 280


class ConfigError(Exception):
    """The environment cannot be used; the message names the variable and what to write there."""


class Config:
    """What all environments share. The attributes in capitals become Flask's settings."""

    NAME: ClassVar[str] = ""
    DEBUG: bool = False
    TESTING: bool = False

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._environ = os.environ if environ is None else environ
        self.SECRET_KEY = self._secret_key()
        self.SQLALCHEMY_DATABASE_URI = self._database_url().render_as_string(hide_password=False)
        self.SQLALCHEMY_ENGINE_OPTIONS = self._engine_options()
        self.PUBLIC_URL = self._public_url()
        self.TRUSTED_HOSTS = self._trusted_hosts()
        self.PROXY_HOPS = self._number("PROXY_HOPS", default=0, least=0, most=5)
        self.REDIS_URL = self._text("REDIS_URL")
        self.MAIL_URL = self._mail_url()
        self.MAIL_FROM = self._text("MAIL_FROM") or "DevTrackr <devtrackr@localhost>"
        self.LOG_LEVEL = self._log_level()
        self.HSTS = self.is_https

        # Cookies follow the public address, so that plain http on one's own machine can log in.
        self.SESSION_COOKIE_SECURE = self.is_https
        self.SESSION_COOKIE_HTTPONLY = True
        self.SESSION_COOKIE_SAMESITE = "Lax"
        # Over TLS the prefix keeps other hosts of the same domain from planting a cookie of this name.
        prefix = "__Host-" if self.is_https else ""
        self.SESSION_COOKIE_NAME = f"{prefix}devtrackr_form"
        self.LOGIN_COOKIE_NAME = f"{prefix}devtrackr_session"
        self.PERMANENT_SESSION_LIFETIME = timedelta(days=30)
        # The token lives as long as the cookie it is tied to: a form may stay open over lunch.
        self.WTF_CSRF_TIME_LIMIT = None
        self.WTF_CSRF_CHECK_DEFAULT = False
        # The token in a cookie that nobody else can plant is proof enough; some people's browsers send no Referer.
        self.WTF_CSRF_SSL_STRICT = False

        self.MAX_CONTENT_LENGTH = LARGEST_FORM_BYTES
        self.MAX_FORM_MEMORY_SIZE = LARGEST_FORM_BYTES
        self.MAX_FORM_PARTS = MOST_FORM_FIELDS
        self.MAX_UPLOAD_BYTES = LARGEST_UPLOAD_BYTES

        self.RATELIMIT_STORAGE_URI = self.REDIS_URL or "memory://"
        self.RATELIMIT_IN_MEMORY_FALLBACK_ENABLED = bool(self.REDIS_URL)
        self.RATELIMIT_HEADERS_ENABLED = False
        self.LOGIN_LIMIT_PER_ADDRESS = self._text("LOGIN_LIMIT_PER_ADDRESS") or "30 per 15 minutes"
        self.LOGIN_LIMIT_PER_ACCOUNT = self._text("LOGIN_LIMIT_PER_ACCOUNT") or "10 per 15 minutes"
        self.REGISTER_LIMIT_PER_ADDRESS = self._text("REGISTER_LIMIT_PER_ADDRESS") or "20 per hour"
        self.FEED_LIMIT = self._text("FEED_LIMIT") or "120 per hour"
        self.PREVIEW_LIMIT = self._text("PREVIEW_LIMIT") or "600 per minute"

    @property
    def is_https(self) -> bool:
        """Whether people reach this site over TLS."""
        return self.PUBLIC_URL.startswith("https://")

    def _text(self, name: str) -> str:
        return self._environ.get(name, "").strip()

    def _number(self, name: str, *, default: int, least: int, most: int) -> int:
        text = self._text(name)
        if not text:
            return default
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ConfigError(f"{name} is “{text}”. Write a whole number from {least} to {most}.")
        return int(text)

    def _secret_key(self) -> str:
        key = self._text("SECRET_KEY")
        if len(key) < SHORTEST_SECRET_KEY or len(set(key)) < 12:
            raise ConfigError(
                f"SECRET_KEY must be at least {SHORTEST_SECRET_KEY} random characters. "
                'Make one with: python3 -c "import secrets; print(secrets.token_hex(32))"'
            )
        return key

    def _database_url(self) -> URL:
        address = self._text("DATABASE_URL") or self._address_from_parts()
        if not address:
            raise ConfigError("DATABASE_URL is not set. Write mysql://user:password@host:3306/name.")
        return read_database_url(address)

    def _address_from_parts(self) -> str:
        # Railway's MySQL service also gives the parts one by one.
        host, name = self._text("MYSQLHOST"), self._text("MYSQLDATABASE")
        if not (host and name):
            return ""
        person = f"{quote_plus(self._text('MYSQLUSER'))}:{quote_plus(self._text('MYSQLPASSWORD'))}"
        return f"mysql://{person}@{host}:{self._text('MYSQLPORT') or '3306'}/{name}"

    def _engine_options(self) -> dict[str, Any]:
        if self.SQLALCHEMY_DATABASE_URI.startswith("sqlite"):
            return {"connect_args": {"timeout": 5}}
        return {
            "isolation_level": "READ COMMITTED",
            "pool_pre_ping": True,
            "pool_recycle": POOL_RECYCLE_SECONDS,
            "pool_size": self._number("POOL_SIZE", default=4, least=1, most=100),
            "max_overflow": 0,
            "pool_timeout": 3,
            "pool_use_lifo": True,
            "connect_args": {"connect_timeout": 2, "read_timeout": 10, "write_timeout": 10},
        }

    def _public_url(self) -> str:
        address = self._text("PUBLIC_URL")
        if not address and (domain := self._text("RAILWAY_PUBLIC_DOMAIN")):
            address = f"https://{domain}"
        address = address or f"http://127.0.0.1:{self._text('PORT') or '5000'}"
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(
                f"PUBLIC_URL is “{address}”. Write the address people open, like https://time.example.com."
            )
        return address.rstrip("/")

    def _trusted_hosts(self) -> list[str] | None:
        listed = [host.strip() for host in self._text("TRUSTED_HOSTS").split(",") if host.strip()]
        if not listed:
            return None
        return [*listed, str(urlsplit(self.PUBLIC_URL).hostname), "healthcheck.railway.app"]

    def _mail_url(self) -> str:
        address = self._text("MAIL_URL")
        if address and urlsplit(address).scheme not in ("smtp", "smtps", "file", "console"):
            raise ConfigError("MAIL_URL starts with smtp://, smtps://, file:// or console://, or is left empty.")
        return address

    def _log_level(self) -> str:
        level = self._text("LOG_LEVEL").upper() or "INFO"
        if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ConfigError(f"LOG_LEVEL is “{level}”. Write DEBUG, INFO, WARNING or ERROR.")
        return level


class Development(Config):
    """One's own machine, with the debugger."""

    NAME = "development"
    DEBUG = True

    def _secret_key(self) -> str:
        return self._text("SECRET_KEY") or "for development only, known to everybody"

    def _database_url(self) -> URL:
        return read_database_url(self._text("DATABASE_URL") or f"sqlite:///{INSTANCE / 'development.sqlite3'}")


class Testing(Config):
    """The test suite; the limits are out of the way unless a test sets them."""

    NAME = "testing"
    TESTING = True

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        super().__init__(environ)
        self.LOGIN_LIMIT_PER_ADDRESS = self._text("LOGIN_LIMIT_PER_ADDRESS") or "10000 per minute"
        self.LOGIN_LIMIT_PER_ACCOUNT = self._text("LOGIN_LIMIT_PER_ACCOUNT") or "10000 per minute"
        self.REGISTER_LIMIT_PER_ADDRESS = self._text("REGISTER_LIMIT_PER_ADDRESS") or "10000 per minute"
        self.FEED_LIMIT = self._text("FEED_LIMIT") or "10000 per minute"
        self.PREVIEW_LIMIT = self._text("PREVIEW_LIMIT") or "10000 per minute"

    def _secret_key(self) -> str:
        return self._text("SECRET_KEY") or "for the test suite only, known to everybody"

    def _database_url(self) -> URL:
        return read_database_url(self._text("DATABASE_URL") or "sqlite://")


class Production(Config):
    """Where people's work is kept."""

    NAME = "production"

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        super().__init__(environ)
        for name in ("DEBUG", "FLASK_DEBUG"):
            if self._text(name).lower() not in ("", "0", "false", "no", "off"):
                raise ConfigError(f"{name} is on. It shows the code and its data to visitors: leave it out here.")


class Staging(Production):
    """As production, for trying a release."""

    NAME = "staging"


KINDS: Mapping[str, type[Config]] = {kind.NAME: kind for kind in (Development, Testing, Staging, Production)}


def read_config(environ: Mapping[str, str] | None = None) -> Config:
    """
    Return the settings for the environment that APP_ENV names; production when it names none.

    :raises ConfigError: when they cannot be used
    """
    environ = os.environ if environ is None else environ
    name = environ.get("APP_ENV", "").strip().lower() or "production"
    if name not in KINDS:
        raise ConfigError(f"APP_ENV is “{name}”. Write one of {', '.join(KINDS)}.")
    return KINDS[name](environ)


def read_database_url(address: str) -> URL:
    """
    Return the address as SQLAlchemy reads it. `mysql://` is accepted as hosting platforms give it.

    :raises ConfigError: when it is neither SQLite nor MySQL, or not an address at all
    """
    try:
        url = make_url(re.sub(r"^(mysql|mariadb)://", "mysql+mysqldb://", address))
    except (ArgumentError, ValueError):
        raise ConfigError("DATABASE_URL cannot be read. Write mysql://user:password@host:3306/name.") from None
    if url.drivername == "sqlite":
        return url
    if url.drivername != "mysql+mysqldb":
        raise ConfigError(f"DATABASE_URL starts with {url.drivername}://. DevTrackr runs on mysql:// and sqlite://.")
    if not url.database:
        raise ConfigError("DATABASE_URL names no database. Write mysql://user:password@host:3306/name.")
    return url.update_query_dict({"charset": "utf8mb4"})
