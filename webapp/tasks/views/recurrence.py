"""Tasks that come again: which dates would come, skipping one, stopping."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.tasks.forms.recurrence import DatesForm, RepeatFields
from webapp.tasks.models import Task
from webapp.tasks.operations import recurrence as operations
from webapp.tasks.operations.tasks import delete_series
from webapp.tasks.queries import recurrence as queries
from webapp.tasks.queries.tasks import get_task
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.web.answers import say, see_other
from webapp.web.filters import write_day

bp = Blueprint("recurrence", __name__, url_prefix="/tasks")


@bp.get("/repeat-dates")
def dates() -> ResponseReturnValue:
    """Show which dates a new task would come on: a piece of its form."""
    return _dates(None)


@bp.get("/<int:task_id>/repeat-dates")
def dates_of(task_id: int) -> ResponseReturnValue:
    """Show which dates a task would come on after an edit."""
    return _dates(get_task(task_id=task_id, actor=current_actor()))


@bp.post("/<int:task_id>/skip")
def skip(task_id: int) -> ResponseReturnValue:
    """Move a task on to its next date."""
    day = operations.skip_occurrence(task_id=task_id, actor=current_actor(), now=clock.now())
    say(f"Skipped. It is due on {write_day(day)} now.", undo=True)
    return see_other("tasks.show", task_id=task_id)


@bp.post("/<int:task_id>/stop-repeating")
def stop(task_id: int) -> ResponseReturnValue:
    """Have a task come no more."""
    operations.set_repeat(task_id=task_id, repeat=None, actor=current_actor(), now=clock.now())
    say("It repeats no more.", undo=True)
    return see_other("tasks.show", task_id=task_id)


@bp.post("/<int:task_id>/delete-series")
def delete(task_id: int) -> ResponseReturnValue:
    """Put a task in the trash, and have it come no more."""
    delete_series(task_id=task_id, actor=current_actor(), now=clock.now())
    say("The task is in the trash, and repeats no more.", undo=True)
    return see_other("tasks.index")


def preview_of(form: RepeatFields, *, task: Task | None) -> queries.Preview | None:
    """Return the dates that saving a form would lead to; what they lack is put beside its field."""
    if form.errors or not form.repeat.data:
        return None
    with form.refusals():
        day, time_of_day = form.read_day_and_clock()
        return queries.preview(
            edit=form.read_edit(),
            day=day,
            clock=time_of_day,
            task=task,
            now=clock.now(),
            actor=current_actor(),
        )
    return None


def _dates(task: Task | None) -> ResponseReturnValue:
    form = DatesForm(request.args)
    preview = preview_of(form, task=task) if form.validate() else None
    problems = [problem for found in form.errors.values() for problem in found]
    page = render_template("tasks/_repeat_dates.html", preview=preview, problems=problems)
    return page, 422 if problems else 200
