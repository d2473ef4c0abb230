"""What is said about a task: on its page, on a page of its own, and in a form."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp.tasks.errors import CommentEditedMeanwhile, CommentOfSomebodyElse
from webapp.tasks.forms.parts import CommentForm
from webapp.tasks.operations import comments as operations
from webapp.tasks.queries import comments as queries
from webapp.tasks.queries import tasks
from webapp.tasks.views.page import task_page
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.web.answers import say, see_other

bp = Blueprint("comments", __name__)


@bp.get("/tasks/<int:task_id>/comments")
def index(task_id: int) -> ResponseReturnValue:
    """Show all that is said about a task."""
    actor = current_actor()
    task = tasks.get_task(task_id=task_id, actor=actor)
    found = queries.list_comments(task_id=task_id, actor=actor, limit=queries.MOST_ON_ITS_PAGE)
    return render_template(
        "comments/index.html",
        task=task,
        comments=found,
        comment_form=CommentForm(formdata=None),
        most=queries.MOST_ON_ITS_PAGE,
    )


@bp.post("/tasks/<int:task_id>/comments")
def add(task_id: int) -> ResponseReturnValue:
    """Say something."""
    form, actor = CommentForm(), current_actor()
    # First, so that a stranger learns nothing from what their form lacks.
    tasks.get_task(task_id=task_id, actor=actor)
    if form.validate():
        with form.refusals():
            comment_id = operations.add_comment(
                task_id=task_id, text=form.text.data, actor=actor, now=clock.now(), request_key=form.request_key
            )
            say("Comment added.", undo=True)
            return see_other("tasks.show", task_id=task_id, _anchor=f"comment-{comment_id}")
    return task_page(task_id, comment_form=form), 422


@bp.get("/comments/<int:comment_id>/edit")
def edit(comment_id: int) -> ResponseReturnValue:
    """Show a comment in a form."""
    comment = queries.get_comment(comment_id=comment_id, actor=current_actor())
    if comment.user_id != current_actor().user_id:
        raise CommentOfSomebodyElse
    return _form_page(comment_id, CommentForm(formdata=None, text=comment.text, version=comment.version))


@bp.post("/comments/<int:comment_id>")
def save(comment_id: int) -> ResponseReturnValue:
    """Change a comment."""
    form, actor = CommentForm(), current_actor()
    queries.get_comment(comment_id=comment_id, actor=actor)
    if form.validate():
        try:
            with form.refusals():
                task_id = operations.save_comment(
                    comment_id=comment_id,
                    text=form.text.data,
                    version=form.version.data,
                    actor=actor,
                    now=clock.now(),
                )
                say("Comment changed.", undo=True)
                return see_other("tasks.show", task_id=task_id, _anchor=f"comment-{comment_id}")
        except CommentEditedMeanwhile as late:
            return _form_page(comment_id, form, late=late), 409
    return _form_page(comment_id, form), 422


@bp.post("/comments/<int:comment_id>/delete")
def remove(comment_id: int) -> ResponseReturnValue:
    """Take a comment back."""
    task_id = operations.delete_comment(comment_id=comment_id, actor=current_actor(), now=clock.now())
    say("Comment deleted.", undo=True)
    return see_other("tasks.show", task_id=task_id, _anchor="comments")


def _form_page(comment_id: int, form: CommentForm, *, late: CommentEditedMeanwhile | None = None) -> str:
    comment = queries.get_comment(comment_id=comment_id, actor=current_actor())
    if late is not None:
        form.show_late(late, version=comment.version)
    return render_template("comments/edit.html", comment=comment, form=form, is_late=late is not None)
