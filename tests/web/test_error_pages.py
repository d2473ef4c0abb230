"""Error pages are finished pages: words of their own, one thing to do, and nothing they need that may have failed."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from webapp.web.errors import PAGES, error_page


def page_of(app: Flask, status: int, message: str | None) -> BeautifulSoup:
    with app.test_request_context("/tasks/1"):
        return BeautifulSoup(error_page(status, message).get_data(as_text=True), "html.parser")


@pytest.mark.parametrize("status", sorted(PAGES))
def test_error_page_is_whole(app: Flask, status: int) -> None:
    page = page_of(app, status, None)

    (heading,) = page.select("h1")
    (title,) = page.select("title")
    assert title.text == f"{heading.text} · DevTrackr"
    assert page.select("main a[href]:not(.brand)")
    assert "Request" in page.text


def test_error_page_says_what_the_domain_said(app: Flask) -> None:
    page = page_of(app, 409, "Ben finished this task while you had it open.")

    assert "Ben finished this task while you had it open." in page.text
