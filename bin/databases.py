"""Private database servers for the tests: a port and a data folder of their own, both gone when the tests are done."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import environment

# Debian keeps the servers where an ordinary person's PATH does not look.
SEARCH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin", "/sbin"])

# A MySQL server for machines that have none: Debian's own, from the release that has it, in a folder of its own.
MYSQL_ROOT = environment.WORK / "mysql"
MYSQL_SUITE = "sid"

START_WITHIN_SECONDS = 60
STOP_WITHIN_SECONDS = 30

# Nothing here outlives the run, so nothing waits for the disk.
COMMON = [
    "--bind-address=127.0.0.1",
    "--socket=server.sock",
    "--pid-file=server.pid",
    "--skip-log-bin",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    "--innodb-buffer-pool-size=128M",
]

# MariaDB is set up as a careful administrator would; MySQL runs with its own defaults, as a hosted one does.
CAREFUL = [
    "--character-set-server=utf8mb4",
    "--collation-server=utf8mb4_unicode_520_ci",
    "--default-time-zone=+00:00",
    "--transaction-isolation=READ-COMMITTED",
    (
        "--sql-mode=ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
        "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
    ),
]


class ServerNotReady(Exception):
    """The server could not be prepared or started; the message holds what it said."""


def find(program: str) -> str | None:
    """Return where a program is, looking also where Debian puts servers."""
    return shutil.which(program, path=SEARCH)


@contextmanager
def mariadb(folder: Path) -> Iterator[str]:
    """Run MariaDB with its data below `folder`; the value is an address that may make databases devtrackr_test*."""
    data = Path(tempfile.mkdtemp(prefix="mariadb-", dir=folder))
    as_root = ["--user=root"] if os.geteuid() == 0 else []
    _quietly(
        [
            find("mariadb-install-db") or "mariadb-install-db",
            "--no-defaults",
            f"--datadir={data}",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            # Even where this machine's own name cannot be looked up; nobody will ask for it.
            "--force",
            *as_root,
        ]
    )
    options = [*CAREFUL, *as_root]
    with _serving([find("mariadbd") or "mariadbd"], data=data, seen_as=data, options=options) as address:
        yield address


@contextmanager
def mysql(folder: Path) -> Iterator[str]:
    """Run a real MySQL, this machine's own or the one in MYSQL_ROOT; the value is as for `mariadb`."""
    if has_own_mysql():
        prefix, place = [], folder
    else:
        _provide_mysql()
        prefix, place = ["chroot", str(MYSQL_ROOT)], MYSQL_ROOT / "srv"
    data = Path(tempfile.mkdtemp(prefix="mysql-", dir=place))
    seen_as = data if not prefix else Path("/") / data.relative_to(MYSQL_ROOT)
    command = [*prefix, (find("mysqld") or "mysqld") if not prefix else "/usr/sbin/mysqld"]
    options = ["--mysqlx=OFF", "--secure-file-priv=", *(["--user=root"] if os.geteuid() == 0 else [])]
    try:
        _quietly([*command, "--no-defaults", "--initialize-insecure", f"--datadir={seen_as}", *options])
        with _serving(command, data=data, seen_as=seen_as, options=options) as address:
            yield address
    finally:
        shutil.rmtree(data, ignore_errors=True)


def has_own_mysql() -> bool:
    """Say whether the `mysqld` of this machine is MySQL; MariaDB's packages install one by that name too."""
    program = find("mysqld")
    if program is None:
        return False
    return "MariaDB" not in subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout


@contextmanager
def _serving(command: Sequence[str], *, data: Path, seen_as: Path, options: Sequence[str]) -> Iterator[str]:
    """Start the server on prepared data and stop it by its pid; `seen_as` is the data folder as the server sees it."""
    password = secrets.token_hex(8)
    # One statement a line. The pattern is the owner of every database whose name begins so.
    (data / "accounts.sql").write_text(
        "CREATE DATABASE devtrackr_test;\n"
        f"CREATE USER 'devtrackr'@'%' IDENTIFIED BY '{password}';\n"
        "GRANT ALL ON `devtrackr\\_test%`.* TO 'devtrackr'@'%';\n"
    )
    port = _free_port()
    log = data / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                *command,
                "--no-defaults",
                f"--datadir={seen_as}",
                f"--init-file={seen_as / 'accounts.sql'}",
                f"--port={port}",
                *COMMON,
                *options,
            ],
            stdout=output,
            stderr=output,
            # Ctrl-C is for the tests; the server goes after them.
            start_new_session=True,
        )
    try:
        _wait_until_it_greets(server, port, log)
        yield f"mysql://devtrackr:{password}@127.0.0.1:{port}/devtrackr_test"
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(STOP_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _provide_mysql() -> None:
    """Fetch a MySQL server from Debian's packages into MYSQL_ROOT; about half a minute, once."""
    with environment.alone("mysql"):
        if MYSQL_ROOT.exists():
            return
        print(f"Fetching MySQL from Debian's {MYSQL_SUITE} into .work/mysql …", flush=True)
        draft = MYSQL_ROOT.with_name("mysql.new")
        shutil.rmtree(draft, ignore_errors=True)
        debootstrap = find("debootstrap") or "debootstrap"
        _quietly([debootstrap, "--variant=minbase", "--include=mysql-server-core", MYSQL_SUITE, str(draft)])
        draft.rename(MYSQL_ROOT)


def _wait_until_it_greets(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait for the first byte of the server's greeting: it is sent once the accounts have been made."""
    deadline = time.monotonic() + START_WITHIN_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=START_WITHIN_SECONDS) as connection:
                if connection.recv(1):
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise ServerNotReady(f"The database server did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _quietly(command: Sequence[str]) -> None:
    """Run a step of the preparation, and show what it said only when it failed."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise ServerNotReady(f"`{' '.join(command)}` failed:\n{done.stdout[-2000:]}")
