"""Tasks by the day they are due on, a month or a week at a time."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.tasks.errors import TaskNotFound
from webapp.tasks.forms.calendar import MoveForm, read_span
from webapp.tasks.operations import tasks as operations
from webapp.tasks.queries import calendar as queries
from webapp.tasks.queries import labels
from webapp.tasks.requests import read_criteria, write_address
from webapp.tasks.rules.calendar import month_of, week_of
from webapp.web import clock
from webapp.web.access import current_actor, current_viewer
from webapp.web.answers import back_or, say
from webapp.web.filters import write_day

bp = Blueprint("calendar", __name__, url_prefix="/tasks/calendar")


@bp.get("")
def index() -> ResponseReturnValue:
    """Show what is due on each day of a month or a week."""
    page, unknown = _page(MoveForm())
    return page, 422 if unknown else 200


@bp.post("/move")
def move() -> ResponseReturnValue:
    """Make a task due on another day, and go back to the calendar; its month and filters stand in the address."""
    form, actor = MoveForm(), current_actor()
    if form.task_id is None:
        raise TaskNotFound
    if form.validate():
        with form.refusals():
            operations.move_to_day(task_id=form.task_id, day=form.day.data, actor=actor, now=clock.now())
            say(f"The task is due on {write_day(form.day.data)}.", undo=True)
            return back_or("calendar.index")
    page, _ = _page(form)
    return page, 422


def _page(form: MoveForm) -> tuple[str, list[str]]:
    actor, today, week_start = current_actor(), clock.today(), current_viewer().week_start
    span = read_span(request.args, today=today, week_start=week_start)
    criteria = read_criteria(request.args, now=clock.now())
    # Between month and week one stays where one is, and with today if that is there.
    at = max(span.period.start, min(today, span.period.last))
    days = {day.day: day for day in queries.list_days(criteria=criteria, span=span, actor=actor)}
    is_empty = not any(day.tasks for day in days.values())
    unknown = labels.find_unknown(category=criteria.category, tag=criteria.tag, actor=actor) if is_empty else []
    page = render_template(
        "tasks/calendar.html",
        span=span,
        days=days,
        unknown=unknown,
        looked_at=queries.SCANNED_A_DAY,
        today=today,
        month=month_of(at, week_start),
        week=week_of(at, week_start),
        criteria=criteria,
        filters=write_address(criteria),
        form=form,
    )
    return page, unknown
