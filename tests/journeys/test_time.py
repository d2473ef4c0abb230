"""Time by hand: written down, corrected, taken out, put back, and looked at in the timesheet."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_main_job import register

pytestmark = pytest.mark.browser

BERLIN = ZoneInfo("Europe/Berlin")


def test_time_is_written_down_corrected_and_put_back(visitor: Page) -> None:
    page = visitor
    register(page)
    page.goto("/tasks/new")
    page.get_by_label("Title").fill("Draft the offer")
    page.get_by_role("button", name=re.compile("^Add")).click()

    # A duration, today.
    page.get_by_text("Add time by hand").click()
    page.get_by_label("Duration", exact=True).fill("1h 30m")
    page.locator("main").get_by_label(re.compile("^Note")).fill("with Ben")
    page.get_by_role("button", name="Add time").click()
    expect(page.get_by_text("Time added.")).to_be_visible()
    expect(page.locator(".entry")).to_contain_text(["1 h 30 min"])

    # A start and an end, in the timesheet; first the wrong way round.
    yesterday = datetime.now(BERLIN).replace(hour=10, minute=0, second=0, tzinfo=None) - timedelta(days=1)
    page.goto("/timesheet")
    page.get_by_text("Add time by hand").click()
    page.get_by_label("Task", exact=True).select_option("Draft the offer")
    page.get_by_text("A start and an end instead").click()
    page.get_by_label("Start", exact=True).fill(written(yesterday))
    page.get_by_label("End", exact=True).fill(written(yesterday - timedelta(hours=1)))
    page.get_by_role("button", name="Add time").click()
    expect(page.locator("#ended_at-error")).to_have_text("The end is not after the start.")
    expect(page.get_by_label("Start", exact=True)).to_have_value(written(yesterday))
    page.get_by_label("End", exact=True).fill(written(yesterday + timedelta(hours=2)))
    page.get_by_role("button", name="Add time").click()
    expect(page.get_by_text("Time added.")).to_be_visible()

    # A timer has seconds; the browser takes them when its entry is saved again.
    page.goto("/tasks")
    page.get_by_role("link", name="Draft the offer").first.click()
    page.get_by_role("button", name="Start the timer").first.click()
    page.get_by_role("group", name="Running timer").get_by_role("button", name="Stop").click()
    expect(page.get_by_text("No timer running")).to_be_visible()
    page.get_by_role("link", name="Correct").first.click()
    page.locator("main").get_by_label(re.compile("^Note")).fill("by timer")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Time saved.")).to_be_visible()
    expect(page.locator(".entry", has_text="by timer")).to_be_visible()

    # Out, and back.
    row = page.locator(".entry", has_text="with Ben")
    row.get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row).to_be_visible()

    # A week that holds both days shows all of it.
    monday, today = yesterday.date() - timedelta(days=5), yesterday.date() + timedelta(days=1)
    page.goto(f"/timesheet?from={monday}&to={today}")
    expect(page.locator("#total")).to_contain_text("3 h 30 min")
    expect(page.locator(".timesheet__total").first).to_contain_text("3:30")


def written(moment: datetime) -> str:
    """A moment as the field holds it."""
    return moment.isoformat(timespec="minutes")
