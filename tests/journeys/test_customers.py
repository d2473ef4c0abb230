"""A customer with a rate: what is tracked for them adds up, and archived they are out of the way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_dependencies import check_by_axe
from tests.journeys.test_main_job import register

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_work_for_a_customer_adds_up(visitor: Page, has_javascript: bool) -> None:
    page = visitor
    register(page)
    page.goto("/customers/new")
    page.get_by_label("Name").fill("Acme")
    page.get_by_label("Hourly rate").fill("80.50")
    page.get_by_role("button", name="Add the customer").click()
    expect(page.locator("#currency-error")).to_have_text("Choose the currency of the rate as well.")
    expect(page.get_by_label("Hourly rate")).to_have_value("80.50")
    page.get_by_label("Currency").select_option("EUR")
    page.get_by_role("button", name="Add the customer").click()

    page.get_by_role("link", name="Add a task for them").click()
    page.get_by_label("Title").fill("Draft the offer")
    page.get_by_role("button", name="Add the task").click()
    page.get_by_text("Add time by hand").click()
    page.get_by_label("Duration", exact=True).fill("1h 45m")
    page.get_by_role("button", name="Add time").click()
    expect(page.get_by_text("Time added.")).to_be_visible()

    page.get_by_role("complementary", name="Facts").get_by_role("link", name="Acme").click()
    facts = page.get_by_role("complementary", name="Facts")
    expect(facts).to_contain_text("1 h 45 min")
    expect(facts).to_contain_text("140.88 EUR")
    check_by_axe(page, has_javascript)

    page.get_by_role("button", name="Archive").click()
    page.goto("/customers")
    expect(page.get_by_role("main")).not_to_contain_text("Acme")
    page.goto("/customers?archived=1")
    expect(page.get_by_role("main")).to_contain_text("Acme")
    check_by_axe(page, has_javascript)
