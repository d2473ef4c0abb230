"""The timesheet: what the days were spent on, day by day, as a week to type into, or as a list; and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from webapp.tasks.errors import CellsChanged, CellsRefused
from webapp.tasks.forms.timesheet import (
    ROUNDINGS,
    AskedSheet,
    TypedWeek,
    moved,
    named_spans,
    read_sheet,
    read_week,
    views_of,
    write_sheet,
)
from webapp.tasks.operations import timesheet as operations
from webapp.tasks.operations.timesheet import Copied
from webapp.tasks.queries import choices
from webapp.tasks.queries import timesheet as queries
from webapp.tasks.queries.goals import get_goals
from webapp.tasks.queries.week import list_timed_task_ids
from webapp.tasks.rules.time_table import HEADER, line_of
from webapp.tasks.rules.timesheet import SheetCriteria, View
from webapp.tasks.rules.week_grid import MOST_ROWS, write_cell
from webapp.values.period import Period, named_period
from webapp.values.text import counted
from webapp.web import clock
from webapp.web.access import current_actor, current_viewer
from webapp.web.answers import say, see_other
from webapp.web.fields import Form

LINES_AT_ONCE = 100

bp = Blueprint("timesheet", __name__, url_prefix="/timesheet")


@bp.get("")
def index() -> ResponseReturnValue:
    """Show the days of a period, this week by default."""
    asked, actor, now = _asked(), current_actor(), clock.now()
    match asked.view:
        case View.DAY:
            return _page(asked, sheet=queries.get_day(day=asked.period, actor=actor, now=now))
        case View.WEEK:
            return _week_page(asked)
        case View.LIST:
            return _page(
                asked,
                sheet=queries.get_list(criteria=asked.criteria, actor=actor, now=now, after=asked.after),
                choices=choices.list_choices(actor=actor),
                roundings=ROUNDINGS,
                spans=named_spans(asked, today=clock.today(), week_start=current_viewer().week_start, actor=actor),
            )


@bp.get("/export.csv")
def export() -> ResponseReturnValue:
    """Send the time that an address asks for as a table, row by row as it is read."""
    asked, actor, now = _asked(), current_actor(), clock.now()
    entries = queries.stream_entries(criteria=asked.criteria, actor=actor, now=now)
    lines = (line_of(entry, attribution=asked.criteria.attribution) for entry in entries)
    name = f"time-{asked.period.start}-{asked.period.last}.csv"
    return Response(
        stream_with_context(_as_csv(lines)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.get("/week")
def week() -> ResponseReturnValue:
    """Show the week again: where a form came back, its address is this one."""
    # These alone: among others are words that the making of an address understands, such as _external.
    days = {name: request.args[name] for name in ("from", "to") if name in request.args}
    return see_other("timesheet.index", **days, view=View.WEEK)


@bp.post("/week")
def save_week() -> ResponseReturnValue:
    """Write down what was typed into a week, all of it or nothing; or add a row to it."""
    week = read_week(request.form, today=clock.today(), week_start=current_viewer().week_start)
    if request.form.get("do") == "row" or "row-of" in request.form:
        return _with_row(week)
    if week.errors:
        return _unsaved(week, f"Nothing was saved: {counted(len(week.errors), 'cell')} cannot be read.")
    try:
        number = operations.set_cells(
            edits=week.edits, actor=current_actor(), now=clock.now(), request_key=Form().request_key
        )
    except CellsRefused as refusal:
        week.errors.update(refusal.cells)
        return _unsaved(week, refusal.message)
    except CellsChanged as late:
        week.errors.update(
            {cell: f"Says {write_cell(seconds) or 'nothing'} now." for cell, seconds in late.cells.items()}
        )
        week.typed.update(week.with_now(late.cells))
        return _unsaved(week, late.message, status=409)
    say(f"Saved {counted(number, 'cell')}." if number else "Nothing had changed.", undo=bool(number))
    return see_other("timesheet.index", **_address_of(week, row_ids=week.empty_row_ids))


@bp.post("/week/copy")
def copy_week() -> ResponseReturnValue:
    """Write what the week before says into the empty cells of a week."""
    week = read_week(request.form, today=clock.today(), week_start=current_viewer().week_start)
    copied = operations.copy_week(
        week=week.period, from_week=week.period.before(), actor=current_actor(), now=clock.now()
    )
    say(_copied(copied), kind="done" if copied.written else "info", undo=bool(copied.written))
    return see_other("timesheet.index", **_address_of(week))


def _asked() -> AskedSheet:
    return read_sheet(request.args, today=clock.today(), week_start=current_viewer().week_start, actor=current_actor())


def _with_row(week: TypedWeek) -> ResponseReturnValue:
    actor, typed = current_actor(), request.form.get("add", "")
    chosen = request.form.get("row-of", "")
    found = choices.find_tasks(typed=f"#{chosen}" if chosen else typed, actor=actor, now=clock.now())
    if len(week.row_ids) >= MOST_ROWS:
        found, refusal = [], f"A week has {MOST_ROWS} rows at most."
    elif not typed.strip() and not chosen:
        refusal = "Enter the title or the number of a task."
    else:
        refusal = "" if found else "No task is called that. Try a word of its title."
    if len(found) == 1:
        return _typed_page(week, row_ids=(*week.row_ids, found[0][0]), new_row_id=found[0][0])
    return _typed_page(week, row_ids=week.row_ids, add=typed, found=found, add_refusal=refusal), 422 if refusal else 200


def _unsaved(week: TypedWeek, refusal: str, *, status: int = 422) -> ResponseReturnValue:
    return _typed_page(week, row_ids=week.row_ids, refusal=refusal), status


def _typed_page(week: TypedWeek, *, row_ids: tuple[int, ...], **shown: Any) -> str:
    actor = current_actor()
    asked = AskedSheet(View.WEEK, SheetCriteria(week.period, actor.user_id), row_ids=row_ids)
    return _week_page(asked, typed=week, **shown)


def _week_page(asked: AskedSheet, *, typed: TypedWeek | None = None, **shown: Any) -> str:
    actor, now = current_actor(), clock.now()
    row_ids = asked.row_ids
    if asked.with_last_week:
        row_ids += tuple(list_timed_task_ids(period=asked.period.before(), actor=actor))
    return _page(
        asked,
        sheet=queries.get_week(
            week=asked.period,
            actor=actor,
            now=now,
            added=row_ids,
            typed=typed.typed if typed else None,
            errors=typed.errors if typed else None,
        ),
        form=Form(formdata=None),
        offered=choices.list_tasks_to_choose(actor=actor),
        **shown,
    )


def _page(asked: AskedSheet, **shown: Any) -> str:
    viewer, actor, today = current_viewer(), current_actor(), clock.today()
    address = write_sheet(asked, actor=actor)
    now_shown = Period.of_day(today)
    if asked.view is not View.DAY:
        now_shown = named_period("this-week", today=today, week_start=viewer.week_start)
    return render_template(
        "timesheet/index.html",
        asked=asked,
        address=address,
        period=asked.period,
        today=today,
        is_now=asked.period == now_shown,
        # What is left of today and of this week is no matter on others.
        goals=_goals() if asked.period == now_shown and asked.view is not View.LIST else None,
        earlier=moved(address, asked.period.before()),
        later=moved(address, asked.period.after()),
        views=views_of(asked, today=today, week_start=viewer.week_start),
        most_rows=MOST_ROWS,
        **shown,
    )


def _goals() -> Any:
    viewer = current_viewer()
    return get_goals(
        actor=current_actor(),
        now=clock.now(),
        day_minutes=viewer.goal_day_minutes,
        week_minutes=viewer.goal_week_minutes,
        week_start=viewer.week_start,
    )


def _address_of(week: TypedWeek, *, row_ids: list[int] | None = None) -> dict[str, Any]:
    return {
        "view": View.WEEK,
        "from": week.period.start.isoformat(),
        "to": week.period.last.isoformat(),
        "row": row_ids or None,
    }


def _copied(copied: Copied) -> str:
    words = f"Copied {counted(copied.written, 'cell')} of the week before." if copied.written else "Nothing was copied."
    if copied.kept:
        words += f" {counted(copied.kept, 'cell')} had time already."
    if copied.to_come:
        words += f" Days still to come were left out: {counted(copied.to_come, 'cell')}."
    if not (copied.written or copied.kept or copied.to_come):
        words += " The week before is empty."
    return words


def _as_csv(lines: Iterator[tuple[str, ...]]) -> Iterator[bytes]:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    # The mark says that it is UTF-8: without it a spreadsheet guesses.
    yield text.getvalue().encode("utf-8-sig")
    while some := list(islice(lines, LINES_AT_ONCE)):
        text.seek(0)
        text.truncate()
        writer.writerows(some)
        yield text.getvalue().encode()
