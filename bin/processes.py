"""The two processes of the site, and how they are run as one: when one ends both end, and a stop reaches both."""

import contextlib
import http.client
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

# Longer than gunicorn's graceful_timeout (25 s), shorter than the draining time of railway.json (30 s).
STOP_WITHIN_SECONDS = 28

PAUSE_SECONDS = 0.05


def commands(python: str | Path) -> dict[str, list[str | Path]]:
    """Return the command line of each process, by name; they are run in the project's folder."""
    return {
        "web": [python, "-m", "gunicorn", "--config", "gunicorn.conf.py", "run:app"],
        "worker": [python, "-m", "flask", "--app", "run", "worker"],
    }


def answers(environ: Mapping[str, str]) -> bool:
    """Say whether the web server answers /health, asked under the name that people use."""
    host, port = environ.get("HOST", "127.0.0.1"), int(environ.get("PORT", "5000"))
    # Where it listens everywhere, it also listens here.
    connection = http.client.HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=5)  # noqa: S104
    name = urlsplit(environ.get("PUBLIC_URL", "")).netloc or f"127.0.0.1:{port}"
    try:
        connection.request("GET", "/health", headers={"Host": name})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def supervise(
    named: Mapping[str, Sequence[str | Path]],
    *,
    environ: Mapping[str, str],
    folder: Path,
    is_ready: Callable[[], bool] | None = None,
    when_ready: Callable[[], None] = lambda: None,
) -> int:
    """
    Run the named commands until one of them ends or we are told to stop; answer with our exit code.

    A stop that was asked for (Ctrl-C, SIGTERM, a closed terminal) is 0, a process that ended by itself is not.
    """
    asked_to_stop = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)

    # Each in a session of its own: Ctrl-C reaches us alone, and its children can be named by its group.
    processes = {
        name: subprocess.Popen(command, env=environ, cwd=folder, start_new_session=True)
        for name, command in named.items()
    }
    waiting = is_ready
    try:
        while not asked_to_stop:
            ended = [name for name, process in processes.items() if process.poll() is not None]
            if ended:
                print(f"The {ended[0]} process ended by itself; stopping.", flush=True)
                return max(processes[ended[0]].returncode, 1)
            if waiting and waiting():
                waiting = None
                when_ready()
            time.sleep(PAUSE_SECONDS)
        return 0
    finally:
        _stop(list(processes.values()))


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + STOP_WITHIN_SECONDS
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, deadline - time.monotonic()))
        _kill_group(process)
        process.wait()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End what a process has left behind, and the process itself where it would not go."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
