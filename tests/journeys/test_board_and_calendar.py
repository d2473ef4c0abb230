"""Moving tasks about: on the board and on the calendar, with a mouse and without script; and what fits into today."""

from __future__ import annotations

import re
import secrets
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.once]


def today() -> date:
    return datetime.now(ZoneInfo("Europe/Berlin")).date()


@pytest.fixture
def ada(visitor: Page) -> Page:
    """A page of somebody who has just registered, in Berlin."""
    visitor.goto("/register")
    visitor.get_by_label("Name").fill("Ada Lovelace")
    visitor.get_by_label("E-mail").fill(f"{secrets.token_hex(6)}@example.com")
    visitor.locator("[name=password]").fill("correct horse battery staple")
    visitor.get_by_role("button", name="Create the account").click()
    expect(visitor.get_by_role("navigation", name="Main")).to_be_visible()
    return visitor


def add_task(page: Page, title: str, **fields: str) -> None:
    page.goto("/tasks/new")
    page.get_by_label("Title").fill(title)
    for name, value in fields.items():
        page.locator(f"main [name={name}]").fill(value)
    page.get_by_role("button", name="Add the task").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def drag(page: Page, thing: Locator, place: Locator) -> None:
    """Take hold of one thing and let go of it over another, with the mouse."""
    source, target = thing.bounding_box(), place.bounding_box()
    assert source
    assert target
    page.mouse.move(source["x"] + 20, source["y"] + 12)
    page.mouse.down()
    page.mouse.move(target["x"] + target["width"] / 2, target["y"] + 30, steps=8)
    page.mouse.move(target["x"] + target["width"] / 2, target["y"] + 34)
    page.mouse.up()


def column(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=re.compile(f"^{name}"))


def test_a_card_is_moved_by_its_buttons(ada: Page) -> None:
    add_task(ada, "Write the report")
    ada.get_by_role("link", name="Tasks", exact=True).first.click()
    ada.get_by_role("link", name="Board").click()

    column(ada, "To do").get_by_role("button", name="Move to Doing").click()

    expect(column(ada, "Doing").get_by_role("link", name="Write the report")).to_be_visible()
    # It stands there before the server has agreed.
    expect(ada.locator("[data-sent]")).to_have_count(0)
    ada.reload()
    column(ada, "Doing").get_by_role("button", name="Move to Done").click()
    expect(column(ada, "Done").get_by_role("link", name="Write the report")).to_be_visible()
    expect(ada.locator("[data-sent]")).to_have_count(0)
    ada.reload()
    expect(column(ada, "Done").get_by_role("link", name="Write the report")).to_be_visible()


def test_a_task_is_moved_to_another_day_by_the_form(ada: Page) -> None:
    day, next_day = today(), today() + timedelta(days=7)
    add_task(ada, "Pay the rent", due=day.isoformat())
    ada.goto(f"/tasks/calendar?week={next_day}")
    ada.get_by_role("link", name="Previous week").click()
    ada.get_by_text("Move a task to another day").click()

    ada.get_by_label("Task", exact=True).select_option(label="Pay the rent")
    ada.get_by_label("To", exact=True).fill(next_day.isoformat())
    ada.get_by_role("button", name="Move", exact=True).click()

    expect(ada.get_by_role("status").first).to_contain_text("The task is due on")
    ada.get_by_role("link", name="Next week").click()
    expect(ada.locator(f"td[data-day='{next_day}']")).to_contain_text("Pay the rent")


@pytest.mark.parametrize("has_javascript", [True], ids=["with JavaScript"])
def test_a_card_is_dragged_to_another_column(ada: Page) -> None:
    add_task(ada, "Write the report")
    add_task(ada, "Draft the offer")
    ada.goto("/tasks/board")

    drag(ada, column(ada, "To do").get_by_role("listitem").filter(has_text="Draft"), column(ada, "Doing"))

    expect(column(ada, "Doing").get_by_role("link", name="Draft the offer")).to_be_visible()
    expect(ada.locator("[data-says]")).to_have_text("Draft the offer is now in Doing.")
    ada.reload()
    expect(column(ada, "Doing").get_by_role("link", name="Draft the offer")).to_be_visible()
    expect(column(ada, "To do").get_by_role("link", name="Write the report")).to_be_visible()


@pytest.mark.parametrize("has_javascript", [True], ids=["with JavaScript"])
def test_a_move_that_is_refused_is_taken_back_with_a_reason(ada: Page) -> None:
    add_task(ada, "Write the report")
    ada.goto("/tasks/board")
    token = ada.locator("[name=csrf_token]").first.get_attribute("value")
    path = ada.get_by_role("link", name="Write the report").get_attribute("href")
    # In another window, meanwhile.
    ada.request.post(f"{path}/status", form={"csrf_token": str(token), "status": "done"})

    drag(ada, column(ada, "To do").get_by_role("listitem").filter(has_text="Write"), column(ada, "Doing"))

    expect(ada.get_by_role("alert")).to_contain_text(
        "Write the report was not moved. Somebody moved this task to “Done”"
    )
    expect(column(ada, "To do").get_by_role("link", name="Write the report")).to_be_visible()


@pytest.mark.parametrize("has_javascript", [True], ids=["with JavaScript"])
def test_a_task_is_dragged_to_another_day_and_keeps_its_time(ada: Page) -> None:
    day = today()
    other = day - timedelta(days=1) if day.weekday() == 6 else day + timedelta(days=1)
    add_task(ada, "Call the bank", due=day.isoformat(), due_time="23:30")
    ada.goto(f"/tasks/calendar?week={day}")

    drag(ada, ada.locator(".calendar-task").filter(has_text="Call the bank"), ada.locator(f"td[data-day='{other}']"))

    expect(ada.locator("[data-says]")).to_contain_text("Call the bank is now due on")
    ada.reload()
    expect(ada.locator(f"td[data-day='{other}']")).to_contain_text("23:30 Call the bank")
    expect(ada.locator(f"td[data-day='{day}']")).not_to_contain_text("Call the bank")


def test_today_says_what_fits_until_the_day_ends(ada: Page) -> None:
    add_task(ada, "Water the plants", due=today().isoformat(), estimate="1m")
    add_task(ada, "Write a novel", estimate="300h")
    ada.goto("/account")
    ada.get_by_label("My day ends at").fill("04:59")
    ada.get_by_role("button", name="Save", exact=True).click()
    ada.goto("/today")

    expect(ada.locator(".day-plan")).to_contain_text("1 min of work fits until 04:59: one of 2 tasks")
    expect(ada.get_by_role("listitem").filter(has_text="Water the plants")).to_contain_text("Fits: 1 min")
    expect(ada.get_by_role("listitem").filter(has_text="Write a novel")).not_to_contain_text("Fits")
