"""The page that answers the search in the head of every page."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.errors import InvalidInput
from webapp.search import queries
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.web.fields import read_search

bp = Blueprint("search", __name__, url_prefix="/search")


@bp.get("")
def index() -> ResponseReturnValue:
    """Show what holds the words; without words, where to type them."""
    words = read_search(request.args.get("q", ""))
    found = queries.find_all(words=words, actor=current_actor(), now=clock.now()) if words else None
    return render_template("search/index.html", words=words, found=found, most=queries.MOST_OF_EACH)


@bp.get("/suggest")
def suggest() -> ResponseReturnValue:
    """Answer with a few links, to be shown while somebody types."""
    try:
        words = read_search(request.args.get("q", ""))
    except InvalidInput as error:
        return render_template("search/_suggestions.html", words="", found=[], refusal=error.message), 422
    found = queries.suggest(words=words, actor=current_actor(), now=clock.now()) if words else []
    return render_template("search/_suggestions.html", words=words, found=found, refusal=None)
