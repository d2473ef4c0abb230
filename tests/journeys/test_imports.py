"""A large file is looked over while one watches, taken in, known again, and taken back from the history."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_dependencies import check_by_axe
from tests.journeys.test_main_job import register

pytestmark = [pytest.mark.browser, pytest.mark.once]

LINES = 300
# Long texts, so that the file is left to the worker, and few lines, so that it is soon done.
WORDS = "x" * 4_000
PATIENCE_MS = 60_000


def test_a_large_file_is_checked_run_run_again_and_undone(visitor: Page, tmp_path: Path, has_javascript: bool) -> None:
    page = visitor
    register(page)
    file = tmp_path / "desk.csv"
    rows = (f"{number},Task {number},open,{WORDS}\n" for number in range(LINES))
    file.write_text("id,title,status,description\n" + "".join(rows), encoding="utf-8")

    look_at(page, file)
    expect(page.get_by_role("heading", name="300 tasks will be added")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_label("The file is")).to_have_value("table")
    check_by_axe(page, has_javascript)
    assert count_tasks(page) == 0

    page.go_back()
    page.get_by_role("button", name="Import 300 tasks").click()
    expect(page.locator("#import-state")).to_be_visible()
    expect(page.get_by_role("heading", name="300 tasks added")).to_be_visible(timeout=PATIENCE_MS)
    check_by_axe(page, has_javascript)

    look_at(page, file)
    expect(page.get_by_role("heading", name="Everything in this file is here already")).to_be_visible(
        timeout=PATIENCE_MS
    )

    page.goto("/history")
    expect(page.get_by_text("Imported “desk.csv”: 300 new")).to_be_visible()
    page.get_by_role("link", name="Look at it").first.click()
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_text("This import is taken back")).to_be_visible(timeout=PATIENCE_MS)
    assert count_tasks(page) == 0


def look_at(page: Page, file: Path) -> None:
    page.goto("/tasks/import")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import desk.csv")


def count_tasks(page: Page) -> int:
    page.goto("/tasks")
    return page.get_by_role("link", name=re.compile(r"^Task \d+$")).count()
