"""The main job: from a fresh clone and one command to a dashboard over thousands of real tasks."""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
import secrets
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.transfers.files import as_csv, finished_tasks, real_file

pytestmark = pytest.mark.browser

# A quarter in which the company of the file was busy.
FROM, TO = "2007-01-01", "2007-03-31"
IMPORTED_WITHIN_MS = 120_000


def test_a_newcomer_brings_in_thousands_of_tasks_times_one_and_reads_the_dashboard(
    visitor: Page, has_javascript: bool
) -> None:
    page, tasks = visitor, task_file()
    rows = list(csv.DictReader(io.StringIO(tasks["buffer"].decode(), newline="")))
    register(page)

    page.goto("/tasks")
    page.get_by_role("link", name="Bring them in from a file").click()
    import_file(page, tasks, expected=len(rows))

    filter_by_category(page, has_javascript, "Development")
    page.get_by_role("link", name="Done", exact=True).click()
    expect(page.locator(".task-row").first).to_be_visible()
    assert {words.strip() for words in page.locator(".task-row .category").all_inner_texts()} == {"Development"}

    time_a_task(page)
    calculate(page)

    page.goto(f"/metrics?from={FROM}&to={TO}")
    finished = [row for row in rows if FROM <= row["completed_at"][:10] <= TO]
    # Hours without clock times count on the day of completion, each to the second.
    seconds = sum((Decimal(row["actual_hours"]) * 3600).quantize(Decimal(1), ROUND_HALF_EVEN) for row in finished)
    expect(figure(page, "Finished")).to_contain_text(f"{len(finished):,} tasks")
    expect(figure(page, "Tracked")).to_contain_text(f"{int(seconds) // 3600:,} h")
    page.get_by_role("link", name="Categories", exact=True).first.click()
    expect(page.get_by_role("main")).to_contain_text("Development")

    import_file(page, tasks, expected=0)


def task_file() -> FilePayload:
    """The real tasks that DEVTRACKR_DATA names, or made ones of the same shape and number."""
    if os.environ.get("DEVTRACKR_DATA"):
        content = gzip.decompress(real_file("dev/sip_pre2010.csv.gz"))
    else:
        content = as_csv(finished_tasks(6_365))
    return {"name": "finished.csv", "mimeType": "text/csv", "buffer": content}


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


def import_file(page: Page, file: FilePayload, *, expected: int) -> None:
    """Take a file in, with the columns as they were guessed, and wait until the worker is through."""
    page.goto("/tasks/import")
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="Look at the file").click()
    finding = page.locator("#finding")
    if not expected:
        expect(finding).to_have_text("Everything in this file is here already")
        return
    expect(finding).to_contain_text(f"{expected:,} tasks")
    page.get_by_role("button", name=re.compile("^Import")).click()
    # With JavaScript the page asks for news itself; without, the browser does.
    expect(page.locator("#finding")).to_have_text(re.compile(f"{expected:,} tasks added"), timeout=IMPORTED_WITHIN_MS)


def open_filters(page: Page, has_javascript: bool) -> None:
    """Open the filters of a list: with script in their menu, without on a page of their own."""
    page.locator("summary", has_text="Filter").click()
    if not has_javascript:
        page.get_by_role("link", name="Choose filters").click()


def filter_by_category(page: Page, has_javascript: bool, name: str) -> None:
    """Choose a category in the menu of the list."""
    page.goto("/tasks")
    open_filters(page, has_javascript)
    page.get_by_label("Category").select_option(name)
    page.get_by_role("button", name="Show these").click()
    expect(page).to_have_url(re.compile(f"category={name}"))


def time_a_task(page: Page) -> None:
    """Add a task, start its timer, see it in the head of another page, and stop it there."""
    page.goto("/tasks/new")
    page.get_by_label("Title").fill("Draft the offer")
    page.get_by_label("Estimate").fill("1h 30m")
    page.get_by_role("button", name=re.compile("^Add")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Draft the offer")
    page.get_by_role("main").get_by_role("button", name="Start the timer").first.click()
    timer = page.get_by_role("group", name="Running timer")
    expect(timer).to_contain_text("Draft the offer")

    page.goto("/customers")
    expect(page).to_have_title(re.compile("^▶ 0:0"))
    timer.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("No timer running")).to_be_visible()


def calculate(page: Page) -> None:
    """Divide one by eight."""
    page.goto("/calculations")
    page.get_by_label("Operation").select_option("divide")
    page.locator("[name=operands]").nth(0).fill("1")
    page.locator("[name=operands]").nth(1).fill("8")
    page.get_by_role("button", name="Calculate").click()
    expect(page.get_by_role("main")).to_contain_text("0.125")


def figure(page: Page, name: str) -> Locator:
    """Return one of the large numbers of the dashboard."""
    return page.locator(".figure", has=page.get_by_text(name, exact=True))
