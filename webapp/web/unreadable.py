"""
A form with bytes that are no text (not UTF-8): it comes back with what can be read, and a sentence by what cannot. So
do the filters in the address of a page.

No view sees such a form or address. Werkzeug leaves those bytes as %FF or puts U+FFFD there, and to save either would
change what was meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from webapp.web.access import find_viewer, is_public
from webapp.web.answers import prefers_json
from webapp.web.errors import error_page

# Made by a page, and anew with each showing.
_NOT_TYPED = {"csrf_token", "request_key"}
_SAYS = "Some of this cannot be read: it is not UTF-8. Type it again where it shows �."


@dataclass(frozen=True)
class SentField:
    """One field of a form; what cannot be read of its value is � there."""

    name: str
    value: str
    is_unreadable: bool

    @property
    def is_password(self) -> bool:
        """Whether the value must not be shown."""
        return "password" in self.name.lower()

    @property
    def label(self) -> str:
        """The name, to be read."""
        return self.name.replace("_", " ").replace("-", " ").capitalize()

    @property
    def error(self) -> str:
        """What is to be done with it."""
        return _SAYS if self.is_unreadable else "Type it again."


def guard_addresses(app: Flask) -> None:
    """Answer unreadable addresses of pages. Call it before access: what a visitor asked for is kept for the login."""
    app.before_request(_show_filters_again)


def guard_forms(app: Flask) -> None:
    """Answer unreadable forms. Call it after forms are guarded: who may not send one gets nothing back."""
    app.before_request(_show_again)


def has_unreadable_form() -> bool:
    """Tell whether this request sends a form that cannot be read as it was meant."""
    return any(field.is_unreadable for field in _sent_fields())


def _show_filters_again() -> ResponseReturnValue | None:
    if not request.endpoint or request.method not in ("GET", "HEAD"):
        return None
    asked = _asked_fields()
    if not any(field.is_unreadable for field in asked):
        return None
    if is_public(request.endpoint) or prefers_json() or find_viewer() is None:
        raise BadRequest("This holds bytes that are not UTF-8.")
    return _page(asked, address=request.path, is_address=True), 422


def _show_again() -> ResponseReturnValue | None:
    if not request.endpoint or not has_unreadable_form():
        return None
    if prefers_json():
        return error_page(422, _SAYS)
    return _page(_sent_fields(), address=request.full_path.rstrip("?"), is_address=False), 422


def _page(sent: list[SentField], *, address: str, is_address: bool) -> str:
    fields = [field for field in sent if field.name not in _NOT_TYPED and "\ufffd" not in field.name]
    shown = [field for field in fields if field.is_unreadable or field.is_password]
    kept = [field for field in fields if field not in shown]
    return render_template("web/unreadable.html", address=address, is_address=is_address, shown=shown, kept=kept)


def _sent_fields() -> list[SentField]:
    if request.method not in ("POST", "PUT", "PATCH", "DELETE"):
        return []
    if request.mimetype != "application/x-www-form-urlencoded":
        return [SentField(name, value, "\ufffd" in value) for name, value in request.form.items(multi=True)]
    return _fields_of(request.get_data(cache=True).decode(errors="surrogateescape"))


def _asked_fields() -> list[SentField]:
    query = request.query_string.decode(errors="surrogateescape")
    # Nearly all are as they should be, and this is asked before every page.
    return [] if query.isascii() and "%" not in query else _fields_of(query)


def _fields_of(encoded: str) -> list[SentField]:
    pairs = parse_qsl(encoded, keep_blank_values=True, errors="surrogateescape")
    return [SentField(_readable(name), _readable(value), not _is_text(name + value)) for name, value in pairs]


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _readable(text: str) -> str:
    return text.encode(errors="surrogateescape").decode(errors="replace")
