"""The running timer: what the header shows of it, pausing and going on, and what it counted without its owner."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.tasks.errors import TimerChanged
from webapp.tasks.forms import timers as forms
from webapp.tasks.forms.timers import AwayForm, ForgottenForm
from webapp.tasks.operations import absence, timers
from webapp.tasks.queries import forgotten as queries
from webapp.tasks.queries.choices import list_tasks_to_choose
from webapp.tasks.rules.timers import Away, Forgotten
from webapp.values.duration import format_seconds
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.web.answers import back_or, own_address, say
from webapp.web.navigation import HeaderTimer, running_timer, timer_mark

bp = Blueprint("timers", __name__, url_prefix="/timer")


@bp.get("")
def show() -> ResponseReturnValue:
    """Show the timer that runs, and what can be done about it."""
    return render_template("timers/show.html", current=running_timer())


@bp.get("/header")
def header() -> ResponseReturnValue:
    """Give the script the timer of the header, unless it is as the script knows it."""
    if request.args.get("mark") == timer_mark():
        return "", 204
    return render_template("timers/_header.html", back=own_address(request.args.get("next")))


@bp.post("/pause")
def pause() -> ResponseReturnValue:
    """End the segment that runs, to go on later."""
    entry = timers.pause_running(actor=current_actor(), now=clock.now())
    if entry is None:
        say("No timer was running.", kind="info")
    else:
        say(f"Paused after {format_seconds(entry.seconds)}. “Go on” begins a new segment.", undo=True)
    return back_or("timers.show")


@bp.post("/go-on")
def go_on() -> ResponseReturnValue:
    """Go on with what was paused."""
    if timers.resume_timer(actor=current_actor(), now=clock.now()) is None:
        say("Nothing is paused.", kind="info")
    else:
        say("The timer runs again.", undo=True)
    return back_or("timers.show")


@bp.get("/away")
def away() -> ResponseReturnValue:
    """Ask what becomes of time that one was away; `since` is the instant from which a program saw nothing of them."""
    since = forms.read_instant(request.args.get("since", ""))
    running = running_timer()
    if running is None:
        return _nothing_runs()
    if since is not None and not running.started_at <= since < clock.now():
        since = None
    form = AwayForm.of(entry_id=running.entry_id, away_from=since, zone=current_actor().zone)
    return _away_page(form, running)


@bp.post("/away")
def settle_away() -> ResponseReturnValue:
    """Do with that time what was chosen."""
    actor, running, form = current_actor(), running_timer(), AwayForm()
    if running is None:
        return _too_late()
    if form.validate():
        with form.refusals():
            choice = form.choice()
            absence.settle_away(
                entry_id=form.entry,
                away_from=form.instant(choice, zone=actor.zone, started_at=running.started_at),
                choice=choice,
                task_id=form.task.number,
                note=form.note.data or "",
                actor=actor,
                now=clock.now(),
            )
            say(_SETTLED_AWAY[choice], undo=choice is not Away.KEEP)
            return back_or("timers.show")
    return _away_page(form, running), 422


@bp.get("/forgotten")
def forgotten() -> ResponseReturnValue:
    """Ask when a timer ended that nobody stopped."""
    running = running_timer()
    if running is None:
        return _nothing_runs()
    proposal = queries.get_proposal(entry_id=running.entry_id, actor=current_actor(), now=clock.now())
    form = ForgottenForm.of(entry_id=running.entry_id, proposed=proposal.ends_at, zone=current_actor().zone)
    return _forgotten_page(form, running)


@bp.post("/forgotten")
def settle_forgotten() -> ResponseReturnValue:
    """Do with that timer what was chosen."""
    actor, running, form = current_actor(), running_timer(), ForgottenForm()
    if running is None:
        return _too_late()
    if form.validate():
        with form.refusals():
            choice = form.choice()
            absence.settle_forgotten(
                entry_id=form.entry,
                choice=choice,
                ended_at=form.instant(choice, zone=actor.zone, started_at=running.started_at),
                actor=actor,
                now=clock.now(),
            )
            say(_SETTLED_FORGOTTEN[choice], undo=choice is not Forgotten.KEEP)
            return back_or("timers.show")
    return _forgotten_page(form, running), 422


def _away_page(form: AwayForm, running: HeaderTimer) -> str:
    form.task.offer("The same task", list_tasks_to_choose(actor=current_actor()))
    since = forms.read_instant(form.away_at.data or "")
    away_seconds = int((clock.now() - since).total_seconds()) if since else None
    return render_template("timers/away.html", form=form, current=running, away_seconds=away_seconds, back=_back())


def _forgotten_page(form: ForgottenForm, running: HeaderTimer) -> str:
    actor = current_actor()
    proposal = queries.get_proposal(entry_id=running.entry_id, actor=actor, now=clock.now())
    return render_template("timers/forgotten.html", form=form, current=running, proposal=proposal, back=_back())


def _nothing_runs() -> ResponseReturnValue:
    say("No timer runs, so there is nothing to decide.", kind="info")
    return redirect(_back() or url_for("timers.show"), 303)


def _too_late() -> ResponseReturnValue:
    say(TimerChanged.message, kind="info")
    return back_or("timers.show")


def _back() -> str | None:
    return own_address(request.values.get("next"))


_SETTLED_AWAY = {
    Away.KEEP: "The time is kept, and the timer runs on.",
    Away.REVERT: "The time away is left out, and the timer runs again from now.",
    Away.DISCARD: "The time away is left out, and the timer is stopped.",
    Away.SPLIT: "The time away is an entry of its own, and the timer runs again from now.",
}
_SETTLED_FORGOTTEN = {
    Forgotten.ACCEPT: "The timer is ended then.",
    Forgotten.OTHER: "The timer is ended then.",
    Forgotten.KEEP: "The timer runs on.",
    Forgotten.DISCARD: "The time of this timer is discarded.",
}
