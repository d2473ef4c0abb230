"""A task that comes again: set up with its dates in view, done across the end of a month, skipped, edited, stopped."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_every_page import look_over
from tests.journeys.test_main_job import register

pytestmark = pytest.mark.browser


def test_a_rent_is_paid_across_the_end_of_february(visitor: Page, has_javascript: bool) -> None:
    page = visitor
    register(page)
    # Next year, so that it is ahead on whatever day this runs.
    year = datetime.now(UTC).year + 1
    january, february = date(year, 1, 31), date(year, 2, monthrange(year, 2)[1])

    page.goto("/tasks/new")
    page.get_by_label("Title").fill("Pay the rent")
    page.get_by_label(re.compile("^Due")).fill(january.isoformat())
    repeat = page.get_by_label("Repeat", exact=True)
    expect(page.get_by_label("Every", exact=True)).to_be_hidden()

    # What belongs to one way of repeating is there with it, and what is missing is said.
    repeat.select_option("Weekly, on chosen weekdays")
    expect(page.get_by_role("checkbox", name="Friday")).to_be_visible()
    page.get_by_role("button", name="Show dates").click()
    expect(page.locator("#repeat_on-error")).to_have_text("Choose at least one weekday.")
    expect(page.get_by_label("Title")).to_have_value("Pay the rent")

    # The dates are there before anything is saved.
    repeat.select_option("Monthly, on the same day")
    expect(page.get_by_role("checkbox", name="Friday")).to_be_hidden()
    if not has_javascript:
        page.get_by_role("button", name="Show dates").click()
    dates = page.locator("#repeat-dates li")
    expect(dates).to_have_count(6)
    expect(dates).to_contain_text([f"{february.day} Feb {year}", f"31 Mar {year}", f"30 Apr {year}"])
    page.get_by_role("button", name="Add the task").click()
    expect(page.get_by_role("heading", name="Repeats")).to_be_visible()

    # Done, and done again: 31 January, the last of February, 31 March.
    finish(page)
    expect(page.locator(".facts")).to_contain_text(f"{february.day} Feb {year}")
    finish(page)
    expect(page.locator(".facts")).to_contain_text(f"31 Mar {year}")

    page.get_by_role("button", name="Skip this date").click()
    expect(page.get_by_text("Skipped. It is due on")).to_be_visible()
    expect(page.locator(".facts")).to_contain_text(f"30 Apr {year}")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".facts")).to_contain_text(f"31 Mar {year}")

    # The name of this one and of those that follow.
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Title").fill("Transfer the rent")
    page.get_by_label("Save for").select_option("This one and those that follow")
    page.get_by_role("button", name="Save", exact=True).click()
    finish(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Transfer the rent")
    expect(page.locator(".facts")).to_contain_text(f"30 Apr {year}")

    if has_javascript:
        complaints: list[str] = []
        for path in (page.url, f"{page.url}/edit"):
            look_over(page, path, complaints)
        assert complaints == []
        page.go_back()

    page.get_by_role("button", name="Stop repeating").click()
    expect(page.get_by_text("It repeats no more.")).to_be_visible()
    expect(page.get_by_role("heading", name="Repeats")).to_have_count(0)


def finish(page: Page) -> None:
    """Finish the task whose page this is, and go to the one that follows."""
    page.get_by_role("button", name="Done", exact=True).click()
    page.get_by_role("link", name="To the newest one").click()
    expect(page.get_by_role("button", name="Done", exact=True)).to_be_visible()
