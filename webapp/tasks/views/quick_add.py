"""One line that becomes a task: what was understood of it, shown before it is saved."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.errors import InvalidInput
from webapp.tasks.forms.quick_add import QuickAddForm
from webapp.tasks.operations.quick_add import add_tasks
from webapp.tasks.queries.quick_add import understand
from webapp.tasks.rules.quick_add import LONGEST_TEXT, Line, details_of, without_part
from webapp.web import clock
from webapp.web.access import current_actor, current_viewer
from webapp.web.answers import back_or, own_address, say
from webapp.web.formats import MONTH_FIRST_FORMATS

bp = Blueprint("quick_add", __name__, url_prefix="/tasks/quick")


@bp.get("")
def read() -> ResponseReturnValue:
    """Show what is understood of a text: to a script the part below the field, else the page."""
    text, lines, refusal = request.args.get("text", ""), [], None
    try:
        lines = _understand(text)
    except InvalidInput as error:
        refusal = error.message
    status = 422 if refusal else 200
    if "HX-Request" in request.headers:
        return render_template("tasks/_quick_read.html", lines=lines, text=text, refusal=refusal, is_live=True), status
    form = QuickAddForm(text=text[:LONGEST_TEXT])
    if refusal:
        form.text.errors = [refusal]
    return _page(form, lines), status


@bp.post("")
def add() -> ResponseReturnValue:
    """Add the tasks once the person has seen what was understood; until then, show it."""
    form = QuickAddForm()
    lines: list[Line] = []
    if form.validate():
        with form.refusals():
            lines = _understand(form.text.data)
            if form.literal_place is not None and form.has_been_seen:
                form.text.data = without_part(form.text.data, lines, place=form.literal_place)
                lines = _understand(form.text.data)
            elif form.has_been_seen or not _has_more_to_show(lines):
                return _add(form, lines)
            return _page(form, lines)
    return _page(form, lines), 422


def _add(form: QuickAddForm, lines: list[Line]) -> ResponseReturnValue:
    actor = current_actor()
    details = details_of(lines, zone=actor.zone)
    add_tasks(details=details, actor=actor, now=clock.now(), request_key=form.request_key)
    say(f"Added “{details[0].title}”." if len(details) == 1 else f"Added {len(details)} tasks.", undo=True)
    return back_or("tasks.index")


def _understand(text: str) -> list[Line]:
    is_month_first = current_viewer().date_format in MONTH_FIRST_FORMATS
    return understand(text=text, is_month_first=is_month_first, actor=current_actor(), now=clock.now())


def _has_more_to_show(lines: list[Line]) -> bool:
    return len(lines) > 1 or any(line.says_more for line in lines)


def _page(form: QuickAddForm, lines: list[Line]) -> str:
    back = own_address(request.form.get("next"))
    return render_template("tasks/quick.html", form=form, lines=lines, back=back)
