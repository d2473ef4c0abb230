"""What bin/run says before it does anything."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "bin" / "run", *arguments],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_run_says_what_a_port_is() -> None:
    done = run(PORT="eighty")

    assert done.returncode == 1
    assert done.stderr == "PORT must be a number from 1 to 65535; it is 'eighty'.\n"


def test_run_offers_another_port_when_this_one_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = run(PORT=str(port))

    assert done.returncode == 1
    assert done.stderr == f"Port {port} is in use by another program. Choose another: PORT={port + 1} bin/run\n"


def test_run_explains_itself() -> None:
    done = run("--help")

    assert done.returncode == 0
    assert "bin/run --demo" in done.stdout


def test_run_hands_a_command_on_although_the_site_is_running(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        done = run("flask", "accounts", "reset-link", "--help", PORT=port, DATABASE_URL=f"sqlite:///{tmp_path / 'db'}")

    assert done.returncode == 0, done.stderr
    assert "reset-link [OPTIONS] EMAIL" in done.stdout
