"""The list of keys: each leads somewhere, none hides another, and the guide shows them all."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

from tests.cast import Person
from tests.page import Visit, texts, words
from webapp.web.keyboard import Key, keyboard_map, keys_that_say

ROOT = Path(__file__).parents[2]


def all_keys() -> list[Key]:
    return [key for group in keyboard_map() for key in group.keys]


def test_each_key_stands_for_one_thing(app: Flask) -> None:
    keys = [key.key for key in all_keys()]

    assert len(keys) == len(set(keys))
    # A first key that did something by itself would never wait for its second.
    assert not {key.split(" ")[0] for key in keys if " " in key} & set(keys)


def test_each_key_leads_to_a_page_or_does_what_the_script_knows(app: Flask) -> None:
    script = (ROOT / "static/js/behaviours/keyboard.js").read_text()
    addresses = app.url_map.bind("localhost")

    for key in all_keys():
        assert key.act or key.go, key
        if key.go:
            assert addresses.match(key.go.split("#")[0], method="GET")
        # Enter opens what has the focus by itself, and the cells of a week (time-grid.js) and the
        # line of the calculator know their own keys.
        if key.act and key.act not in ("open", "cell", "line"):
            assert re.search(rf"^  {key.act}[:,]", script, re.MULTILINE), key


def test_the_guide_lists_every_key(visit: Visit, app: Flask) -> None:
    page = visit("/help")

    listed = texts(page.select("[data-keyboard-map] dd"))
    assert listed == [key.does for key in all_keys()]
    assert {word for key in all_keys() for press in key.presses for word in press.split("+")} == set(
        texts(page.select("[data-keyboard-map] kbd"))
    )


def test_the_guide_for_keys_names_every_one(app: Flask) -> None:
    rows = [line for line in (ROOT / "docs/keyboard.md").read_text().splitlines() if line.startswith("| `")]
    named = {key for row in rows for key in re.findall(r"`([^`]+)`", row.split(" | ")[0])}

    assert {part for key in all_keys() for press in key.presses for part in press.split("+")} <= named


def test_keys_that_say_finds_pages_and_actions_by_their_words(app: Flask) -> None:
    with app.test_request_context():
        assert [key.does for key in keys_that_say("METR")] == ["Metrics"]
        assert [key.does for key in keys_that_say("task add")] == ["Add a task"]
        assert keys_that_say("nothing is called so") == []
        assert keys_that_say("")[0].does == "Today"


def test_the_palette_offers_pages_actions_and_what_is_found(visit: Visit, ada: Person) -> None:
    visit.send("/tasks", {"title": "Draw the metrics"}, as_=ada)
    page = visit("palette.palette", as_=ada, headers={"HX-Request": "true"}, q="metrics")

    assert texts(page.select(".palette__text")) == ["Metrics", "Draw the metrics", "Search for “metrics”"]
    ids = [option["id"] for option in page.select("[role=option]")]
    assert len(ids) == len(set(ids))


def test_the_palette_shows_a_stranger_nothing_of_others(visit: Visit, ada: Person, cy: Person) -> None:
    visit.send("/tasks", {"title": "Draw the metrics"}, as_=ada)

    assert "Draw" not in words(visit("palette.palette", as_=cy, headers={"HX-Request": "true"}, q="metrics"))


def test_the_palette_says_what_it_cannot_look_for(visit: Visit, ada: Person) -> None:
    page = visit("palette.palette", as_=ada, status=422, headers={"HX-Request": "true"}, q="x" * 201)

    assert "at most 200 characters" in words(page)


def test_the_palette_without_script_is_the_search(visit: Visit, ada: Person) -> None:
    answer = ada.client.get("/palette?q=metrics")

    assert (answer.status_code, answer.location) == (303, "/search?q=metrics")
