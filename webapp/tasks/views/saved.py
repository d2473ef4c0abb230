"""Lists that are kept by name: keep one, and the page on which they are renamed and deleted."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.tasks.errors import ViewChanged
from webapp.tasks.forms.saved import UpdateForm, ViewForm
from webapp.tasks.operations import saved as operations
from webapp.tasks.queries import saved as queries
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.web.answers import say, see_other, see_other_address
from webapp.workspaces.queries import is_owner

bp = Blueprint("saved", __name__, url_prefix="/tasks/views")


@bp.get("")
def index() -> ResponseReturnValue:
    """List views."""
    return _page(ViewForm(formdata=None))


@bp.post("")
def save() -> ResponseReturnValue:
    """Keep a list by name, instead of what had that name before, and show it."""
    form = ViewForm()
    if form.validate():
        with form.refusals():
            now = clock.now()
            address = form.read_address(now=now)
            view_id = operations.save_view(
                name=form.name.data,
                address=address,
                is_shared=form.is_shared.data,
                is_default=form.is_default.data,
                actor=current_actor(),
                now=now,
            )
            say("View saved.", undo=True)
            return _open(address, view_id)
    return _page(form), 422


@bp.post("/<int:view_id>")
def change(view_id: int) -> ResponseReturnValue:
    """Change the name of a view, who sees it, who begins with it."""
    form, actor = ViewForm(), current_actor()
    if form.validate():
        with form.refusals():
            operations.change_view(
                view_id=view_id,
                name=form.name.data,
                is_shared=form.is_shared.data,
                is_default=form.is_default.data,
                actor=actor,
                now=clock.now(),
            )
            say("View saved.", undo=True)
            return see_other("saved.index")
    else:
        queries.get_own_view(view_id=view_id, actor=actor)
    return _page(form, changing=view_id), 422


@bp.post("/<int:view_id>/update")
def update(view_id: int) -> ResponseReturnValue:
    """Let a view show what is seen now, and show it."""
    form, now = UpdateForm(), clock.now()
    address = form.read_address(now=now)
    try:
        operations.update_view(
            view_id=view_id, address=address, version=form.read_version(), actor=current_actor(), now=now
        )
        say("View saved.", undo=True)
    except ViewChanged as conflict:
        # The address holds all that was chosen: the list shows it again, with the button.
        say(conflict.message, kind="warning")
    return _open(address, view_id)


@bp.post("/<int:view_id>/delete")
def delete(view_id: int) -> ResponseReturnValue:
    """Forget a view."""
    operations.delete_view(view_id=view_id, actor=current_actor(), now=clock.now())
    say("View deleted.", undo=True)
    return see_other("saved.index")


def _open(address: str, view_id: int) -> ResponseReturnValue:
    return see_other_address(f"{url_for('tasks.index')}?{address}{'&' if address else ''}view={view_id}")


def _page(form: ViewForm, *, changing: int | None = None) -> str:
    actor = current_actor()
    return render_template(
        "tasks/views.html",
        views=queries.list_views(actor=actor),
        is_owner=is_owner(actor=actor),
        form=form,
        changing=changing,
    )
