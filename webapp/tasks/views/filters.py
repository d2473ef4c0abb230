"""The form that narrows a list, a board or a calendar: fetched when its menu opens, and a page without script."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.customers import queries as customers
from webapp.tasks.queries import categories
from webapp.tasks.requests import read_criteria, read_page, write_address
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.workspaces import queries as workspaces

bp = Blueprint("filters", __name__, url_prefix="/tasks/filter")

# What the address of a page holds besides its filters.
KEPT = ("month", "week", "view")


@bp.get("")
def index() -> ResponseReturnValue:
    """Show what a list can be narrowed by, with what it is narrowed by now."""
    actor = current_actor()
    page = read_page(request.args)
    criteria = read_criteria(request.args, now=clock.now())
    chosen = criteria.customer_id if isinstance(criteria.customer_id, int) else None
    kept = {name: request.args[name] for name in KEPT if name in request.args}
    return render_template(
        "tasks/_filters.html" if "HX-Request" in request.headers else "tasks/filters.html",
        endpoint=f"{page}.index",
        address={**write_address(criteria), **kept},
        categories=[(category.name, category.name) for category in categories.list_names(actor=actor)],
        people=workspaces.list_names(actor=actor),
        customers=customers.list_choices(chosen=chosen, actor=actor),
    )
