"""Time typed as one text, an overlap repaired and undone, and many entries changed at once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_main_job import register

pytestmark = [pytest.mark.browser, pytest.mark.once]


def add_task(page: Page, title: str) -> str:
    page.goto("/tasks/new")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name=re.compile("^Add")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    return page.url


def type_time(page: Page, task_address: str, text: str, *, has_javascript: bool) -> None:
    """Type time on a task and see how it is read; without a script that comes on a page of its own."""
    page.goto(f"{task_address}/entries")
    page.get_by_label("Duration", exact=True).fill(text)
    if not has_javascript:
        page.get_by_role("button", name="Add time").click()
        expect(page.get_by_text("nothing is saved yet")).to_be_visible()
    expect(page.locator(".spent-read")).to_contain_text("Yesterday")
    page.get_by_role("button", name="Add time").click()


def test_an_overlap_is_repaired_and_undone(visitor: Page, has_javascript: bool) -> None:
    page = visitor
    register(page)
    design, report = add_task(page, "Design the page"), add_task(page, "Write the report")
    type_time(page, design, "yesterday 9-12", has_javascript=has_javascript)
    expect(page.get_by_text("Time added.")).to_be_visible()

    # Inside the other: the page asks, with all that was typed, and says what each choice comes to.
    type_time(page, report, "yesterday 10-11", has_javascript=has_javascript)
    asked = page.get_by_role("group", name="This overlaps time that is here already")
    expect(asked).to_contain_text("“Design the page”")
    expect(page.get_by_label("Duration", exact=True)).to_have_value("yesterday 10-11")
    expect(asked.get_by_role("radio", name=re.compile("^Split the other around mine"))).to_be_visible()
    expect(asked).to_contain_text("09:00 – 10:00 and 11:00 – 12:00")
    asked.get_by_role("radio", name=re.compile("^Split the other around mine")).check()
    page.get_by_role("button", name="Add time").click()
    expect(page.get_by_text("Time added.")).to_be_visible()
    expect(page.locator(".entry")).to_contain_text(["10:00 – 11:00"])

    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".entry")).to_have_count(0)
    page.goto(f"{design}/entries")
    expect(page.locator(".entry")).to_contain_text(["09:00 – 12:00"])


def test_many_entries_are_changed_at_once(visitor: Page, has_javascript: bool) -> None:
    page = visitor
    register(page)
    design, report = add_task(page, "Design the page"), add_task(page, "Write the report")
    for text in ("yesterday 9-10", "yesterday 10-11"):
        type_time(page, design, text, has_javascript=has_javascript)
        expect(page.get_by_text("Time added.")).to_be_visible()

    today = datetime.now(ZoneInfo("Europe/Berlin")).date()
    page.goto(f"/timesheet?view=list&from={today - timedelta(days=2)}&to={today}")
    for box in page.locator("input[name=entry]").all():
        box.check()
    page.get_by_role("button", name="Change selected").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change 2 entries")
    page.get_by_label("Task", exact=True).select_option("Write the report")
    page.get_by_label("Billable").select_option("Yes")
    page.get_by_role("button", name="Change 2 entries").click()

    expect(page.get_by_text("2 entries changed.")).to_be_visible()
    page.goto(f"{report}/entries")
    expect(page.locator(".entry")).to_contain_text(["billable", "billable"])
