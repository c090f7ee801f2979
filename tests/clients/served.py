"""The real service in a separate process, on a free port of this machine."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).with_name("evenband")
PATIENCE = 120


class Served(NamedTuple):
    """A service that answers: where, and in which process."""

    address: str
    process: subprocess.Popen[bytes]


def free_port() -> int:
    """Return a port of this machine that no program listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@contextmanager
def serving(folder: Path, output: Path | None = None) -> Iterator[str]:
    """Give the address of a service that keeps its file in a folder, and end it afterwards.

    What it prints goes into ``output``, by default a file of that folder.
    """
    with served(folder, output) as service:
        yield service.address


@contextmanager
def served(folder: Path, output: Path | None = None, **settings: str) -> Iterator[Served]:
    """Give a service with further settings, by the names of its environment, and end it afterwards."""
    (folder / "log").touch()
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    kept = {name: text for name, text in os.environ.items() if not name.startswith("EVENBAND_")}
    chosen = {
        "EVENBAND_DATABASE_URL": f"sqlite:///{folder / 'evenband.db'}",
        "EVENBAND_WARM_AT_START": "false",
        **settings,
    }
    with (output or folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [PROGRAM, "serve", "--port", str(port)],
            cwd=ROOT,
            env=kept | chosen,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(process, f"{address}/health/live", folder / "log")
            yield Served(address, process)
        finally:
            ended(process)


def ended(process: subprocess.Popen[bytes]) -> None:
    """End a process, by force where it does not end when it is asked to."""
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


def wait_for(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Wait until an address answers, or fail with what the service said."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(address, timeout=5):  # noqa: S310 - the service's own address
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace"))
