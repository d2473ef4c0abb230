"""Pages about tasks: the list, one task, its form, the trash."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.customers import queries as customers
from webapp.errors import InvalidInput
from webapp.tasks.errors import TaskEditedMeanwhile, TaskIsBlocked
from webapp.tasks.forms.blockers import OverrideForm
from webapp.tasks.forms.conflicts import Version
from webapp.tasks.forms.tasks import StatusForm, TaskForm
from webapp.tasks.models import Task
from webapp.tasks.operations import tasks as operations
from webapp.tasks.queries import categories, labels, parents, recurrence, saved
from webapp.tasks.queries import tasks as queries
from webapp.tasks.requests import read_criteria, write_address
from webapp.tasks.rules.tasks import TaskDetails, describe_move
from webapp.tasks.views.blockers import blocked_page
from webapp.tasks.views.page import task_page
from webapp.tasks.views.recurrence import preview_of
from webapp.values.text import counted
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.web.answers import back_or, own_address, prefers_json, say, see_other
from webapp.workspaces import queries as workspaces

bp = Blueprint("tasks", __name__, url_prefix="/tasks")


@bp.get("")
def index() -> ResponseReturnValue:
    """List tasks."""
    actor = current_actor()
    views = saved.list_views(actor=actor)
    default = next((view for view in views if view.is_default), None)
    if default is not None and default.address and not request.args:
        return redirect(f"{url_for('tasks.index')}?{default.opened}")
    criteria = read_criteria(request.args, now=clock.now())
    filters = write_address(criteria)
    opened = next((view for view in views if str(view.id) == request.args.get("view")), None)
    # Which view this began with stays in the address, so that it can be saved over.
    address = {**filters, "view": str(opened.id)} if opened else filters
    page = queries.list_tasks(criteria=criteria, actor=actor)
    # Only asked where nothing was found: there is nothing of a kind that is none.
    unknown = [] if page.rows else labels.find_unknown(category=criteria.category, tag=criteria.tag, actor=actor)
    shown = render_template(
        "tasks/index.html",
        page=page,
        unknown=unknown,
        criteria=criteria,
        address=address,
        views=views,
        opened=opened,
        saved_address=urlencode(filters),
        counted=queries.count_tasks(criteria=criteria, actor=actor) if request.args.get("count") == "1" else None,
    )
    return shown, 422 if unknown else 200


@bp.get("/new")
def new() -> ResponseReturnValue:
    """Show an empty form, or one with what the address fills in."""
    return _new_page(TaskForm.prefilled(request.args))


@bp.post("")
def create() -> ResponseReturnValue:
    """Add a task."""
    form = TaskForm()
    if form.validate():
        if form.only_shows_dates:
            return _dates_page(_new_page(form), form)
        with form.refusals():
            actor = current_actor()
            task_id = operations.create_task(
                details=form.details(zone=actor.zone), actor=actor, now=clock.now(), request_key=form.request_key
            )
            say("Task added.", undo=True)
            return back_or("tasks.show", task_id=task_id)
    return _new_page(form), 422


@bp.get("/<int:task_id>")
def show(task_id: int) -> ResponseReturnValue:
    """Show one task."""
    return task_page(task_id)


@bp.get("/<int:task_id>/edit")
def edit(task_id: int) -> ResponseReturnValue:
    """Show the form of one task."""
    actor = current_actor()
    task = queries.get_task(task_id=task_id, actor=actor)
    return _edit_page(TaskForm.of(task, repeat=recurrence.find_repeat(task), zone=actor.zone), task=task)


@bp.post("/<int:task_id>")
def save(task_id: int) -> ResponseReturnValue:
    """Change a task. Who was too late is shown both versions, field by field, and can choose."""
    form, actor = TaskForm(), current_actor()
    task = queries.get_task(task_id=task_id, actor=actor)
    if form.validate():
        if form.only_shows_dates:
            return _dates_page(_edit_page(form, task=task), form)
        with form.refusals():
            details = form.details(zone=actor.zone, before=task)
            try:
                operations.save_task(
                    task_id=task_id,
                    details=details,
                    version=form.version.data,
                    override_reason=form.override_reason.data or None,
                    series=form.read_series_edit(),
                    actor=actor,
                    now=clock.now(),
                )
                say("Task saved.", undo=True)
                return see_other("tasks.show", task_id=task_id)
            except TaskIsBlocked as blocked:
                form.refuse(InvalidInput(blocked.message, field="override_reason"))
            except TaskEditedMeanwhile as late:
                return _late_page(form, late, mine=details, task_id=task_id), 409
    return _edit_page(form, task=task), 422


@bp.post("/<int:task_id>/status")
def set_status(task_id: int) -> ResponseReturnValue:
    """Move a task to another status, and go back to where one was."""
    actor = current_actor()
    # First, so that a stranger learns nothing from what their form lacks.
    task = queries.get_task(task_id=task_id, actor=actor)
    title, stood = task.title, task.status
    form, override = StatusForm(), OverrideForm()
    status, was = form.read(), form.read_was()
    refused = 422
    try:
        with override.refusals():
            operations.set_status(
                task_id=task_id,
                status=status,
                was=was,
                override_reason=override.override_reason.data if "override_reason" in request.form else None,
                actor=actor,
                now=clock.now(),
            )
            if status is not stood:
                say(f"{describe_move(title, status)}.", undo=True)
            return back_or("tasks.show", task_id=task_id)
    except TaskIsBlocked:
        if prefers_json():
            raise
        refused = 409
    back = own_address(request.form.get("next"))
    page = make_response(blocked_page(task_id, override, back=back), refused)
    # Loaded again, the page asks again; the address that the form was sent to shows nothing.
    page.headers["HX-Replace-Url"] = url_for("blockers.blocked", task_id=task_id, next=back)
    return page


@bp.post("/<int:task_id>/delete")
def delete(task_id: int) -> ResponseReturnValue:
    """Put a task in the trash."""
    parts = operations.delete_task(task_id=task_id, actor=current_actor(), now=clock.now())
    went = f"The task is in the trash, with {counted(parts, 'subtask')}." if parts else ""
    say(went or "The task is in the trash.", undo=True)
    return back_or("tasks.index")


@bp.post("/<int:task_id>/restore")
def restore(task_id: int) -> ResponseReturnValue:
    """Take a task out of the trash."""
    operations.restore_task(task_id=task_id, actor=current_actor(), now=clock.now())
    say("The task is back.", undo=True)
    return see_other("tasks.show", task_id=task_id)


@bp.get("/trash")
def trash() -> ResponseReturnValue:
    """List what was deleted last."""
    deleted = queries.list_deleted_tasks(actor=current_actor())
    return render_template("tasks/trash.html", deleted=deleted, most=queries.MOST_TRASH_SHOWN)


def _dates_page(page: str, form: TaskForm) -> ResponseReturnValue:
    # What the dates lack is said beside its field, as if it had been saved.
    return page, 422 if form.errors else 200


def _late_page(form: TaskForm, late: TaskEditedMeanwhile, *, mine: TaskDetails, task_id: int) -> str:
    actor = current_actor()
    task = queries.get_task(task_id=task_id, actor=actor)
    _offer(form, task=task)
    versions = form.show_both(late, mine=mine, task=task, repeat=recurrence.find_repeat(task), zone=actor.zone)
    return _edit_page(form, task=task, versions=versions)


def _edit_page(form: TaskForm, *, task: Task, versions: list[Version] | None = None) -> str:
    return _form_page("tasks/edit.html", form, task=task, versions=versions)


def _new_page(form: TaskForm) -> str:
    return _form_page("tasks/new.html", form, task=None)


def _form_page(template: str, form: TaskForm, *, task: Task | None, versions: list[Version] | None = None) -> str:
    preview = preview_of(form, task=task)
    _offer(form, task=task)
    offered = categories.list_categories(actor=current_actor())
    return render_template(template, form=form, task=task, versions=versions, preview=preview, categories=offered)


def _offer(form: TaskForm, *, task: Task | None) -> None:
    actor = current_actor()
    form.customer.offer(
        "None",
        customers.list_names(actor=actor),
        chosen=(task.customer.id, task.customer.name) if task and task.customer else None,
    )
    form.parent.offer(
        "Nothing, it stands alone",
        parents.list_possible_parents(actor=actor, but_not=task.id if task else None),
        chosen=(task.parent.id, task.parent.title) if task and task.parent else None,
    )
    people = workspaces.list_names(actor=actor)
    form.assignee.offer(
        "Nobody yet" if task else "Me",
        people if task else [(user_id, name) for user_id, name in people if user_id != actor.user_id],
        chosen=(task.assignee.id, task.assignee.name) if task and task.assignee else None,
    )
