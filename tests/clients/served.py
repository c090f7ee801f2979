"""The real service in a process of its own, on a free port of this machine."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Give the address of a service that keeps its file in a folder, and end it afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    kept = {name: text for name, text in os.environ.items() if not name.startswith("EVENBAND_")}
    chosen = {
        "EVENBAND_DATABASE_URL": f"sqlite:///{folder / 'evenband.db'}",
        "EVENBAND_WARM_AT_START": "false",
    }
    command = [sys.executable, "-m", "app.cli", "serve"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            cwd=ROOT,
            env=kept | chosen,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(process, f"{address}/health/live", folder / "log")
            yield address
        finally:
            process.terminate()
            process.wait(PATIENCE)


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
