"""How often one may try. Counted in Redis when there is one, in memory otherwise; never not counted."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable
from contextlib import suppress
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from flask_limiter.util import get_remote_address

from webapp.values.email import email_key
from webapp.web.access import find_viewer
from webapp.web.errors import error_page

View = Callable[..., ResponseReturnValue]

REDIS_TIMEOUT_SECONDS = 0.25


def _address() -> str:
    """Where the request comes from. Whoever has one IPv6 address has the 2^64 beside it: they are one."""
    with suppress(ValueError):
        address = ip_address(get_remote_address())
        if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
            return str(ip_network((address, 64), strict=False))
    return get_remote_address()


limiter = Limiter(key_func=_address)


def init_app(app: Flask) -> None:
    """Count, and answer what comes too often with a page that says when to try again."""
    if app.config["REDIS_URL"]:
        app.config.setdefault("RATELIMIT_STORAGE_OPTIONS", _impatient_redis())
    limiter.init_app(app)

    @app.errorhandler(RateLimitExceeded)
    def tell_too_often(_error: RateLimitExceeded) -> ResponseReturnValue:
        limit = limiter.current_limit
        seconds = max(1, math.ceil(limit.reset_at - time.time())) if limit else 60
        page = error_page(429, f"These were many tries. To keep accounts safe, wait {_words(seconds)} and try again.")
        page.headers["Retry-After"] = str(seconds)
        return page


def _impatient_redis() -> dict[str, Any]:
    # Left to its defaults the driver waits for minutes on a server that does not answer.
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return {
        "socket_connect_timeout": REDIS_TIMEOUT_SECONDS,
        "socket_timeout": REDIS_TIMEOUT_SECONDS,
        "retry": Retry(NoBackoff(), retries=0),
    }


def few_failures(view: View) -> View:
    """
    Stop a visitor, and everybody who tries one account, after too many answers with 422.

    All views marked with this count together. The account is the e-mail in the form, or whoever is signed in.
    """
    by_address = limiter.shared_limit(
        _setting("LOGIN_LIMIT_PER_ADDRESS"), scope="failures by address", deduct_when=_failed
    )
    by_account = limiter.shared_limit(
        _setting("LOGIN_LIMIT_PER_ACCOUNT"), scope="failures by account", key_func=_account, deduct_when=_failed
    )
    return by_address(by_account(view))


def few_tries(view: View) -> View:
    """Stop a visitor after many tries, whatever came of them: for what makes something, or tells who exists."""
    return limiter.limit(_setting("REGISTER_LIMIT_PER_ADDRESS"))(view)


def few_of_a_key(argument: str) -> Callable[[View], View]:
    """
    Stop a program that asks for the same thing over and over, named by a secret in its address.

    By that, not by where it asks from: what reads calendars for many people does so from few addresses.
    """

    def key() -> str:
        # A hash, because keys are logged and rest in Redis.
        return hashlib.sha256(str((request.view_args or {}).get(argument)).encode()).hexdigest()

    return limiter.limit(_setting("FEED_LIMIT"), key_func=key)


def few_of_a_person(view: View) -> View:
    """Stop a program that asks in a person's name, far more often than anybody types."""
    return limiter.limit(_setting("PREVIEW_LIMIT"), key_func=_account)(view)


def few_mails(view: View) -> View:
    """Stop the flooding of one mailbox, whoever asks for it, and whether or not it exists."""
    by_account = limiter.limit(_setting("LOGIN_LIMIT_PER_ACCOUNT"), key_func=_account)
    return by_account(few_tries(view))


def _setting(name: str) -> Callable[[], str]:
    return lambda: str(current_app.config[name])


def _failed(response: Any) -> bool:
    return bool(response.status_code == 422)


def _account() -> str:
    viewer = find_viewer()
    name = viewer.email if viewer else request.form.get("email", "")
    # The same account by whichever of its spellings it is tried.
    with suppress(ValueError):
        name = email_key(name)
    # A hash, because keys are logged and rest in Redis.
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def _words(seconds: int) -> str:
    if seconds < 90:
        return f"{seconds} seconds" if seconds != 1 else "a second"
    return f"{math.ceil((seconds - 1) / 60)} minutes"
