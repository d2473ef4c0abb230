"""The page of notices."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.errors import InvalidInput
from webapp.notices import operations, queries
from webapp.web import clock
from webapp.web.access import current_actor, current_viewer
from webapp.web.answers import back_or, own_address, say

bp = Blueprint("notices", __name__, url_prefix="/notifications")


@bp.get("")
def index() -> ResponseReturnValue:
    """List what one was told, the newest first."""
    is_unread_only = _read_show(request.args.get("show", "all"))
    page = queries.list_notices(
        actor=current_actor(), is_unread_only=is_unread_only, after=request.args.get("after") or None
    )
    return render_template("notices/index.html", page=page, is_unread_only=is_unread_only)


@bp.post("/<int:notice_id>/open")
def follow(notice_id: int) -> ResponseReturnValue:
    """Mark a notice as read and go to what it speaks of."""
    address = operations.open_notice(
        notice_id=notice_id, session_id=current_viewer().session_id, actor=current_actor(), now=clock.now()
    )
    return redirect(own_address(address) or url_for("notices.index"), 303)


@bp.post("/<int:notice_id>/read")
def read(notice_id: int) -> ResponseReturnValue:
    """Mark a notice as read."""
    operations.mark_notice(notice_id=notice_id, is_read=True, actor=current_actor(), now=clock.now())
    return back_or("notices.index")


@bp.post("/<int:notice_id>/unread")
def unread(notice_id: int) -> ResponseReturnValue:
    """Mark a notice as unread again."""
    operations.mark_notice(notice_id=notice_id, is_read=False, actor=current_actor(), now=clock.now())
    return back_or("notices.index")


@bp.post("/read")
def read_all() -> ResponseReturnValue:
    """Mark everything as read that the person could see."""
    operations.mark_all_read(up_to_id=_read_id(request.form.get("newest", "")), actor=current_actor(), now=clock.now())
    say("Everything is marked as read.")
    return back_or("notices.index")


def _read_show(word: str) -> bool:
    if word not in ("all", "unread"):
        raise InvalidInput("Show “all” notices or the “unread” ones.", field="show")
    return word == "unread"


def _read_id(typed: str) -> int:
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
        raise InvalidInput("Open the notices again, and mark them as read from there.", field="newest")
    return int(typed)
