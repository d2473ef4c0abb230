"""Answers that several features give: a redirect after a change, a word about it, the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response


def see_other(endpoint: str, **values: Any) -> Response:
    """Send the browser to a page of ours, as a GET."""
    return redirect(url_for(endpoint, **values), 303)


def see_other_address(address: str) -> Response:
    """Send the browser to an address of ours that no endpoint says alone."""
    return redirect(address, 303)


def back_or(endpoint: str, **values: Any) -> Response:
    """Send the browser back to where the form's `next` says, when that is a page of ours; else to `endpoint`."""
    return redirect(own_address(request.form.get("next")) or url_for(endpoint, **values), 303)


def init_app(app: Flask, *, last_change_id: Callable[[], int | None]) -> None:
    """Learn how to ask which change this request has made."""
    app.extensions["last_change_id"] = last_change_id


def say(text: str, *, kind: str = "done", undo: str | bool | None = None, undo_word: str = "Undo") -> None:
    """
    Show a sentence on the next page.

    :param kind: `done`, `info`, `warning` or `error`
    :param undo: True to offer taking back what this request changed; or an address that does it when posted to
    :param undo_word: what its button says
    """
    address = _undo_of_last_change() if isinstance(undo, bool) and undo else undo or None
    flash({"text": text, "undo": address, "undo_word": undo_word}, kind)  # type: ignore[arg-type]


def _undo_of_last_change() -> str | None:
    last_change_id = current_app.extensions.get("last_change_id")
    change_id = last_change_id() if last_change_id else None
    return None if change_id is None else url_for("history.undo", change_id=change_id)


def prefers_json() -> bool:
    """Tell whether whoever asks wants a sentence for a program, not a page."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html") == "application/json"


def own_address(address: str | None) -> str | None:
    """Return `address` when it is a path on this site, else None: nobody is sent elsewhere by a link of ours."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    # Browsers drop tabs and line breaks and read a backslash as a slash: such an address is not one of ours.
    if any(character < "!" or character in "\\\x7f" for character in address):
        return None
    parts = urlsplit(address)
    return address if not parts.scheme and not parts.netloc else None
