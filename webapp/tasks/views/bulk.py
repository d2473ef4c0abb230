"""Changing many tasks at once: first how many and what, then done."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp.customers import queries as customers
from webapp.errors import InvalidInput
from webapp.tasks.errors import TaskIsBlocked
from webapp.tasks.forms.bulk import BulkForm, read_count, read_ids
from webapp.tasks.operations import bulk as operations
from webapp.tasks.queries import bulk as queries
from webapp.tasks.queries import categories, parents
from webapp.tasks.queries.tasks import list_matching_ids
from webapp.tasks.requests import read_criteria, write_address
from webapp.tasks.rules.bulk import MOST_TASKS, check_count
from webapp.values.text import counted
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.web.answers import say, see_other
from webapp.workspaces import queries as workspaces

bp = Blueprint("bulk", __name__, url_prefix="/tasks/bulk")

TITLES_SHOWN = 8


@dataclass(frozen=True)
class Selection:
    """Some tasks, and the address of the list they were selected in; with `is_all` they are all it asks for."""

    task_ids: list[int]
    is_all: bool
    address: dict[str, str]


@bp.get("")
def edit() -> ResponseReturnValue:
    """Show how many tasks are selected, and ask what is to become of them."""
    selection = _selection(request.args)
    try:
        check_count(len(selection.task_ids))
    except InvalidInput as refusal:
        say(refusal.message, kind="warning")
        return see_other("tasks.index", **selection.address)
    return _page(selection, BulkForm(formdata=None))


@bp.post("")
def apply() -> ResponseReturnValue:
    """Change the selected tasks, or put them in the trash: all of them or none."""
    form, actor, status = BulkForm(), current_actor(), 422
    selection = _selection(MultiDict([*request.args.items(multi=True), ("all", request.form.get("all", ""))]))
    if not selection.is_all:
        selection = Selection(read_ids(request.form), False, selection.address)
    try:
        with form.refusals():
            _check_told(selection)
            if request.form.get("action") == "delete":
                count = operations.delete_tasks(task_ids=selection.task_ids, actor=actor, now=clock.now())
                say(f"{counted(count, 'task')} went to the trash.", undo=True)
                return see_other("tasks.index", **selection.address)
            if form.validate():
                count = operations.change_tasks(
                    task_ids=selection.task_ids,
                    edit=form.edit(zone=actor.zone),
                    actor=actor,
                    now=clock.now(),
                    override_reason=form.override_reason.data or None,
                )
                say(f"{counted(count, 'task')} changed.", undo=True)
                return see_other("tasks.index", **selection.address)
    except TaskIsBlocked as blocked:
        form.refuse(InvalidInput(blocked.message, field="override_reason"))
        status = 409
    return _page(selection, form), status


def _selection(values: MultiDict[str, str]) -> Selection:
    criteria = read_criteria(values, now=clock.now())
    address = write_address(criteria)
    if values.get("all"):
        ids = list_matching_ids(criteria=criteria, actor=current_actor(), limit=MOST_TASKS + 1)
        return Selection(ids, True, address)
    return Selection(read_ids(values), False, address)


def _check_told(selection: Selection) -> None:
    # What matches may have changed since the number was shown; nobody changes more than they were told.
    told, now = read_count(request.form), len(selection.task_ids)
    if selection.is_all and told != now:
        raise InvalidInput(f"{counted(now, 'task')} match by now. Look again before you change them.")


def _page(selection: Selection, form: BulkForm) -> str:
    actor = current_actor()
    queries.check_visible(task_ids=selection.task_ids, actor=actor)
    form.customer.offer("No customer", customers.list_names(actor=actor))
    form.assignee.offer("Nobody", workspaces.list_names(actor=actor))
    form.parent.offer("Not a part of another", parents.list_possible_parents(actor=actor))
    count = len(selection.task_ids)
    return render_template(
        "tasks/bulk.html",
        form=form,
        selection=selection,
        count=count,
        counted=counted(count, "task"),
        titles=queries.list_titles(task_ids=selection.task_ids, actor=actor, limit=TITLES_SHOWN),
        categories=categories.list_categories(actor=actor),
    )
