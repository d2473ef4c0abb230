"""How urgency is reckoned in a workspace, and its weights."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.tasks.errors import WeightsChanged
from webapp.tasks.forms.urgency import WeightsForm
from webapp.tasks.operations import urgency as operations
from webapp.tasks.queries import urgency as queries
from webapp.tasks.queries.urgency import Preview
from webapp.tasks.rules.urgency import Weights
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.web.answers import say, see_other
from webapp.workspaces.queries import is_owner

bp = Blueprint("urgency", __name__, url_prefix="/tasks/urgency")


@bp.get("")
def show() -> ResponseReturnValue:
    """Show the weights."""
    weights = queries.get_weights(actor=current_actor())
    return _page(WeightsForm.of(weights), is_usual=weights == Weights())


@bp.post("")
def save() -> ResponseReturnValue:
    """Save other weights; or show what they would change, and save nothing."""
    form, actor, now = WeightsForm(), current_actor(), clock.now()
    if not form.validate():
        return _page(form), 422
    if "preview" in request.form:
        return _page(form, preview=queries.preview(weights=form.weights(), now=now, actor=actor))
    try:
        operations.save_weights(weights=form.weights(), actor=actor, now=now, mark=form.mark.data or None)
    except WeightsChanged as late:
        theirs = queries.get_weights(actor=actor)
        form.stand_beside(theirs)
        return _page(form, theirs=theirs, late=late), 409
    say("Urgency is reckoned like this now.", undo=True)
    return see_other("urgency.show")


@bp.post("/usual")
def reset() -> ResponseReturnValue:
    """Go back to the usual weights."""
    operations.save_weights(weights=Weights(), actor=current_actor(), now=clock.now())
    say("Urgency is reckoned as usual again.", undo=True)
    return see_other("urgency.show")


def _page(
    form: WeightsForm,
    *,
    is_usual: bool = False,
    preview: list[Preview] | None = None,
    theirs: Weights | None = None,
    late: WeightsChanged | None = None,
) -> str:
    return render_template(
        "tasks/urgency.html",
        form=form,
        usual=Weights(),
        is_usual=is_usual,
        is_owner=is_owner(actor=current_actor()),
        preview=preview,
        theirs=theirs,
        late=late,
    )
