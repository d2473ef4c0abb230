"""One line becomes a task: what was understood is seen first, changed and saved; lines become tasks."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_dependencies import check_by_axe
from tests.journeys.test_main_job import register

pytestmark = [pytest.mark.browser, pytest.mark.once]

LINE = "Pay invoice tomorrow 3pm #finance #9to5 !high ~45m every month"


def test_a_line_is_read_shown_changed_and_saved(visitor: Page, has_javascript: bool) -> None:
    page = visitor
    register(page)
    page.goto("/tasks/quick")

    page.get_by_label("New task").fill(LINE)
    if not has_javascript:
        page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".quick-read__title")).to_have_text("Pay invoice")
    for words in ("Due Tomorrow 15:00", "Tag finance", "Priority high", "Estimate 45 min", "Repeats every month"):
        expect(page.get_by_role("button", name=words)).to_be_visible()
    check_by_axe(page, has_javascript)

    page.get_by_role("button", name="Tag 9to5").click()
    expect(page.locator(".quick-read__title")).to_have_text("Pay invoice #9to5")
    expect(page.get_by_label("New task")).to_have_value(LINE.replace("#9", "\\#9"))
    expect(page.get_by_role("button", name="Due Tomorrow 15:00")).to_be_visible()

    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Added “Pay invoice #9to5”.")
    page.locator(".task-row__title", has_text="Pay invoice #9to5").click()
    main = page.get_by_role("main")
    for words in ("High", "finance", "15:00"):
        expect(main).to_contain_text(words)


def test_several_pasted_lines_become_tasks_and_one_undo(visitor: Page, has_javascript: bool) -> None:
    page = visitor
    register(page)
    page.goto("/tasks/quick")

    page.get_by_label("New task").fill("Milk #shop\nThe 9/11 Report\nCall Bob by friday")
    if has_javascript:
        page.get_by_label("New task").press("Enter")
    else:
        page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".quick-read__title")).to_have_text(["Milk", "The 9/11 Report", "Call Bob"])
    check_by_axe(page, has_javascript)
    if has_javascript:
        page.get_by_label("New task").press("Enter")
    else:
        page.get_by_role("button", name="Add 3 tasks").click()

    expect(page.get_by_role("status")).to_contain_text("Added 3 tasks.")
    expect(page.locator(".task-row")).to_have_count(3)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".task-row")).to_have_count(0)


def test_a_title_that_is_too_long_comes_back_as_typed(visitor: Page) -> None:
    page = visitor
    register(page)
    page.goto("/tasks/quick")
    text = "long " * 200

    page.get_by_label("New task").fill(text)
    page.get_by_role("button", name="Add", exact=True).click()

    expect(page.get_by_role("main")).to_contain_text("A title has at most 500 characters, this one has 999.")
    expect(page.get_by_label("New task")).to_have_value(text.strip())
