"""The page of a task: its parts, what is said about it, its files; and two windows that edit it at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PATIENCE_MS
from tests.journeys.site import Site
from tests.journeys.test_dependencies import add_task, check_by_axe
from tests.journeys.test_main_job import register

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_a_task_has_parts_words_and_files(visitor: Page, has_javascript: bool, tmp_path: Path) -> None:
    page = visitor
    register(page)
    add_task(page, "Move the office")

    for part in ("Pack", "Drive", "Unpack"):
        page.get_by_label("Add a subtask").fill(part)
        page.locator(".add-line", has=page.get_by_label("Add a subtask")).get_by_role("button", name="Add").click()
        expect(page.locator(".part__title", has_text=part).first).to_be_visible()
    page.get_by_role("button", name="Move up: Unpack").click()
    expect(page.locator(".part__title")).to_have_text(["Pack", "Unpack", "Drive"])
    page.locator(".part", has_text="Drive").locator(".state-button").click()
    expect(page.locator(".part", has_text="Drive")).to_have_attribute("data-status", "doing")
    page.locator(".part", has_text="Drive").locator(".state-button").click()
    expect(page.locator(".progress__text")).to_contain_text("1 of 3 done")

    page.get_by_label("Add a comment").fill("All **packed** by _Friday_")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".comment strong").last).to_have_text("packed")
    page.locator(".comment").get_by_role("link", name="Edit").click()
    page.get_by_label("Comment").fill("Packed by <b>Monday</b>")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".comment")).to_contain_text("Packed by <b>Monday</b>")

    plan = tmp_path / "Größe – Plan.txt"
    plan.write_text("Three metres\n")
    page.get_by_text("Add a file").click()
    page.locator("#file").set_input_files(plan)
    page.get_by_role("button", name="Add the file").click()
    with page.expect_download() as taken:
        page.get_by_role("link", name=plan.name).click()
    assert taken.value.suggested_filename == plan.name
    assert Path(taken.value.path()).read_text() == "Three metres\n"
    check_by_axe(page, has_javascript)

    page.get_by_role("link", name="Unpack", exact=True).click()
    expect(page.locator(".page-head__back")).to_contain_text("Move the office")
    page.locator(".page-head__back").get_by_role("link", name="Move the office").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Move the office")


def test_the_second_to_save_is_shown_both_versions(visitor: Page, has_javascript: bool, site: Site) -> None:
    first = visitor
    register(first)
    add_task(first, "Write the offer")
    address = first.url
    assert first.context.browser
    other = first.context.browser.new_context(
        base_url=site.url,
        java_script_enabled=has_javascript,
        storage_state=first.context.storage_state(),
        locale="en-GB",
        timezone_id="Europe/Berlin",
    )
    other.set_default_timeout(PATIENCE_MS)
    second = other.new_page()
    for page in (first, second):
        page.goto(address)
        page.get_by_role("link", name="Edit", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Edit Write the offer")

    second.get_by_label("Title").fill("Write the offer for Acme")
    second.get_by_label("Priority").select_option("Urgent")
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("Write the offer for Acme")

    first.get_by_label("Title").fill("Write two offers")
    first.get_by_label("Description").fill("One cheap, one good")
    first.get_by_role("button", name="Save").click()

    expect(first.get_by_role("heading", name="Two versions")).to_be_visible()
    expect(first.locator(".version", has_text="Title")).to_contain_text("You both changed this")
    expect(first.locator(".version", has_text="Priority")).to_contain_text("taken over")
    expect(first.get_by_role("textbox", name="Description")).to_have_value("One cheap, one good")
    check_by_axe(first, has_javascript)
    first.get_by_label("Take what is saved now for Title").check()
    first.get_by_role("button", name="Save what stands here").click()

    expect(first.get_by_role("heading", level=1)).to_have_text("Write the offer for Acme")
    expect(first.get_by_role("main")).to_contain_text("One cheap, one good")
    expect(first.locator(".facts")).to_contain_text("Urgent")
    other.close()
