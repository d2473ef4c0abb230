"""Every page of a full workspace, as axe and a ruler see it: both themes, at a desk and on a phone."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.databases import fresh_database
from tests.journeys.site import ROOT, Site

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# Pages that one address names; those of one task or one calculation are found from their lists.
PAGES = (
    "/today",
    "/tasks",
    "/tasks?due=overdue&priority=high",
    "/tasks/board",
    "/tasks/calendar",
    "/tasks/calendar?week=2026-11-20",
    "/tasks/new",
    "/tasks/quick?text=Pay%20rent%20friday%20%23home%0ACall%20%40nobody%20every%20week",
    "/tasks?sort=urgency",
    "/tasks/bulk?all=1&due=overdue",
    "/tasks/trash",
    "/categories",
    "/tags",
    "/tasks/import",
    "/tasks/export?status=todo",
    "/feeds",
    "/timesheet",
    "/timesheet?view=day",
    "/timesheet?view=list",
    "/entries/new?time=yesterday%209-11",
    "/entries/bulk?view=list&all=1",
    "/calculations",
    "/calculations?expression=6/2(1%2B2)",
    "/calculations/reference",
    "/worksheets",
    "/worksheets/new?example=1",
    "/worksheets/new?text=5%20EUR%20%2B%203%20kg",
    "/metrics",
    "/metrics/summary",
    "/metrics/categories",
    "/metrics/weekly",
    "/metrics/time-efficiency",
    "/metrics/productivity-trends?period=year",
    "/customers",
    "/customers/new",
    "/search?q=review",
    "/sample",
    "/account",
    "/notifications",
    "/history",
    "/tasks/views",
    "/tasks/urgency",
    "/help",
    "/nowhere",
)
FIRST_OF = {
    "/tasks": ".task-row__title",
    "/calculations": ".calculation__text",
    "/worksheets": ".worksheets__title",
    "/categories": ".record-list__name",
    "/customers": ".record-list__name",
}
# Tasks of the demo that have something under every heading: parts, what they wait for, comments, a repetition.
FULL_TASKS = ("Launch the online shop", "Switch the domain over", "Look back on the week")
# The browser complains of these answers itself; the page that is not there and the form that is refused are meant.
EXPECTED = re.compile("status of (404|422)")
# A theme changes colours, and nothing of what stands on a page: these are the rules that look at them.
SCHEMES: dict[Literal["light", "dark"], dict[str, Any]] = {
    "light": {},
    "dark": {"runOnly": ["color-contrast", "link-in-text-block"]},
}
TOGGL = (
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags\n"
    "Ivo Lind,ivo@desk.example,Acme,Website,,Draft,Yes,2026-03-09,10:02:11,2026-03-09,11:37:41,01:35:30,writing\n"
)
PHONE: ViewportSize = {"width": 320, "height": 640}
DESK: ViewportSize = {"width": 1280, "height": 900}

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture(scope="module")
def demo(site_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str, str]]:
    """The site with its demo account, whose e-mail address and password `bin/run --demo` prints."""
    server = os.environ.get("TEST_DATABASE_URL", "")
    database = fresh_database(server, "demo") if server else f"sqlite:///{tmp_path_factory.mktemp('demo')}/demo.db"
    with Site(site_folder, arguments=("--demo",), database_url=database) as site:
        email = re.search(r"E-mail\s+(\S+)", site.printed)
        password = re.search(r"Password\s+(\S+)", site.printed)
        assert email, site.printed
        assert password, site.printed
        yield site, email[1], password[1]


def test_every_page_is_accessible_and_fits(demo: tuple[Site, str, str], browser: Browser) -> None:
    site, email, password = demo
    context = browser.new_context(base_url=site.url, viewport=DESK, locale="en-GB")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    look_over(page, "/", complaints)
    look_over(page, "/register", complaints)
    look_over(page, "/login", complaints)
    log_in(page, email, password)

    for path in PAGES:
        look_over(page, path, complaints)
        if path in FIRST_OF:
            page.goto(path)
            look_over(page, str(page.locator(FIRST_OF[path]).first.get_attribute("href")), complaints)

    for title in FULL_TASKS:
        path = find_task(page, title)
        look_over(page, path, complaints)
    look_over(page, f"{path}/edit", complaints)
    look_over(page, change_something(page), complaints)
    start_a_timer(page, path)
    for path in ("/timer", "/timer/away", "/timer/forgotten"):
        look_over(page, path, complaints)
    bring_a_file(page)
    examine(page, "a file before it is taken in", complaints)
    for path in ("/history", "/tasks/new"):
        look_over(page, path, complaints)
    page.get_by_label("Title").fill("x")
    page.get_by_label("Estimate").fill("as long as it takes")
    page.get_by_role("button", name="Add the task").click()
    examine(page, "a form that was refused", complaints)
    page.set_viewport_size(DESK)
    for keys, label in (("?", "the list of keys"), ("Control+k", "the palette")):
        page.goto("/tasks")
        page.keyboard.press(keys)
        page.get_by_role("dialog").wait_for()
        examine(page, label, complaints)

    context.close()
    assert not (wrong := [words for words in complaints if not EXPECTED.search(words)]), "\n".join(wrong)


def look_over(page: Page, path: str, complaints: list[str]) -> None:
    """Note what axe finds on a page, and what is wider than a phone."""
    page.set_viewport_size(DESK)
    page.goto(path)
    examine(page, path, complaints)


def examine(page: Page, path: str, complaints: list[str]) -> None:
    """Note what is wrong with the page as it stands: all of it in the light, and what colours decide in the dark."""
    page.evaluate(AXE.read_text())
    for scheme, rules in SCHEMES.items():
        # Colours do not fade from one theme to the other: they are read as soon as it has changed.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = page.evaluate("rules => axe.run({resultTypes: ['violations'], ...rules})", rules)
        for violation in found["violations"]:
            nodes = [node["html"][:160] for node in violation["nodes"][:3]]
            complaints.append(f"{path}, {scheme}: {violation['id']}: {json.dumps(nodes)}")
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > PHONE["width"]:
        complaints.append(f"{path} is {width} wide on a phone of {PHONE['width']}")


def find_task(page: Page, title: str) -> str:
    """The address of the task with this title."""
    page.goto(f"/search?q={title.replace(' ', '+')}")
    return str(page.locator(".task-row__title").filter(has_text=title).first.get_attribute("href"))


def change_something(page: Page) -> str:
    """Let there be a history, and return the address of the task that it is about."""
    path = find_task(page, FULL_TASKS[0])
    page.goto(f"{path}/edit")
    page.get_by_label("Estimate").fill("2h")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**{path}")
    return path


def start_a_timer(page: Page, path: str) -> None:
    """Let the timer run on the task at this address."""
    page.goto(path)
    page.get_by_role("button", name="Start the timer").first.click()
    page.get_by_role("group", name="Running timer").wait_for()


def bring_a_file(page: Page) -> None:
    """Look at a file of another program, which says something that cannot be kept."""
    file = {"name": "toggl.csv", "mimeType": "text/csv", "buffer": TOGGL.encode()}
    page.set_viewport_size(DESK)
    page.goto("/tasks/import")
    page.get_by_label("File", exact=True).set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_role("heading", name="What cannot be kept").wait_for()


def log_in(page: Page, email: str, password: str) -> None:
    """Log in as whoever it is."""
    page.goto("/login")
    page.get_by_label("E-mail").fill(email)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/today")
