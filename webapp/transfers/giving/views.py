"""The page that offers tasks and time as files, and the files."""

from __future__ import annotations

from collections.abc import Callable, Generator
from itertools import chain

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.tasks.requests import read_criteria, write_address
from webapp.transfers.giving import operations, queries
from webapp.web import clock
from webapp.web.access import current_actor

bp = Blueprint("giving", __name__, url_prefix="/tasks")


@bp.get("/export")
def index() -> ResponseReturnValue:
    """Say what is in each file, of all tasks or of those a list shows."""
    criteria = read_criteria(request.args, now=clock.now())
    return render_template("transfers/export.html", is_narrowed=criteria.is_narrowed, address=write_address(criteria))


@bp.get("/export.json")
def whole() -> ResponseReturnValue:
    """Send everything as one JSON file."""
    return _file("tasks", "json", "application/json", queries.write_json)


@bp.get("/export.csv")
def tasks() -> ResponseReturnValue:
    """Send tasks as a table."""
    return _file("tasks", "csv", "text/csv", queries.write_tasks)


@bp.get("/entries.csv")
def entries() -> ResponseReturnValue:
    """Send the time spent as a table."""
    return _file("time", "csv", "text/csv", queries.write_entries)


def _file(name: str, ending: str, mimetype: str, write: Callable[..., Generator[str, None, None]]) -> Response:
    actor, criteria = current_actor(), read_criteria(request.args, now=clock.now())
    operations.name_all(actor=actor)
    pieces = write(criteria=criteria, actor=actor)
    # What fails at once is told by a page, not by half a file.
    beginning = next(pieces)
    response = Response(chain([beginning], pieces), mimetype=mimetype)
    response.call_on_close(pieces.close)
    response.headers["Content-Disposition"] = f'attachment; filename="devtrackr-{name}-{clock.today()}.{ending}"'
    return response
