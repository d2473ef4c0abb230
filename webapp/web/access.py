"""Who is asking, and whether they may. Every page needs a signed-in person unless it is marked `@public`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any, Protocol, TypeVar, cast
from zoneinfo import ZoneInfo

from flask import Flask, Request, current_app, g, request, session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response

from webapp.values.actor import Actor
from webapp.web import clock

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class Viewer(Protocol):
    """The signed-in person as pages know them (workspaces.queries provides it)."""

    user_id: int
    workspace_id: int
    session_id: int
    is_remembered: bool
    name: str
    initials: str
    email: str
    zone: ZoneInfo
    week_start: int
    day_end: time | None
    idle_after_minutes: int | None
    goal_day_minutes: int | None
    goal_week_minutes: int | None
    number_format: str
    date_format: str
    theme: str
    workspace_name: str
    workspaces: list[tuple[int, str]]
    unread_notices: int


ViewerLoader = Callable[..., Any]


def public(view: View) -> View:
    """Let everybody see this page, signed in or not."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def current_viewer() -> Viewer:
    """Return the signed-in person. Only for pages that are not public."""
    return known_viewer() or cast(Viewer, current_user)


def find_viewer() -> Viewer | None:
    """Return the signed-in person, or None."""
    return known_viewer() or (cast(Viewer, current_user) if current_user.is_authenticated else None)


def known_viewer() -> Viewer | None:
    """Return the signed-in person if this request has asked for a login: themselves, whom no proxy looks up again."""
    return cast("Viewer | None", g.get("viewer"))


def current_actor() -> Actor:
    """Return the signed-in person as operations and queries take them."""
    viewer = current_viewer()
    return Actor(user_id=viewer.user_id, workspace_id=viewer.workspace_id, zone=viewer.zone)


def init_app(app: Flask, *, load_viewer: ViewerLoader, refuse: Callable[[], ResponseReturnValue]) -> None:
    """
    Ask for a login before every page that is not public.

    :param load_viewer: takes `session_key` and `now`, returns a Viewer or None
    :param refuse: answers a request that needs a login and has none
    """
    manager = LoginManager()
    manager.session_protection = None
    # Its context processor would ask for the person on every page, also on the one that says the database is away.
    manager.init_app(app, add_context_processor=False)

    @manager.request_loader  # type: ignore[untyped-decorator]
    def load(request: Request) -> Any:
        key = request.cookies.get(app.config["LOGIN_COOKIE_NAME"])
        return load_viewer(session_key=key, now=clock.now()) if key else None

    @app.before_request
    def require_login() -> ResponseReturnValue | None:
        if request.endpoint is None or request.endpoint == "static" or is_public(request.endpoint):
            return None
        if not current_user.is_authenticated:
            return refuse()
        g.viewer = current_user._get_current_object()
        return None


def is_public(endpoint: str) -> bool:
    """Tell whether the page behind an endpoint is open to everybody."""
    return getattr(current_app.view_functions.get(endpoint), "is_public", False)


def login_key() -> str | None:
    """Return what the browser's login cookie holds, whether or not it opens anything."""
    return request.cookies.get(current_app.config["LOGIN_COOKIE_NAME"]) or None


def renew_form_session() -> None:
    """
    Forget the secret behind the CSRF tokens, and messages not yet shown.

    Call it whenever somebody logs in or out: what one person's pages held must not be good for another's.
    """
    session.clear()
    # Flask-WTF keeps the token of this request here; a form on the answer needs a fresh one.
    g.pop(current_app.config.get("WTF_CSRF_FIELD_NAME", "csrf_token"), None)


def set_login_cookie(response: Response, *, key: str, lasts_seconds: int | None) -> None:
    """Give the browser the key of its session; without a length the cookie ends with the browser."""
    response.set_cookie(
        current_app.config["LOGIN_COOKIE_NAME"],
        key,
        max_age=lasts_seconds,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )


def clear_login_cookie(response: Response) -> None:
    """Take the key back."""
    response.delete_cookie(
        current_app.config["LOGIN_COOKIE_NAME"],
        path="/",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
