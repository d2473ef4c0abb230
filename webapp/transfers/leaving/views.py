"""Pages about leaving: the export, and the end of the account."""

from __future__ import annotations

import io
import tempfile
from contextlib import ExitStack

from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue

from webapp.transfers.leaving import operations, queries
from webapp.transfers.leaving.forms import LeaveForm
from webapp.web import access, clock
from webapp.web.access import current_actor, current_viewer
from webapp.web.answers import say, see_other
from webapp.web.limits import few_failures

bp = Blueprint("leaving", __name__, url_prefix="/account")

# Larger exports rest on disk while they are written.
MOST_BYTES_IN_MEMORY = 4 * 1024 * 1024


@bp.get("/export")
def export() -> ResponseReturnValue:
    """Give the person everything they have here, as one file."""
    with ExitStack() as files:
        # Written as a whole before the first byte leaves: a file that breaks off would look complete.
        file = files.enter_context(tempfile.SpooledTemporaryFile(max_size=MOST_BYTES_IN_MEMORY))
        text = io.TextIOWrapper(file, encoding="utf-8", write_through=True)
        queries.write_export(user_id=current_viewer().user_id, now=clock.now(), out=text)
        text.detach()
        file.seek(0)
        name = f"devtrackr-{clock.today():%Y-%m-%d}.json"
        response = send_file(file, mimetype="application/json", as_attachment=True, download_name=name)
        response.headers["Cache-Control"] = "no-store"
        # From here on the response closes it.
        files.pop_all()
        return response


@bp.get("/leave")
def ask() -> ResponseReturnValue:
    """Offer the export, say what ending the account means, and ask for the password."""
    return _page(LeaveForm())


@bp.post("/delete")
@few_failures
def delete() -> ResponseReturnValue:
    """End the account."""
    form = LeaveForm()
    if form.validate():
        with form.refusals():
            operations.delete_account(password=form.password.data or "", actor=current_actor(), now=clock.now())
            access.renew_form_session()
            say("Your account is deleted, with everything in it.")
            response = see_other("accounts.login")
            access.clear_login_cookie(response)
            return response
    return _page(form), 422


def _page(form: LeaveForm) -> str:
    others = queries.list_other_people(user_id=current_viewer().user_id)
    return render_template("transfers/leave.html", form=form, others=others)
