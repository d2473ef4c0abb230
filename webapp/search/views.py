"""The page that answers the search in the head of every page."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.errors import InvalidInput
from webapp.search import queries
from webapp.web import clock
from webapp.web.access import current_actor
from webapp.web.answers import see_other
from webapp.web.fields import read_search
from webapp.web.keyboard import keys_that_say

bp = Blueprint("search", __name__, url_prefix="/search")
palette_bp = Blueprint("palette", __name__, url_prefix="/palette")


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


@palette_bp.get("")
def palette() -> ResponseReturnValue:
    """Answer a script with what words may lead to: pages, actions, and what a search finds. Others get the search."""
    typed = request.args.get("q", "")
    if "HX-Request" not in request.headers:
        return see_other("search.index", q=typed)
    try:
        words = read_search(typed)
    except InvalidInput as error:
        return render_template("search/_palette.html", words=typed, keys=[], found=[], refusal=error.message), 422
    found = queries.suggest(words=words, actor=current_actor(), now=clock.now()) if words else []
    return render_template("search/_palette.html", words=typed, keys=keys_that_say(words), found=found, refusal=None)
