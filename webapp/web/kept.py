"""Pieces of pages that are drawn once for the same facts, and kept: of a list that changed in one place, all others."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask, request
from jinja2.runtime import Macro

from webapp.web.filters import Reader, current_reader

# Some two or three kilobytes each.
MOST_KEPT = 2048


def init_app(app: Flask) -> None:
    """Let templates keep what a macro draws."""
    app.jinja_env.globals.update(drawn_once=drawn_once)


def drawn_once(macro: Macro, *facts: Any) -> str:
    """
    Return what `macro` draws of `facts`, which are all it shows, besides icons and addresses. What is hashed can be
    compared, and so can a plain mapping of such.

    Not for what holds a token, the address of the page or the time of day. How somebody wants days and numbers written,
    and which day it is for them, are among what is compared.
    """
    return _draw(macro, current_reader(), request.script_root, tuple(map(_comparable, facts)))


@lru_cache(MOST_KEPT)
def _draw(macro: Macro, _reader: Reader, _root: str, facts: tuple[Any, ...]) -> str:
    return macro(*(dict(fact) if type(fact) is _Pairs else fact for fact in facts))


class _Pairs(tuple[tuple[str, Any], ...]):
    """A mapping that can be hashed."""

    __slots__ = ()


def _comparable(fact: Any) -> Any:
    return _Pairs(fact.items()) if type(fact) is dict else fact
