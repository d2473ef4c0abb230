"""Settings: read once, and refused with a sentence when they cannot be used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config import ConfigError, Production, read_config, read_database_url

STRONG = "0123456789abcdefghijklmnopqrstuvwxyz"
MYSQL = "mysql://ada:s%40cret@db.example:3306/devtrackr"


def settings(**changes: str) -> dict[str, str]:
    return {"SECRET_KEY": STRONG, "DATABASE_URL": MYSQL, **changes}


def test_production_is_what_runs_when_nothing_is_said() -> None:
    config = read_config(settings())

    assert type(config) is Production
    assert config.DEBUG is False


def test_a_mysql_address_is_taken_as_platforms_give_it() -> None:
    config = read_config(settings())

    assert config.SQLALCHEMY_DATABASE_URI == ("mysql+mysqldb://ada:s%40cret@db.example:3306/devtrackr?charset=utf8mb4")
    assert config.SQLALCHEMY_ENGINE_OPTIONS["isolation_level"] == "READ COMMITTED"
    assert config.SQLALCHEMY_ENGINE_OPTIONS["pool_pre_ping"] is True


def test_the_parts_that_railway_gives_make_an_address() -> None:
    parts = {"MYSQLHOST": "h", "MYSQLUSER": "u", "MYSQLPASSWORD": "p@/:", "MYSQLDATABASE": "d", "SECRET_KEY": STRONG}

    assert read_config(parts).SQLALCHEMY_DATABASE_URI.startswith("mysql+mysqldb://u:p%40%2F%3A@h:3306/d")


@pytest.mark.parametrize(
    "changes, named",
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 64}, "SECRET_KEY"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"FLASK_DEBUG": "true"}, "FLASK_DEBUG"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"DATABASE_URL": "not an address"}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://h:port/x"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://u:p@h/d"}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://u:p@h/"}, "DATABASE_URL"),
        ({"APP_ENV": "prod"}, "APP_ENV"),
        ({"PUBLIC_URL": "time.example.com"}, "PUBLIC_URL"),
        ({"PROXY_HOPS": "-1"}, "PROXY_HOPS"),
        ({"POOL_SIZE": "many"}, "POOL_SIZE"),
        ({"MAIL_URL": "imap://x"}, "MAIL_URL"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(changes: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        read_config(settings(**changes))


def test_an_unreadable_address_is_not_repeated_with_its_password() -> None:
    with pytest.raises(ConfigError) as refusal:
        read_database_url("postgresql://u:hunter2@h/d")

    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize("address, is_secure", [("https://t.example.com/", True), ("http://127.0.0.1:5000", False)])
def test_cookies_follow_the_public_address(address: str, is_secure: bool) -> None:
    config = read_config(settings(PUBLIC_URL=address))

    assert (is_secure, is_secure) == (config.SESSION_COOKIE_SECURE, config.HSTS)
    assert config.LOGIN_COOKIE_NAME.startswith("__Host-") is is_secure
    assert config.SESSION_COOKIE_NAME.startswith("__Host-") is is_secure


def test_the_example_names_every_variable_that_is_read() -> None:
    root = Path(__file__).parent.parent
    code = (root / "config.py").read_text() + (root / "gunicorn.conf.py").read_text()
    read = set(re.findall(r'(?:_text|_number)\(\s*"([A-Z_]+)"|environ\.get\("([A-Z_]+)"', code))
    names = {first or second for first, second in read}
    example = (root / ".env.example").read_text()

    ours = {
        name
        for name in names
        if not name.startswith(("RAILWAY_", "GUNICORN_")) and name not in ("DEBUG", "FLASK_DEBUG")
    }
    assert ours
    assert {name for name in ours if name not in example} == set()
