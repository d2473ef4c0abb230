"""Pages of what was changed."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.history import operations, queries
from webapp.history.operations import Undone
from webapp.tasks.queries import tasks
from webapp.tasks.rules.history import UNDO_DAYS
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.web.answers import own_address, say, see_other

bp = Blueprint("history", __name__)

# Where the page of a record is, by its table: nobody is sent to one that is gone.
_PAGES_OF = {"tasks": "tasks.index", "customers": "customers.index", "worksheets": "worksheets.index"}


@bp.get("/history")
def index() -> ResponseReturnValue:
    """Show what was changed, newest first."""
    page = queries.list_changes(actor=current_actor(), now=clock.now(), after=request.args.get("after") or None)
    return render_template("history/index.html", page=page, task=None, undo_days=UNDO_DAYS)


@bp.get("/tasks/<int:task_id>/history")
def of_task(task_id: int) -> ResponseReturnValue:
    """Show what was changed about one task."""
    actor = current_actor()
    task = tasks.get_task(task_id=task_id, actor=actor)
    page = queries.list_changes(actor=actor, now=clock.now(), after=request.args.get("after") or None, task_id=task_id)
    return render_template("history/index.html", page=page, task=task, undo_days=UNDO_DAYS)


@bp.post("/history/<int:change_id>/undo")
def undo(change_id: int) -> ResponseReturnValue:
    """Undo a change, and go back to where one was."""
    undone = operations.undo_change(change_id=change_id, actor=current_actor(), now=clock.now())
    if undone.is_done_again:
        say(f"Done again: {undone.summary}.", undo=True)
    else:
        say(f"Undone: {undone.summary}.", undo=True, undo_word="Redo")
    back = own_address(request.form.get("next"))
    if back is None or _is_gone(back, undone):
        return see_other("tasks.index")
    return redirect(back, 303)


def _is_gone(address: str, undone: Undone) -> bool:
    path = address.partition("?")[0]
    gone = {f"{url_for(_PAGES_OF[table])}/{key}" for table, key in undone.removed if table in _PAGES_OF}
    return any(path == page or path.startswith(f"{page}/") for page in gone)
