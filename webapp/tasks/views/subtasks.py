"""The parts of a task, added and put in order on its page."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.tasks.forms.parts import SubtaskForm
from webapp.tasks.operations import subtasks as operations
from webapp.tasks.queries import tasks as queries
from webapp.tasks.views.page import task_page
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.web.answers import see_other

bp = Blueprint("subtasks", __name__, url_prefix="/tasks/<int:task_id>")


@bp.post("/subtasks")
def add(task_id: int) -> ResponseReturnValue:
    """Add a part to a task, and go back to where the next one is typed."""
    form, actor = SubtaskForm(), current_actor()
    # First, so that a stranger learns nothing from what their form lacks.
    queries.get_task(task_id=task_id, actor=actor)
    if form.validate():
        with form.refusals():
            operations.add_subtask(
                task_id=task_id, title=form.title.data, actor=actor, now=clock.now(), request_key=form.request_key
            )
            return see_other("tasks.show", task_id=task_id, _anchor="subtasks")
    return task_page(task_id, subtask_form=form), 422


@bp.post("/up")
def move_up(task_id: int) -> ResponseReturnValue:
    """Move one part before the one above it."""
    parent_id = operations.move_up(task_id=task_id, actor=current_actor(), now=clock.now())
    return see_other("tasks.show", task_id=parent_id, _anchor="subtasks")
