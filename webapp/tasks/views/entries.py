"""Timers, and time entries written down, corrected and taken out by hand."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.customers import queries as customers
from webapp.errors import InvalidInput
from webapp.tasks.errors import EntryEditedMeanwhile
from webapp.tasks.forms.entries import AddEntryForm, EntryForm
from webapp.tasks.operations import entries, timers
from webapp.tasks.operations.timers import Switch
from webapp.tasks.queries import entries as queries
from webapp.tasks.queries import tasks as task_queries
from webapp.tasks.queries.choices import list_tasks_to_choose
from webapp.tasks.rules.entries import Spent, describe_repeated
from webapp.tasks.rules.entry_text import Around
from webapp.values.duration import MINUTE_SECONDS, format_seconds
from webapp.web import clock
from webapp.web.access import current_actor, current_viewer
from webapp.web.answers import back_or, own_address, say
from webapp.web.formats import MONTH_FIRST_FORMATS

bp = Blueprint("entries", __name__)


@bp.post("/tasks/<int:task_id>/timer/start")
def start_timer(task_id: int) -> ResponseReturnValue:
    """Start the timer of a task."""
    switch = timers.switch_timer(task_id=task_id, actor=current_actor(), now=clock.now())
    say(_started(switch), undo=True)
    return back_or("tasks.show", task_id=task_id)


@bp.post("/tasks/<int:task_id>/timer/stop")
def stop_timer(task_id: int) -> ResponseReturnValue:
    """Stop the timer of a task."""
    entry = timers.stop_timer(task_id=task_id, actor=current_actor(), now=clock.now())
    if entry is None:
        say("No timer was running on this task.", kind="info")
    elif entry.seconds < MINUTE_SECONDS:
        say("Timer stopped, after less than a minute.", undo=True)
    else:
        say(f"Timer stopped: {format_seconds(entry.seconds)}.", undo=True)
    return back_or("tasks.show", task_id=task_id)


@bp.get("/tasks/<int:task_id>/entries")
def index(task_id: int) -> ResponseReturnValue:
    """Show all time entries of a task."""
    return _task_page(task_id)


@bp.post("/tasks/<int:task_id>/entries")
def create(task_id: int) -> ResponseReturnValue:
    """Write down time that was spent on a task."""
    form = EntryForm()
    if form.validate():
        with form.refusals(), form.questions():
            spent = form.spent(around=_around())
            return _create(task_id, form, spent) if form.has_been_seen else _task_page(task_id, form)
    return _task_page(task_id, form), 422


@bp.get("/entries/new")
def new() -> ResponseReturnValue:
    """Show the form for time on a task that is yet to be chosen; `day` and `time` fill it in."""
    around = _around()
    form = AddEntryForm.asked_for(request.args, today=clock.today())
    if form is None:
        return _new_page(AddEntryForm.empty(day=clock.today(), last_ended_at=around.last_ended_at))
    # What is filled in is shown as it is read, like what is typed; what is not understood is told when it is sent.
    with suppress(InvalidInput):
        form.spent(around=around)
    return _new_page(form)


@bp.get("/entries/read")
def read() -> ResponseReturnValue:
    """Show how the text of a time is read: the part below its field."""
    form = EntryForm(request.args)
    refusal = None
    try:
        form.spent(around=_around())
    except InvalidInput as error:
        refusal = error.message if form.duration.data else None
    return render_template(
        "entries/_read.html", entry_form=form, refusal=refusal, is_live=True
    ), 422 if refusal else 200


@bp.post("/entries")
def add() -> ResponseReturnValue:
    """Write down time on the task that was chosen in the form."""
    form = AddEntryForm()
    if form.validate():
        with form.refusals(), form.questions():
            task_id, spent = form.task_id(), form.spent(around=_around())
            return _create(task_id, form, spent) if form.has_been_seen else _new_page(form)
    return _new_page(form), 422


@bp.get("/entries/<int:entry_id>/edit")
def edit(entry_id: int) -> ResponseReturnValue:
    """Show one entry in a form."""
    actor = current_actor()
    entry = queries.get_changeable_entry(entry_id=entry_id, actor=actor)
    spent = entries.spent_of(entry)
    form = EntryForm.of(
        spent,
        note=entry.note,
        customer_id=entry.customer_id,
        is_billable=entry.is_billable,
        version=entry.version,
        zone=actor.zone,
    )
    return _edit_page(entry_id, form)


@bp.post("/entries/<int:entry_id>")
def save(entry_id: int) -> ResponseReturnValue:
    """Correct an entry."""
    actor, form = current_actor(), EntryForm()
    entry = queries.get_changeable_entry(entry_id=entry_id, actor=actor)
    task_id, before, customer_id = entry.task_id, entries.spent_of(entry), entry.customer_id
    if form.validate():
        with form.refusals(), form.questions():
            spent = form.spent(around=_around(), before=before)
            if not form.has_been_seen:
                return _edit_page(entry_id, form)
            try:
                entries.save_entry(
                    entry_id=entry_id,
                    spent=spent,
                    note=form.note.data or "",
                    customer_id=form.customer_id(before=customer_id),
                    is_billable=form.billable(),
                    overlap=form.overlap_choice(),
                    overlap_mark=form.overlap_mark.data or None,
                    version=form.version.data,
                    actor=actor,
                    now=clock.now(),
                )
            except EntryEditedMeanwhile as late:
                return _edit_page(entry_id, form, late=late), 409
            _say_saved("Time saved", spent)
            return back_or("tasks.show", task_id=task_id)
    return _edit_page(entry_id, form), 422


@bp.post("/entries/<int:entry_id>/delete")
def delete(entry_id: int) -> ResponseReturnValue:
    """Take an entry out, and offer the way back."""
    task_id = entries.delete_entry(entry_id=entry_id, actor=current_actor(), now=clock.now())
    say("Time deleted.", undo=True)
    return back_or("tasks.show", task_id=task_id)


@bp.post("/entries/<int:entry_id>/restore")
def restore(entry_id: int) -> ResponseReturnValue:
    """Put a deleted entry back."""
    task_id = entries.restore_entry(entry_id=entry_id, actor=current_actor(), now=clock.now())
    say("Time put back.", undo=True)
    return redirect(own_address(request.args.get("next")) or url_for("tasks.show", task_id=task_id), 303)


def _create(task_id: int, form: EntryForm, spent: Spent) -> ResponseReturnValue:
    actor = current_actor()
    entries.create_entry(
        task_id=task_id,
        spent=spent,
        note=form.note.data or "",
        customer_id=form.customer_id(),
        is_billable=form.billable(),
        overlap=form.overlap_choice(),
        overlap_mark=form.overlap_mark.data or None,
        actor=actor,
        now=clock.now(),
        request_key=form.request_key,
    )
    _say_saved("Time added", spent)
    return back_or("tasks.show", task_id=task_id)


def _say_saved(words: str, spent: Spent) -> None:
    say(f"{words}{describe_repeated(spent, current_actor().zone)}.", undo=True)


def _started(switch: Switch) -> str:
    words = "Timer started."
    if switch.stopped_task_title is not None:
        words += f" The one on “{switch.stopped_task_title}” was stopped."
    return words + " The task was done; it is open again." if switch.has_reopened else words


def _task_page(task_id: int, form: EntryForm | None = None) -> str:
    actor = current_actor()
    task = task_queries.get_task(task_id=task_id, actor=actor)
    form = form or EntryForm.proposed_for(task, day=clock.today(), last_ended_at=_around().last_ended_at)
    listed = queries.list_entries(task_id=task_id, actor=actor, limit=queries.MOST_SHOWN)
    form.offer_customers(customers.list_names(actor=actor))
    return render_template("entries/index.html", task=task, entries=listed, entry_form=form)


def _new_page(form: AddEntryForm) -> str:
    form.offer(list_tasks_to_choose(actor=current_actor()))
    form.offer_customers(customers.list_names(actor=current_actor()))
    return render_template("entries/new.html", entry_form=form, back=_back())


def _edit_page(entry_id: int, form: EntryForm, *, late: EntryEditedMeanwhile | None = None) -> str:
    actor = current_actor()
    entry = queries.get_changeable_entry(entry_id=entry_id, actor=actor)
    chosen = customers.get_customer(customer_id=entry.customer_id, actor=actor) if entry.customer_id else None
    form.offer_customers(
        customers.list_names(actor=actor), chosen=(chosen.id, chosen.name) if chosen is not None else None
    )
    if late is not None:
        form.show_late(late, version=entry.version)
    return render_template("entries/edit.html", entry=entry, entry_form=form, back=_back(), is_late=late is not None)


def _around() -> Around:
    actor = current_actor()
    return Around(
        now=clock.now(),
        zone=actor.zone,
        last_ended_at=queries.last_ended_at(actor=actor, day=clock.today()),
        is_month_first=current_viewer().date_format in MONTH_FIRST_FORMATS,
    )


def _back() -> str | None:
    return own_address(request.values.get("next"))
