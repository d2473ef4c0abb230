"""How the domain's errors are told in HTTP: the only place, with api/problems, that knows the numbers."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Flask, Response, g, jsonify, make_response, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from webapp.errors import Conflict, DomainError, InvalidInput, NotAllowed, NotFound, Unavailable
from webapp.web.answers import prefers_json

log = logging.getLogger(__name__)

STATUS_OF: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    InvalidInput: 422,
    Conflict: 409,
    Unavailable: 503,
}
RETRY_AFTER_SECONDS = 5
PAGES = frozenset({400, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503})

Translate = Callable[[BaseException], DomainError | None]


def init_app(app: Flask, *, translate: Translate) -> None:
    """Answer every error with a page a person can use. `translate` names the errors of the database."""

    @app.errorhandler(DomainError)
    def tell_domain_error(error: DomainError) -> ResponseReturnValue:
        return error_page(status_of(error), error.message)

    @app.errorhandler(HTTPException)
    def tell_http_error(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if status < 400:
            return error
        page = error_page(status, None)
        retry_after = getattr(error, "retry_after", None)
        if retry_after is not None:
            page.headers["Retry-After"] = str(retry_after)
        if status == 405 and getattr(error, "valid_methods", None):
            page.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
        return page

    @app.errorhandler(Exception)
    def tell_other_error(error: Exception) -> ResponseReturnValue:
        known = translate(error)
        if known is not None:
            log.warning("refused", extra={"reason": type(error).__name__, "as": type(known).__name__})
            return error_page(status_of(known), known.message)
        if app.testing and app.config.get("PROPAGATE_EXCEPTIONS", True):
            raise error
        log.error("unexpected error", exc_info=error)
        return error_page(500, None)


def status_of(error: DomainError) -> int:
    """Return the HTTP status for an error of the domain."""
    return next(status for kind, status in STATUS_OF.items() if isinstance(error, kind))


def error_page(status: int, message: str | None) -> Response:
    """
    Return the page for a status. It needs neither the database nor the session, which may be what failed.

    :param message: what went wrong in the domain's words; the page has its own words without it
    """
    request_id = g.get("request_id", "")
    if prefers_json():
        response = jsonify(type="about:blank", status=status, detail=message or "", request_id=request_id)
        response.mimetype = "application/problem+json"
    else:
        name = status if status in PAGES else (500 if status >= 500 else 400)
        page = render_template(f"errors/{name}.html", message=message, request_id=request_id)
        response = make_response(page)
    response.status_code = status
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
