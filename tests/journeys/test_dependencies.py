"""Tasks that wait for each other: a circle is refused by its path, and what waits is done with a reason."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_every_page import AXE
from tests.journeys.test_main_job import register

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_a_circle_is_refused_by_its_path_and_a_reason_gets_past_what_waits(visitor: Page, has_javascript: bool) -> None:
    page = visitor
    register(page)
    for title in ("Pay the invoice", "Get the invoice", "Order the chairs"):
        add_task(page, title)

    wait_for(page, "Pay the invoice", "get the")
    expect(page.get_by_role("list", name="Waits for")).to_contain_text("Get the invoice")
    wait_for(page, "Get the invoice", "Order the chairs")
    check_by_axe(page, has_javascript)

    wait_for(page, "Order the chairs", "Pay the")
    expect(page.locator("#blocker-error")).to_have_text(
        "That goes in a circle: “Order the chairs” waits for “Pay the invoice”, which waits for “Get the invoice”, "
        "which waits for “Order the chairs”."
    )
    expect(page.get_by_label("Title or number of a task")).to_have_value("Pay the")
    check_by_axe(page, has_javascript)

    open_task(page, "Pay the invoice")
    page.get_by_role("button", name="Done", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Not done yet: Pay the invoice")
    expect(page.get_by_role("list", name="Waits for")).to_contain_text("Get the invoice")
    check_by_axe(page, has_javascript)
    page.get_by_label("Why it is done all the same").fill("They waived it")
    page.get_by_role("button", name="Set to done").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pay the invoice")
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()

    # The last that held it up is done: whoever waits is told.
    open_task(page, "Order the chairs")
    page.get_by_role("button", name="Done", exact=True).click()
    page.goto("/notifications")
    expect(page.get_by_role("main")).to_contain_text("Nothing blocks “Get the invoice” any more.")

    page.goto("/tasks?sort=-urgency")
    expect(page.locator(".task-row__title").first).to_have_text("Get the invoice")


def add_task(page: Page, title: str) -> None:
    page.goto("/tasks/new")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name=re.compile("^Add the task")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def open_task(page: Page, title: str) -> None:
    page.goto("/tasks")
    page.locator(".task-row__title", has_text=title).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def wait_for(page: Page, title: str, typed: str) -> None:
    open_task(page, title)
    page.get_by_label("Title or number of the task that this one waits for").fill(typed)
    page.get_by_role("button", name="Add what it waits for").click()


def check_by_axe(page: Page, has_javascript: bool) -> None:
    if has_javascript:
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run({resultTypes: ['violations']})")
        assert [(violation["id"], violation["nodes"][0]["html"]) for violation in found["violations"]] == []
