"""The two processes of the site as one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

BIN = Path(__file__).parents[2] / "bin"

# Each process writes its id into a file named for it, so that we can see whether it is still there.
SCRIPT = """
import os, sys
from pathlib import Path
from processes import supervise

def command(name, then):
    note = f"pathlib.Path({name!r}).write_text(str(os.getpid()))"
    return [sys.executable, "-c", f"import os, time, pathlib; {note}; {then}"]

sys.exit(supervise(
    {"web": command("web", "time.sleep(60)"), "worker": command("worker", sys.argv[1])},
    environ=os.environ,
    folder=Path.cwd(),
    is_ready=lambda: Path("web").exists() and Path("worker").exists(),
    when_ready=lambda: print("ready", flush=True),
))
"""


def start(folder: Path, *, worker: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, worker],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(BIN)},
        stdout=subprocess.PIPE,
        text=True,
    )


def is_there(folder: Path, name: str) -> bool:
    process_id = int((folder / name).read_text())
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def test_supervise_stops_both_and_ends_well_when_it_is_told_to(tmp_path: Path) -> None:
    with start(tmp_path, worker="time.sleep(60)") as site:
        assert site.stdout is not None
        assert site.stdout.readline() == "ready\n"

        site.send_signal(signal.SIGTERM)

        assert site.wait(10) == 0
    assert not is_there(tmp_path, "web")
    assert not is_there(tmp_path, "worker")


def test_supervise_stops_the_other_and_ends_badly_when_one_ends(tmp_path: Path) -> None:
    with start(tmp_path, worker="time.sleep(0.2)") as site:
        output, _ = site.communicate(timeout=10)

        assert site.returncode == 1
        assert "The worker process ended by itself" in output
    assert not is_there(tmp_path, "web")


def test_supervise_ends_what_a_process_left_behind(tmp_path: Path) -> None:
    child = "import subprocess, sys; pathlib.Path('child').write_text(str(subprocess.Popen(['sleep', '60']).pid))"

    with start(tmp_path, worker=child) as site:
        site.communicate(timeout=10)

    deadline = time.monotonic() + 5
    while is_there(tmp_path, "child") and not _is_dead(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_there(tmp_path, "child") or _is_dead(tmp_path)


def _is_dead(folder: Path) -> bool:
    # Killed, and waiting for init to notice.
    status = Path("/proc", (folder / "child").read_text(), "stat")
    return status.exists() and status.read_text().split()[2] == "Z"
