"""One timer, wherever it is looked at: in two tabs, after a reload, on a second device, and after its owner left it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.site import Site
from tests.journeys.test_dependencies import add_task, check_by_axe
from tests.journeys.test_main_job import register

pytestmark = [pytest.mark.browser, pytest.mark.once]

# The worker looks once a second.
MOST_LOOKS = 30


def test_a_timer_is_the_same_in_two_tabs_after_a_reload_and_on_another_device(
    new_context: Any, visitor: Page, site: Site, has_javascript: bool
) -> None:
    page = visitor
    register(page)
    add_task(page, "Draft the offer")
    second = page.context.new_page()
    second.goto("/timer")
    page.get_by_role("button", name="Start the timer").first.click()
    running = page.get_by_role("group", name="Running timer")
    expect(running).to_contain_text("Draft the offer")
    second_running = second.get_by_role("group", name="Running timer")
    look(second, has_javascript)
    expect(second_running).to_contain_text("Draft the offer")

    # The second device has another clock, wrong by three hours.
    device: BrowserContext = new_context(java_script_enabled=has_javascript, base_url=site.url)
    device.add_cookies(
        [{"name": one["name"], "value": one["value"], "url": site.url} for one in page.context.cookies()]
    )
    phone = device.new_page()
    if has_javascript:
        phone.clock.install(time=datetime.now(UTC) + timedelta(hours=3))
    phone.goto("/today")
    expect(phone.get_by_role("group", name="Running timer")).to_contain_text(re.compile(r"0:00:[0-5]\d"))

    page.reload()
    expect(running).to_contain_text(re.compile(r"0:00:[0-5]\d"))
    expect(page).to_have_title(re.compile("^▶ 0:00 · "))

    # Paused here, it is paused there; what goes on there goes on here.
    running.get_by_role("button", name="Pause").click()
    paused = page.get_by_role("group", name="Paused timer")
    expect(paused).to_contain_text("Draft the offer")
    check_by_axe(page, has_javascript)
    look(second, has_javascript)
    expect(second.get_by_role("group", name="Paused timer")).to_be_visible()
    expect(second).to_have_title(re.compile("^Timer"))
    expect(second.locator("main")).to_contain_text("Paused")
    come_forward(phone, has_javascript)
    phone.get_by_role("group", name="Paused timer").get_by_role("button", name="Go on").click()
    expect(phone.get_by_role("group", name="Running timer")).to_be_visible()
    come_forward(page, has_javascript)
    running.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("group", name="Timed last")).to_be_visible()

    # Stopped twice is no error.
    if not has_javascript:
        phone.get_by_role("group", name="Running timer").get_by_role("button", name="Stop").click()
        expect(phone.get_by_text("No timer was running on this task.")).to_be_visible()
    look(second, has_javascript)
    expect(second_running).to_have_count(0)
    expect(second.get_by_role("heading", name="No timer runs")).to_be_visible()
    device.close()


def test_time_that_nobody_meant_is_settled(visitor: Page, has_javascript: bool) -> None:
    page = visitor
    register(page)
    add_task(page, "Draft the offer")
    zone = ZoneInfo("Europe/Berlin") if has_javascript else UTC
    start_earlier(page, hours=3, zone=zone)

    # I was away for an hour.
    page.get_by_role("group", name="Running timer").get_by_title("More about this timer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Timer")
    check_by_axe(page, has_javascript)
    page.get_by_role("link", name="I was away …").click()
    page.get_by_label("I was away from").fill("")
    page.get_by_role("button", name="Leave it out, go on now").click()
    expect(page.locator("#away-from-error")).to_have_text("Say from when on you were away.")
    check_by_axe(page, has_javascript)
    page.get_by_label("I was away from").fill(written(datetime.now(zone) - timedelta(hours=1)))
    page.get_by_role("button", name="Leave it out, go on now").click()
    expect(page.get_by_text("The time away is left out, and the timer runs again from now.")).to_be_visible()
    expect(page.locator(".stopwatch__clock")).to_have_text(re.compile(r"0:00:\d\d"))
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".stopwatch__clock")).to_have_text(re.compile(r"3:0[01]:\d\d"))

    # I forgot to stop it: the worker says so, and proposes an end.
    begin_at(page, datetime.now(zone) - timedelta(hours=9))
    bell = page.get_by_role("link", name="Notifications, 1 unread")
    for _ in range(MOST_LOOKS):
        page.goto("/today")
        if bell.count():
            break
        page.wait_for_timeout(500)
    bell.click()
    page.get_by_role("button", name="Did you forget it?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("I forgot to stop it")
    check_by_axe(page, has_javascript)
    page.get_by_role("button", name="End it at the proposed time").click()
    expect(page.get_by_text("The timer is ended then.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    page.goto("/timer/forgotten")
    page.get_by_label("It ended at").fill(written(datetime.now(zone) - timedelta(hours=2)))
    page.get_by_role("button", name="End it at another time").click()
    expect(page.get_by_role("heading", name="No timer runs")).to_be_visible()


@pytest.mark.parametrize("has_javascript", [True])
def test_a_browser_that_saw_nobody_asks_what_becomes_of_the_time(visitor: Page) -> None:
    page = visitor
    register(page)
    page.goto("/account")
    page.get_by_label("Ask when I was away for").fill("10m")
    page.get_by_role("button", name="Save the time settings").click()
    add_task(page, "Draft the offer")
    page.clock.install()
    page.goto("/tasks")
    page.get_by_role("button", name="Start the timer").first.click()
    running = page.get_by_role("group", name="Running timer")
    expect(running).to_contain_text(re.compile("0:00:0[2-9]"))

    # The clock of the browser leaps, as after a sleep, and what it shows leaps with it.
    page.clock.fast_forward("20:00")
    expect(running).to_contain_text("0:20:")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.mouse.move(320, 320)
    dialog = page.get_by_role("dialog", name="Were you away?")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    dialog.get_by_role("button", name="Leave it out, stop").click()

    expect(page.get_by_text("The time away is left out, and the timer is stopped.")).to_be_visible()
    expect(dialog).to_have_count(0)
    expect(page).to_have_url(re.compile("/tasks$"))
    expect(page.get_by_text("No timer running")).to_be_visible()


def start_earlier(page: Page, *, hours: int, zone: Any) -> None:
    """Start the timer of the first task, some time ago."""
    page.goto("/tasks")
    page.get_by_role("button", name="Start the timer").first.click()
    expect(page.get_by_role("group", name="Running timer")).to_be_visible()
    begin_at(page, datetime.now(zone) - timedelta(hours=hours))
    # Minutes are typed: the seconds since the last one come on top.
    expect(page.get_by_role("group", name="Running timer")).to_contain_text(re.compile(f"{hours}:0[01]:"))


def begin_at(page: Page, moment: datetime) -> None:
    """Correct when the timer was started."""
    page.goto("/timer")
    page.get_by_role("link", name="I began at another time …").click()
    page.get_by_label("Start", exact=True).fill(written(moment))
    page.get_by_role("button", name="Save").click()


def look(page: Page, has_javascript: bool) -> None:
    """Look at a tab: without script it has to be loaded again, with script it has been told."""
    page.bring_to_front()
    if not has_javascript:
        page.reload()


def come_forward(page: Page, has_javascript: bool) -> None:
    """Take up another device, which nobody told: it asks when it comes forward."""
    if not has_javascript:
        page.reload()
        return
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")


def written(moment: datetime) -> str:
    """A moment as a field takes it."""
    return f"{moment:%Y-%m-%dT%H:%M}"
