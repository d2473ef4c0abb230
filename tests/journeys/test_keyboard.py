"""The map of keys in a browser: what each does, that nothing fires while one types, and the palette."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_dependencies import check_by_axe
from tests.journeys.test_main_job import register

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def has_javascript() -> bool:
    """There are no keys without script; what they do is done by links and buttons in the other stories."""
    return True


@pytest.fixture
def ada(visitor: Page) -> Page:
    """The list of somebody who has three tasks."""
    register(visitor)
    visitor.goto("/tasks/quick")
    visitor.get_by_label("New task").fill("Order the chairs\nPay the invoice\nWrite the report")
    visitor.get_by_label("New task").press("Enter")
    expect(visitor.locator(".quick-read__title")).to_have_count(3)
    visitor.get_by_label("New task").press("Enter")
    expect(visitor.locator(".task-row")).to_have_count(3)
    return visitor


def test_a_task_is_added_from_any_page_and_taken_back(ada: Page) -> None:
    ada.goto("/metrics")
    ada.keyboard.press("q")
    field = ada.get_by_role("dialog", name="Add a task").get_by_label("New task")
    expect(field).to_be_focused()
    # A letter that is a key elsewhere is a letter here.
    ada.keyboard.type("zeqj tomorrow")
    expect(field).to_have_value("zeqj tomorrow")
    expect(ada.get_by_role("button", name="Due Tomorrow")).to_be_visible()
    check_by_axe(ada, True)
    ada.keyboard.press("Enter")

    expect(ada.get_by_role("status")).to_contain_text("Added “zeqj”.")
    expect(ada).to_have_url(re.compile("/metrics$"))
    ada.keyboard.press("z")
    expect(ada.get_by_role("status")).to_contain_text("Undone: Added “zeqj”.")
    ada.goto("/tasks")
    expect(ada.locator(".task-row")).to_have_count(3)


def test_rows_are_walked_timed_finished_and_opened(ada: Page) -> None:
    rows = ada.locator(".task-row")
    titles = ada.locator(".task-row__title")
    ada.keyboard.press("j")
    expect(titles.nth(0)).to_be_focused()
    ada.keyboard.press("j")
    ada.keyboard.press("j")
    ada.keyboard.press("j")
    expect(titles.nth(2)).to_be_focused()
    ada.keyboard.press("k")
    expect(titles.nth(1)).to_be_focused()
    expect(titles.nth(1)).to_be_in_viewport()

    title = titles.nth(1).inner_text()
    box = ada.get_by_role("checkbox", name=f"Select {title}")
    ada.keyboard.press("x")
    expect(box).to_be_checked()
    ada.keyboard.press("x")
    expect(box).not_to_be_checked()
    expect(titles.nth(1)).to_be_focused()

    ada.keyboard.press("t")
    expect(ada.get_by_role("group", name="Running timer")).to_contain_text(title)
    expect(titles.nth(1)).to_be_focused()
    ada.keyboard.press("t")
    expect(ada.get_by_role("group", name="Running timer")).to_have_count(0)

    ada.keyboard.press("e")
    expect(rows.filter(has_text=title)).to_have_attribute("data-status", "done")
    expect(titles.nth(1)).to_be_focused()
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("heading", level=1)).to_have_text(title)


def test_on_today_the_next_task_takes_the_place_of_what_is_done(ada: Page) -> None:
    ada.goto("/today")
    titles = ada.locator(".task-row__title")
    expect(titles).to_have_count(3)
    ada.keyboard.press("j")
    expect(titles.first).to_be_focused()
    first, second = titles.nth(0).inner_text(), titles.nth(1).inner_text()

    ada.keyboard.press("e")
    expect(titles).to_have_count(2)
    expect(titles.first).to_have_text(second)
    expect(titles.first).to_be_focused()
    ada.keyboard.press("z")
    expect(titles).to_have_count(3)
    expect(titles.filter(has_text=first)).to_be_visible()


def test_two_keys_go_to_a_page_and_slash_to_the_search(ada: Page) -> None:
    for keys, path in (("gm", "/metrics"), ("gc", "/calculations"), ("gb", "/tasks/board"), ("gt", "/tasks")):
        for key in keys:
            ada.keyboard.press(key)
        expect(ada).to_have_url(re.compile(f"{path}$"))
        # The next page has its keys once it is there.
        ada.wait_for_load_state()

    ada.keyboard.press("/")
    field = ada.get_by_role("searchbox", name="Search tasks, calculations and customers")
    expect(field).to_be_focused()
    expect(field).to_have_value("")


def test_nothing_fires_in_fields_or_with_another_key_held(ada: Page) -> None:
    ada.goto("/tasks/new")
    for name in ("title", "description"):
        field = ada.locator(f"form.form [name={name}]")
        field.click()
        ada.keyboard.type("qj?gmz/xte")
        expect(field).to_have_value("qj?gmz/xte")
    expect(ada).to_have_url(re.compile("/tasks/new$"))
    ada.goto("/calculations")
    ada.get_by_label("Operation").focus()
    ada.keyboard.press("q")
    ada.keyboard.press("Control+k")
    expect(ada.get_by_role("dialog")).to_have_count(0)

    ada.goto("/tasks")
    for keys in ("Alt+q", "Shift+q", "Control+j"):
        ada.keyboard.press(keys)
    expect(ada.get_by_role("dialog")).to_have_count(0)
    expect(ada.locator(".task-row__title:focus")).to_have_count(0)


def test_the_list_of_keys_turns_them_off(ada: Page) -> None:
    ada.keyboard.press("j")
    ada.keyboard.press("?")
    keys = ada.get_by_role("dialog", name="Keyboard")
    expect(keys).to_contain_text("Set the task to done")
    check_by_axe(ada, True)
    keys.get_by_label("Single keys do something in this browser").uncheck()
    ada.keyboard.press("Escape")
    expect(keys).to_have_count(0)
    expect(ada.locator(".task-row__title").first).to_be_focused()

    ada.keyboard.press("j")
    ada.keyboard.press("q")
    expect(ada.locator(".task-row__title").first).to_be_focused()
    ada.keyboard.press("Control+k")
    expect(ada.get_by_role("combobox")).to_be_focused()


def test_the_palette_goes_to_pages_tasks_and_actions_and_gives_the_focus_back(ada: Page) -> None:
    ada.keyboard.press("j")
    ada.keyboard.press("Control+k")
    words = ada.get_by_role("combobox", name="Page, action, task or customer")
    expect(words).to_be_focused()
    ada.keyboard.type("invoi")
    expect(ada.get_by_role("option", name="Pay the invoice")).to_have_attribute("aria-selected", "true")
    check_by_axe(ada, True)
    ada.keyboard.press("ArrowDown")
    expect(ada.get_by_role("option", name="Search for “invoi”")).to_have_attribute("aria-selected", "true")
    expect(words).to_have_attribute("aria-activedescendant", "palette-search")
    ada.keyboard.press("ArrowUp")
    ada.keyboard.press("Escape")
    expect(ada.locator(".task-row__title").first).to_be_focused()

    ada.keyboard.press("Meta+k")
    ada.keyboard.type("invoi")
    expect(ada.get_by_role("option", name="Pay the invoice")).to_be_visible()
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("heading", level=1)).to_have_text("Pay the invoice")

    # Faster than the answer: Enter waits for it.
    ada.keyboard.press("Control+k")
    ada.keyboard.type("add a task")
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("dialog", name="Add a task").get_by_label("New task")).to_be_focused()
