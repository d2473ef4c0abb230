"""Changing many time entries at once: first how many and what, then done."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp.customers import queries as customers
from webapp.errors import InvalidInput
from webapp.tasks.forms.bulk import read_count
from webapp.tasks.forms.entry_bulk import EntryBulkForm, read_ids
from webapp.tasks.forms.timesheet import read_sheet, write_sheet
from webapp.tasks.operations import entry_bulk as operations
from webapp.tasks.queries import entry_bulk as queries
from webapp.tasks.queries import timesheet
from webapp.tasks.queries.choices import list_tasks_to_choose
from webapp.tasks.rules.entry_bulk import MOST_ENTRIES, check_count
from webapp.values.text import counted
from webapp.web import clock
from webapp.web.access import current_actor, current_viewer
from webapp.web.answers import say, see_other

bp = Blueprint("entry_bulk", __name__, url_prefix="/entries/bulk")

SHOWN = 8


@dataclass(frozen=True)
class Selection:
    """Some entries, and the address of the list they were selected in; with `is_all` they are all it asks for."""

    entry_ids: list[int]
    is_all: bool
    address: dict[str, str]

    @property
    def counted(self) -> str:
        """How many there are, in words."""
        return counted(len(self.entry_ids), "entry", "entries")


@bp.get("")
def edit() -> ResponseReturnValue:
    """Show how many entries are selected, and ask what is to become of them."""
    selection = _selection(request.args)
    try:
        check_count(len(selection.entry_ids))
    except InvalidInput as refusal:
        say(refusal.message, kind="warning")
        return see_other("timesheet.index", **selection.address)
    return _page(selection, EntryBulkForm(formdata=None))


@bp.post("")
def apply() -> ResponseReturnValue:
    """Change the selected entries, or delete them: all of them or none."""
    form, actor = EntryBulkForm(), current_actor()
    selection = _selection(MultiDict([*request.args.items(multi=True), ("all", request.form.get("all", ""))]))
    if not selection.is_all:
        selection = Selection(read_ids(request.form), False, selection.address)
    with form.refusals():
        _check_told(selection)
        if request.form.get("action") == "delete":
            operations.delete_entries(entry_ids=selection.entry_ids, actor=actor, now=clock.now())
            say(f"{selection.counted} deleted.", undo=True)
            return see_other("timesheet.index", **selection.address)
        if form.validate():
            operations.change_entries(entry_ids=selection.entry_ids, edit=form.edit(), actor=actor, now=clock.now())
            say(f"{selection.counted} changed.", undo=True)
            return see_other("timesheet.index", **selection.address)
    return _page(selection, form), 422


def _selection(values: MultiDict[str, str]) -> Selection:
    actor = current_actor()
    asked = read_sheet(values, today=clock.today(), week_start=current_viewer().week_start, actor=actor)
    address = write_sheet(asked, actor=actor)
    if values.get("all"):
        ids = timesheet.list_entry_ids(criteria=asked.criteria, actor=actor, limit=MOST_ENTRIES + 1)
        return Selection(ids, True, address)
    return Selection(read_ids(values), False, address)


def _check_told(selection: Selection) -> None:
    # What matches may have changed since the number was shown; nobody changes more than they were told.
    if selection.is_all and read_count(request.form) != len(selection.entry_ids):
        raise InvalidInput(f"{selection.counted} match by now. Look again before you change them.")


def _page(selection: Selection, form: EntryBulkForm) -> str:
    actor = current_actor()
    form.offer(tasks=list_tasks_to_choose(actor=actor), customers=customers.list_names(actor=actor))
    return render_template(
        "entries/bulk.html",
        form=form,
        selection=selection,
        count=len(selection.entry_ids),
        many=queries.describe_entries(entry_ids=selection.entry_ids, actor=actor, limit=SHOWN),
    )
