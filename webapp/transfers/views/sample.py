"""Trying the product with a year of made-up work: what that is, adding it, and removing it."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp.transfers.operations import sample
from webapp.transfers.queries.sample import has_sample
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.web.answers import back_or, say, see_other

bp = Blueprint("sample", __name__, url_prefix="/sample")


@bp.get("")
def show() -> ResponseReturnValue:
    """Say what the sample data is, with the button that adds or removes it."""
    return render_template("transfers/sample.html", has_sample=has_sample(actor=current_actor()))


@bp.post("/add")
def add() -> ResponseReturnValue:
    """Add the sample year."""
    if sample.add_sample(actor=current_actor(), now=clock.now()):
        say("A year of sample work is here to look around in. One click removes it.")
    else:
        say("The sample work is here already.", kind="info")
    return see_other("today.index")


@bp.post("/remove")
def remove() -> ResponseReturnValue:
    """Remove it, but for what somebody has made their own since."""
    kept = sample.remove_sample(actor=current_actor(), now=clock.now())
    words = {0: "", 1: " One task that you changed or timed was kept."}
    say("The sample work is gone." + words.get(kept, f" {kept} tasks that you changed or timed were kept."))
    return back_or("today.index")
