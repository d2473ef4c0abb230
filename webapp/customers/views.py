"""Pages about customers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue

from webapp.customers import operations, queries
from webapp.customers.errors import CustomerEditedMeanwhile
from webapp.customers.forms import CustomerForm, read_filters
from webapp.values.money import cost_of
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.web.answers import say, see_other

bp = Blueprint("customers", __name__, url_prefix="/customers")


def init_app(app: Flask, *, get_work: Callable[..., Any], list_calculations: Callable[..., Any]) -> None:
    """
    Learn how to ask what is done for a customer: that is known to features above this one.

    :param get_work: takes `customer_id`, `actor` and `now` (tasks.queries.customers)
    :param list_calculations: takes `customer_id` and `actor` (calculations.queries.history)
    """
    app.extensions["customer_work"] = get_work
    app.extensions["customer_calculations"] = list_calculations


@bp.get("")
def index() -> ResponseReturnValue:
    """List the customers."""
    filters = read_filters(request.args)
    page = queries.list_customers(
        actor=current_actor(),
        words=filters.words,
        created_from=filters.created_from,
        created_to=filters.created_to,
        is_archived=None if filters.has_archived else False,
        after=request.args.get("after") or None,
    )
    return render_template("customers/index.html", page=page, filters=filters)


@bp.get("/new")
def new() -> ResponseReturnValue:
    """Show an empty form."""
    return render_template("customers/new.html", form=CustomerForm())


@bp.post("")
def create() -> ResponseReturnValue:
    """Add a customer."""
    form = CustomerForm()
    if form.validate():
        with form.refusals():
            customer_id = operations.create_customer(
                details=form.details(), actor=current_actor(), now=clock.now(), request_key=form.request_key
            )
            say("Customer added.", undo=True)
            return see_other("customers.show", customer_id=customer_id)
    return render_template("customers/new.html", form=form), 422


@bp.get("/<int:customer_id>")
def show(customer_id: int) -> ResponseReturnValue:
    """Show one customer."""
    actor = current_actor()
    customer = queries.get_customer(customer_id=customer_id, actor=actor)
    work = current_app.extensions["customer_work"](customer_id=customer_id, actor=actor, now=clock.now())
    attached = current_app.extensions["customer_calculations"](customer_id=customer_id, actor=actor)
    rate = customer.hourly_rate
    return render_template(
        "customers/show.html",
        customer=customer,
        work=work,
        attached=attached,
        cost=None if rate is None else cost_of(work.tracked_seconds, hourly_rate=rate),
    )


@bp.get("/<int:customer_id>/edit")
def edit(customer_id: int) -> ResponseReturnValue:
    """Show the form for one customer."""
    customer = queries.get_customer(customer_id=customer_id, actor=current_actor())
    return render_template("customers/edit.html", customer=customer, form=CustomerForm.of(customer), is_late=False)


@bp.post("/<int:customer_id>")
def save(customer_id: int) -> ResponseReturnValue:
    """Change a customer. Who was too late is shown what they wrote beside what is there now."""
    form, actor = CustomerForm(), current_actor()
    customer = queries.get_customer(customer_id=customer_id, actor=actor)
    status = 422
    if form.validate():
        try:
            with form.refusals():
                operations.save_customer(
                    customer_id=customer_id,
                    details=form.details(),
                    version=form.version.data,
                    actor=actor,
                    now=clock.now(),
                )
                say("Customer saved.", undo=True)
                return see_other("customers.show", customer_id=customer_id)
        except CustomerEditedMeanwhile as late:
            customer, status = queries.get_customer(customer_id=customer_id, actor=actor), 409
            form.show_late(late, version=customer.version)
    return render_template("customers/edit.html", customer=customer, form=form, is_late=status == 409), status


@bp.post("/<int:customer_id>/archive")
def archive(customer_id: int) -> ResponseReturnValue:
    """Keep a customer, and offer them no more."""
    operations.archive_customer(customer_id=customer_id, actor=current_actor(), now=clock.now())
    say("The customer is archived.", undo=True)
    return see_other("customers.show", customer_id=customer_id)


@bp.post("/<int:customer_id>/unarchive")
def unarchive(customer_id: int) -> ResponseReturnValue:
    """Offer a customer again."""
    operations.unarchive_customer(customer_id=customer_id, actor=current_actor(), now=clock.now())
    say("The customer is back.", undo=True)
    return see_other("customers.show", customer_id=customer_id)
