"""Pages about tasks that wait for each other."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.errors import InvalidInput
from webapp.tasks.errors import TaskNotFound
from webapp.tasks.forms.blockers import BlockerForm, OverrideForm
from webapp.tasks.operations import blockers as operations
from webapp.tasks.queries import blockers as queries
from webapp.tasks.queries import tasks
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.web.answers import back_or, own_address, say
from webapp.web.fields import read_search

bp = Blueprint("blockers", __name__, url_prefix="/tasks/<int:task_id>")


@bp.get("/blockers")
def index(task_id: int) -> ResponseReturnValue:
    """Show what a task waits for, and what could be meant by `q`."""
    words = read_search(request.args.get("q", ""))
    form = BlockerForm(formdata=None, data={"blocker": words})
    return _page(task_id, form, words=words)


@bp.post("/blockers")
def add(task_id: int) -> ResponseReturnValue:
    """Let a task wait for another; where more than one may be meant, ask which."""
    actor, form = current_actor(), BlockerForm()
    tasks.get_task(task_id=task_id, actor=actor)
    if not form.validate():
        return _page(task_id, form), 422
    typed = form.blocker.data
    found = queries.find_named(typed=typed, task_id=task_id, actor=actor)
    if len(found) == 1:
        with form.refusals():
            operations.add_blocker(task_id=task_id, blocked_by_id=found[0].id, actor=actor, now=clock.now())
            say(f"It waits for “{found[0].title}” now.", undo=True)
            return back_or("tasks.show", task_id=task_id)
    elif not found:
        form.refuse(InvalidInput("No other task is called that. Write how its title begins.", field="blocker"))
    else:
        form.refuse(InvalidInput("More than one task begins like that. Choose one.", field="blocker"))
    return _page(task_id, form, words=typed), 422


@bp.post("/blockers/remove")
def remove(task_id: int) -> ResponseReturnValue:
    """Let a task wait for another no longer."""
    actor, typed = current_actor(), request.form.get("blocker", "").removeprefix("#")
    tasks.get_task(task_id=task_id, actor=actor)
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
        raise TaskNotFound
    operations.remove_blocker(task_id=task_id, blocked_by_id=int(typed), actor=actor, now=clock.now())
    say("It does not wait for that any more.", undo=True)
    return back_or("tasks.show", task_id=task_id)


@bp.get("/blocked")
def blocked(task_id: int) -> ResponseReturnValue:
    """Ask why a task should be done although it waits for others."""
    return blocked_page(task_id, OverrideForm(formdata=None), back=own_address(request.args.get("next")))


def blocked_page(task_id: int, form: OverrideForm, *, back: str | None) -> str:
    """Return the page that names what a task waits for, and asks for a reason."""
    task = tasks.get_task(task_id=task_id, actor=current_actor())
    open_blockers = queries.list_dependencies(task_id=task_id).blockers
    return render_template("tasks/blocked.html", task=task, blockers=open_blockers, form=form, back=back)


def _page(task_id: int, form: BlockerForm, *, words: str = "") -> str:
    actor = current_actor()
    task = tasks.get_task(task_id=task_id, actor=actor)
    return render_template(
        "tasks/blockers.html",
        task=task,
        form=form,
        found=queries.find_named(typed=words, task_id=task_id, actor=actor) if words else [],
        dependencies=queries.list_dependencies(task_id=task_id),
        offered=queries.list_offered(task_id=task_id, actor=actor),
    )
