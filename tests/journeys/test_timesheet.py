"""A week filled in from the keyboard, copied from the last, and taken back."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.test_main_job import register

pytestmark = [pytest.mark.browser, pytest.mark.once]

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_week_is_typed_in_copied_and_taken_back(visitor: Page, has_javascript: bool) -> None:
    page = visitor
    register(page)
    for title in ("Draft the offer", "Review the branch"):
        page.goto("/tasks/new")
        page.get_by_label("Title").fill(title)
        page.get_by_role("button", name=re.compile("^Add")).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
    today = datetime.now(BERLIN).date()
    monday = today - timedelta(days=today.weekday() + 14)

    # A week that is over, empty: a row for each task.
    page.goto(f"/timesheet?view=week&from={monday}&to={monday + timedelta(days=6)}")
    expect(page.get_by_text("No time in this week")).to_be_visible()
    add_row(page, "Draft", has_javascript)
    add_row(page, "review the", has_javascript)
    rows = page.locator(".timesheet tbody tr")
    expect(rows).to_have_count(2)

    first = rows.nth(0).locator("input.timesheet__cell")
    second = rows.nth(1).locator("input.timesheet__cell")
    if has_javascript:
        # Across with the arrows, down with Enter, on with Tab.
        first.nth(0).focus()
        page.keyboard.type("1:30")
        page.keyboard.press("ArrowRight")
        page.keyboard.type("90m")
        page.keyboard.press("Enter")
        expect(second.nth(1)).to_be_focused()
        page.keyboard.type("2.5")
        page.keyboard.press("ArrowUp")
        expect(first.nth(1)).to_be_focused()
        page.keyboard.press("Tab")
        expect(first.nth(2)).to_be_focused()
        page.keyboard.type("soon")
        page.keyboard.press("Control+Enter")
    else:
        for field, typed in (
            (first.nth(0), "1:30"),
            (first.nth(1), "90m"),
            (second.nth(1), "2.5"),
            (first.nth(2), "soon"),
        ):
            field.fill(typed)
        page.get_by_role("button", name="Save").click()

    # What cannot be read is told, and nothing is lost.
    expect(page.get_by_text("Nothing was saved: 1 cell cannot be read.")).to_be_visible()
    expect(first.nth(2)).to_have_attribute("aria-invalid", "true")
    expect(second.nth(1)).to_have_value("2.5")
    first.nth(2).fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved 3 cells.")).to_be_visible()
    expect(totals(page)).to_have_text(["1:30", "4:00", "0:00", "0:00", "0:00", "0:00", "0:00", "5:30"])

    # The week after: the same again, and taken back.
    page.get_by_role("link", name="The week after").click()
    page.get_by_text("Copy last week", exact=True).click()
    page.get_by_role("button", name="Its tasks with their times").click()
    expect(page.get_by_text("Copied 3 cells of the week before.")).to_be_visible()
    expect(totals(page).last).to_have_text("5:30")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("No time in this week")).to_be_visible()
    page.get_by_text("Copy last week", exact=True).click()
    page.get_by_role("link", name="Its tasks, without times").click()
    expect(rows).to_have_count(2)
    expect(totals(page).last).to_have_text("0:00")


def add_row(page: Page, words: str, has_javascript: bool) -> None:
    """Add a row for a task by words of its title; with a script Enter does it."""
    field = page.get_by_label("Title or number of a task to add a row for")
    field.fill(words)
    if has_javascript:
        field.press("Enter")
    else:
        page.get_by_role("button", name="Add a row").click()
    expect(page.locator(".timesheet tbody").get_by_text(words)).to_be_visible()


def totals(page: Page) -> Locator:
    """What each day and the whole week took."""
    return page.locator(".timesheet tfoot tr").last.locator("td")
