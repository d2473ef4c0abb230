"""What the tests need from outside Python: looked for, installed from Debian's packages where we may, or named."""

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from databases import find, has_own_mysql

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Need:
    """One thing from outside: how to see that it is there, and which packages bring it."""

    name: str
    is_there: Callable[[], bool]
    packages: tuple[str, ...]


def find_browser() -> str | None:
    """Return the Chromium to drive; CHROMIUM names another."""
    return os.environ.get("CHROMIUM") or next((path for name in BROWSERS if (path := shutil.which(name))), None)


COMPILER = Need(
    "what builds mysqlclient",
    lambda: bool(
        shutil.which("gcc")
        and shutil.which("pkg-config")
        and shutil.which("mariadb_config")
        and Path(sysconfig.get_path("include"), "Python.h").exists()
    ),
    ("gcc", "libc6-dev", "python3-dev", "pkg-config", "libmariadb-dev"),
)
MARIADB = Need(
    "MariaDB",
    lambda: bool(find("mariadbd") and find("mariadb-install-db")),
    ("mariadb-server-core", "mariadb-client-core"),
)
CHROMIUM = Need("Chromium", lambda: find_browser() is not None, ("chromium",))
NODE = Need("Node.js with npm", lambda: bool(shutil.which("node") and shutil.which("npm")), ("nodejs", "npm"))
DEBOOTSTRAP = Need("a MySQL server", lambda: has_own_mysql() or find("debootstrap") is not None, ("debootstrap",))


def provide(needs: Iterable[Need]) -> list[Need]:
    """Install what is missing, if this is Debian and we may; return what is still missing."""
    missing = [need for need in needs if not need.is_there()]
    privilege = _privilege()
    if missing and privilege is not None and shutil.which("apt-get"):
        packages = [package for need in missing for package in need.packages]
        print(f"Installing {' '.join(packages)} …", flush=True)
        apt = [*privilege, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
        subprocess.run([*apt, "update"], stdout=subprocess.DEVNULL, check=False)
        subprocess.run(
            [*apt, "install", "-y", "--no-install-recommends", *packages], stdout=subprocess.DEVNULL, check=False
        )
        missing = [need for need in missing if not need.is_there()]
    return missing


def _privilege() -> list[str] | None:
    """Return what to put before a command that changes the system: nothing for root, None where we may not."""
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None
