"""A figure is worked out, kept, found again and revised; the same without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_dependencies import check_by_axe
from tests.journeys.test_main_job import register

pytestmark = [pytest.mark.browser, pytest.mark.once]

PRICE = "3h 45m * 85 EUR/h + 19%"


def test_a_line_is_answered_kept_found_and_revised(visitor: Page, has_javascript: bool) -> None:
    page = visitor
    register(page)
    page.goto("/calculations")
    line = page.get_by_label("Expression")

    line.fill(PRICE)
    if has_javascript:
        expect(page.locator("output")).to_have_text("379.31 EUR")
        expect(page.locator(".calculator__reading").first).to_contain_text("((3 h 45 min) * 85 EUR/h) + 19%")
        expect(page.locator(".calculation")).to_have_count(0)
    line.press("Enter")
    expect(page.locator("output")).to_have_text("379.31 EUR")
    expect(line).to_have_value("")
    check_by_axe(page, has_javascript)

    # Quickly another: the line has the focus.
    line.fill("1/7")
    line.press("Enter")
    expect(page.locator("output")).to_have_text("0.142857142857142…")
    page.locator("summary", has_text="All digits").click()
    expect(page.locator(".digits")).to_contain_text("0.142857 repeating")

    page.get_by_role("searchbox", name="Search calculations").fill("85 EUR")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator(".calculation")).to_have_count(1)
    page.locator(".calculation__text").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(PRICE)
    page.get_by_role("link", name="Edit").click()
    expect(line).to_have_value(PRICE)
    line.fill(PRICE.replace("85", "90"))
    line.press("Enter")
    expect(page.locator("output")).to_have_text("401.62 EUR")
    page.get_by_text("Kept:").get_by_role("link").click()
    page.get_by_role("link", name="an earlier calculation").click()
    expect(page.locator("output")).to_have_text("379.31 EUR")

    page.get_by_role("button", name="Hide").click()
    expect(page.locator(".calculation")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(PRICE)


def test_a_refused_line_is_repaired_at_a_press(visitor: Page, has_javascript: bool) -> None:
    page = visitor
    register(page)
    page.goto("/calculations")
    line = page.get_by_label("Expression")

    line.fill("6/2(1+2)")
    line.press("Enter")
    expect(page.locator("mark")).to_have_text("6/2(1+2)")
    expect(line).to_have_value("6/2(1+2)")
    expect(page.locator(".calculation")).to_have_count(1)
    check_by_axe(page, has_javascript)
    page.locator("button[name=repair]").first.click()
    expect(line).to_have_value("(6/2) * (1+2)")
    expect(page.locator("output")).to_have_text("9")
    line.press("Enter")
    expect(page.locator(".calculation")).to_have_count(2)

    if has_javascript:
        # The answer to one line does not stay under another that was not worked out.
        line.fill("1/3")
        expect(page.locator("output")).to_have_text("0.333333333333333…")
        page.route("**/calculations/preview", lambda route: route.fulfill(status=429, body=""))
        line.fill("1/3 + 1")
        expect(page.locator("#answer")).to_contain_text("could not be worked out now")
        page.unroute("**/calculations/preview")
        line.fill("1/3 + 2/3")
        expect(page.locator("output")).to_have_text("1")
    expect(page.locator(".calculation__result")).to_have_text(["9"])


@pytest.mark.parametrize("has_javascript", [True])
def test_keys_bring_lines_back_and_complete_names(visitor: Page) -> None:
    page = visitor
    register(page)
    page.keyboard.press("=")
    line = page.get_by_label("Expression")
    expect(line).to_be_focused()

    for typed in ("rate = 85 EUR/h", "2h * rate"):
        line.fill(typed)
        line.press("Enter")
        expect(page.locator(".calculation__text").first).to_have_text(typed)
    expect(page.locator("output")).to_have_text("170.00 EUR")
    line.press("ArrowUp")
    line.press("ArrowUp")
    expect(line).to_have_value("rate = 85 EUR/h")
    line.press("ArrowDown")
    line.press("ArrowDown")
    expect(line).to_have_value("")

    line.press_sequentially("3 * ra")
    expect(page.get_by_role("option", name="rate").first).to_be_visible()
    line.press("ArrowDown")
    check_by_axe(page, True)
    line.press("Escape")
    line.press_sequentially("te")
    line.press("Enter")
    expect(page.locator("output")).to_have_text("255.00 EUR/h")

    page.get_by_role("link", name="Reference").click()
    page.get_by_label("Find in this page").fill("furlong")
    expect(page.locator("[data-sift-told]")).to_have_text("2 lines")
    page.get_by_label("Find in this page").fill("2^10")
    page.get_by_role("link", name="2^10").click()
    expect(page.locator("output")).to_have_text("1,024")
