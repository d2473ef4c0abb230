"""A worksheet priced from tracked work: saved, changed, read by a customer without a login, and withdrawn."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_dependencies import check_by_axe
from tests.journeys.test_main_job import register

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_a_quote_from_tracked_work_is_shared_and_withdrawn(visitor: Page, has_javascript: bool) -> None:
    page = visitor
    register(page)
    task_id = track(page, "Migrate the archive", "3h 45m")

    page.goto(f"/worksheets/new?task={task_id}")
    page.get_by_label("Title").fill("Quote for Acme")
    lines = page.get_by_label("Lines", exact=True)
    lines.fill(f"rate = 85 EUR/h\nwork: hours(task:{task_id}) * rate\n5 EUR + 3 kg")
    if not has_javascript:
        page.get_by_role("button", name="Work out").click()
    answers = page.locator("#answers")
    expect(answers).to_contain_text("318.75 EUR")
    expect(answers).to_contain_text("Line 3: 5 EUR is money in EUR, 3 kg is a mass")
    check_by_axe(page, has_javascript)
    lines.fill(f"rate = 85 EUR/h\nwork: hours(task:{task_id}) * rate\nhosting: 3 * 19.90 EUR\ntotal + 19%")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Quote for Acme", level=1)).to_be_visible()
    expect(answers).to_contain_text("450.36 EUR")
    expect(page.get_by_role("complementary")).to_contain_text("Migrate the archive")

    # The rate goes up: what follows from it is marked until it is saved.
    lines.fill(lines.input_value().replace("85", "90"))
    if not has_javascript:
        page.get_by_role("button", name="Work out").click()
    expect(answers).to_contain_text("2 answers have changed since version 1 was saved.")
    page.get_by_role("button", name="Save as version 2").click()
    expect(page.get_by_text("Saved as version 2.")).to_be_visible()

    page.get_by_role("button", name="Share version 2").click()
    address = urlsplit(page.get_by_label("The new link").input_value()).path
    lines.fill("1 + 1")
    page.get_by_role("button", name="Save as version 3").click()
    expect(page.get_by_text("Saved as version 3.")).to_be_visible()
    check_by_axe(page, has_javascript)

    customer = visit_as_nobody(page, address, has_javascript)
    expect(customer.get_by_role("heading", name="Quote for Acme", level=1)).to_be_visible()
    expect(customer.get_by_role("main")).to_contain_text("472.67 EUR")
    expect(customer.get_by_role("main")).not_to_contain_text("Migrate the archive")
    check_by_axe(customer, has_javascript)

    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("The link is withdrawn.")).to_be_visible()
    answer = customer.reload()
    assert answer is not None
    assert answer.status == 404
    customer.context.close()

    page.get_by_role("link", name="Version 1", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("450.36 EUR")
    page.get_by_role("link", name="Use this text again").click()
    expect(lines).to_have_value(
        f"rate = 85 EUR/h\nwork: hours(task:{task_id}) * rate\nhosting: 3 * 19.90 EUR\ntotal + 19%"
    )


def track(page: Page, title: str, duration: str) -> int:
    """Make a task with some time on it, and return its number."""
    page.goto("/tasks/new")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Add the task").click()
    page.get_by_text("Add time by hand").click()
    page.get_by_label("Duration", exact=True).fill(duration)
    page.get_by_role("button", name="Add time").click()
    expect(page.get_by_text("Time added.")).to_be_visible()
    return int(urlsplit(page.url).path.rpartition("/")[2])


def visit_as_nobody(page: Page, address: str, has_javascript: bool) -> Page:
    """Open an address of the site in another browser, which nobody is signed in with."""
    browser = page.context.browser
    assert browser is not None
    parts = urlsplit(page.url)
    elsewhere = browser.new_context(base_url=f"{parts.scheme}://{parts.netloc}", java_script_enabled=has_javascript)
    customer = elsewhere.new_page()
    customer.goto(address)
    return customer
