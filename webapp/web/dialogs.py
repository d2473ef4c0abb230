"""What keys open on every page: the same for everybody, and so made once. The script fills in what is not."""

from __future__ import annotations

from flask import Flask, current_app, render_template, request
from markupsafe import Markup

TEMPLATE = "layouts/_dialogs.html"


def init_app(app: Flask) -> None:
    """Make the dialogs known to the templates."""
    app.extensions["dialogs"] = {}
    app.jinja_env.globals.update(dialogs=dialogs)


def dialogs() -> Markup:
    """Return the templates of all dialogs. They hold nothing of the person: a token in them would be another's."""
    made: dict[str, Markup] = current_app.extensions["dialogs"]
    # Addresses in them begin with where the site is mounted.
    if request.script_root not in made or current_app.debug:
        made[request.script_root] = Markup(render_template(TEMPLATE))  # noqa: S704 - a template of ours, escaped already
    return made[request.script_root]
