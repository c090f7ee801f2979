"""A real PostgreSQL for tests: own data folder, own socket, nothing listening on the network."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.programs import need

# Ends the server and removes its folder when pytest dies, however it dies: its stdin then closes.
WATCHDOG = 'read _; kill -QUIT "$0" 2>/dev/null; sleep 1; rm -rf "$1"'
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "50",
    "timezone": "UTC",
}
INITDB = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
LONGEST_START_SECONDS = 30


def plain_user() -> dict[str, object]:
    """Return the arguments that make a child a plain user, as PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


@dataclass
class Server:
    """A running PostgreSQL that gives and takes back databases."""

    folder: Path
    process: subprocess.Popen
    watchdog: subprocess.Popen
    templates: set[str] = field(default_factory=set)

    def run(self, statement: str) -> None:
        """Run one statement that may not be inside a transaction."""
        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)

    def url(self, name: str) -> str:
        """Return the address of a database as SQLAlchemy reads it."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def create(self, template: str = "template0") -> str:
        """Make a database from a template and return its name."""
        name = f"test_{uuid4().hex}"
        self.run(f'CREATE DATABASE {name} TEMPLATE "{template}" STRATEGY file_copy')
        return name

    def drop(self, name: str) -> None:
        """Remove a database, and end all connections to it."""
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def template(self, name: str, prepare: Callable[[str], None]) -> str:
        """Prepare a template database once, by its address; ``prepare`` must leave no connection."""
        if name not in self.templates:
            self.run(f'CREATE DATABASE "{name}" TEMPLATE template0')
            prepare(self.url(name))
            self.templates.add(name)
        return name

    def stop(self) -> None:
        """Stop the server at once and remove its folder."""
        self.process.terminate()
        self.process.wait(timeout=LONGEST_START_SECONDS)
        self.watchdog.kill()
        self.watchdog.stdin.close()
        self.watchdog.wait(timeout=LONGEST_START_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)


def start(programs: Path) -> Server:
    """Make a fresh cluster and start it on a socket in its own closed folder."""
    # A socket's path may have 107 bytes, and pytest's own folders are closed to other users.
    folder = Path(tempfile.mkdtemp(prefix="evenband-pg-"))
    user = plain_user()
    if user:
        os.chown(folder, user["user"], user["group"])
    clean = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    surroundings = {"cwd": folder, "env": clean, **user}
    data = folder / "data"
    subprocess.run(
        [programs / "initdb", "-D", data, *INITDB],
        check=True,
        capture_output=True,
        **surroundings,
    )
    settings = {**SETTINGS, "unix_socket_directories": str(folder)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **surroundings,
        )
    watchdog = subprocess.Popen(
        ["/bin/sh", "-c", WATCHDOG, str(process.pid), str(folder)],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    server = Server(folder, process, watchdog)
    wait_until_ready(server)
    return server


def wait_until_ready(server: Server) -> None:
    """Wait until the server answers, and show its log if it ends or never does."""
    deadline = time.monotonic() + LONGEST_START_SECONDS
    while True:
        try:
            return server.run("SELECT 1")
        except psycopg.OperationalError:
            if server.process.poll() is not None or time.monotonic() > deadline:
                log = (server.folder / "log").read_text()
                server.stop()
                pytest.fail(f"PostgreSQL did not start:\n{log}")
            time.sleep(0.02)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """Give a real PostgreSQL for the whole run of tests."""
    server = start(need("postgresql"))
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """Give the address of a fresh empty database, removed after the test."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)
