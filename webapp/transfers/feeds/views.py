"""The page of a person's feeds, and the calendars themselves, which a program reads without a login."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, Response, current_app, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.http import is_resource_modified

from webapp.tasks.queries.saved import list_views
from webapp.tasks.requests import read_criteria
from webapp.transfers.feeds import operations, queries
from webapp.transfers.feeds.forms import FeedForm
from webapp.transfers.giving.operations import name_all
from webapp.transfers.rules.calendar import MOST_TASKS, PAST_DAYS, FeedShape, fingerprint, write_calendar
from webapp.web import clock
from webapp.web.access import current_actor, public
from webapp.web.answers import say, see_other
from webapp.web.limits import few_of_a_key

bp = Blueprint("feeds", __name__, url_prefix="/feeds")

# Where the token of a feed waits to be shown, once.
_SHOWN_ONCE = "new_feed"


@bp.get("")
def index() -> ResponseReturnValue:
    """List the person's feeds, show the address of one just made, and offer another."""
    form = FeedForm(formdata=None)
    form.view.data = request.args.get("view", "")
    token = session.pop(_SHOWN_ONCE, None)
    return _page(form, address=_public("feeds.calendar", token=token) if token else None)


@bp.post("")
def make() -> ResponseReturnValue:
    """Make a feed."""
    form = FeedForm()
    form.offer(list_views(actor=current_actor()))
    if form.validate():
        with form.refusals():
            session[_SHOWN_ONCE] = operations.make_feed(
                view_id=form.view.number,
                shape=FeedShape(form.shape.data),
                has_time=form.has_time.data,
                actor=current_actor(),
                now=clock.now(),
            )
            return see_other("feeds.index")
    return _page(form), 422


@bp.post("/<int:feed_id>/renew")
def renew(feed_id: int) -> ResponseReturnValue:
    """Give a feed another address."""
    session[_SHOWN_ONCE] = operations.renew_feed(feed_id=feed_id, actor=current_actor(), now=clock.now())
    return see_other("feeds.index")


@bp.post("/<int:feed_id>/end")
def end(feed_id: int) -> ResponseReturnValue:
    """Take a feed back."""
    operations.end_feed(feed_id=feed_id, actor=current_actor())
    say("The feed is taken back. Its address leads nowhere now.")
    return see_other("feeds.index")


@bp.get("/<token>.ics")
@public
@few_of_a_key("token")
def calendar(token: str) -> ResponseReturnValue:
    """Send a calendar to whatever program knows its address."""
    feed = queries.open_feed(token=token)
    criteria = read_criteria(dict(parse_qsl(feed.address or "")), now=clock.now())
    name_all(actor=feed.actor)
    contents = queries.get_contents(feed=feed, criteria=criteria, address_of=_address_of)

    response = Response(content_type="text/calendar; charset=utf-8")
    response.set_etag(fingerprint(contents))
    response.last_modified = contents.changed_at
    response.headers["Content-Disposition"] = 'inline; filename="devtrackr.ics"'
    # For this program alone, which asks each time whether it is still the same.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    # By the tag alone: a task that is gone leaves no later date behind.
    if is_resource_modified(request.environ, etag=response.get_etag()[0]):
        response.set_data(write_calendar(contents))
    else:
        response.status_code = 304
    return response


def _address_of(task_id: int) -> str:
    return _public("tasks.show", task_id=task_id)


def _public(endpoint: str, **values: Any) -> str:
    # Not as this request calls the site: other programs keep these addresses.
    return f"{current_app.config['PUBLIC_URL']}{url_for(endpoint, **values)}"


def _page(form: FeedForm, *, address: str | None = None) -> str:
    actor = current_actor()
    form.offer(list_views(actor=actor))
    return render_template(
        "transfers/feeds.html",
        form=form,
        feeds=queries.list_feeds(actor=actor),
        address=address,
        most_tasks=MOST_TASKS,
        past_days=PAST_DAYS,
    )
