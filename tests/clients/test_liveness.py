"""A process beside the service says whether the service runs, even where the service hangs."""

import os
import signal
import socket
import subprocess
import sys
import time
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from app.liveness.watch import STALE_SECONDS
from tests.clients.served import PATIENCE, ROOT


def free_ports(number):
    with socket.socket() as one, socket.socket() as other:
        for free in (one, other)[:number]:
            free.bind(("127.0.0.1", 0))
        return [free.getsockname()[1] for free in (one, other)[:number]]


def status(port):
    """Return what the port answers, or None where nothing answers."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/health/live", timeout=10) as answer:
            return answer.status
    except HTTPError as refused:
        return refused.code
    except (URLError, OSError):
        return None


def becomes(port, wanted, seconds=PATIENCE):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if status(port) == wanted:
            return True
        time.sleep(0.2)
    return False


def started(folder, port, live_port):
    chosen = {
        "EVENBAND_DATA_FOLDER": str(folder),
        "EVENBAND_WARM_AT_START": "false",
        "EVENBAND_LIVE_PORT": str(live_port),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli", "serve", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, **chosen},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


@pytest.fixture
def service(tmp_path):
    """Give a running service and the port beside it."""
    port, live_port = free_ports(2)
    process = started(tmp_path, port, live_port)
    try:
        yield process, live_port
    finally:
        process.kill()
        process.communicate()


def test_a_service_that_is_stuck_is_not_live_and_lives_again_afterwards(service):
    process, live_port = service
    assert becomes(live_port, 200)
    process.send_signal(signal.SIGSTOP)
    assert becomes(live_port, 503, STALE_SECONDS + 20)
    process.send_signal(signal.SIGCONT)
    assert becomes(live_port, 200)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_the_process_beside_a_service_ends_with_it(service, end):
    process, live_port = service
    assert becomes(live_port, 200)
    process.send_signal(end)
    process.wait(PATIENCE)
    assert becomes(live_port, None, 20)


def test_a_port_that_is_taken_is_refused_in_a_sentence(tmp_path):
    [port] = free_ports(1)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        live_port = taken.getsockname()[1]
        process = started(tmp_path, port, live_port)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert f"EVENBAND_LIVE_PORT: port {live_port} is in use or not allowed" in " ".join(said.decode().split())  # fmt: skip
    assert b"Traceback" not in said
