"""Addresses as templates ask for them: as url_for gives them, and quicker where only a query follows the path."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, request, url_for

# What stands as it is in a query, as werkzeug leaves it.
_PLAIN = "!$'()*,/:;?@"


def init_app(app: Flask) -> None:
    """Let templates ask for addresses; a page does so some fifty times."""
    app.extensions["addresses"] = {}
    app.jinja_env.globals.update(url_for=address_of)


def address_of(endpoint: str, **values: Any) -> str:
    """Return the address of a page, as url_for does; what is None is left out."""
    known: dict[tuple[str, str], str | None] = current_app.extensions["addresses"]
    key = (request.script_root, endpoint)
    if key not in known:
        known[key] = _plain_path(endpoint)
    path = known[key]
    if path is None or any(name[0] == "_" or isinstance(value, list | tuple) for name, value in values.items()):
        return url_for(endpoint, **values)
    return f"{path}?{query}" if values and (query := _write_query(tuple(values.items()))) else path


def _write_query(pairs: tuple[tuple[str, Any], ...]) -> str:
    given = tuple((name, value if type(value) is str else str(value)) for name, value in pairs if value is not None)
    return _quoted(given)


# A page asks for the same ones again, and so does the next.
@lru_cache(maxsize=2048)
def _quoted(pairs: tuple[tuple[str, str], ...]) -> str:
    return urlencode(pairs, safe=_PLAIN)


def _plain_path(endpoint: str) -> str | None:
    """Return the path of a page whose address is one and the same for all; None for others."""
    rules = list(current_app.url_map.iter_rules(endpoint)) if not endpoint.startswith(".") else []
    readable = [rule for rule in rules if not rule.arguments and not rule.defaults]
    return url_for(endpoint) if len(rules) == len(readable) == 1 else None
