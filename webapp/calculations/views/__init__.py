"""Pages: the calculator with its history, and one calculation."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.calculations import operations, queries
from webapp.calculations.engine.numbers import NumberStyle
from webapp.calculations.forms import CalculationForm
from webapp.calculations.queries import CalculationRow
from webapp.customers import queries as customers
from webapp.customers.models import Customer
from webapp.errors import InvalidInput
from webapp.web import clock
from webapp.web.access import current_actor, current_viewer
from webapp.web.answers import see_other

bp = Blueprint("calculations", __name__, url_prefix="/calculations")


@bp.get("")
def index() -> ResponseReturnValue:
    """Show the calculator and what was worked out before; `use` fills it with the numbers of a calculation."""
    use = request.args.get("use", "")
    if use.isascii() and use.isdecimal():
        row = queries.get_calculation(calculation_id=int(use[:12]), actor=current_actor())
        return _calculator(CalculationForm.showing(row, _style()), used=row)
    return _calculator(CalculationForm(_style()))


@bp.post("")
def create() -> ResponseReturnValue:
    """Work out and keep a calculation; with `more`, only show one more input."""
    form = CalculationForm(_style())
    if "more" in request.form:
        form.operands.add()
        return _calculator(form, grown=True)
    if form.validate():
        with form.refusals():
            wanted = form.calculation
            calculation_id = operations.calculate(
                operation=wanted.operation,
                operands=wanted.operands,
                note=form.note.data or "",
                customer_id=form.customer.number,
                revises_id=wanted.revises_id,
                actor=current_actor(),
                now=clock.now(),
                request_key=form.request_key,
            )
            return see_other("calculations.show", calculation_id=calculation_id)
    return _calculator(form), 422


@bp.get("/<int:calculation_id>")
def show(calculation_id: int) -> ResponseReturnValue:
    """Show one calculation, what it was made from, and what was made from it."""
    actor = current_actor()
    calculation = queries.get_calculation(calculation_id=calculation_id, actor=actor)
    return render_template(
        "calculations/show.html",
        calculation=calculation,
        revisions=queries.list_revisions(calculation_id=calculation_id, actor=actor),
        form=_offering(CalculationForm.showing(calculation, _style()), used=calculation),
        style=_style(),
    )


def _calculator(form: CalculationForm, *, used: CalculationRow | None = None, grown: bool = False) -> str:
    after = request.args.get("after") or None if request.method == "GET" else None
    customer = _asked_customer() if request.method == "GET" else None
    return render_template(
        "calculations/index.html",
        form=_offering(form, used=used),
        used=used,
        grown=grown,
        customer=customer,
        history=queries.list_calculations(
            actor=current_actor(), after=after, customer_id=customer.id if customer else None
        ),
        style=_style(),
    )


def _asked_customer() -> Customer | None:
    """Return whose calculations alone the address asks for."""
    asked = request.args.get("customer", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 10):
        raise InvalidInput("Ask for a customer by the number in the address of their page.", field="customer")
    return customers.get_customer(customer_id=int(asked), actor=current_actor())


def _offering(form: CalculationForm, *, used: CalculationRow | None) -> CalculationForm:
    """Return a form with the customers to choose from; whom the numbers were for is one of them, archived or not."""
    chosen = (used.customer_id, used.customer_name) if used and used.customer_id and used.customer_name else None
    form.customer.offer("None", customers.list_names(actor=current_actor()), chosen=chosen)
    return form


def _style() -> NumberStyle:
    return NumberStyle.of(current_viewer().number_format)
