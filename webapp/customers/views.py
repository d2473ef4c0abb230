"""Pages about customers."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.customers import operations, queries
from webapp.customers.errors import CustomerEditedMeanwhile
from webapp.customers.forms import CustomerForm
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.web.answers import say, see_other
from webapp.web.fields import read_search

bp = Blueprint("customers", __name__, url_prefix="/customers")


@bp.get("")
def index() -> ResponseReturnValue:
    """List the customers."""
    words = read_search(request.args.get("q", ""))
    page = queries.list_customers(actor=current_actor(), words=words, after=request.args.get("after") or None)
    return render_template("customers/index.html", page=page, words=words)


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
    customer = queries.get_customer(customer_id=customer_id, actor=current_actor())
    return render_template("customers/show.html", customer=customer)


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
            operations.save_customer(
                customer_id=customer_id,
                details=form.details(),
                version=form.version.data,
                actor=actor,
                now=clock.now(),
            )
        except CustomerEditedMeanwhile as late:
            customer, status = queries.get_customer(customer_id=customer_id, actor=actor), 409
            form.show_late(late, version=customer.version)
        else:
            say("Customer saved.", undo=True)
            return see_other("customers.show", customer_id=customer_id)
    return render_template("customers/edit.html", customer=customer, form=form, is_late=status == 409), status
