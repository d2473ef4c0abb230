"""Tasks on a board: a column for each status, and cards that move between them."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.tasks.queries import board as queries
from webapp.tasks.queries import labels
from webapp.tasks.requests import read_criteria, write_address
from webapp.web import clock
from webapp.web.access import current_actor

bp = Blueprint("board", __name__, url_prefix="/tasks/board")


@bp.get("")
def index() -> ResponseReturnValue:
    """Show tasks by status. Cards are moved by tasks.set_status."""
    actor = current_actor()
    criteria = read_criteria(request.args, now=clock.now())
    columns = queries.list_columns(criteria=criteria, actor=actor)
    is_empty = not any(column.rows for column in columns)
    unknown = labels.find_unknown(category=criteria.category, tag=criteria.tag, actor=actor) if is_empty else []
    shown = render_template(
        "tasks/board.html",
        columns=columns,
        unknown=unknown,
        criteria=criteria,
        address=write_address(criteria),
        most=queries.MOST_IN_A_COLUMN,
    )
    return shown, 422 if unknown else 200
