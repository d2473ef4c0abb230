"""A newcomer's first minutes: nothing but Python, a clone and one command."""

from __future__ import annotations

import json
import stat
import urllib.request
from pathlib import Path

import pytest

from tests.journeys.site import Site, clone

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_one_command_starts_a_clone_from_nothing_and_again(tmp_path: Path) -> None:
    folder = clone(tmp_path, with_environment=False)

    with Site(folder) as site:
        first = health(site)
    assert site.stop() == 0
    key = folder / "instance" / "secret_key"
    key_was = key.read_bytes()
    with Site(folder) as again:
        second = health(again)

    assert first["status"] == "ok"
    assert first == second
    assert "Installing" in site.printed
    assert "Installing" not in again.printed
    assert key.read_bytes() == key_was
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "instance").stat().st_mode) == 0o700


def health(site: Site) -> dict[str, str]:
    """Return what the site says of itself."""
    with urllib.request.urlopen(site.url + "/health") as answer:
        return dict(json.load(answer))
