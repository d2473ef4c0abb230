"""Pages: the calculator with its history, one calculation, and the reference."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts import operations as accounts
from webapp.calculations.engine.settings import Angle, Settings
from webapp.calculations.engine.writing import find_style
from webapp.calculations.forms.calculations import Chosen, ExpressionForm, OperationForm
from webapp.calculations.forms.history import Filters, read_filters
from webapp.calculations.operations import names as kept_names
from webapp.calculations.operations import records as operations
from webapp.calculations.queries import history
from webapp.calculations.queries.answers import Answer, answer_of_record, refusal_of
from webapp.calculations.queries.names import list_names
from webapp.calculations.queries.preview import preview as preview_line
from webapp.calculations.queries.record import Record
from webapp.calculations.queries.reference import list_completions, list_operations, list_sections
from webapp.calculations.queries.settings import settings_of
from webapp.calculations.rules.typed import TypedExpression, TypedOperation
from webapp.customers import queries as customers
from webapp.errors import NotFound
from webapp.tasks.queries.blockers import find_named
from webapp.tasks.queries.choices import list_tasks_to_choose
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.web.answers import back_or, say, see_other
from webapp.web.limits import few_of_a_person

bp = Blueprint("calculations", __name__, url_prefix="/calculations")


@bp.get("")
def index() -> ResponseReturnValue:
    """
    Show the calculator and what was worked out before.

    `use` fills it with a calculation, `expression` with a line; `kept` shows the answer that was just kept.
    """
    used, kept = _asked_record("use"), _asked_record("kept")
    settings = _settings()
    if kept:
        line = ExpressionForm.holding("", task_id=kept.task_id, customer_id=kept.customer_id)
        answer = answer_of_record(kept, number_format=settings.number_format)
        return _page(line=line, answer=answer, kept=kept, takes_focus=True)
    if used and used.text is None:
        return _page(by_operation=OperationForm.showing(used, settings), used=used)
    if used:
        line = ExpressionForm.showing(used, settings)
        return _page(line=line, answer=_preview(line), used=used, takes_focus=True)
    filters = read_filters(request.args)
    line = ExpressionForm.holding(
        request.args.get("expression", ""), task_id=filters.task, customer_id=filters.customer
    )
    return _page(line=line, answer=_preview(line), filters=filters, takes_focus=bool(line.expression.data))


@bp.post("")
def create() -> ResponseReturnValue:
    """
    Work out and keep a calculation: a line, or an operation and its numbers.

    With `repair` the line is only written so; with `more` one more number is asked for.
    """
    return _create_line() if request.form.keys() & {"expression", "repair"} else _create_by_operation()


@bp.post("/preview")
@few_of_a_person
def preview() -> ResponseReturnValue:
    """Show what a line comes to: to a script the part below the line, else the page. Nothing is kept."""
    form = ExpressionForm()
    answer = _preview(form)
    if "HX-Request" in request.headers:
        return render_template("calculations/_answer.html", answer=answer)
    return _page(line=form, answer=answer, takes_focus=True)


@bp.get("/reference")
def reference() -> ResponseReturnValue:
    """Show what the calculator understands, with examples."""
    return render_template("calculations/reference.html", sections=list_sections(_settings().number_format))


@bp.get("/<int:calculation_id>")
def show(calculation_id: int) -> ResponseReturnValue:
    """Show one calculation: all that was kept, what it was made from, and what was made from it."""
    actor, settings = current_actor(), _settings()
    record = history.get_calculation(calculation_id=calculation_id, actor=actor)
    form = None
    if record.operation:
        form = OperationForm.showing(record, settings)
        form.offer(
            tasks=list_tasks_to_choose(actor=actor),
            customers=customers.list_names(actor=actor),
            chosen=_chosen_of(record),
        )
    return render_template(
        "calculations/show.html",
        calculation=record,
        answer=answer_of_record(record, number_format=settings.number_format),
        revisions=history.list_revisions(calculation_id=calculation_id, actor=actor),
        form=form,
        sample=find_style(settings.number_format).sample,
    )


@bp.post("/<int:calculation_id>/hide")
def hide(calculation_id: int) -> ResponseReturnValue:
    """Take a calculation out of the history; it stays in the chain."""
    operations.hide_calculation(calculation_id=calculation_id, actor=current_actor(), now=clock.now())
    say("The calculation is out of the history.", undo=url_for("calculations.restore", calculation_id=calculation_id))
    return see_other("calculations.index")


@bp.post("/<int:calculation_id>/restore")
def restore(calculation_id: int) -> ResponseReturnValue:
    """Put a calculation back into the history."""
    operations.restore_calculation(calculation_id=calculation_id, actor=current_actor())
    say("The calculation is back in the history.")
    return see_other("calculations.show", calculation_id=calculation_id)


@bp.post("/names/<int:name_id>/remove")
def remove_name(name_id: int) -> ResponseReturnValue:
    """Forget a name; what was worked out with it stays as it is."""
    name = kept_names.remove_name(name_id=name_id, actor=current_actor(), now=clock.now())
    say(f"The name “{name}” is removed.", undo=url_for("calculations.restore_name", name_id=name_id))
    return see_other("calculations.index")


@bp.post("/names/<int:name_id>/restore")
def restore_name(name_id: int) -> ResponseReturnValue:
    """Let a removed name mean again what it did."""
    name = kept_names.restore_name(name_id=name_id, actor=current_actor())
    say(f"The name “{name}” is back.")
    return see_other("calculations.index")


@bp.post("/angle")
def set_angle() -> ResponseReturnValue:
    """Set what a number without a unit means to `sin` and its like."""
    asked = request.form.get("angle", "")
    accounts.set_angle_mode(angle=asked, actor=current_actor())
    say(f"Angles without a unit are in {'degrees' if asked == Angle.DEGREES else 'radians'} now.")
    return back_or("calculations.index")


def _create_line() -> ResponseReturnValue:
    form, actor = ExpressionForm(), current_actor()
    if "repair" in request.form:
        form.expression.data = request.form["repair"]
        return _page(line=form, answer=_preview(form), takes_focus=True)
    if form.validate():
        with form.refusals():
            kept = operations.keep(
                typed=TypedExpression(form.expression.data),
                note=form.note.data,
                task_id=form.task.number,
                customer_id=form.customer.number,
                revises_id=form.revises.number,
                actor=actor,
                now=clock.now(),
                request_key=form.request_key,
            )
            if kept.error is None:
                return see_other("calculations.index", kept=kept.id)
            form.renew_request_key()
            return _page(line=form, answer=refusal_of(form.expression.data, kept.error), takes_focus=True), 422
    return _page(line=form, answer=_preview(form)), 422


def _create_by_operation() -> ResponseReturnValue:
    form = OperationForm(_settings())
    if "more" in request.form:
        form.operands.add()
        return _page(by_operation=form, grown=True)
    is_valid = form.validate()
    if form.attempt is not None:
        # What the schema has refused is an attempt, too, and kept as such.
        with form.refusals():
            kept = operations.keep(
                typed=TypedOperation(form.attempt.operation, form.attempt.operands),
                note=form.note.data,
                task_id=form.task.number,
                customer_id=form.customer.number,
                revises_id=form.revises.number,
                actor=current_actor(),
                now=clock.now(),
                request_key=form.request_key,
            )
            if is_valid and kept.error is None:
                return see_other("calculations.show", calculation_id=kept.id)
            if kept.error is not None:
                form.tell(kept.error)
    return _page(by_operation=form), 422


def _page(
    *,
    line: ExpressionForm | None = None,
    by_operation: OperationForm | None = None,
    answer: Answer | None = None,
    used: Record | None = None,
    kept: Record | None = None,
    filters: Filters | None = None,
    grown: bool = False,
    takes_focus: bool = False,
) -> str:
    actor, settings, filters = current_actor(), _settings(), filters or Filters()
    line = line or ExpressionForm.holding("")
    by_operation = by_operation or OperationForm(settings, formdata=None)
    tasks, clients = list_tasks_to_choose(actor=actor), customers.list_names(actor=actor)
    begun_with = used or kept
    chosen = _chosen_of(begun_with) if begun_with else _chosen_by(filters)
    for form in (line, by_operation):
        form.offer(tasks=tasks, customers=clients, chosen=chosen)
    return render_template(
        "calculations/index.html",
        line=line,
        by_operation=by_operation,
        answer=answer,
        used=used,
        kept=kept,
        grown=grown,
        takes_focus=takes_focus,
        angle=settings.angle,
        sample=find_style(settings.number_format).sample,
        completions=list_completions(),
        names=list_names(actor=actor),
        filters=filters,
        applied=filters.applied(task=chosen.task, customer=chosen.customer),
        operations=list_operations(),
        history=history.list_calculations(
            actor=actor,
            filters=filters.asked(actor),
            after=request.args.get("after") or None if request.method == "GET" else None,
        ),
    )


def _preview(form: ExpressionForm) -> Answer | None:
    return preview_line(text=form.expression.data or "", actor=current_actor(), now=clock.now())


def _settings() -> Settings:
    return settings_of(actor=current_actor(), now=clock.now())


def _asked_record(name: str) -> Record | None:
    """Return the calculation that the address names; None where it names none."""
    typed = request.args.get(name, "")
    if not (typed.isascii() and typed.isdecimal()):
        return None
    return history.get_calculation(calculation_id=int(typed[:12]), actor=current_actor())


def _chosen_of(record: Record) -> Chosen:
    return Chosen(
        task=(record.task_id, record.task_title) if record.task_id and record.task_title else None,
        customer=(record.customer_id, record.customer_name) if record.customer_id and record.customer_name else None,
    )


def _chosen_by(filters: Filters) -> Chosen:
    """Return what the history is narrowed to, by name. :raises NotFound: when it is not the viewer's to see"""
    actor, task, customer = current_actor(), None, None
    if filters.task is not None:
        named = find_named(typed=f"#{filters.task}", task_id=None, actor=actor)
        if not named:
            raise NotFound
        task = (named[0].id, named[0].title)
    if filters.customer is not None:
        found = customers.get_customer(customer_id=filters.customer, actor=actor)
        customer = (found.id, found.name)
    return Chosen(task, customer)
