"""The front door and two small ones: what this is, what time it is, hello."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from webapp.errors import InvalidInput
from webapp.web import clock
from webapp.web.access import find_viewer, public
from webapp.web.answers import see_other

bp = Blueprint("web", __name__)


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """Show the product to a visitor; send who is signed in to their day."""
    return see_other("today.index") if find_viewer() else render_template("web/home.html")


@bp.get("/help", endpoint="help")
@public
def show_help() -> ResponseReturnValue:
    """Show the guide to whoever asks, signed in or not."""
    return render_template("help/index.html")


@bp.get("/hello")
@public
def hello() -> ResponseReturnValue:
    """Greet."""
    return jsonify(message="Hello from DevTrackr")


@bp.get("/time")
@public
def time() -> ResponseReturnValue:
    """Tell the time in UTC, as RFC 3339 or as seconds since 1970."""
    now = clock.now()
    match request.args.get("format", "iso"):
        case "iso":
            return jsonify(time=now.strftime("%Y-%m-%dT%H:%M:%SZ"))
        case "seconds":
            return jsonify(time=int(now.timestamp()))
        case other:
            raise InvalidInput(f"“{other[:40]}” is not a format. Use iso or seconds.", field="format")
