"""What script adds to pages that work without: answers in place, a running clock, menus that close, a thumb's reach."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def has_javascript() -> bool:
    """Leave the stories without script to the others."""
    return True


@pytest.fixture
def ada(visitor: Page) -> Page:
    """A page of somebody who has just registered and added a task."""
    visitor.goto("/register")
    visitor.get_by_label("Name").fill("Ada Lovelace")
    visitor.get_by_label("E-mail").fill(f"{secrets.token_hex(6)}@example.com")
    visitor.locator("[name=password]").fill("correct horse battery staple")
    visitor.get_by_role("button", name="Create the account").click()
    expect(visitor.get_by_role("navigation", name="Main")).to_be_visible()
    add_task(visitor, "Write the report")
    return visitor


def add_task(page: Page, title: str) -> None:
    page.goto("/tasks/new")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Add the task").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title.strip())
    page.goto("/tasks")


def test_a_click_on_a_task_changes_the_page_in_place(ada: Page) -> None:
    add_task(ada, "Draft the offer")
    ada.evaluate("window.samePage = true")
    row = ada.get_by_role("listitem").filter(has_text="Draft the offer")

    row.get_by_role("button", name="Start the timer").click()

    expect(ada.get_by_role("group", name="Running timer")).to_contain_text("Draft the offer")
    expect(ada).to_have_title(re.compile("^▶ 0:00 · Tasks"))
    expect(row.get_by_role("button", name="Stop the timer")).to_be_focused()
    assert ada.evaluate("window.samePage") is True


def test_the_clock_runs_on_and_leaves_the_title_when_it_is_stopped(ada: Page) -> None:
    ada.get_by_role("button", name="Start the timer").first.click()
    timer = ada.get_by_role("group", name="Running timer")

    expect(timer).to_contain_text(re.compile("0:00:0[2-9]"))
    timer.get_by_role("button", name="Stop").click()

    expect(timer).to_have_count(0)
    expect(ada).to_have_title("Tasks · DevTrackr")


def test_a_menu_closes_on_escape_and_gives_the_focus_back(ada: Page) -> None:
    opener = ada.locator("summary", has_text="Your account")
    opener.click()
    expect(ada.get_by_role("button", name="Log out")).to_be_visible()

    ada.keyboard.press("Escape")

    expect(ada.get_by_role("button", name="Log out")).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_first_tab_stop_skips_to_the_content(ada: Page) -> None:
    ada.goto("/tasks")
    ada.keyboard.press("Tab")
    expect(ada.get_by_role("link", name="Skip to the content")).to_be_focused()

    ada.keyboard.press("Enter")

    expect(ada.get_by_role("main")).to_be_focused()


def test_a_password_can_be_shown_and_is_hidden_again(visitor: Page) -> None:
    visitor.goto("/login")
    password = visitor.locator("[name=password]")
    password.fill("correct horse battery staple")

    visitor.get_by_role("button", name="Show the password").click()
    expect(password).to_have_attribute("type", "text")
    visitor.get_by_role("button", name="Show the password").click()

    expect(password).to_have_attribute("type", "password")


def test_a_phone_has_the_timer_and_the_tabs_in_reach_of_the_thumb(ada: Page) -> None:
    ada.set_viewport_size({"width": 320, "height": 640})
    ada.goto("/tasks")
    ada.get_by_role("button", name="Start the timer").first.click()

    timer = ada.get_by_role("group", name="Running timer").bounding_box()
    tabs = ada.get_by_role("navigation", name="Main").bounding_box()
    assert timer
    assert tabs
    assert 480 < timer["y"] < tabs["y"] < 640

    ada.get_by_role("navigation", name="Main").locator("summary").click()
    ada.get_by_role("link", name="Customers").click()
    expect(ada.get_by_role("heading", level=1)).to_have_text("Customers")


def test_the_message_of_a_click_floats_and_moves_nothing(ada: Page) -> None:
    row = ada.get_by_role("listitem").filter(has_text="Write the report")
    before = row.bounding_box()

    row.get_by_role("button", name="Start the timer").click()

    message = ada.get_by_role("status").filter(has_text="Timer started")
    expect(message).to_be_visible()
    assert row.bounding_box() == before
    message.get_by_role("button", name="Close this message").click()
    expect(message).to_have_count(0)
