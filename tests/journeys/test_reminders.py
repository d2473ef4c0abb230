"""A reminder comes: counted in the header, read, put off; and when it may come is the person's to say."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_dependencies import add_task, check_by_axe
from tests.journeys.test_main_job import register

pytestmark = pytest.mark.browser

# The worker looks once a second.
MOST_LOOKS = 30


def test_a_reminder_comes_is_read_and_put_off(visitor: Page, has_javascript: bool) -> None:
    page = visitor
    register(page)
    add_task(page, "Pay the rent")
    expect(page.get_by_role("link", name="Notifications", exact=True)).to_be_visible()

    # A time that has passed comes back with a sentence.
    zone = ZoneInfo("Europe/Berlin") if has_javascript else UTC
    remind_at(page, datetime.now(zone) - timedelta(minutes=1))
    expect(page.locator("#reminder-at-error")).to_have_text("This time has passed. Choose a later one.")
    check_by_axe(page, has_javascript)

    remind_at(page, datetime.now(zone) + timedelta(seconds=4))
    expect(page.get_by_text("Reminder set.")).to_be_visible()
    expect(page.locator(".reminders__item")).to_have_count(1)

    # The worker has sent it: every page counts it.
    bell = page.get_by_role("link", name="Notifications, 1 unread")
    for _ in range(MOST_LOOKS):
        page.goto("/today")
        if bell.count():
            break
        page.wait_for_timeout(500)
    bell.click()
    expect(page.locator(".notices__item")).to_have_count(1)
    check_by_axe(page, has_javascript)

    # It leads to its task, and is read by that.
    page.get_by_role("button", name="Reminder: “Pay the rent”.").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pay the rent")
    expect(page.get_by_role("link", name="Notifications", exact=True)).to_be_visible()
    expect(page.locator(".reminders__note")).to_contain_text("Sent")

    page.locator(".reminders__item summary").click()
    check_by_axe(page, has_javascript)
    page.get_by_role("button", name="Tomorrow morning").first.click()
    expect(page.get_by_text("The reminder is put off.")).to_be_visible()
    tomorrow = datetime.now(zone) + timedelta(days=1)
    expect(page.locator(".reminders__moment")).to_have_text(f"{tomorrow.day} {tomorrow:%b} {tomorrow.year}, 09:00")
    page.locator(".reminders__item summary").click()
    page.get_by_role("button", name="Delete", exact=True).last.click()
    expect(page.locator(".reminders__item")).to_have_count(0)
    page.get_by_role("button", name="Undo").last.click()
    expect(page.locator(".reminders__item")).to_have_count(1)

    page.goto("/notifications")
    page.get_by_role("button", name="Mark as unread").click()
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_text("Everything is marked as read.")).to_be_visible()


def test_quiet_hours_need_both_ends(visitor: Page, has_javascript: bool) -> None:
    page = visitor
    register(page)
    page.goto("/account")
    page.get_by_label("Quiet hours from").fill("22:00")
    page.get_by_role("button", name="Save the reminders").click()
    expect(page.locator("#quiet_until-error")).to_have_text("Say as well when quiet hours end, or leave both empty.")
    expect(page.get_by_label("Quiet hours from")).to_have_value("22:00")
    check_by_axe(page, has_javascript)

    page.get_by_label("Quiet hours until").fill("07:00")
    page.get_by_role("button", name="Save the reminders").click()
    expect(page.get_by_text("Reminders saved.")).to_be_visible()
    expect(page.get_by_label("Quiet hours until")).to_have_value(re.compile("^07:00"))


def remind_at(page: Page, moment: datetime) -> None:
    """Set a reminder to the second, which the field takes and its calendar does not offer."""
    if not page.locator("#reminder-at").is_visible():
        page.get_by_text("Add a reminder").click()
    field = page.get_by_label("Day and time")
    field.evaluate("field => { field.type = 'text' }")
    field.fill(moment.replace(tzinfo=None).isoformat(timespec="seconds"))
    page.get_by_role("form", name="At a moment").get_by_role("button", name="Add").click()
