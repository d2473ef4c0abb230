"""What every answer carries and every request must pass: headers, CSRF, sizes, whole bodies."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.routing import IntegerConverter, Map

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
HSTS_SECONDS = 365 * 24 * 3600

# How browsers send a form; one without fields may be sent without a body.
FORM_TYPES = {"application/x-www-form-urlencoded", "multipart/form-data", ""}

# How long we wait for the next part of a body.
SILENT_SECONDS = 10

LARGEST_ID = 2**31 - 1

csrf = CSRFProtect()


class RecordId(IntegerConverter):
    """The id of a record in an address: a whole number that a column can hold."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, min=1, max=LARGEST_ID)


def init_app(app: Flask) -> None:
    """Name each request, refuse what cannot be read, and dress each answer. Call it first: no answer goes without."""
    app.wsgi_app = _whole_bodies(app.wsgi_app)  # type: ignore[method-assign]
    app.before_request(_name_request)
    app.before_request(_refuse_unreadable)
    app.before_request(_limit_body)
    app.after_request(_add_headers)


def guard_forms(app: Flask) -> None:
    """Check forms. Call it after access: who may not see a page is told so before the form is checked."""
    csrf.init_app(app)
    app.before_request(_check_form)


def _name_request() -> None:
    g.request_id = secrets.token_hex(8)


def _refuse_unreadable() -> None:
    # What is not UTF-8 in an address; in forms, and in what a page is asked for, web.unreadable sees to it.
    raw = request.environ
    _require_utf8(raw.get("PATH_INFO", "").encode("latin-1", "replace"))
    if not (request.endpoint and request.method in ("GET", "HEAD")):
        _require_utf8(unquote_to_bytes(raw.get("QUERY_STRING", "")))


def _require_utf8(raw: bytes) -> None:
    try:
        raw.decode()
    except UnicodeDecodeError:
        raise BadRequest("This holds bytes that are not UTF-8.") from None


def _limit_body() -> None:
    if getattr(current_app.view_functions.get(request.endpoint or ""), "takes_upload", False):
        # Room for the file and the fields around it.
        request.max_content_length = current_app.config["MAX_UPLOAD_BYTES"] + 64 * 1024
    length, most = request.content_length, request.max_content_length
    if length is not None and most is not None and length > most:
        raise RequestEntityTooLarge


def _check_form() -> None:
    if request.method not in ("POST", "PUT", "PATCH", "DELETE") or not request.endpoint:
        return
    if request.mimetype not in FORM_TYPES:
        raise UnsupportedMediaType
    if request.mimetype == "application/x-www-form-urlencoded":
        body = request.get_data(cache=True)
        if request.content_length is None and len(body) >= (request.max_content_length or 0):
            # Sent in chunks, whose sum nobody has told: Werkzeug stops at the limit, and this is the beginning only.
            raise RequestEntityTooLarge
    csrf.protect()


def takes_upload(view: Any) -> Any:
    """Let this view receive a file as large as the settings allow."""
    view.takes_upload = True
    return view


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Cache-Control", "no-store")
    headers.setdefault("X-Request-Id", g.get("request_id", ""))
    if current_app.config["HSTS"]:
        headers.setdefault("Strict-Transport-Security", f"max-age={HSTS_SECONDS}; includeSubDomains")
    return response


def _whole_bodies(wsgi_app: Any) -> Any:
    """
    Make a form that was cut off on its way an error instead of a shorter form.

    gunicorn sets `wsgi.input_terminated`, and Werkzeug then trusts the end of the stream over Content-Length.
    """

    def middleware(environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        if environ.get("CONTENT_LENGTH") and "chunked" not in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
            environ.pop("wsgi.input_terminated", None)
        environ["wsgi.input"] = _Body(environ["wsgi.input"], environ.get("gunicorn.socket"))
        return wsgi_app(environ, start_response)

    return middleware


class _Body:
    """
    What a client sends, as a stream that fails like one: by OSError, also where the server has errors of its own.

    A client that says nothing for a while is gone; it must not keep a thread for good.
    """

    def __init__(self, stream: Any, connection: Any) -> None:
        self._stream = stream
        self._connection = connection

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; none at the end."""
        try:
            if self._connection is not None:
                self._connection.settimeout(SILENT_SECONDS)
            return bytes(self._stream.read(size))
        except OSError:
            raise
        except Exception as error:
            raise OSError("The body cannot be read.") from error
        finally:
            if self._connection is not None:
                self._connection.settimeout(None)
