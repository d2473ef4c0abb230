"""A list is narrowed, kept by a name, opened again and forgotten: with scripts and without them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_main_job import open_filters, register

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_a_list_is_narrowed_kept_by_a_name_and_forgotten(visitor: Page, has_javascript: bool) -> None:
    page = visitor
    register(page)
    add(page, "Call Mrs Lund", "2026-11-02", "high")
    add(page, "Water the plants", "", "low")

    page.goto("/tasks")
    open_filters(page, has_javascript)
    page.get_by_label("Priority").select_option("high")
    page.get_by_label("Due from").fill("2026-11-01")
    page.get_by_role("button", name="Show these").click()
    expect(page.locator(".task-row")).to_have_count(1)
    expect(page.locator(".applied")).to_contain_text("Due from")

    page.locator("summary", has_text="Views").click()
    page.get_by_label("Save this list as").fill("Urgent calls")
    page.get_by_role("button", name="Save the view").click()
    expect(page.get_by_text("View saved.")).to_be_visible()

    page.goto("/tasks")
    expect(page.locator(".task-row")).to_have_count(2)
    page.locator("summary", has_text="Views").click()
    page.get_by_role("link", name="Urgent calls").click()
    expect(page.locator(".task-row")).to_have_count(1)
    # The button of a row belongs to a form elsewhere on the page.
    page.get_by_role("button", name="To do: press to begin: Call Mrs Lund").click()
    expect(page.get_by_role("button", name="Doing: press to finish: Call Mrs Lund")).to_be_visible()
    expect(page.locator(".applied")).to_contain_text("Due from")

    page.goto("/tasks/views")
    page.get_by_role("main").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No views yet")).to_be_visible()


def add(page: Page, title: str, due: str, priority: str) -> None:
    """Add a task by its form."""
    page.goto("/tasks/new")
    page.locator("[name=title]").fill(title)
    page.locator("[name=due]").fill(due)
    page.locator("[name=priority]").select_option(priority)
    page.get_by_role("main").get_by_role("button", name="Add").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
