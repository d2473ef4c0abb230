"""The page a person begins their day on."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp.tasks.queries import today as queries
from webapp.web import clock
from webapp.web.access import current_actor

bp = Blueprint("today", __name__, url_prefix="/today")


@bp.get("")
def index() -> ResponseReturnValue:
    """Show what the day holds; to somebody new, what to do first."""
    actor = current_actor()
    return render_template(
        "today/index.html",
        today=queries.get_today(actor=actor, now=clock.now()),
        day=clock.today(),
        steps=queries.get_first_steps(actor=actor),
    )
