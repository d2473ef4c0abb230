"""The files of a task: sent, taken, deleted. A file of theirs never becomes a page of ours."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from webapp.tasks.forms.parts import FileForm
from webapp.tasks.operations import files as operations
from webapp.tasks.queries import files as queries
from webapp.tasks.queries import tasks
from webapp.tasks.views.page import task_page
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.web.answers import say, see_other
from webapp.web.security import takes_upload

bp = Blueprint("files", __name__)

# Even if a browser showed it, it could do nothing.
_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


@bp.post("/tasks/<int:task_id>/files")
@takes_upload
def add(task_id: int) -> ResponseReturnValue:
    """Keep a file with a task."""
    form, actor = FileForm(), current_actor()
    # First, so that a stranger learns nothing from what their form lacks.
    tasks.get_task(task_id=task_id, actor=actor)
    if form.validate():
        with form.refusals():
            operations.add_file(
                task_id=task_id,
                filename=form.filename,
                content=form.content(),
                actor=actor,
                now=clock.now(),
                request_key=form.request_key,
            )
            say("File added.", undo=True)
            return see_other("tasks.show", task_id=task_id, _anchor="files")
    return task_page(task_id, file_form=form), 422


@bp.get("/files/<int:file_id>")
def take(file_id: int) -> ResponseReturnValue:
    """Give a file to be saved."""
    file = queries.get_file(file_id=file_id, actor=current_actor())
    answer = send_file(
        BytesIO(file.content),
        mimetype=file.media_type,
        as_attachment=True,
        download_name=file.name,
        conditional=False,
        etag=False,
    )
    # Whole as it is kept: to text the framework would add a second charset.
    answer.headers["Content-Type"] = file.media_type
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/files/<int:file_id>/delete")
def remove(file_id: int) -> ResponseReturnValue:
    """Take a file away."""
    task_id = operations.delete_file(file_id=file_id, actor=current_actor(), now=clock.now())
    say("File deleted.", undo=True)
    return see_other("tasks.show", task_id=task_id, _anchor="files")
