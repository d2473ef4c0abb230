"""Files the browser keeps: served under an address that changes with their contents, and so cached for a year."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, make_response, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue

from webapp.web.access import public

bp = Blueprint("assets", __name__)

LAYER_ORDER = "_layers.css"
FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=300"


def init_app(app: Flask) -> None:
    """Serve `static/` under a versioned address, and its style sheets as one."""
    folder = Path(str(app.static_folder))
    app.extensions["assets"] = {"version": _version(folder), "css": _bundle(folder / "css")}
    app.register_blueprint(bp)
    app.jinja_env.globals.update(asset=asset, css_bundle_url=css_bundle_url)


def asset(path: str) -> str:
    """Return the address of a file in `static/`."""
    # Written out, not asked of url_for: a list draws its icons some hundred and fifty times.
    return f"{request.script_root}/static/{_current_version()}/{path}"


def css_bundle_url() -> str:
    """Return the address of all style sheets in one."""
    return url_for("assets.css", version=_current_version())


@bp.get("/static/<version>/app.css")
@public
def css(version: str) -> ResponseReturnValue:
    """All style sheets in one file, so that a page needs one request for them."""
    text = current_app.extensions["assets"]["css"]
    if current_app.debug:
        text = _bundle(Path(str(current_app.static_folder)) / "css")
    response = make_response(text)
    response.mimetype = "text/css"
    return _kept(response, version)


@bp.get("/static/<version>/<path:path>")
@public
def file(version: str, path: str) -> ResponseReturnValue:
    """One file; relative addresses inside it (modules, sprites) stay in the same version."""
    if path.startswith("css/"):
        abort(404)
    return _kept(send_from_directory(str(current_app.static_folder), path), version)


def _kept(response: Response, version: str) -> Response:
    # A page rendered by the release before asks for its own version: it gets today's file, and keeps it briefly.
    response.headers["Cache-Control"] = FOREVER if version == _current_version() else BRIEFLY
    return response


def _current_version() -> str:
    return str(current_app.extensions["assets"]["version"])


def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _bundle(folder: Path) -> str:
    files = sorted(folder.glob("*.css"), key=lambda path: (path.name != LAYER_ORDER, path.name))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)
