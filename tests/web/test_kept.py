"""What is drawn once for the same facts is drawn anew for others."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask, g
from jinja2.exceptions import UndefinedError

from webapp.web.addresses import address_of
from webapp.web.filters import current_reader
from webapp.web.kept import drawn_once


def test_a_piece_is_drawn_once_for_the_same_facts_and_anew_for_others(app: Flask) -> None:
    macro = app.jinja_env.from_string("{% macro piece(word, day=none) %}<b>{{ word }}</b>{{ day | day }}{% endmacro %}")
    piece = macro.module.piece  # type: ignore[attr-defined]

    with app.test_request_context("/"):
        first = drawn_once(piece, "<Pay>", date(2026, 11, 20))
        again = drawn_once(piece, "<Pay>", date(2026, 11, 20))
        other = drawn_once(piece, "Rent", date(2026, 11, 20))
        g.reader = current_reader()._replace(date_format="20.11.2026")
        elsewhere = drawn_once(piece, "<Pay>", date(2026, 11, 20))

    assert first == "<b>&lt;Pay&gt;</b>20 Nov 2026"
    assert again is first
    assert other == "<b>Rent</b>20 Nov 2026"
    assert elsewhere == "<b>&lt;Pay&gt;</b>20.11.2026"


@pytest.mark.parametrize(
    "value, written",
    [("<&\"'>", "&lt;&amp;&#34;&#39;&gt;"), (7, "7"), (None, "None"), (1.5, "1.5"), ("plain", "plain")],
)
def test_words_of_a_page_are_escaped(app: Flask, value: object, written: str) -> None:
    template = app.jinja_env.from_string(
        "{% macro m(x) %}{{ x }}{% if caller is defined %}{{ caller() }}{% endif %}{% endmacro %}"
        "{{ x }}|{{ m(x) }}|{% call m(x) %}{{ x }}{% endcall %}|{% for y in [x] %}{{ m(y) }}{% endfor %}"
    )

    assert template.render(x=value) == f"{written}|{written}|{written}{written}|{written}"


def test_what_a_template_does_not_know_is_an_error(app: Flask) -> None:
    with pytest.raises(UndefinedError):
        app.jinja_env.from_string("{{ nothing_of_this_name }}").render()


def test_addresses_are_written_as_url_for_writes_them(app: Flask) -> None:
    with app.test_request_context("/", base_url="http://localhost/under"):
        assert (
            address_of("tasks.index", q="a b&c=ü/?", status=None, page=2) == "/under/tasks?q=a+b%26c%3D%C3%BC/?&page=2"
        )
        assert address_of("tasks.index", tag=["one", "two"]) == "/under/tasks?tag=one&tag=two"
        assert address_of("tasks.index") == "/under/tasks"
        assert address_of("tasks.show", task_id=7) == "/under/tasks/7"
