"""The virtual environment and node_modules: made once, touched again only when what is pinned has changed."""

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Older Pythons get this far, because the scripts keep to their syntax: to hand over to a newer one, or to say so.
if sys.version_info < (3, 11):  # noqa: UP036
    for name in ("python3.13", "python3.12", "python3.11"):
        newer = shutil.which(name)
        # Asked first: a version manager's shim may stand there for a Python that is not chosen.
        if newer and subprocess.run([newer, "-c", ""], capture_output=True, check=False).returncode == 0:
            os.execv(newer, [newer, *sys.argv])  # noqa: S606
    sys.exit("DevTrackr needs Python 3.11 or newer; this is {}.{}.".format(*sys.version_info[:2]))

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
PYTHON = FOLDER / "bin" / "python"
WORK = ROOT / ".work"

# What each file brings with it, itself first: the development environment can also run the site.
REQUIREMENTS = {
    "requirements-core.txt": ["requirements-core.txt"],
    "requirements-dev.txt": ["requirements-dev.txt", "requirements.txt", "requirements-core.txt"],
}

# Names the requirements that were installed completely, with the hash each file had.
STAMP = FOLDER / "installed.json"


def provide(requirements: str) -> None:
    """Make `.venv` hold what `requirements` pins; when it already does, this costs a few milliseconds."""
    with alone("environment"):
        if PYTHON.exists() and _installed().get(requirements) == _hash(requirements):
            return
        if not PYTHON.exists():
            _make()
        print(f"Installing what {requirements} pins …", flush=True)
        pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes"]
        if subprocess.run([*pip, "--requirement", requirements], cwd=ROOT, check=False).returncode:
            sys.exit(f"pip could not install {requirements}; its last lines above say why. Running this again goes on.")
        STAMP.write_text(json.dumps({**_installed(), **{name: _hash(name) for name in REQUIREMENTS[requirements]}}))


def provide_node_modules() -> None:
    """Make `node_modules` hold what package-lock.json pins: tools of the tests, nothing of the site."""
    with alone("node_modules"):
        stamp = ROOT / "node_modules" / "installed"
        if stamp.exists() and stamp.read_text() == _hash("package-lock.json"):
            return
        print("Installing what package-lock.json pins …", flush=True)
        npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        if subprocess.run(npm, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode:
            sys.exit("npm could not install what package-lock.json pins; its last lines above say why.")
        stamp.write_text(_hash("package-lock.json"))


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Let only one process at a time do this in this folder; the others wait."""
    try:
        WORK.mkdir(exist_ok=True)
    except OSError as error:
        sys.exit(f"{ROOT} must be a folder that you can write to: {error.strerror}.")
    with (WORK / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(f"This Python cannot make virtual environments: install python{version}-venv and run this again.")
    print("Making a virtual environment in .venv …", flush=True)
    if subprocess.run([sys.executable, "-m", "venv", "--clear", FOLDER], check=False).returncode:
        sys.exit("The virtual environment could not be made; the lines above say why.")


def _installed() -> dict[str, str]:
    try:
        installed = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return installed if isinstance(installed, dict) else {}


def _hash(file: str) -> str:
    return hashlib.sha256((ROOT / file).read_bytes()).hexdigest()
