"""
What was typed into a form that could not be taken, because the person was signed out or the page was old.

It travels, signed, inside the login form and comes back as a page that shows it with a button that sends it again.
Nothing is kept on the server, no password travels, and only forms sent by our own pages are kept at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from itsdangerous import BadData, URLSafeTimedSerializer

from webapp.web.answers import own_address, say
from webapp.web.errors import error_page
from webapp.web.unreadable import has_unreadable_form

KEPT_SECONDS = 24 * 3600
MOST_CHARACTERS = 300_000
# Not typed by a person: made anew with each showing, or only about where to go next.
_NOT_TYPED = {"csrf_token", "request_key", "next", "version", "seen"}
_NOT_SENT_AGAIN = {"csrf_token"}
# What a button of one click sends: pressing it again is easier than reading about it.
_CLICKED = {"status"}


@dataclass(frozen=True)
class HeldForm:
    """A form as it was sent: the address it went to, and its fields in order."""

    address: str
    fields: list[tuple[str, str]]
    had_files: bool

    @property
    def typed(self) -> list[tuple[str, str]]:
        """The fields a person filled in, with names to read."""
        return [
            (name.replace("_", " ").capitalize(), value)
            for name, value in self.fields
            if name not in _NOT_TYPED and value.strip()
        ]


def init_app(app: Flask) -> None:
    """Answer a form with an old token with what was typed, instead of losing it."""

    @app.errorhandler(CSRFError)
    def tell_old_form(error: CSRFError) -> ResponseReturnValue:
        held = held_form()
        if held is None and "HX-Request" in request.headers:
            # One click in a page that is too old: a fresh page, and the click can be made again.
            say("That page was too old. Try again.", kind="info")
            return "", 400, {"HX-Refresh": "true"}
        if held is None or not current_user.is_authenticated:
            return error_page(400, "This form was too old, or your browser keeps no cookies. Load its page again.")
        return send_again_page(held, has_logged_in=False), 400


def held_form() -> HeldForm | None:
    """Return the form that this request sends, when it comes from a page of ours and somebody typed something."""
    if request.method != "POST" or not _is_from_our_pages() or has_unreadable_form():
        return None
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in _NOT_SENT_AGAIN and "password" not in name.lower()
    ]
    held = HeldForm(address=request.full_path.rstrip("?"), fields=fields, had_files=bool(request.files))
    is_typed = any(value.strip() for name, value in fields if name not in _NOT_TYPED | _CLICKED)
    length = sum(len(name) + len(value) for name, value in fields)
    return held if is_typed and length <= MOST_CHARACTERS else None


def pack(held: HeldForm) -> str:
    """Return the form as signed text, to be put into a hidden field."""
    return _signer().dumps([held.address, held.fields, held.had_files])


def unpack(text: str | None) -> HeldForm | None:
    """Return the form that `pack` wrote; None when it is too old, was not written by us, or is not there."""
    if not text:
        return None
    try:
        address, fields, had_files = _signer().loads(text, max_age=KEPT_SECONDS)
    except BadData:
        return None
    if own_address(address) is None:
        return None
    return HeldForm(address, [(name, value) for name, value in fields], had_files)


def send_again_page(held: HeldForm, *, has_logged_in: bool) -> str:
    """Return the page that shows what was typed, with a button that sends it again."""
    return render_template("web/send_again.html", held=held, has_logged_in=has_logged_in)


def _is_from_our_pages() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    # Not parsed: what a stranger calls an address need not be one.
    _scheme, mark, host = request.headers.get("Origin", "").partition("://")
    return bool(mark) and host == request.host


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="held form")
