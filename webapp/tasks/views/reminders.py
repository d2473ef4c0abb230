"""Reminders of a task, set, put off and deleted on its page."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.tasks.forms.reminders import ReminderForm, SnoozeForm
from webapp.tasks.operations import reminders as operations
from webapp.tasks.queries import reminders as queries
from webapp.tasks.queries import tasks
from webapp.tasks.views.page import task_page
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.web.answers import back_or, say, see_other

bp = Blueprint("reminders", __name__, url_prefix="/tasks/<int:task_id>/reminders")


@bp.post("")
def add(task_id: int) -> ResponseReturnValue:
    """Have oneself reminded of a task."""
    form, actor = ReminderForm(), current_actor()
    # First, so that a stranger learns nothing from what their form lacks.
    tasks.get_task(task_id=task_id, actor=actor)
    if form.validate():
        with form.refusals():
            operations.add_reminder(
                task_id=task_id,
                timing=form.timing(zone=actor.zone),
                actor=actor,
                now=clock.now(),
                request_key=form.request_key,
            )
            say("Reminder set.", undo=True)
            return see_other("tasks.show", task_id=task_id, _anchor="reminders")
    return task_page(task_id, reminder_form=form), 422


@bp.post("/<int:reminder_id>/snooze")
def snooze(task_id: int, reminder_id: int) -> ResponseReturnValue:
    """Put a reminder off."""
    actor = current_actor()
    queries.get_reminder(reminder_id=reminder_id, task_id=task_id, actor=actor)
    until = SnoozeForm().read()
    operations.snooze_reminder(task_id=task_id, reminder_id=reminder_id, snooze=until, actor=actor, now=clock.now())
    say("The reminder is put off.", undo=True)
    return back_or("tasks.show", task_id=task_id, _anchor="reminders")


@bp.post("/<int:reminder_id>/delete")
def delete(task_id: int, reminder_id: int) -> ResponseReturnValue:
    """Take a reminder away."""
    operations.delete_reminder(task_id=task_id, reminder_id=reminder_id, actor=current_actor(), now=clock.now())
    say("Reminder deleted.", undo=True)
    return see_other("tasks.show", task_id=task_id, _anchor="reminders")
