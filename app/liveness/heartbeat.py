"""The service's side of its liveness: starts the process beside it, and beats from the event loop."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.liveness import watch

BEAT_SECONDS = 0.5


@contextmanager
def watched(host: str, port: int) -> Iterator[int]:
    """Start the process that answers on a port; give the pipe on which it hears the service.

    Raises ``OSError`` where the port cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listening:
        heard, spoken = os.pipe()
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
            [sys.executable, "-I", str(Path(watch.__file__)), str(listening.fileno())],
            stdin=heard,
            pass_fds=[listening.fileno()],
        )
        os.close(heard)
    os.set_blocking(spoken, False)
    try:
        yield spoken
    finally:
        os.close(spoken)
        process.wait()


async def beat(spoken: int) -> None:
    """Write a beat as often as the event loop turns, until cancelled."""
    while True:
        # A pipe that is full, or that has no reader, is not a fault of the service.
        with suppress(OSError):
            os.write(spoken, b".")
        await asyncio.sleep(BEAT_SECONDS)
