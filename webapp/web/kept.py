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
    app.jinja_env.globals.update(kept=kept)


def kept(macro: Macro, *facts: Any) -> str:
    """
    Return what `macro` draws of `facts`, which can be hashed and are all it shows, besides icons and addresses.

    Not for what holds a token, the address of the page or the time of day. How somebody wants days and numbers written,
    and which day it is for them, are among what is compared.
    """
    return _draw(macro, current_reader(), request.script_root, facts)


@lru_cache(MOST_KEPT)
def _draw(macro: Macro, _reader: Reader, _root: str, facts: tuple[Any, ...]) -> str:
    return macro(*facts)
