"""The page a person begins their day on."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp.tasks.queries import today as queries
from webapp.tasks.queries.goals import get_goals
from webapp.tasks.rules.day_plan import Fit, Plan
from webapp.web import clock
from webapp.web.access import current_actor, current_viewer
from webapp.web.formats import write_duration

bp = Blueprint("today", __name__, url_prefix="/today")


@bp.get("")
def index() -> ResponseReturnValue:
    """Show what the day holds; to somebody new, what to do first."""
    actor, viewer, now = current_actor(), current_viewer(), clock.now()
    today = queries.get_today(actor=actor, now=now, day_end=viewer.day_end)
    return render_template(
        "today/index.html",
        today=today,
        notes=_notes(today.plan),
        day=clock.today(),
        goals=get_goals(
            actor=actor,
            now=now,
            day_minutes=viewer.goal_day_minutes,
            week_minutes=viewer.goal_week_minutes,
            week_start=viewer.week_start,
        ),
        steps=queries.get_first_steps(actor=actor),
    )


def _notes(plan: Plan | None) -> dict[int, str]:
    """Return what is said of the tasks that fit into the day, by id."""
    return {
        task_id: f"Fits: {'usually ' if planned.is_by_habit else ''}{write_duration(planned.left_seconds or 0)}"
        for task_id, planned in (plan.tasks if plan else {}).items()
        if planned.fit is Fit.FITS
    }
