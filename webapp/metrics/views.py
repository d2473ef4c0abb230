"""Pages of numbers: a dashboard of five analyses, each also a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.metrics import drawings, queries
from webapp.metrics.forms import PeriodForm, read_period_form
from webapp.metrics.queries.calculations import CalculationReport, get_calculations
from webapp.metrics.rules.calculations import MOST_SHOWN
from webapp.values.period import PERIOD_NAMES
from webapp.web import clock
from webapp.web.access import current_actor, current_viewer

bp = Blueprint("metrics", __name__, url_prefix="/metrics")

Report = (
    queries.Dashboard
    | queries.Summary
    | queries.Categories
    | queries.Weekly
    | queries.TimeEfficiency
    | queries.ProductivityTrends
    | CalculationReport
)


@bp.get("")
def index() -> ResponseReturnValue:
    """Show all five."""
    return _show("metrics/index.html", queries.get_dashboard)


@bp.get("/summary")
def summary() -> ResponseReturnValue:
    """Show what the period came to."""
    return _show("metrics/summary.html", queries.get_summary)


@bp.get("/categories")
def categories() -> ResponseReturnValue:
    """Show how time and work are spread."""
    return _show("metrics/categories.html", queries.get_categories)


@bp.get("/weekly")
def weekly() -> ResponseReturnValue:
    """Show the weeks and their scores."""
    return _show("metrics/weekly.html", queries.get_weekly)


@bp.get("/time-efficiency")
def time_efficiency() -> ResponseReturnValue:
    """Show estimates against actual time."""
    return _show("metrics/time_efficiency.html", queries.get_time_efficiency)


@bp.get("/productivity-trends")
def productivity_trends() -> ResponseReturnValue:
    """Show the course of tracked time and finished tasks."""
    return _show("metrics/productivity_trends.html", queries.get_productivity_trends)


@bp.get("/calculations")
def calculations() -> ResponseReturnValue:
    """Show what was worked out, with what, and what was refused."""
    return _show("metrics/calculations.html", get_calculations)


def _show(template: str, ask: Callable[..., Report]) -> ResponseReturnValue:
    viewer, now = current_viewer(), clock.now()
    today = now.astimezone(viewer.zone).date()
    form = read_period_form(request.args, today=today, week_start=viewer.week_start)
    page = {"form": form, "here": request.endpoint, "periods": _periods(form)}
    if form.period is None:
        return render_template("metrics/period.html", **page), 422
    report = ask(actor=current_actor(), period=form.period, who=form.who, week_start=viewer.week_start, now=now)
    return render_template(template, report=report, draw=drawings, most_shown=MOST_SHOWN, **page)


def _periods(form: PeriodForm) -> list[tuple[str, str, bool]]:
    """Return the named periods, each with the address of this page for it and whether it is in use."""
    here, people = str(request.endpoint), cast(dict[str, Any], form.kept_who)
    return [(words, url_for(here, period=name, **people), name == form.name) for name, words in PERIOD_NAMES.items()]
