"""Somebody new looks around in sample work and works out a figure, with script and without."""

from __future__ import annotations

import secrets

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def dora(visitor: Page) -> Page:
    """A page of somebody who has just registered."""
    visitor.goto("/register")
    visitor.get_by_label("Name").fill("Dora Maar")
    visitor.get_by_label("E-mail").fill(f"{secrets.token_hex(6)}@example.com")
    visitor.locator("[name=password]").fill("correct horse battery staple")
    visitor.get_by_role("button", name="Create the account").click()
    expect(visitor.get_by_role("navigation", name="Main")).to_be_visible()
    return visitor


def test_sample_work_fills_the_pages_and_goes_again(dora: Page) -> None:
    dora.goto("/today")
    dora.get_by_role("button", name="Try with sample data").click()
    expect(dora.get_by_role("heading", name="Overdue")).to_be_visible()
    dora.goto("/metrics?period=90d")
    expect(dora.get_by_text("Nothing in this period.")).to_have_count(0)
    dora.goto("/customers")
    expect(dora.get_by_text("Nordlicht Energi")).to_be_visible()

    dora.goto("/today")
    dora.get_by_role("button", name="Remove the sample work").click()

    expect(dora.get_by_role("heading", name="First steps")).to_be_visible()
    dora.goto("/customers")
    expect(dora.get_by_text("Nordlicht Energi")).to_have_count(0)


def test_another_number_is_added_and_the_result_is_used_again(dora: Page) -> None:
    dora.goto("/calculations")
    dora.get_by_label("Operation").select_option("multiply")
    dora.get_by_label("First number").fill("1,190.5")
    dora.get_by_label("Second number").fill("2")
    dora.get_by_role("button", name="Add another number").click()
    dora.get_by_label("Third number").fill("0.5")
    expect(dora.get_by_label("First number")).to_have_value("1,190.5")
    dora.get_by_role("button", name="Calculate").click()

    expect(dora.locator("output")).to_have_text("1,190.5")
    expect(dora.get_by_role("heading", level=1)).to_have_text("1190.5 * 2 * 0.5")

    dora.get_by_label("Operation").select_option("divide")
    dora.get_by_label("Second number").fill("0")
    dora.get_by_label("Third number").fill("")
    dora.get_by_role("button", name="Calculate").click()
    expect(dora.get_by_label("Second number")).to_have_attribute("aria-invalid", "true")
    expect(dora.get_by_label("First number")).to_have_value("1,190.5")

    dora.get_by_label("Second number").fill("3")
    dora.get_by_role("button", name="Calculate").click()
    expect(dora.locator("output")).to_have_text("396.833333333333…")
    expect(dora.get_by_role("link", name="an earlier calculation")).to_be_visible()
