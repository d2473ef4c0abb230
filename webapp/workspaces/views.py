"""Pages about joining, and about moving between workspaces."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts import operations as account_operations
from webapp.web import access, clock
from webapp.web.access import current_actor, current_viewer, public
from webapp.web.answers import say, see_other
from webapp.web.limits import few_tries
from webapp.workspaces import operations
from webapp.workspaces.forms import RegisterForm

bp = Blueprint("workspaces", __name__)


@bp.get("/register")
@public
def register() -> ResponseReturnValue:
    """Show the form for a new account."""
    if access.find_viewer():
        return redirect(url_for("today.index"), 303)
    return render_template("workspaces/register.html", form=RegisterForm())


@bp.post("/register")
@public
@few_tries
def join() -> ResponseReturnValue:
    """Make an account with a workspace of its own, and sign in."""
    form = RegisterForm()
    if form.validate():
        with form.refusals():
            now = clock.now()
            user_id = operations.register(
                name=form.name.data or "",
                email=form.email.data or "",
                password=form.password.data or "",
                timezone=form.timezone.data or "",
                now=now,
            )
            key = account_operations.start_session(
                user_id=user_id,
                is_remembered=False,
                user_agent=request.user_agent.string,
                earlier_key=access.login_key(),
                now=now,
            )
            access.renew_form_session()
            response = see_other("today.index")
            access.set_login_cookie(response, key=key, lasts_seconds=None)
            return response
    return render_template("workspaces/register.html", form=form), 422


@bp.post("/workspaces/<int:workspace_id>/enter")
def enter(workspace_id: int) -> ResponseReturnValue:
    """Work in another workspace from now on."""
    operations.enter(workspace_id=workspace_id, session_id=current_viewer().session_id, actor=current_actor())
    name = next(name for number, name in current_viewer().workspaces if number == workspace_id)
    say(f"You are in “{name}” now.")
    return see_other("today.index")
