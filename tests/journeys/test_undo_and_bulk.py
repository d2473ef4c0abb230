"""Many tasks changed at once, and taken back: from the message, from the history, out of the trash."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.test_dependencies import add_task, check_by_axe
from tests.journeys.test_main_job import register

pytestmark = pytest.mark.browser

TITLES = ("Order chairs", "Order desks", "Order lamps", "Paint the wall")


def test_many_tasks_are_changed_at_once_and_undone_at_once(visitor: Page, has_javascript: bool) -> None:
    page = visitor
    register(page)
    for title in TITLES:
        add_task(page, title)

    page.goto("/tasks?sort=title")
    if has_javascript:
        # From the first box to the third with Shift.
        box(page, "Order chairs").check()
        box(page, "Order lamps").click(modifiers=["Shift"])
        expect(page.locator("#bulk")).to_contain_text("3 selected")
    else:
        for title in TITLES[:3]:
            box(page, title).check()
    page.get_by_role("button", name="Change selected").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change 3 tasks")
    check_by_axe(page, has_javascript)
    page.get_by_label("Priority").select_option("Urgent")
    page.get_by_label("Category").fill("Office")
    page.get_by_label("Add tags").fill("furniture")
    page.get_by_role("button", name="Change 3 tasks").click()

    expect(page.locator(".flash")).to_contain_text("3 tasks changed.")
    expect(page.locator(".task-row", has_text="Urgent")).to_have_count(3)
    expect(page.locator(".task-row", has_text="#furniture")).to_have_count(3)
    check_by_axe(page, has_javascript)

    page.locator(".flash").get_by_role("button", name="Undo").click()
    expect(page.locator(".flash")).to_contain_text("Undone: Changed 3 tasks")
    expect(page.locator(".task-row")).to_have_count(4)
    expect(page.locator(".task-row", has_text="Urgent")).to_have_count(0)
    expect(page.locator(".task-row", has_text="#furniture")).to_have_count(0)

    # Undone, and done again from the history.
    page.goto("/history")
    check_by_axe(page, has_javascript)
    first = page.locator(".change").first
    expect(first).to_contain_text("Undid: Changed 3 tasks: priority, category, tags")
    first.get_by_role("button", name="Redo").click()
    expect(page.locator(".change").first).to_contain_text("Redid: Changed 3 tasks")
    page.goto("/tasks?tag=furniture")
    expect(page.locator(".task-row")).to_have_count(3)

    # All that match, to the trash, and back.
    page.get_by_role("button", name="Change all that match").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change 3 tasks")
    page.get_by_role("button", name="Put in the trash").click()
    expect(page.locator(".flash")).to_contain_text("3 tasks went to the trash.")
    page.goto("/tasks/trash")
    expect(page.get_by_role("main")).to_contain_text("Order desks")
    page.goto("/history")
    page.locator(".change").first.get_by_role("button", name="Undo").click()
    expect(page.locator(".flash")).to_contain_text("Undone: Put 3 tasks in the trash")
    page.goto("/tasks")
    expect(page.locator(".task-row")).to_have_count(4)


def test_an_undo_that_would_overwrite_says_what_comes_first(visitor: Page, has_javascript: bool) -> None:
    page = visitor
    register(page)
    add_task(page, "Write the report")
    for title in ("Write it", "Write it well"):
        page.get_by_role("link", name="Edit", exact=True).click()
        page.get_by_label("Title").fill(title)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)

    page.goto("/history")
    second = page.locator(".change", has_text="Changed “Write it”")
    expect(second).to_contain_text("Write the report")
    second.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("main")).to_contain_text("A later change would be overwritten: Changed “Write it well”.")

    page.goto("/tasks")
    expect(page.locator(".task-row__title")).to_have_text("Write it well")


def box(page: Page, title: str) -> Locator:
    return page.get_by_role("checkbox", name=f"Select {title}")
