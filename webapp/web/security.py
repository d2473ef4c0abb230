"""What every answer carries and every request must pass: headers, CSRF, sizes, whole bodies."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"
HSTS_SECONDS = 365 * 24 * 3600

csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    """Guard the application. Call it after access: who may not see a page is told so before the form is checked."""
    csrf.init_app(app)
    app.wsgi_app = _whole_bodies(app.wsgi_app)  # type: ignore[method-assign]
    app.before_request(_name_request)
    app.before_request(_refuse_unreadable)
    app.before_request(_limit_body)
    app.before_request(_check_csrf)
    app.after_request(_add_headers)


def _name_request() -> None:
    g.request_id = secrets.token_hex(8)


def _refuse_unreadable() -> None:
    # Werkzeug puts U+FFFD where bytes are not UTF-8; saving that would change what was meant.
    raw = request.environ.get("QUERY_STRING", "") + request.environ.get("PATH_INFO", "")
    if "\ufffd" in request.full_path and "%EF%BF%BD" not in raw.upper():
        raise BadRequest("The address holds bytes that are not UTF-8.")


def _limit_body() -> None:
    if getattr(current_app.view_functions.get(request.endpoint or ""), "takes_upload", False):
        # Room for the file and the fields around it.
        request.max_content_length = current_app.config["MAX_UPLOAD_BYTES"] + 64 * 1024
    length, most = request.content_length, request.max_content_length
    if length is not None and most is not None and length > most:
        raise RequestEntityTooLarge


def _check_csrf() -> None:
    if request.method in ("POST", "PUT", "PATCH", "DELETE") and request.endpoint:
        csrf.protect()
        if any("\ufffd" in value for values in request.form.listvalues() for value in values):
            raise BadRequest("The form holds bytes that are not UTF-8.")


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
        return wsgi_app(environ, start_response)

    return middleware
