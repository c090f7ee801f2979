"""A service that is asked to stop answers what is under way, takes nothing new, and records what it has counted."""

import json
import signal
import socket
import sqlite3
import time
from contextlib import closing

from app.what_ifs.examples import TOP_UPS
from tests.clients.served import served

(EXAMPLE, *_) = (one["value"] for one in TOP_UPS.values())
BODY = json.dumps(EXAMPLE).encode()
HEAD = (
    "POST /v1/what-ifs/top-ups HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\n"
    "Content-Length: {}\r\n\r\n"
)


def read_whole(caller):
    parts = []
    while part := caller.recv(65_536):
        parts.append(part)
    return b"".join(parts)


def wait_until_refused(port):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return
    raise AssertionError(port)


def test_a_request_under_way_is_answered_before_the_service_ends(tmp_path):
    with served(tmp_path) as service:
        port = int(service.address.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=60) as caller:
            caller.sendall(HEAD.format(port, len(BODY)).encode() + BODY[:20])
            # The head is read once the first part of the body is asked for.
            with socket.create_connection(("127.0.0.1", port), timeout=60) as other:
                other.sendall(
                    f"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
                )
                assert b"200 OK" in read_whole(other)
            service.process.send_signal(signal.SIGTERM)
            wait_until_refused(port)
            caller.sendall(BODY[20:])
            answer = read_whole(caller)
        assert answer.startswith(b"HTTP/1.1 200")
        assert service.process.wait(60) in {0, 143, -signal.SIGTERM}
    with closing(sqlite3.connect(tmp_path / "evenband.db")) as opened:
        action, detail = opened.execute(
            "SELECT action, detail FROM audit_event ORDER BY seq DESC"
        ).fetchone()
    assert action == "pupil data read"
    assert json.loads(detail)["rows"] == len(EXAMPLE["pupils"])
