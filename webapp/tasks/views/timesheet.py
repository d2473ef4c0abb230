"""The timesheet: what the days were spent on."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.customers import queries as customers
from webapp.tasks.forms.entries import AddEntryForm
from webapp.tasks.forms.timesheet import address_of, read_period
from webapp.tasks.queries import timesheet as queries
from webapp.values.period import named_period
from webapp.web import clock
from webapp.web.access import current_actor, current_viewer

bp = Blueprint("timesheet", __name__, url_prefix="/timesheet")


@bp.get("")
def index() -> ResponseReturnValue:
    """Show the days of a period, this week by default."""
    viewer, today = current_viewer(), clock.today()
    period = read_period(request.args, today=today, week_start=viewer.week_start)
    actor = current_actor()
    form = AddEntryForm.empty(day=today)
    form.offer(queries.list_tasks_to_choose(actor=actor))
    form.offer_customers(customers.list_names(actor=actor))
    return render_template(
        "timesheet/index.html",
        sheet=queries.get_timesheet(period=period, actor=actor, now=clock.now()),
        today=today,
        this_week=named_period("this-week", today=today, week_start=viewer.week_start),
        earlier=address_of(period.before()),
        later=address_of(period.after()),
        entry_form=form,
    )
