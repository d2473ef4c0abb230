"""Getting back in: after a session has ended in the middle of a form, and after the password is forgotten."""

from __future__ import annotations

import re
import time
from email import message_from_bytes
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.site import Site
from tests.journeys.test_main_job import register

PASSWORD = "correct horse battery staple"
MAIL_WITHIN_SECONDS = 30

pytestmark = pytest.mark.browser


def test_what_was_typed_survives_an_expired_session(visitor: Page) -> None:
    page = visitor
    email = register(page)
    page.goto("/customers/new")
    page.get_by_label("Name", exact=True).fill("Zoë & Söhne")
    page.get_by_label("Notes").fill("First line\nsecond “line”")
    page.context.clear_cookies(name="devtrackr_session")

    page.get_by_role("main").get_by_role("button", name=re.compile("^(Add|Save)")).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    expect(page.get_by_role("main")).to_contain_text("What you typed is not lost")
    log_in(page, email, PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Send it again")
    expect(page.get_by_role("main")).to_contain_text("second “line”")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Zoë & Söhne")
    expect(page.get_by_role("main")).to_contain_text("First line")


def test_a_forgotten_password_is_set_by_a_mailed_link(visitor: Page, site: Site) -> None:
    page = visitor
    email = register(page)
    page.context.clear_cookies()
    page.goto("/login")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("status")).to_contain_text("a link is on its way")

    page.goto(link_in_mail_to(email, site.folder / "mails"))

    expect(page).to_have_url(f"{site.url}/login/reset")
    page.locator("[name=password]").fill("a wholly different phrase")
    page.get_by_role("button", name="Set this password").click()
    expect(page.get_by_role("status")).to_contain_text("The new password is set")
    log_in(page, email, "a wholly different phrase")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def log_in(page: Page, email: str, password: str) -> None:
    """Fill in the login form that is shown, and send it."""
    page.get_by_label("E-mail").fill(email)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="Log in").click()


def link_in_mail_to(email: str, folder: Path) -> str:
    """Wait for the worker to send the mail, and return the address in it."""
    give_up_at = time.monotonic() + MAIL_WITHIN_SECONDS
    while time.monotonic() < give_up_at:
        for file in folder.glob("*.eml"):
            mail = message_from_bytes(file.read_bytes())
            if mail["To"] == email:
                text = mail.get_payload(decode=True)
                assert isinstance(text, bytes)
                return text.decode().partition("http")[1] + text.decode().partition("http")[2].split()[0]
        time.sleep(0.2)
    raise AssertionError(f"no mail to {email} in {folder}")
