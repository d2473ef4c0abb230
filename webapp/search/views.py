"""The page that answers the search in the head of every page."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.errors import InvalidInput
from webapp.search import queries
from webapp.values.text import clean_line
from webapp.web import clock
from webapp.web.access import current_actor

bp = Blueprint("search", __name__, url_prefix="/search")

LONGEST_SEARCH = 200


@bp.get("")
def index() -> ResponseReturnValue:
    """Show what holds the words; without words, where to type them."""
    try:
        words = clean_line(request.args.get("q", ""))
    except ValueError as error:
        raise InvalidInput(str(error), field="q") from None
    if len(words) > LONGEST_SEARCH:
        raise InvalidInput(f"Search for at most {LONGEST_SEARCH} characters at once.", field="q")
    found = queries.find_all(words=words, actor=current_actor(), now=clock.now()) if words else None
    return render_template("search/index.html", words=words, found=found, most=queries.MOST_OF_EACH)
