"""The site as a newcomer gets it: the files of a clone, started by `bin/run` on a port of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent.parent
# What a developer has set for themselves must not reach the site.
OWN_SETTINGS = ("APP_ENV", "DATABASE_URL", "SECRET_KEY", "PUBLIC_URL", "REDIS_URL", "MAIL_URL", "HOST", "PORT")
READY_WITHIN_SECONDS = 240


def clone(folder: Path, *, with_environment: bool) -> Path:
    """
    Put the files that git would hand over into `folder`.

    :param with_environment: share this checkout's virtual environment instead of making one from nothing
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    if with_environment:
        (folder / ".venv").symlink_to(Path(sys.prefix))
    return folder


class Site:
    """A running site; leave the `with` to stop it as Ctrl-C does."""

    def __init__(self, folder: Path, *, arguments: tuple[str, ...] = (), database_url: str = "") -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.lines: list[str] = []
        self._is_ready = threading.Event()
        environ = {name: value for name, value in os.environ.items() if name not in OWN_SETTINGS}
        environ |= {
            "PORT": str(self.port),
            "MAIL_URL": f"file://{folder / 'mails'}",
            # All journeys of a run come from one address, and each begins with somebody new.
            "REGISTER_LIMIT_PER_ADDRESS": "1000 per hour",
            "LOGIN_LIMIT_PER_ADDRESS": "1000 per hour",
        }
        if database_url:
            environ["DATABASE_URL"] = database_url
        self.process = subprocess.Popen(
            [sys.executable, "bin/run", *arguments],
            cwd=folder,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Site:
        if not self._is_ready.wait(READY_WITHIN_SECONDS) or self.process.poll() is not None:
            self.stop()
            raise AssertionError("bin/run did not get ready:\n" + self.printed)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def printed(self) -> str:
        """What the person who typed `bin/run` has read so far."""
        return "".join(self.lines)

    def stop(self) -> int:
        """Stop it as Ctrl-C does, and return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(60)
        self._reader.join(10)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if "is ready" in line:
                self._is_ready.set()
        self._is_ready.set()
