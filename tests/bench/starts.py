"""How long a person waits: for the command line's help, and for a warmed service's first answer."""

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from app.what_ifs.examples import TOP_UPS

CELL = "/v1/cells/northumberland-2015-16/factor?line=fsm_primary&units=10&part=notional"
PAGE = "/notional-sen/northumberland-2015-16?phase=primary"


def help_seconds(rounds: int = 5) -> float:
    """Return the median seconds of ``evenband --help`` in a new process."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "app.cli", "--help"], check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def first_answers() -> dict[str, float]:
    """Return the milliseconds of the first answers of a service that says it is ready, over HTTP."""
    (example, *_) = (one["value"] for one in TOP_UPS.values())
    asked = {
        "a pupil's top-up": ("POST", "/v1/what-ifs/top-ups", json.dumps(example)),
        "a cell": ("GET", CELL, None),
        "a page": ("GET", PAGE, None),
    }
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        address = f"sqlite:///{Path(folder) / 'bench.db'}"
        command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port)]
        environment = {**os.environ, "EVENBAND_DATABASE_URL": address}
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as service:
            try:
                wait_until_ready(port)
                return {name: milliseconds(port, *one) for name, one in asked.items()}
            finally:
                service.terminate()


def wait_until_ready(port: int, seconds: int = 120) -> None:
    """Ask until the service is ready."""
    for _ in range(10 * seconds):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready"):
                return
        except OSError:
            time.sleep(0.1)
    message = "the service did not become ready"
    raise SystemExit(message)


def milliseconds(port: int, method: str, path: str, body: str | None) -> float:
    """Return how long one answer takes on an open connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.connect()
    started = time.perf_counter()
    connection.request(method, path, body, {"content-type": "application/json"} if body else {})
    answer = connection.getresponse()
    answer.read()
    taken = time.perf_counter() - started
    connection.close()
    if answer.status != http.HTTPStatus.OK:
        message = f"{path} answered {answer.status}"
        raise SystemExit(message)
    return 1000 * taken
