"""Work leaves as a file by a click, and a calendar program reads it at a secret address until that is taken back."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.journeys.test_dependencies import check_by_axe
from tests.journeys.test_main_job import register

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_work_is_taken_along_and_read_by_a_calendar(visitor: Page, has_javascript: bool) -> None:
    page = visitor
    register(page)
    page.goto("/tasks/new")
    page.get_by_label("Title").fill("Pay the invoice")
    page.get_by_role("textbox", name="Due").fill("2026-12-01")
    page.get_by_role("button", name="Add the task").click()

    page.goto("/tasks")
    page.locator("summary", has_text="More for this list").click()
    page.get_by_role("link", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download JSON").click()
    (task,) = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))["tasks"]
    assert (task["title"], task["due_on"]) == ("Pay the invoice", "2026-12-01")

    page.get_by_role("link", name="Calendar feeds").click()
    page.get_by_label("Show them as").select_option("both")
    page.get_by_role("button", name="Make a feed").click()
    address = page.get_by_label("Address", exact=True).input_value()
    check_by_axe(page, has_javascript)
    with urlopen(address) as answer:
        parts = Calendar.from_ical(answer.read()).subcomponents
    assert [(part.name, str(part["summary"])) for part in parts] == [
        ("VTODO", "Pay the invoice"),
        ("VEVENT", "Pay the invoice"),
    ]

    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("The feed is taken back.")).to_be_visible()
    with pytest.raises(HTTPError, match="404"):
        urlopen(address)
