"""A running site and a real browser, which reports whatever a page does wrong."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from tests.databases import fresh_database
from tests.journeys.site import Site, clone

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 15_000


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Use the machine's own Chromium: nothing is downloaded."""
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    return {"executable_path": browser, "args": list(QUIET)}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """Be somebody in Berlin at a desk."""
    return {"locale": "en-GB", "timezone_id": "Europe/Berlin", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of this checkout."""
    return clone(tmp_path_factory.mktemp("clone"), with_environment=True)


@pytest.fixture(scope="session")
def site(site_folder: Path) -> Iterator[Site]:
    """The site, on SQLite or on the server that TEST_DATABASE_URL names."""
    server = os.environ.get("TEST_DATABASE_URL", "")
    with Site(site_folder, database_url=fresh_database(server, "journeys") if server else "") as site:
        yield site


# What a browser can do makes no difference to the engine: without a script each story is told once.
@pytest.fixture(
    params=[
        pytest.param(True, id="with JavaScript"),
        pytest.param(False, id="without JavaScript", marks=pytest.mark.once),
    ]
)
def has_javascript(request: pytest.FixtureRequest) -> bool:
    """Run the story twice."""
    return bool(request.param)


@pytest.fixture
def visitor(new_context: Any, site: Site, has_javascript: bool) -> Iterator[Page]:
    """A visitor's first page. What the browser complains about fails the test."""
    context: BrowserContext = new_context(java_script_enabled=has_javascript, base_url=site.url)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(f"{request.url} {request.failure}"))
    yield page
    aborted = "net::ERR_ABORTED"
    assert [complaint for complaint in complaints if aborted not in complaint] == []
