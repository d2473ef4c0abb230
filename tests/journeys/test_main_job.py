"""The main job: from a fresh clone and one command to a dashboard over real tasks."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_a_newcomer_times_a_task_and_works_out_a_figure(visitor: Page) -> None:
    page = visitor
    register(page)

    page.goto("/tasks/new")
    page.get_by_label("Title").fill("Draft the offer")
    page.get_by_label("Estimate").fill("1h 30m")
    page.get_by_role("button", name=re.compile("^Add")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Draft the offer")

    page.get_by_role("button", name="Start the timer").first.click()
    expect(page.get_by_role("group", name="Running timer")).to_contain_text("Draft the offer")
    expect(page).to_have_title(re.compile("^▶ 0:0"))
    page.get_by_role("group", name="Running timer").get_by_role("button", name="Stop").click()
    expect(page.get_by_text("No timer running")).to_be_visible()

    page.goto("/calculations")
    page.get_by_label("Operation").select_option("divide")
    page.get_by_label(re.compile("^(Divide|a|Number|First|Dividend)"), exact=False).first.fill("1")
    page.locator("[name=operands]").nth(1).fill("8")
    page.get_by_role("button", name="Calculate").click()
    expect(page.get_by_role("main")).to_contain_text("0.125")


def register(page: Page) -> str:
    """Make an account, and return its e-mail address."""
    email = f"{secrets.token_hex(6)}@example.com"
    page.goto("/")
    page.get_by_role("link", name=re.compile("Register|Create an account")).first.click()
    page.get_by_label("Name").fill("Ada Lovelace")
    page.get_by_label("E-mail").fill(email)
    page.locator("[name=password]").fill("correct horse battery staple")
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    return email
