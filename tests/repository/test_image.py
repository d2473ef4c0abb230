"""The image: what .dockerignore lets in is enough to run the site."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

ASK = """
from run import app

client = app.test_client()
for path in ("/health", "/register", "/login", "/"):
    print(path, client.get(path, base_url="https://example.com").status_code)
"""


@pytest.mark.slow
def test_image_holds_everything_that_the_site_reads(tmp_path: Path) -> None:
    image = tmp_path / "app"
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        if line.startswith("!"):
            _copy(ROOT / line[1:], image / line[1:])
    settings = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite3'}",
        "SECRET_KEY": "only-for-this-test-0123456789-abcdef",
        "PUBLIC_URL": "https://example.com",
    }

    for command in (["-m", "flask", "--app", "run", "db", "upgrade"], ["-c", ASK]):
        done = subprocess.run(
            [sys.executable, *command], cwd=image, env=settings, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    assert done.stdout.split("\n") == ["/health 200", "/register 200", "/login 200", "/ 200", ""]


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy2(source, target)
